//! The same table in any encoding and packing gives the same marts; what its publisher ships is read as it is.

use std::io::Write;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, WINDOWS_1252};

use crate::workdir::Workdir;

const DEALERS: &str =
    "dealer_id,region,dealer_name\nD1,华北,北京饮料经销商\nD2,华东,上海食品贸易公司\nD3,华南,广州百货\n";

pub fn utf16(text: &str, bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
}

pub fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, had_errors) = encoding.encode(text);
    assert!(!had_errors);
    bytes.into_owned()
}

pub fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn with_dealers(name: &str, content: Vec<u8>) -> Workdir {
    Workdir::new().without("dealers.csv").file(name, content).edit_job("dealers.csv", name)
}

#[test]
fn encodings_and_packings_of_one_table_give_the_same_marts() {
    let reference = with_dealers("dealers.csv", DEALERS.into()).run_to_checksums();
    let variants: [(&str, Vec<u8>); 8] = [
        ("bom.csv", [b"\xEF\xBB\xBF", DEALERS.as_bytes()].concat()),
        ("utf16le.csv", utf16(DEALERS, u16::to_le_bytes, true)),
        ("utf16be.csv", utf16(DEALERS, u16::to_be_bytes, true)),
        ("packed.csv.gz", gzipped(DEALERS)),
        ("packed.csv.zst", zstd::stream::encode_all(DEALERS.as_bytes(), 3).unwrap()),
        ("semicolon.csv", DEALERS.replace(',', ";").into()),
        ("tab.tsv", DEALERS.replace(',', "\t").into()),
        ("pipe.txt", DEALERS.replace(',', "|").into()),
    ];
    for (name, content) in variants {
        assert_eq!(with_dealers(name, content).run_to_checksums(), reference, "{name}");
    }
}

#[test]
fn an_encoding_of_the_job_file_goes_before_everything() {
    let reference = with_dealers("dealers.csv", DEALERS.into()).run_to_checksums();
    let dir = with_dealers("dealers.csv", encoded(DEALERS, GB18030))
        .edit_job("[sources.dealers]", "[sources.dealers]\nencoding = \"gb18030\"");
    assert_eq!(dir.run_to_checksums(), reference);
}

#[test]
fn a_chinese_export_without_a_mark_is_guessed_with_a_warning() {
    let header = "经销商编码,大区,经销商名称\n";
    let text = DEALERS.replace("dealer_id,region,dealer_name\n", header);
    let columns =
        "[sources.dealers.columns]\ndealer_id = \"经销商编码\"\nregion = \"大区\"\ndealer_name = \"经销商名称\"\n";
    let dir = with_dealers("dealers.csv", encoded(&text, GB18030))
        .edit_job("[sources.sales]", &format!("{columns}\n[sources.sales]"));
    dir.run(&["run"]).exits(0).stderr_has("dealers.csv was read as gb18030, which is a guess");
    assert_eq!(dir.published().column("dim_dealer", "dealer_name"), ["北京饮料经销商", "上海食品贸易公司", "广州百货"]);
}

#[test]
fn an_export_of_an_old_program_is_guessed_when_many_lines_say_so() {
    let names: Vec<String> = (0..8).map(|number| format!("X{number},Süd,Müller & Söhne {number}")).collect();
    let text = format!("dealer_id,region,dealer_name\nD1,Nord,Ä\nD2,Nord,Ö\n{}\n", names.join("\n"));
    let dir = with_dealers("dealers.csv", encoded(&text, WINDOWS_1252));
    dir.run(&["run"]).exits(0).stderr_has("windows-1252");
    assert!(dir.published().column("dim_dealer", "dealer_name").contains(&"Müller & Söhne 3".to_owned()));
}

#[test]
fn bytes_that_cannot_be_decoded_reject_their_row() {
    let mut content = encoded(DEALERS, GB18030);
    content.extend_from_slice(b"D4,\xFF\xFF,broken\n");
    let dir =
        with_dealers("dealers.csv", content).edit_job("[sources.dealers]", "[sources.dealers]\nencoding = \"gb18030\"");
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().column("rejected_rows", "reason_code"), ["invalid_utf8"]);
}

#[test]
fn a_broken_archive_and_an_unknown_encoding_say_what_to_do() {
    with_dealers("dealers.csv.gz", b"no archive".to_vec()).run(&["run"]).exits(65).stderr_has("cannot be unpacked");
    let dir = Workdir::new().edit_job("[sources.dealers]", "[sources.dealers]\nencoding = \"utf-9\"");
    dir.run(&["run"]).exits(78).stderr_has("\"utf-9\" is no encoding");
}

#[test]
fn full_width_ids_are_the_same_ids() {
    let dir = Workdir::new()
        .csv("sales.csv", &["sold_on,dealer_id,amount", "2024年5月1日,Ｄ１,１００", "2024-05-02, D2　,(5)"]);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().column("dealer_scorecard", "sales_12w"), ["100.0000", "-5.0000"]);
}

const PUBLISHED: &str = r#"[job]
name = "published"

[sources.sales]
files = ["ResellerSales_202006.csv"]
thousands = ","
[sources.sales.columns]
sold_on = "OrderDate"
dealer_id = "EmployeeKey"
amount = "SalesAmount"
order_id = "SalesOrderNumber"
line_no = "SalesOrderLineNumber"
outlet_id = "ResellerKey"
product_id = "ProductKey"
quantity = "OrderQuantity"

[sources.dealers]
files = ["dealers.csv"]

[sources.targets]
files = ["ResellerSalesTargets.csv"]
layout = "wide"
year = "Year"
months = ["M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12"]
[sources.targets.columns]
dealer_id = "EmployeeID"
target_amount = { from = "target_amount", times = 1000 }
"#;

#[test]
fn two_files_are_read_as_their_publisher_ships_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/published");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let targets = read("ResellerSalesTargets.csv");
    let units: Vec<u16> = targets.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).unwrap();
    let people: std::collections::BTreeSet<&str> =
        text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    let sellers = (272..=296).map(|key| format!("{key},all"));
    let lines: Vec<String> = people.iter().map(|person| format!("{person},all")).chain(sellers).collect();
    let dir = Workdir::empty()
        .job(PUBLISHED)
        .file("dealers.csv", format!("dealer_id,region\n{}\n", lines.join("\n")))
        .file("ResellerSales_202006.csv", read("ResellerSales_202006.csv"))
        .file("ResellerSalesTargets.csv", targets);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("sales: read 3,004 (3,429,150.01) = accepted 3,004 (3,429,150.01)")
        .stderr_has("targets: read 81 (676,210,000.00) = accepted 81 (676,210,000.00)");
}

#[test]
fn a_wide_row_with_a_bad_month_is_rejected_as_a_whole() {
    let months: Vec<String> = (1..=12).map(|month| format!("\"M{month}\"")).collect();
    let header: Vec<String> = (1..=12).map(|month| format!("M{month}")).collect();
    let row = |dealer: &str, third: &str| format!("2024,{dealer},1,2,{third},4,5,6,7,8,9,10,11,-");
    let dir = Workdir::new()
        .file("targets.csv", format!("Year,dealer_id,{}\n{}\n{}\n", header.join(","), row("D1", "3"), row("D2", "x")))
        .add_to_job(&format!(
            "[sources.targets]\nfiles = [\"targets.csv\"]\nlayout = \"wide\"\nyear = \"Year\"\nmonths = [{}]",
            months.join(", ")
        ));
    dir.run(&["run"]).exits(0).stderr_has("targets: read 2 (66.00) = accepted 1 (66.00) + rejected 1 (0.00)");
}
