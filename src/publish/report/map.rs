//! The map of dealers: coverage to the right, performance upwards, each against the threshold of the dealer's peers.

use serde::Serialize;

use crate::model::money::Money;
use crate::publish::report::figures::{count, whole};
use crate::publish::report::marts::Row;
use crate::publish::report::scope::Scope;
use crate::publish::report::shapes::{class_counts, class_list, escaped};

const LEFT: f64 = 54.0;
const TOP: f64 = 6.0;
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 330.0;
const CENTRE: (f64, f64) = (LEFT + WIDTH / 2.0, TOP + HEIGHT / 2.0);
/// The logarithm of a value of zero or less: at the border.
const FAR: f64 = -9.0;
/// With more dealers the marks have no titles, which would be most of the file.
const TITLED: usize = 3_000;
/// The largest dealers, which get their name where there is room.
const NAMED: usize = 12;

#[derive(Debug, Serialize)]
pub(super) struct MapView {
    svg: String,
    lead: String,
    note: Option<String>,
}

/// Where a dealer stands: base-2 logarithms of value / threshold.
struct Point<'a> {
    card: Row<'a>,
    x: f64,
    y: f64,
}

struct Spot<'a> {
    card: Row<'a>,
    x: f64,
    y: f64,
    radius: f64,
}

/// Left, top, right, bottom.
type Area = (f64, f64, f64, f64);

pub(super) fn map(scope: &Scope<'_>) -> MapView {
    let texts = scope.texts;
    let mut cards = scope.cards.to_vec();
    cards.sort_by_cached_key(|card| (-card.amount("sales_12w"), card.word("dealer_id")));
    let points: Vec<Point<'_>> = cards.iter().filter_map(point).collect();
    let unplaced: Vec<Row<'_>> = cards.iter().filter(|card| point(card).is_none()).copied().collect();
    let sizes = Sizes::new(&cards);
    let reach = (reach(points.iter().map(|point| point.x)), reach(points.iter().map(|point| point.y)));
    let spots: Vec<Spot<'_>> = points.iter().map(|point| spot(point, reach, &sizes)).collect();

    let mut drawn = frame(reach, scope);
    for spot in &spots {
        drawn.push_str(&mark(spot, scope));
    }
    drawn.push_str(&names(&spots));
    let mut bottom = TOP + HEIGHT + 44.0;
    if !unplaced.is_empty() {
        drawn.push_str(&strip(&unplaced, bottom + 14.0, &sizes, scope));
        bottom += 32.0;
    }
    let list = class_list(&class_counts(scope.cards), texts);
    let text = escaped(&texts.fill("map_text", &[("dealers", count(cards.len())), ("list", list)]));
    let title = escaped(&texts.get("map"));
    let svg = format!(
        r#"<svg class="map" viewBox="0 0 620 {bottom:.0}" role="img" aria-labelledby="map-title map-text"><title id="map-title">{title}</title><desc id="map-text">{text}</desc>{drawn}</svg>"#
    );
    let note = texts.fill("map_unplaced", &[("dealers", count(unplaced.len()))]);
    MapView { svg, lead: texts.get("map_lead"), note: (!unplaced.is_empty()).then_some(note) }
}

fn point<'a>(card: &Row<'a>) -> Option<Point<'a>> {
    let is_rated = !["new", "unrated"].contains(&card.word("dealer_class"));
    let axis = |axis: &str| {
        let value = card.number(&format!("{axis}_value"))?;
        let threshold = card.number(&format!("{axis}_threshold")).filter(|threshold| *threshold > 0.0)?;
        Some(if value > 0.0 { (value / threshold).log2() } else { FAR })
    };
    if is_rated { Some(Point { card: *card, x: axis("coverage")?, y: axis("performance")? }) } else { None }
}

/// How far an axis goes to both sides: to the farthest dealer, but not beyond a quarter and four times the threshold.
fn reach(logarithms: impl Iterator<Item = f64>) -> f64 {
    let far = logarithms.filter(|value| *value > FAR).map(f64::abs).fold(0.0, f64::max);
    (far * 1.08).clamp(0.5, 2.0)
}

struct Sizes {
    most: f64,
    largest: f64,
}

impl Sizes {
    fn new(cards: &[Row<'_>]) -> Self {
        let most = cards.iter().map(|card| card.amount("sales_12w")).max().unwrap_or_default();
        let largest = (420.0 / (cards.len().max(1) as f64).sqrt()).clamp(5.0, 24.0);
        Self { most: most.0.max(1) as f64, largest }
    }

    /// The area grows with sales.
    fn radius(&self, sales: Money) -> f64 {
        2.5 + (self.largest - 2.5) * (sales.0.max(0) as f64 / self.most).sqrt()
    }
}

fn spot<'a>(point: &Point<'a>, reach: (f64, f64), sizes: &Sizes) -> Spot<'a> {
    let radius = sizes.radius(point.card.amount("sales_12w"));
    let x = CENTRE.0 + (point.x / reach.0).clamp(-1.0, 1.0) * WIDTH / 2.0;
    let y = CENTRE.1 - (point.y / reach.1).clamp(-1.0, 1.0) * HEIGHT / 2.0;
    let x = x.clamp(LEFT + radius, LEFT + WIDTH - radius);
    let y = y.clamp(TOP + radius, TOP + HEIGHT - radius);
    Spot { card: point.card, x, y, radius }
}

fn frame(reach: (f64, f64), scope: &Scope<'_>) -> String {
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    let mut drawn = format!(r#"<rect class="frame" x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}"/>"#);
    for (tick, label) in [(-2.0, "× 1/4"), (-1.0, "× 1/2"), (1.0, "× 2"), (2.0, "× 4")] {
        if f64::abs(tick) < reach.0 {
            let (x, y) = (CENTRE.0 + tick / reach.0 * WIDTH / 2.0, bottom + 17.0);
            drawn.push_str(&format!(
                r#"<line class="tick" x1="{x:.1}" y1="{TOP}" x2="{x:.1}" y2="{bottom}"/><text x="{x:.1}" y="{y}" text-anchor="middle">{label}</text>"#
            ));
        }
        if f64::abs(tick) < reach.1 {
            let (x, y) = (LEFT - 6.0, CENTRE.1 - tick / reach.1 * HEIGHT / 2.0);
            drawn.push_str(&format!(
                r#"<line class="tick" x1="{LEFT}" y1="{y:.1}" x2="{right}" y2="{y:.1}"/><text class="side" x="{x}" y="{y:.1}" text-anchor="end" dominant-baseline="middle">{label}</text>"#
            ));
        }
    }
    let (x, y) = CENTRE;
    drawn.push_str(&format!(
        r#"<line class="cross" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/><line class="cross" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>"#
    ));
    let corners = [
        ("expand", LEFT + 10.0, TOP + 22.0, "start"),
        ("star", right - 10.0, TOP + 22.0, "end"),
        ("fix", LEFT + 10.0, bottom - 10.0, "start"),
        ("deepen", right - 10.0, bottom - 10.0, "end"),
    ];
    for (class, x, y, anchor) in corners {
        let name = escaped(&scope.texts.kind("class", class));
        drawn.push_str(&format!(
            r#"<text class="quadrant c-{class}" x="{x}" y="{y}" text-anchor="{anchor}">{name}</text>"#
        ));
    }
    let (across, upwards) = (escaped(&scope.texts.get("map_x")), escaped(&scope.texts.get("map_y")));
    let below = bottom + 37.0;
    drawn.push_str(&format!(
        r#"<text x="{x}" y="{below}" text-anchor="middle">{across}</text><text transform="translate(12 {y}) rotate(-90)" text-anchor="middle">{upwards}</text>"#
    ));
    drawn
}

fn mark(spot: &Spot<'_>, scope: &Scope<'_>) -> String {
    let class = spot.card.word("dealer_class");
    let title = if scope.cards.len() <= TITLED {
        let values = [
            ("name", spot.card.word("dealer_name").to_owned()),
            ("class", scope.texts.kind("class", class)),
            ("sales", whole(spot.card.money("sales_12w"))),
        ];
        format!("<title>{}</title>", escaped(&scope.texts.fill("map_mark", &values)))
    } else {
        String::new()
    };
    let (class, dealer) = (escaped(class), escaped(spot.card.word("dealer_id")));
    let Spot { x, y, radius, .. } = spot;
    format!(
        r#"<circle class="mark c-{class}" data-dealer="{dealer}" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}">{title}</circle>"#
    )
}

/// The names of the largest dealers, where they cover neither each other nor the names of the quadrants.
fn names(spots: &[Spot<'_>]) -> String {
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    let mut taken: Vec<Area> = vec![
        (LEFT, TOP, LEFT + 110.0, TOP + 30.0),
        (right - 110.0, TOP, right, TOP + 30.0),
        (LEFT, bottom - 30.0, LEFT + 110.0, bottom),
        (right - 110.0, bottom - 30.0, right, bottom),
    ];
    let mut drawn = String::new();
    for spot in spots.iter().take(NAMED) {
        let name = shortened(spot.card.word("dealer_name"));
        let width = name.chars().map(|sign| if u32::from(sign) < 0x2e80 { 6.0 } else { 11.0 }).sum::<f64>();
        let behind = spot.x + spot.radius + 3.0;
        let x = if behind + width < right { behind } else { spot.x - spot.radius - 3.0 - width };
        let area = (x, spot.y - 7.0, x + width, spot.y + 7.0);
        if x >= LEFT && !taken.iter().any(|other| overlap(area, *other)) {
            taken.push(area);
            let (name, y) = (escaped(&name), spot.y + 4.0);
            drawn.push_str(&format!(r#"<text class="name" x="{x:.1}" y="{y:.1}">{name}</text>"#));
        }
    }
    drawn
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 22 { name.to_owned() } else { name.chars().take(21).chain(['…']).collect() }
}

fn overlap(one: Area, other: Area) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

/// Dealers without both measures, side by side below the map.
fn strip(cards: &[Row<'_>], y: f64, sizes: &Sizes, scope: &Scope<'_>) -> String {
    let (top, text, label) = (y - 14.0, y + 5.0, escaped(&scope.texts.get("not_placed")));
    let start = LEFT + 10.0;
    let mut drawn = format!(
        r#"<rect class="frame" x="{LEFT}" y="{top}" width="{WIDTH}" height="28"/><text class="quadrant c-unrated" x="{start}" y="{text}">{label}</text>"#
    );
    let step = (WIDTH - 150.0) / cards.len().max(12) as f64;
    for (index, card) in cards.iter().enumerate() {
        let x = LEFT + 130.0 + step * (index as f64 + 0.5);
        let radius = sizes.radius(card.amount("sales_12w")).min(10.0);
        drawn.push_str(&mark(&Spot { card: *card, x, y, radius }, scope));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_reach_to_the_farthest_dealer_within_limits() {
        assert!((reach([0.1, -0.2].into_iter()) - 0.5).abs() < 1e-9);
        assert!((reach([1.0, FAR].into_iter()) - 1.08).abs() < 1e-9);
        assert!((reach([-3.0].into_iter()) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn long_names_are_shortened_and_areas_compared() {
        assert_eq!(shortened(&"x".repeat(200)).chars().count(), 22);
        assert_eq!(shortened("Abbott"), "Abbott");
        assert!(overlap((0.0, 0.0, 2.0, 2.0), (1.0, 1.0, 3.0, 3.0)));
        assert!(!overlap((0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 2.0, 1.0)));
    }
}
