//! Nights that go on from the night before: whatever changed in between, the tables are those of a night from nothing.

use std::collections::BTreeSet;
use std::fs;

use crate::tables::cell;
use crate::workdir::Workdir;

/// Exports of a made-up company: 24 months, 12 dealers.
pub fn company() -> Workdir {
    let dir = Workdir::empty();
    dir.run(&["generate", "exports", "--lines", "12000", "--dealers", "12", "--outlets", "240"]).exits(0);
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/beverages/dealerlens.toml");
    let job = fs::read_to_string(sample).unwrap();
    // Of few rows one is a large share.
    let job = job.replace("= 0.05", "= 0.5").replace("max_rejected_share = 0.01\n", "max_rejected_share = 0.5\n");
    dir.job(&format!("{job}\n[publish]\nreport = false\nworkbook = false\n"))
}

/// Both nights publish, and their tables are equal byte for byte.
fn require_equal_to_a_first_night(dir: &Workdir, change: &str, arguments: &[&str]) {
    let night = |out: &str| {
        dir.run(&[&["run", "--force", "--out", out], arguments].concat()).exits(0).stderr_lacks("computed anew");
        dir.tables_in(out).checksums()
    };
    let mut on = night("out");
    fs::remove_dir_all(dir.path("fresh")).ok();
    let mut fresh = night("fresh");
    // What the run before saw is not known to a first night.
    on.remove("restatements");
    fresh.remove("restatements");
    assert_eq!(on, fresh, "{change}");
}

fn facts(dir: &Workdir, relation: &str) -> BTreeSet<String> {
    dir.names(&format!("out/staging/facts/{relation}")).into_iter().collect()
}

/// Keeps the lines of a text that `wanted` says, by their place.
fn lines_of(text: &str, wanted: impl Fn(usize, &str) -> bool) -> String {
    let kept = text.lines().enumerate().filter(|(place, line)| wanted(*place, line));
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

#[test]
fn a_night_after_another_has_the_tables_of_a_night_from_nothing() {
    let dir = company();
    let last = dir.read("exports/sales/sales-2025-12.csv");
    let dir = dir.without("exports/sales/sales-2025-12.csv");
    require_equal_to_a_first_night(&dir, "the first night", &[]);

    let first_week = lines_of(&last, |place, line| place == 0 || line.contains("2025-12-0"));
    let dir = dir.file("exports/sales/sales-2025-12.csv", first_week);
    let before = facts(&dir, "export_orders");
    require_equal_to_a_first_night(&dir, "a new export", &[]);
    assert_eq!(facts(&dir, "export_orders").difference(&before).count(), 1);

    let dir = dir.file("exports/sales/sales-2025-12.csv", &last);
    require_equal_to_a_first_night(&dir, "an export that has grown", &[]);

    let old = dir.read("exports/sales/sales-2024-07.csv");
    let restated = lines_of(&old, |place, _| place == 0 || place % 7 == 0);
    let dir = dir.file("exports/sales/sales-2026-restated.csv", restated);
    let (orders, sales) = (facts(&dir, "export_orders"), facts(&dir, "export_sales"));
    require_equal_to_a_first_night(&dir, "order lines stated again", &[]);
    assert_eq!(facts(&dir, "export_orders").difference(&orders).count(), 1, "the new export");
    // The new one, the old one, and one that had stated lines of the old one again before.
    assert_eq!(facts(&dir, "export_sales").difference(&sales).count(), 3);

    require_equal_to_a_first_night(&dir, "a picture of the past", &["--as-of", "2025-10-17"]);

    let outlets = dir.read("exports/outlets.csv");
    let dir = dir.file("exports/outlets.csv", outlets.replace(",grocery,", ",modern_trade,"));
    require_equal_to_a_first_night(&dir, "outlets of another channel", &[]);

    let products = dir.read("exports/products.csv");
    let dir = dir.file("exports/products.csv", lines_of(&products, |place, _| place % 5 != 1));
    require_equal_to_a_first_night(&dir, "products that nobody knows", &[]);

    let dealers = dir.read("exports/dealers.csv");
    let dir = dir.file("exports/dealers.csv", lines_of(&dealers, |place, _| place != 3));
    require_equal_to_a_first_night(&dir, "a dealer that nobody knows", &[]);

    let dir = dir.file("exports/dealers.csv", dealers).without("exports/sales/sales-2024-07.csv");
    require_equal_to_a_first_night(&dir, "the dealer again, and an export that is gone", &[]);
}

/// The same company, with an export a day from September on.
fn with_daily_exports() -> Workdir {
    let months = ["2025-09", "2025-10", "2025-11", "2025-12"];
    months.into_iter().fold(company(), |dir, month| {
        let monthly = format!("exports/sales/sales-{month}.csv");
        let lines = dir.read(&monthly);
        let daily = |dir: Workdir, day: u32| {
            let marked = format!(",{month}-{day:02},");
            let own = lines_of(&lines, |place, line| place == 0 || line.contains(&marked));
            dir.file(&format!("exports/sales/sales-{month}-{day:02}.csv"), own)
        };
        (1..=31).fold(dir.without(&monthly), daily)
    })
}

#[test]
fn daily_exports_share_their_facts_and_a_new_one_touches_one_file() {
    let dir = with_daily_exports();
    let last = dir.read("exports/sales/sales-2025-12-31.csv");
    let dir = dir.without("exports/sales/sales-2025-12-31.csv");
    require_equal_to_a_first_night(&dir, "the first night", &[]);
    let (orders, first) = (facts(&dir, "export_orders"), settled(&dir));
    let exports = dir.names("exports/sales").len();
    assert!(exports > 140 && orders.len() < exports / 3, "{exports} exports have {} facts", orders.len());

    let dir = dir.file("exports/sales/sales-2025-12-31.csv", last);
    require_equal_to_a_first_night(&dir, "a new day", &[]);
    assert_eq!(facts(&dir, "export_orders").difference(&orders).count(), 1);
    assert_eq!(settled(&dir), first);

    let (orders, restated) = (facts(&dir, "export_orders"), dir.read("exports/sales/sales-2025-09-09.csv"));
    let dir = dir.file("exports/sales/sales-2025-09-09.csv", lines_of(&restated, |place, _| place != 2));
    require_equal_to_a_first_night(&dir, "an old day without one of its lines", &[]);
    assert_eq!(facts(&dir, "export_orders").difference(&orders).count(), 1);

    let dir = dir.without("exports/sales/sales-2025-10-10.csv").without("exports/sales/sales-2025-11-30.csv");
    require_equal_to_a_first_night(&dir, "two days that are gone", &[]);
    require_equal_to_a_first_night(&dir, "a picture of the past", &["--as-of", "2025-11-12"]);
}

/// What is kept of the settled picture: the files of all its relations.
fn settled(dir: &Workdir) -> BTreeSet<String> {
    let relations = dir.names("out/staging/facts").into_iter().filter(|name| name.starts_with("settled."));
    relations.flat_map(|name| facts(dir, &name).into_iter().map(move |file| format!("{name}/{file}"))).collect()
}

/// The calendar has 2025-12-07.
#[test]
fn the_settled_picture_is_made_once_and_again_when_what_it_shows_has_changed() {
    let dir = company();
    let last = dir.read("exports/sales/sales-2025-12.csv");
    // Late lines of November among them.
    let is_early = |line: &str| line.split(',').nth(2).is_some_and(|day| day < "2025-12-10");
    let first_days = lines_of(&last, |place, line| place == 0 || is_early(line));
    let dir = dir.file("exports/sales/sales-2025-12.csv", first_days);
    require_equal_to_a_first_night(&dir, "the first night", &[]);
    let first = settled(&dir);
    assert!(first.iter().any(|file| file.starts_with("settled.lookalike_counts/")), "{first:?}");
    let exports = facts(&dir, "accepted_days").len();
    assert_eq!(facts(&dir, "export_outlets").len(), exports + 1, "the one export that goes on has two");

    let outlets = dir.read("exports/outlets.csv");
    let (header, _) = outlets.split_once('\n').unwrap();
    let dealer = outlets.lines().nth(1).unwrap().split(',').find(|cell| cell.starts_with('D')).unwrap();
    let outlet = |id: &'static str, opened: &'static str| {
        let cell = |name: &str| match name.trim() {
            "Outlet Code" => id.to_owned(),
            "Opened" => opened.to_owned(),
            "Dealer Code" => dealer.to_owned(),
            _ => String::new(),
        };
        header.split(',').map(cell).collect::<Vec<_>>().join(",")
    };
    let (later, undated) = (outlet("O888887", "2025-12-20"), outlet("O888888", ""));
    let opened = format!("{}\n{later}\n{undated}\n", outlets.trim_end());
    let dir = dir.file("exports/sales/sales-2025-12.csv", &last).file("exports/outlets.csv", opened);
    require_equal_to_a_first_night(
        &dir,
        "days after it, an outlet that opens after it, and one that nobody knows when",
        &[],
    );
    assert_eq!(settled(&dir), first);

    let late = lines_of(&last, |place, _| place < 2).replace("2025-12", "2025-11");
    let dir = dir.file("exports/sales/sales-2026-late.csv", late);
    require_equal_to_a_first_night(&dir, "a late line of a day before it", &[]);
    let with_late = settled(&dir);
    let lookalikes = |files: &BTreeSet<String>| {
        files.iter().filter(|file| file.starts_with("settled.lookalike_counts/")).cloned().collect::<Vec<_>>()
    };
    assert_ne!(lookalikes(&with_late), lookalikes(&first));

    require_equal_to_a_first_night(&dir, "the day before", &["--as-of", "2025-12-30"]);
    assert_eq!(settled(&dir), with_late, "another day, the same picture");
    require_equal_to_a_first_night(&dir, "four weeks earlier", &["--as-of", "2025-11-30"]);
    assert_ne!(lookalikes(&settled(&dir)), lookalikes(&with_late));
}

#[test]
fn a_damaged_fact_is_made_anew_with_a_warning() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let tables = dir.published().checksums();
    for relation in dir.names("out/staging/facts") {
        let folder = dir.path("out/staging/facts").join(&relation);
        for file in dir.names(&format!("out/staging/facts/{relation}")) {
            let mut content = fs::read(folder.join(&file)).unwrap();
            content[4] ^= 1;
            fs::write(folder.join(&file), content).unwrap();
        }
        let said = match relation.starts_with("settled.") {
            true => format!("WARN     {relation} is computed anew: "),
            false => format!("WARN     {relation} is computed anew for an export: "),
        };
        dir.run(&["run", "--force"]).exits(0).stderr_has(&said);
        assert_eq!(dir.published().checksums(), tables, "{relation}");
    }
    dir.run(&["run", "--force"]).exits(0).stderr_lacks("computed anew");
}

#[test]
fn facts_that_no_export_has_any_more_are_removed() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let before = facts(&dir, "accepted_days");
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,7", "2024-05-02,D2,8"]);
    dir.run(&["run"]).exits(0);
    let after = facts(&dir, "accepted_days");
    assert_eq!((before.len(), after.len(), before.intersection(&after).count()), (1, 1, 0));
}

/// Two exports that share a day of a dealer: an order with a line in each, and two sales without an order number.
#[test]
fn an_order_in_two_exports_is_one_order() {
    let dir = Workdir::new()
        .csv("sales.csv", &["sold_on,dealer_id,amount,order_id,line_no", "2024-05-01,D1,100,o1,1", "2024-05-01,D2,5,,"])
        .csv(
            "sales-2.csv",
            &["sold_on,dealer_id,amount,order_id,line_no", "2024-05-01,D1,-30,o1,2", "2024-05-01,D2,6,,"],
        );
    dir.run(&["run"]).exits(0);
    let found: Vec<_> = dir
        .published()
        .rows("dealer_scorecard")
        .iter()
        .map(|row| {
            (
                cell(row, "dealer_id").to_owned(),
                cell(row, "orders_12w").to_owned(),
                cell(row, "order_value_12w").to_owned(),
            )
        })
        .collect();
    let expected = [("D1", "1", "70.0000"), ("D2", "1", "11.0000")];
    assert_eq!(found, expected.map(|(dealer, orders, value)| (dealer.to_owned(), orders.to_owned(), value.to_owned())));
}
