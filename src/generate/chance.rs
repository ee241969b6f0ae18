//! Random draws that are equal on every machine.
//!
//! Logarithm and power functions of the standard library may differ in the last bit between platforms. Everything here
//! is made of comparisons, additions and multiplications, which do not.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What draws are for. Each purpose has a stream of its own, so that a change to one leaves the others as they were.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    Dealers = 1,
    Outlets,
    Market,
    Orders,
    Restatements,
    Targets,
}

/// The generator for one purpose.
pub fn stream(seed: u64, purpose: Stream) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(purpose as u64);
    rng
}

/// One item, in proportion to its weight; none only where there is no item.
pub fn weighted<'i, T>(rng: &mut ChaCha8Rng, items: &'i [T], weight: impl Fn(&T) -> f64) -> Option<&'i T> {
    let mut rest = rng.random::<f64>() * items.iter().map(&weight).sum::<f64>();
    let chosen = items.iter().find(|&item| {
        rest -= weight(item);
        rest < 0.0
    });
    chosen.or(items.last())
}

/// Exponential with mean 1, by von Neumann's method: the length of a descent of uniform draws is odd with probability
/// exp(-first draw).
pub fn exponential(rng: &mut ChaCha8Rng) -> f64 {
    let mut whole = 0.0;
    loop {
        let first = rng.random::<f64>();
        if descent_is_odd(rng, first) {
            return whole + first;
        }
        whole += 1.0;
    }
}

fn descent_is_odd(rng: &mut ChaCha8Rng, first: f64) -> bool {
    let mut previous = first;
    let mut is_odd = true;
    loop {
        let next = rng.random::<f64>();
        if next >= previous {
            return is_odd;
        }
        previous = next;
        is_odd = !is_odd;
    }
}

/// Gamma with shape 2 and mean 1: steadier than exponential, as orders of a shop are.
pub fn gamma(rng: &mut ChaCha8Rng) -> f64 {
    0.5 * (exponential(rng) + exponential(rng))
}

/// What is left of a [`gamma`] gap for someone who comes at any moment: so the first order is as likely as any other.
pub fn rest_of_gamma(rng: &mut ChaCha8Rng) -> f64 {
    if rng.random_bool(0.5) { 0.5 * exponential(rng) } else { gamma(rng) }
}

/// A factor around 1 like a log-normal one: the exponential of a bell-shaped draw, never beyond three `width`s.
pub fn spread(rng: &mut ChaCha8Rng, width: f64) -> f64 {
    let bell = 2.0 * (rng.random::<f64>() + rng.random::<f64>() + rng.random::<f64>() - 1.5);
    exp(width * bell)
}

/// (1 + x/1024)^1024 by ten squarings: close to e^x for the small exponents used here.
fn exp(exponent: f64) -> f64 {
    (0..10).fold(1.0 + exponent / 1024.0, |power, _| power * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(draw: impl Fn(&mut ChaCha8Rng) -> f64) -> f64 {
        let mut rng = stream(1, Stream::Orders);
        (0..40_000).map(|_| draw(&mut rng)).sum::<f64>() / 40_000.0
    }

    #[test]
    fn draws_have_the_means_they_are_used_for() {
        assert!((mean(exponential) - 1.0).abs() < 0.03);
        assert!((mean(gamma) - 1.0).abs() < 0.03);
        assert!((mean(rest_of_gamma) - 0.75).abs() < 0.03);
        assert!((mean(|rng| spread(rng, 0.0)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn items_without_weight_are_never_chosen() {
        let mut rng = stream(1, Stream::Orders);
        let chosen = |rng: &mut ChaCha8Rng| weighted(rng, &[0.0, 1.0, 0.0], |weight| *weight).copied();
        assert!((0..1_000).all(|_| chosen(&mut rng) == Some(1.0)));
    }
}
