//! The same table in another format gives the same marts.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;

use crate::workdir::Workdir;

/// Day, dealer, cents, quantity; an amount may be missing.
const SALES: [(&str, &str, Option<i64>, Option<i64>); 5] = [
    ("2024-05-01", "D1", Some(10_050), Some(3)),
    ("2024-05-02", "D2", Some(25_000), None),
    ("2024-05-03", "D1", Some(-2_099), Some(-1)),
    ("2024-05-03", "D2", None, Some(1)),
    ("2024-05-03", "D9", Some(100), Some(1)),
];

fn csv() -> String {
    let rows = SALES.iter().map(|(day, dealer, cents, quantity)| {
        let amount = cents
            .map(|cents| format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100));
        let quantity = quantity.map(|quantity| quantity.to_string());
        format!("{day},{dealer},{},{}\n", amount.unwrap_or_default(), quantity.unwrap_or_default())
    });
    "sold_on,dealer_id,amount,quantity\n".to_owned() + &rows.collect::<String>()
}

fn parquet() -> Vec<u8> {
    let day = |text: &str| {
        let since = text.parse::<NaiveDate>().unwrap() - NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        i32::try_from(since.num_days()).unwrap()
    };
    let days: ArrayRef = Arc::new(SALES.iter().map(|sale| Some(day(sale.0))).collect::<Date32Array>());
    let dealers: ArrayRef = Arc::new(SALES.iter().map(|sale| Some(sale.1)).collect::<StringArray>());
    let amounts: Decimal128Array = SALES.iter().map(|sale| sale.2.map(i128::from)).collect();
    let amounts: ArrayRef = Arc::new(amounts.with_precision_and_scale(12, 2).unwrap());
    let quantities: ArrayRef = Arc::new(SALES.iter().map(|sale| sale.3).collect::<Int64Array>());
    let columns = [("sold_on", days), ("dealer_id", dealers), ("amount", amounts), ("quantity", quantities)];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn csv_and_parquet_exports_give_the_same_marts() {
    let text = Workdir::new().file("sales.csv", csv());
    let typed =
        Workdir::new().without("sales.csv").edit_job("sales*.csv", "sales.parquet").file("sales.parquet", parquet());
    assert_eq!(text.run_to_checksums(), typed.run_to_checksums());

    let read = "sales: read 5 (330.51) = accepted 3 (329.51) + rejected 2 (1.00) + superseded 0 (0.00)";
    text.run(&["run", "--force"]).exits(0).stderr_has(read);
    typed.run(&["run", "--force"]).exits(0).stderr_has(read);
    // Lines of a text count its header, rows of a table do not.
    let rejected = ["sales.csv:5 missing_value amount ", "sales.csv:6 unknown_dealer dealer_id D9"];
    assert_eq!(text.published().rejected(), rejected);
    let rejected = ["sales.parquet:4 missing_value amount ", "sales.parquet:5 unknown_dealer dealer_id D9"];
    assert_eq!(typed.published().rejected(), rejected);
}

#[test]
fn delimiters_and_byte_order_marks_make_no_difference() {
    let plain = Workdir::new().file("sales.csv", csv()).run_to_checksums();
    for delimiter in [";", "\t", "|"] {
        let marked = format!("\u{FEFF}{}", csv().replace(',', delimiter));
        assert_eq!(Workdir::new().file("sales.csv", marked).run_to_checksums(), plain, "{delimiter:?}");
    }
}

#[test]
fn columns_can_be_mapped_by_position_below_title_rows() {
    let rows: String = csv().split_inclusive('\n').skip(1).collect();
    let mapping = "skip_rows = 2\nheader = false\n[sources.sales.columns]\nsold_on = \"1\"\ndealer_id = \"2\"\namount = \"3\"\nquantity = \"4\"";
    let titled = Workdir::new().add_to_job(mapping).file("sales.csv", format!("Sales of May\n\n{rows}"));
    let plain = Workdir::new().file("sales.csv", csv());
    assert_eq!(titled.run_to_checksums(), plain.run_to_checksums());
    assert_eq!(titled.published().rejected()[0], "sales.csv:6 missing_value amount ");
}
