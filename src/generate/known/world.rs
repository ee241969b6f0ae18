//! Which worlds there are, and the numbers behind each.

/// What is known of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownWorld {
    /// All outlets of a channel are the same: every difference is chance.
    Alike,
    /// Outlets differ for good, in frequency and in order value, and never change.
    Stable,
    /// As stable, but in every 12 weeks one outlet in ten orders half as often, and recovers.
    Halved,
    /// As stable, with few orders; in every 12 weeks one outlet in twenty stops, and one stopped in five returns.
    Lapsing,
    /// As stable; outlets that nobody covers become customers, in one channel eight times as soon as in the other.
    Opening,
}

/// The numbers behind a world.
pub struct Behaviour {
    pub seed: u64,
    pub dealers: u32,
    /// Where cells do not say how many there are.
    pub outlets: u32,
    /// Orders of an average outlet in 28 days.
    pub orders: f64,
    /// How far outlets differ in frequency and in order value.
    pub widths: (f64, f64),
    /// The probabilities with which an outlet enters and leaves its other state from one window to the next.
    pub enters: f64,
    pub leaves: f64,
    /// What orders are multiplied by in the other state.
    pub other: f64,
}

impl KnownWorld {
    pub const ALL: [Self; 5] = [Self::Alike, Self::Stable, Self::Halved, Self::Lapsing, Self::Opening];

    pub fn name(self) -> &'static str {
        match self {
            Self::Alike => "alike",
            Self::Stable => "stable",
            Self::Halved => "halved",
            Self::Lapsing => "lapsing",
            Self::Opening => "opening",
        }
    }

    pub fn behaviour(self) -> Behaviour {
        let stable = Behaviour {
            seed: 12,
            dealers: 20,
            outlets: 1_000,
            orders: 8.0,
            widths: (0.2, 0.8),
            enters: 0.0,
            leaves: 1.0,
            other: 1.0,
        };
        // What happens to few is told from many.
        let many = Behaviour { dealers: 100, outlets: 5_000, orders: 3.0, ..stable };
        match self {
            Self::Alike => Behaviour { seed: 11, widths: (0.0, 0.0), ..stable },
            Self::Stable => stable,
            Self::Halved => Behaviour { seed: 13, orders: 10.0, enters: 0.1, leaves: 0.9, other: 0.5, ..stable },
            Self::Lapsing => Behaviour { seed: 14, enters: 0.05, leaves: 0.2, other: 0.0, ..many },
            Self::Opening => Behaviour { seed: 15, widths: (0.2, 0.4), ..many },
        }
    }
}
