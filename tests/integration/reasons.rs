//! A job with a bad row of every reason, but for those of spreadsheets: every code is produced, and no row and no amount gets lost.

use std::collections::{BTreeMap, BTreeSet};

use dealerlens::model::money::Money;
use dealerlens::model::reason::Reason;

use crate::spreadsheets::mapped;
use crate::tables::{Row, cell};
use crate::workdir::Workdir;

const SALES: &[u8] = b"sold_on,dealer_id,amount,order_id,line_no,quantity
2024-05-01,D1,100.25,A,1,4
2024-05-01,D1,7
2024-05-02,\"D1,8,A,2,1
2024-05-02,D\0,9,A,3,1
2024-05-02,D\xFF,10,A,4,1
2024-05-02,,11,A,5,1
2024-02-30,D1,12,A,6,1
2024-05-02,D1,thirteen,A,7,1
2024-05-02,D1,14,A,8,many
2024-05-02,D1,150000000000000,A,9,1
2024-05-02,D9,16.5,A,10,1
2099-01-01,D1,17,A,11,1
2024-05-02,D2,-20.125,B,1,1
";

fn every_reason() -> Workdir {
    let late =
        ["sold_on,dealer_id,amount,order_id,line_no,quantity", "2024-05-03,D1,99.75,A,1,4", "2024-05-03,D2,1,B,1,1"];
    let targets = [
        "dealer_id,month,target_amount",
        "D1,2024-05,100",
        "D2,2024-05,70",
        "D2,2024-05,75",
        "D1,2024-13,5",
        "D9,2024-05,6",
        "D1,2024-06,much",
    ];
    let market = ["territory,channel,outlets_total", "T1,shop,10", "T2,shop,-1", "T3,shop,1.5", "T4,bar,1", "T4,bar,2"];
    Workdir::new()
        .file("sales.csv", SALES)
        .csv("sales_late.csv", &late)
        .csv("dealers.csv", &["dealer_id,region", "D1,North", "D2,South", "D1,East"])
        .source("outlets", &["outlet_id,dealer_id", "O1,D1", "O1,D2", ",D2"])
        .source("products", &["product_id,list_price", "P1,1.5", "P2,free", "P1,2"])
        .source("market", &market)
        .source("targets", &targets)
}

#[test]
fn every_reason_is_produced_and_no_other() {
    let dir = every_reason();
    dir.run(&["run"]).exits(0);
    let mut found: BTreeSet<_> = dir.published().column("rejected_rows", "reason_code").into_iter().collect();
    // Some reasons only a spreadsheet can give.
    let sheet = mapped("sales.xlsx");
    sheet.run(&["run"]).exits(0);
    found.extend(sheet.published().column("rejected_rows", "reason_code"));
    let all: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code().to_owned()).collect();
    assert_eq!(found, all);
}

/// What became of the rows of one export, by outcome: rows, money, rows of unknown amount.
#[derive(Default)]
struct Balance(BTreeMap<String, (u64, Money, u64)>);

impl Balance {
    fn add(&mut self, row: &Row) {
        let sum = self.0.entry(cell(row, "outcome").to_owned()).or_default();
        sum.0 += cell(row, "rows").parse::<u64>().unwrap();
        sum.1 += Money::from_decimal_text(cell(row, "amount")).unwrap_or_default();
        sum.2 += cell(row, "unknown_amount_rows").parse::<u64>().unwrap();
    }

    fn of(&self, outcome: &str) -> (u64, Money, u64) {
        self.0.get(outcome).copied().unwrap_or_default()
    }
}

#[test]
fn rows_and_money_of_every_export_are_conserved() {
    let dir = every_reason();
    dir.run(&["run"]).exits(0);
    let mut exports: BTreeMap<String, Balance> = BTreeMap::new();
    for row in dir.published().rows("data_quality") {
        exports.entry(cell(&row, "export").to_owned()).or_default().add(&row);
    }
    assert_eq!(exports.len(), 7);
    for (export, balance) in &exports {
        let parts = ["accepted", "rejected", "superseded"].map(|outcome| balance.of(outcome));
        let sum =
            parts.iter().fold((0, Money::default(), 0), |sum, part| (sum.0 + part.0, sum.1 + part.1, sum.2 + part.2));
        assert_eq!(sum, balance.of("read"), "{export}");
    }
    // 100.25 + 9 + 10 + 11 + 12 + 14 + 16.5 + 17 - 20.125; four rows hide their amount and one is too large.
    assert_eq!(exports["sales.csv"].of("read"), (13, Money(1_696_250), 4));
    assert_eq!(exports["sales.csv"].of("superseded"), (2, Money(801_250), 0));
    assert_eq!(exports["sales.csv"].of("accepted"), (0, Money(0), 0));
    assert_eq!(exports["sales_late.csv"].of("accepted"), (2, Money(1_007_500), 0));
}

#[test]
fn the_rejected_rows_are_as_many_as_the_data_quality_says() {
    let dir = every_reason();
    dir.run(&["run"]).exits(0);
    let mut counted: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in dir.published().rows("rejected_rows") {
        *counted.entry((cell(&row, "export").to_owned(), cell(&row, "reason_code").to_owned())).or_default() += 1;
    }
    for row in dir.published().rows("data_quality").iter().filter(|row| cell(row, "outcome") == "rejected") {
        let rows = counted.remove(&(cell(row, "export").to_owned(), cell(row, "reason_code").to_owned()));
        assert_eq!(rows.map(|rows| rows.to_string()).as_deref(), Some(cell(row, "rows")), "{row:?}");
    }
    assert!(counted.is_empty(), "{counted:?}");
}
