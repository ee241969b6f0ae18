//! The workbooks: read back with a spreadsheet reader and compared with the marts they show.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::NaiveDate;
use dealerlens::analysis::QuerySet;
use dealerlens::model::contract::{ColumnType, Contract, Contracts};
use dealerlens::model::event::Unwatched;
use dealerlens::model::manifest::Manifest;
use dealerlens::publish::{Output, RenderedRow, Workbooks, folder_of, read_table, render_rows};

use crate::nights::night;
use crate::workdir::Workdir;

const FILE: &str = "dealerlens.xlsx";
/// Sheets that show a mart, in English.
const SHEETS: [(&str, &str); 9] = [
    ("Scorecard", "dealer_scorecard"),
    ("Classes", "dealer_class_history"),
    ("Drivers", "growth_drivers"),
    ("Vertical opportunities", "vertical_opportunities"),
    ("Horizontal opportunities", "horizontal_opportunities"),
    ("Range gaps", "range_gaps"),
    ("Goals", "growth_goals"),
    ("Plan", "growth_plan"),
    ("Data quality", "data_quality"),
];
/// Names that spreadsheets and browsers would like to run.
const HOSTILE: [&str; 7] =
    ["=cmd|' /C calc'!A0", "+1", "@x", "-2+3", "<script>alert(1)</script>", "\u{202e}gnirts", "{=1+1}"];

fn contracts() -> Contracts {
    QuerySet::load(None, None).unwrap().contracts()
}

/// The tables of a run in a fresh folder, without what else the run published.
fn tables_of(run: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(run).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

fn rows_of(folder: &Path, mart: &str) -> Vec<RenderedRow> {
    render_rows(&read_table(folder, mart).unwrap(), None).unwrap()
}

/// A workbook in memory: its sheets with all their cells, in their order.
struct Book {
    sheets: Vec<(String, Vec<Vec<Data>>)>,
}

impl Book {
    fn read(path: &Path) -> Self {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let names = book.sheet_names();
        for name in &names {
            let formulas = book.worksheet_formula(name).unwrap();
            assert!(formulas.used_cells().next().is_none(), "{name} has formulas");
        }
        let sheets = names.into_iter().map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            let rows = range.rows().map(<[Data]>::to_vec).collect();
            (name, rows)
        });
        Self { sheets: sheets.collect() }
    }

    fn names(&self) -> Vec<&str> {
        self.sheets.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn sheet(&self, name: &str) -> Option<&[Vec<Data>]> {
        self.sheets.iter().find(|(known, _)| known == name).map(|(_, rows)| rows.as_slice())
    }

    fn cells(&self) -> impl Iterator<Item = &Data> {
        self.sheets.iter().flat_map(|(_, rows)| rows.iter().flatten())
    }

    /// Every text of every sheet, and the names of the sheets.
    fn texts(&self) -> BTreeSet<&str> {
        let texts = self.cells().filter_map(|cell| match cell {
            Data::String(text) => Some(text.as_str()),
            _ => None,
        });
        texts.chain(self.names()).collect()
    }
}

/// The table on a sheet: below a row of column names, and a row of their plain names.
fn table<'a>(rows: &'a [Vec<Data>], contract: &Contract) -> Vec<BTreeMap<&'a str, &'a Data>> {
    let name = |cell: &'a Data| match cell {
        Data::String(text) if contract.columns.iter().any(|column| column.name == *text) => Some(text.as_str()),
        _ => None,
    };
    let heading = rows.iter().position(|row| row.iter().filter_map(name).count() > 3).unwrap();
    let columns: Vec<(usize, &str)> =
        rows[heading].iter().enumerate().filter_map(|(place, cell)| Some((place, name(cell)?))).collect();
    let row = |row: &'a Vec<Data>| columns.iter().map(|(place, name)| (*name, &row[*place])).collect();
    rows.iter().skip(heading + 2).map(row).collect()
}

/// Whether a cell shows what a mart says; amounts are compared to the cent.
fn shows(cell: &Data, kind: ColumnType, value: Option<&str>) -> bool {
    let number = |text: &str| text.parse::<f64>().unwrap();
    match (kind, cell, value) {
        (_, Data::Empty, value) => value.is_none_or(str::is_empty),
        (ColumnType::Text, Data::String(cell), Some(text)) => cell == text,
        (ColumnType::Money, Data::Float(cell), Some(text)) => (cell - number(text)).abs() < 0.005,
        (ColumnType::Number | ColumnType::Integer, Data::Float(cell), Some(text)) => *cell == number(text),
        (ColumnType::Boolean, Data::Bool(cell), Some(text)) => cell.to_string() == text,
        (ColumnType::Date, Data::DateTime(cell), Some(text)) => {
            let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
            cell.as_f64() == (text.parse::<NaiveDate>().unwrap() - epoch).num_days() as f64
        }
        _ => false,
    }
}

/// Compares every sheet that shows a mart with its rows, in any order; the result is the number of those sheets.
fn compare(book: &Book, folder: &Path, contracts: &Contracts, region: Option<&str>) -> usize {
    let mut compared = 0;
    for (sheet, mart) in SHEETS {
        let Some(contract) = contracts.get(mart).filter(|_| folder.join(format!("{mart}.parquet")).exists()) else {
            continue;
        };
        let has_region = contract.columns.iter().any(|column| column.name == "region");
        if region.is_some() && !has_region {
            continue;
        }
        let is_here = |row: &RenderedRow| region.is_none() || row["region"].as_deref() == region;
        let wanted: Vec<RenderedRow> = rows_of(folder, mart).into_iter().filter(is_here).collect();
        let shown = table(book.sheet(sheet).unwrap(), contract);
        assert_eq!(shown.len(), wanted.len(), "{sheet}");
        let keys: Vec<_> = contract.columns.iter().filter(|column| contract.key.contains(&column.name)).collect();
        let names: Vec<_> =
            keys.iter().filter(|key| key.kind == ColumnType::Text).map(|key| key.name.as_str()).collect();
        let mut groups: BTreeMap<Vec<String>, Vec<BTreeMap<&str, &Data>>> = BTreeMap::new();
        for row in shown {
            let group = names.iter().map(|name| row[*name].to_string()).collect();
            groups.entry(group).or_default().push(row);
        }
        for row in &wanted {
            let group: Vec<String> = names.iter().map(|name| row[*name].clone().unwrap_or_default()).collect();
            let group = groups.get_mut(&group).unwrap_or_else(|| panic!("{sheet} has nothing of {group:?}"));
            let is_same = |shown: &BTreeMap<&str, &Data>| {
                keys.iter().all(|key| shows(shown[key.name.as_str()], key.kind, row[&key.name].as_deref()))
            };
            let place = group.iter().position(is_same).unwrap_or_else(|| panic!("{sheet} lacks {row:?}"));
            let found = group.swap_remove(place);
            for column in contract.columns.iter().filter(|column| column.name != "as_of") {
                let (cell, value) = (found[column.name.as_str()], row[&column.name].as_deref());
                assert!(shows(cell, column.kind, value), "{sheet}, {}: {cell:?} for {value:?}", column.name);
            }
        }
        compared += 1;
    }
    compared
}

/// No dealer of another region, by id, name or sales, and no other region.
fn holds_only(book: &Book, region: &str, dealers: &[RenderedRow]) {
    let texts = book.texts();
    let numbers: Vec<f64> =
        book.cells().filter_map(|cell| if let Data::Float(number) = cell { Some(*number) } else { None }).collect();
    for dealer in dealers.iter().filter(|dealer| dealer["region"].as_deref() != Some(region)) {
        let [id, name, other] = ["dealer_id", "dealer_name", "region"].map(|column| dealer[column].as_deref().unwrap());
        assert!(!texts.iter().any(|text| text.contains(id)), "{id} of {other} in the workbook of {region}");
        assert!(!texts.contains(name) && !texts.contains(other), "{name} of {other} in the workbook of {region}");
        let sales: f64 = dealer["sales_52w"].as_deref().unwrap().parse().unwrap();
        assert!(sales.abs() < 100.0 || !numbers.contains(&sales), "sales of {id} in the workbook of {region}");
    }
}

#[test]
fn workbooks_show_the_marts_and_those_of_a_region_nothing_else() {
    let out = tempfile::tempdir().unwrap();
    let job_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/beverages/dealerlens.toml");
    let published = night(job_file, Some(out.path()), &Unwatched).unwrap();
    let (contracts, manifest) = (contracts(), published.manifest);
    let folder = tables_of(&published.latest);
    let files = books(folder.path(), &manifest, "en", &contracts);
    let dealers = rows_of(folder.path(), "dealer_scorecard");
    let regions: BTreeSet<&str> = dealers.iter().map(|dealer| dealer["region"].as_deref().unwrap()).collect();
    assert_eq!((files.len(), regions.len()), (7, 6));

    let whole = Book::read(&folder.path().join(FILE));
    assert_eq!(whole.names().first(), Some(&"Overview"));
    assert!(whole.names().contains(&"Definitions") && whole.names().contains(&"Chart data"));
    assert!(compare(&whole, folder.path(), &contracts, None) >= 4);
    for region in regions {
        let file = format!("regions/{}/{FILE}", folder_of(region));
        assert!(files.contains(&file), "{file} in {files:?}");
        let book = Book::read(&folder.path().join(file));
        assert!(compare(&book, folder.path(), &contracts, Some(region)) >= 3);
        holds_only(&book, region, &dealers);
    }

    let again = tables_of(folder.path());
    assert_eq!(books(again.path(), &manifest, "en", &contracts), files);
    for file in &files {
        let (first, second) = (fs::read(folder.path().join(file)).unwrap(), fs::read(again.path().join(file)).unwrap());
        assert!(first == second, "{file} differs when it is written again");
    }
}

/// Writes the workbooks of the run in a folder into it; their names.
fn books(folder: &Path, manifest: &Manifest, language: &str, contracts: &Contracts) -> Vec<String> {
    let workbooks = Workbooks::read(folder, folder, manifest, language, contracts).unwrap();
    let books = workbooks.books().unwrap();
    books.iter().for_each(|book| workbooks.save(book).unwrap());
    books.into_iter().map(|book| book.file).collect()
}

/// The latest run of a job, as its tables in a fresh folder and its manifest.
fn run(dir: &Workdir) -> (tempfile::TempDir, Manifest) {
    dir.run(&["run"]).exits(0);
    let manifest = Output::look(dir.path("out")).latest().unwrap().unwrap();
    (tables_of(&dir.path("out/latest")), manifest)
}

#[test]
fn hostile_names_are_text_and_leave_their_folder_never() {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut dealers = vec!["dealer_id,dealer_name,region".to_owned()];
    let mut sales = vec!["sold_on,dealer_id,amount".to_owned()];
    for (number, name) in HOSTILE.iter().enumerate() {
        dealers.push(format!("D{number},{},../{number}", quoted(name)));
        sales.push(format!("2024-05-01,D{number},1{number}0.25"));
    }
    let long = "x".repeat(200);
    dealers.push(format!("=D9,{long},="));
    sales.push("2024-05-02,=D9,5".to_owned());
    let lines = |lines: &[String]| format!("{}\n", lines.join("\n"));
    let dir = Workdir::new().file("dealers.csv", lines(&dealers)).file("sales.csv", lines(&sales));
    let (folder, manifest) = run(&dir);
    let files = books(folder.path(), &manifest, "en", &contracts());
    assert_eq!(files.len(), 1 + HOSTILE.len() + 1);
    for file in &files {
        assert!(folder.path().join(file).is_file() && !file.contains(".."), "{file}");
    }
    let book = Book::read(&folder.path().join(FILE));
    let texts = book.texts();
    for name in HOSTILE.iter().copied().chain([long.as_str(), "=D9", "../0"]) {
        assert!(texts.contains(name), "{name} is no text of the workbook");
    }
}

#[test]
fn a_missing_mart_leaves_its_sheet_out_and_words_follow_the_language() {
    let (folder, manifest) = run(&Workdir::new());
    let contracts = contracts();
    fs::remove_file(folder.path().join("growth_drivers.parquet")).unwrap();
    assert_eq!(books(folder.path(), &manifest, "zh", &contracts).len(), 3);
    let book = Book::read(&folder.path().join("regions/North").join(FILE));
    assert_eq!(book.names()[..2], ["概览", "记分卡"]);
    assert!(!book.names().contains(&"增长动因"));
    assert!(book.texts().contains("净销售额（12周）"));

    books(folder.path(), &manifest, "en", &contracts);
    let book = Book::read(&folder.path().join(FILE));
    assert!(book.names().contains(&"Scorecard") && !book.names().contains(&"Drivers"));
}
