//! Small charts as SVG without any text inside: their words stand beside them, and in a label for those who listen.

use crate::publish::report::figures::{percent, whole};
use crate::publish::report::marts::Row;
use crate::publish::report::months::Month;
use crate::publish::report::texts::Texts;

/// All classes, in the order in which they are shown.
pub(super) const CLASSES: [&str; 6] = ["star", "expand", "deepen", "fix", "new", "unrated"];

/// Text as the content of an element or a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(sign),
        }
    }
    safe
}

/// How many dealers each class has.
pub(super) fn class_counts(cards: &[Row<'_>]) -> Vec<(&'static str, i64)> {
    let count = |class: &str| cards.iter().filter(|card| card.word("dealer_class") == class).count();
    CLASSES.iter().map(|class| (*class, i64::try_from(count(class)).unwrap_or(i64::MAX))).collect()
}

/// `Star 3, Fix 2`, without empty classes.
pub(super) fn class_list(counts: &[(&'static str, i64)], texts: &Texts) -> String {
    let filled = counts.iter().filter(|count| count.1 > 0);
    filled.map(|count| format!("{} {}", texts.kind("class", count.0), count.1)).collect::<Vec<_>>().join(", ")
}

/// One bar, divided by class.
pub(super) fn class_bar(counts: &[(&'static str, i64)], texts: &Texts) -> String {
    let all = counts.iter().map(|count| count.1).sum::<i64>().max(1) as f64;
    let mut x = 0.0;
    let mut bars = String::new();
    for (class, dealers) in counts.iter().filter(|count| count.1 > 0) {
        let width = *dealers as f64 / all * 1000.0;
        bars.push_str(&format!(r#"<rect class="c-{class}" x="{x:.1}" y="0" width="{width:.1}" height="10"/>"#));
        x += width;
    }
    let label = texts.fill("classes_text", &[("list", class_list(counts, texts))]);
    drawing("classbar", "0 0 1000 10", &label, &bars)
}

/// One column a month; the last twelve are dark, one that is not complete is pale.
pub(super) fn trend(months: &[Month], texts: &Texts) -> Option<String> {
    let (first, last) = (months.first()?, months.last()?);
    let (low, high) = (months.iter().map(|month| month.sales).min()?, months.iter().map(|month| month.sales).max()?);
    let (bottom, top) = (low.0.min(0) as f64, high.0.max(0) as f64);
    let (step, scale) = (240.0 / months.len() as f64, 40.0 / (top - bottom).max(1.0));
    let mut columns = String::new();
    for (index, month) in months.iter().enumerate() {
        let kind = match month {
            month if month.sales.0 < 0 => "minus",
            month if month.is_partial => "part",
            _ if index + 12 >= months.len() => "year",
            _ => "",
        };
        let value = month.sales.0 as f64;
        let (x, y) = (index as f64 * step + 0.5, (top - value.max(0.0)) * scale);
        let (width, height) = ((step - 1.0).max(0.5), value.abs() * scale);
        columns.push_str(&format!(
            r#"<rect class="{kind}" x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}"><title>{}: {}</title></rect>"#,
            month.name,
            whole(Some(month.sales))
        ));
    }
    let values = [
        ("first", first.name.clone()),
        ("last", last.name.clone()),
        ("low", whole(Some(low))),
        ("high", whole(Some(high))),
    ];
    Some(drawing("trend", "0 0 240 40", &texts.fill("trend_text", &values), &columns))
}

/// How often each tenth of the predictions hit, with a line where all of them together stand.
pub(super) fn deciles(rates: &[f64], overall: Option<f64>, texts: &Texts) -> Option<String> {
    if rates.len() < 2 {
        return None;
    }
    let top = rates.iter().copied().fold(0.01, f64::max);
    let step = 240.0 / rates.len() as f64;
    let mut marks = String::new();
    for (index, rate) in rates.iter().enumerate() {
        let (kind, x, height) = (if index == 0 { "top" } else { "" }, index as f64 * step + 1.0, rate / top * 50.0);
        let (y, width, number, shown) = (50.0 - height, step - 2.0, index + 1, percent(Some(*rate)));
        marks.push_str(&format!(
            r#"<rect class="{kind}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"><title>{number}: {shown}</title></rect>"#
        ));
    }
    if let Some(overall) = overall {
        let y = (50.0 - overall / top * 50.0).max(0.0);
        marks.push_str(&format!(r#"<line x1="0" x2="240" y1="{y:.1}" y2="{y:.1}"/>"#));
    }
    let list = rates.iter().map(|rate| percent(Some(*rate))).collect::<Vec<_>>().join(", ");
    Some(drawing("deciles", "0 0 240 50", &texts.fill("trust_deciles", &[("list", list)]), &marks))
}

fn drawing(class: &str, field: &str, label: &str, content: &str) -> String {
    let label = escaped(label);
    format!(
        r#"<svg class="{class}" viewBox="{field}" preserveAspectRatio="none" role="img" aria-label="{label}">{content}</svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_text() {
        assert_eq!(escaped(r#"<script>"&'"#), "&lt;script&gt;&quot;&amp;&#39;");
    }

    #[test]
    fn a_class_bar_has_one_part_a_class_that_has_dealers() {
        let texts = Texts::new("en").unwrap();
        let bar = class_bar(&[("star", 1), ("expand", 0), ("fix", 3)], &texts);
        assert_eq!(bar.matches("<rect").count(), 2);
        assert!(bar.contains(r#"x="250.0" y="0" width="750.0""#) && bar.contains("Star 1, Fix 3"), "{bar}");
    }

    #[test]
    fn deciles_need_more_than_one() {
        let texts = Texts::new("en").unwrap();
        assert_eq!(deciles(&[0.5], None, &texts), None);
        let drawn = deciles(&[0.8, 0.2], Some(0.5), &texts).unwrap();
        assert_eq!((drawn.matches("<rect").count(), drawn.matches("<line").count()), (2, 1));
    }
}
