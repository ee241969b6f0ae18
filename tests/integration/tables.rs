//! What a run wrote, read back through the library: its tables as text, and its manifest.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use dealerlens::publish::{read_table, render_rows};
use serde_json::Value;

/// Text by column; `None` is NULL.
pub type Row = BTreeMap<String, Option<String>>;

/// The folder of a published or refused run.
pub struct Tables {
    folder: PathBuf,
}

impl Tables {
    pub fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn rows(&self, table: &str) -> Vec<Row> {
        render_rows(&read_table(&self.folder, table).unwrap(), None).unwrap()
    }

    /// The only row in which the column has that value.
    #[track_caller]
    pub fn row(&self, table: &str, column: &str, value: &str) -> Row {
        let mut rows = self.rows(table);
        rows.retain(|row| row[column].as_deref() == Some(value));
        assert_eq!(rows.len(), 1, "rows of {table} with {column} = {value}");
        rows.remove(0)
    }

    /// All values of a column, in the order of the table.
    pub fn column(&self, table: &str, column: &str) -> Vec<String> {
        self.rows(table).iter().map(|row| cell(row, column).to_owned()).collect()
    }

    /// Net sales of a dealer in the last 52 weeks.
    #[track_caller]
    pub fn sales_of(&self, dealer_id: &str) -> String {
        cell(&self.row("dealer_scorecard", "dealer_id", dealer_id), "sales_52w").to_owned()
    }

    /// Rejected rows as `sales.csv:3 bad_date sold_on 2024-02-30`.
    pub fn rejected(&self) -> Vec<String> {
        let shown = ["reason_code", "column_name", "raw_value"];
        let line = |row: &Row| {
            let place = format!("{}:{}", cell(row, "export"), cell(row, "line"));
            shown.iter().fold(place, |text, column| format!("{text} {}", cell(row, column)))
        };
        self.rows("rejected_rows").iter().map(line).collect()
    }

    /// Rows and money of an export under an outcome and reason, as `2 rows, 12.5000`, or `2 rows, 12.5000, 1 unknown`
    /// when one hides its amount; `none` when it is not listed.
    pub fn quality(&self, export: &str, outcome: &str, reason: &str) -> String {
        let wanted = [("export", export), ("outcome", outcome), ("reason_code", reason)];
        let mut rows = self.rows("data_quality");
        rows.retain(|row| wanted.iter().all(|(column, value)| cell(row, column) == *value));
        let Some(row) = rows.first() else { return "none".to_owned() };
        let unknown = match cell(row, "unknown_amount_rows") {
            "0" => String::new(),
            rows => format!(", {rows} unknown"),
        };
        format!("{} rows, {}{unknown}", cell(row, "rows"), cell(row, "amount"))
    }

    pub fn manifest(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.folder.join("manifest.json")).unwrap()).unwrap()
    }

    /// Checksum of each table's file, by table.
    pub fn checksums(&self) -> BTreeMap<String, String> {
        let manifest = self.manifest();
        let tables = manifest["tables"].as_array().unwrap().iter();
        tables.map(|table| (text(&table["name"]), text(&table["sha256"]))).collect()
    }
}

/// The text in a column, `NULL` where it is NULL.
pub fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).unwrap_or_else(|| panic!("no column {column}")).as_deref().unwrap_or("NULL")
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
