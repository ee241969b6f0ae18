//! Properties of the driver queries over random leaves: they add up exactly and flip their sign when time is reversed.

use std::fmt::Write as _;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Decimal128Type;
use proptest::prelude::*;

use crate::analysis::{Analysis, Parameters, QuerySet, Resources};
use crate::model::export::Staging;

const EFFECTS: [&str; 7] =
    ["entered", "exited", "coverage_effect", "activity_effect", "frequency_effect", "ticket_effect", "returns_effect"];

/// One window of a leaf: covered, active, orders, order value and returns, the last two in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    covered: i64,
    active: i64,
    orders: i64,
    value: i64,
    returns: i64,
}

/// Any window that can happen: zeros, nothing active, returns only.
fn window() -> impl Strategy<Value = Window> {
    (0_i64..60, 0_i64..=100, 1_i64..9, 1_i64..5_000_000, -90_000_i64..=0).prop_map(
        |(covered, active_percent, orders_each, ticket, returns)| {
            let active = covered * active_percent / 100;
            let orders = active * orders_each;
            let value = if orders > 0 { ticket * orders / 100 } else { 0 };
            Window { covered, active, orders, value: value.max(orders), returns }
        },
    )
}

fn leaves() -> impl Strategy<Value = Vec<(Window, Window)>> {
    let zero = Window { covered: 0, active: 0, orders: 0, value: 0, returns: 0 };
    let leaf = prop_oneof![
        8 => (window(), window()),
        1 => (Just(zero), window()),
        1 => (window(), Just(zero)),
    ];
    proptest::collection::vec(leaf, 1..60)
}

/// A relation of constants in the place of a query.
fn replace(set: &mut QuerySet, name: &str, columns: &str, values: &str) {
    let names: Vec<String> =
        columns.split(", ").enumerate().map(|(place, name)| format!("column{} as {name}", place + 1)).collect();
    let query = set.queries.get_mut(name).unwrap();
    query.sql = format!("select {} from (values {values})", names.join(", "));
}

fn values(leaves: &[(Window, Window)]) -> String {
    let mut text = String::new();
    for (number, (now, base)) in leaves.iter().enumerate() {
        for (snapshot, window) in [(0, now), (13, base)] {
            let Window { covered, active, orders, value, returns } = window;
            let (value, returns) = (format!("{value}.00"), format!("{returns}.00"));
            let money = |amount: &str| format!("cast({amount} as decimal(18, 4))");
            let sales = format!("cast({value} as decimal(18, 4)) + cast({returns} as decimal(18, 4))");
            let comma = if text.is_empty() { "" } else { ", " };
            let (value, returns) = (money(&value), money(&returns));
            write!(
                text,
                "{comma}('d', 'c{number:03}', {snapshot}, {covered}, {active}, {orders}, {value}, {sales}, {returns})"
            )
            .unwrap();
        }
    }
    text
}

/// Runs the built-in driver queries over given leaves; effects by channel in units of money.
fn effects(leaves: &[(Window, Window)]) -> Vec<[i128; 8]> {
    let mut set = QuerySet::load(None, None).unwrap();
    let columns = "dealer_id, channel, snapshot, covered_outlets, active_outlets, orders, order_value, sales, returns";
    replace(&mut set, "leaf_snapshots", columns, &values(leaves));
    replace(
        &mut set,
        "analysis_window",
        "as_of, comparison_base, base_snapshot",
        "(cast('2024-12-31' as date), 'year_ago', 13)",
    );
    replace(&mut set, "dealers", "dealer_id, dealer_name, region", "('d', 'Dealer', 'Region')");
    // Only what growth_drivers reads stays; the rest would miss columns of the replaced relations.
    let wanted = ["leaf_snapshots", "analysis_window", "dealers", "driver_factors", "driver_effects", "growth_drivers"];
    set.queries.retain(|name, _| wanted.contains(&name.as_str()));
    let folder = tempfile::tempdir().unwrap();
    let resources = Resources {
        memory_bytes: 256 << 20,
        threads: 2,
        work_folder: folder.path().to_path_buf(),
        facts_folder: folder.path().join("facts"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut analysis = Analysis::open(set, &Staging::default(), &[], &resources).unwrap();
        analysis.compute(&["growth_drivers"], &Parameters::default(), &mut |_, _| ()).await.unwrap();
        let mut rows = Vec::new();
        let mut collect = |batch: &RecordBatch| {
            rows.extend(rows_of(batch));
            Ok(())
        };
        analysis.shelf().read("growth_drivers", &mut collect).await.unwrap();
        rows
    })
}

/// The change and its seven drivers, row by row.
fn rows_of(batch: &RecordBatch) -> Vec<[i128; 8]> {
    let column = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Decimal128Type>();
    let names: Vec<&str> = std::iter::once("sales_change").chain(EFFECTS).collect();
    (0..batch.num_rows()).map(|row| std::array::from_fn(|place| column(names[place]).value(row))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn drivers_add_up_to_the_change_exactly(leaves in leaves()) {
        let rows = effects(&leaves);
        prop_assert_eq!(rows.len(), leaves.len());
        for (row, (now, base)) in rows.iter().zip(&leaves) {
            prop_assert_eq!(row[0], i128::from(now.value + now.returns - base.value - base.returns) * 10_000);
            prop_assert_eq!(row[1..].iter().sum::<i128>(), row[0]);
        }
    }

    #[test]
    fn reversing_time_flips_every_driver(leaves in leaves()) {
        let reversed: Vec<_> = leaves.iter().map(|(now, base)| (*base, *now)).collect();
        for (forth, back) in effects(&leaves).iter().zip(effects(&reversed)) {
            // entered and exited change places.
            let expected = [0, 2, 1, 3, 4, 5, 6, 7].map(|place| -back[place]);
            for (place, (found, expected)) in forth.iter().zip(expected).enumerate() {
                // Each effect is rounded to a ten-thousandth on its own, and the ticket takes up what the others leave.
                let slack = if place == 0 { 0 } else { 4 };
                prop_assert!((found - expected).abs() <= slack, "{place}: {found} against {expected} in {forth:?} {back:?}");
            }
        }
    }
}

#[test]
fn a_worked_example_by_hand() {
    // (C, A, O, value) from (10, 5, 10, 1000) to (12, 9, 27, 2700): C 10 -> 12, a 0.5 -> 0.75, f 2 -> 3, t 100 -> 100.
    let base = Window { covered: 10, active: 5, orders: 10, value: 1_000, returns: 0 };
    let now = Window { covered: 12, active: 9, orders: 27, value: 2_700, returns: -30 };
    let rows = effects(&[(now, base)]);
    // With t fixed at 100 the three-factor formula holds: E_a = da*b0*c0 + da*(db*c0 + b0*dc)/2 + da*db*dc/3, times 100.
    // coverage: 2*1 + 2*(0.25*2 + 0.5*1)/2 + 2*0.25*1/3 = 2 + 1 + 1/6; activity: 0.25*20 + 0.25*(2*2 + 10*1)/2 + 1/6
    // = 5 + 1.75 + 1/6; frequency: 1*5 + (2*0.5 + 10*0.25)/2 + 1/6 = 5 + 1.75 + 1/6. Together 17, which is 2700 - 1000.
    let expected = [16_700_000, 0, 0, 3_166_667, 6_916_667, 6_916_667, -1, -300_000];
    assert_eq!(rows, [expected]);
}
