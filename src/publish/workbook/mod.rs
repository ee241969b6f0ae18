//! The marts of a run as workbooks: one of the whole company, and one of each region with that region's rows only.
//!
//! Every sheet but the first, the plans and the numbers of the charts is written row by row to disk, so memory holds
//! the marts and little more. The same marts give the same bytes: nothing in a workbook depends on the clock.

mod about;
mod cells;
mod charts;
mod formats;
mod guarded;
mod marts;
mod names;
mod overview;
mod plans;
mod sheet_names;
mod table;
mod words;

use std::cmp::Reverse;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::model::contract::Contracts;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Manifest;
use crate::publish::disk;
use crate::publish::regions::folder_of;
use crate::publish::workbook::cells::Written;
use crate::publish::workbook::charts::ChartData;
use crate::publish::workbook::formats::Formats;
use crate::publish::workbook::guarded::guarded;
use crate::publish::workbook::marts::{Marts, Part};
use crate::publish::workbook::overview::Heading;
use crate::publish::workbook::plans::Plans;
use crate::publish::workbook::sheet_names::SheetNames;
use crate::publish::workbook::table::{Spec, TableSheet};
use crate::publish::workbook::words::Words;

const FILE: &str = "dealerlens.xlsx";
const REGIONS: &str = "regions";
/// That of Excel itself: files are a fifth larger than by the usual 6, and made in two thirds of the time.
const COMPRESSION: u8 = 3;
/// The mart behind the plans, whose sheet says how many of them there are.
const PLAN: &str = "growth_plan";
const QUALITY: Spec =
    Spec { mart: "data_quality", english: "Data quality", chinese: "数据质量", leading: &[], largest_first: None };

/// The sheets that show a mart, in their order.
const SHEETS: [Spec; 8] = [
    Spec {
        mart: "dealer_scorecard",
        english: "Scorecard",
        chinese: "记分卡",
        leading: &[
            "dealer_id",
            "dealer_name",
            "region",
            "dealer_class",
            "sales_12w",
            "sales_base",
            "sales_growth",
            "target_12w",
            "attainment",
            "covered_outlets",
            "active_outlets_12w",
            "active_rate",
            "numeric_distribution",
            "reason",
        ],
        largest_first: Some("sales_12w"),
    },
    Spec {
        mart: "dealer_class_history",
        english: "Classes",
        chinese: "分类历史",
        leading: &[
            "dealer_id",
            "dealer_name",
            "region",
            "snapshot_on",
            "dealer_class",
            "previous_class",
            "change_cause",
        ],
        largest_first: None,
    },
    Spec {
        mart: "growth_drivers",
        english: "Drivers",
        chinese: "增长动因",
        leading: &["dealer_id", "dealer_name", "region", "channel", "sales_12w", "sales_base", "sales_change"],
        largest_first: None,
    },
    Spec {
        mart: "vertical_opportunities",
        english: "Vertical opportunities",
        chinese: "纵向机会",
        leading: &[
            "dealer_id",
            "dealer_name",
            "outlet_id",
            "outlet_name",
            "region",
            "channel",
            "lever",
            "expected_value",
            "low_value",
            "high_value",
            "reason",
        ],
        largest_first: Some("expected_value"),
    },
    Spec {
        mart: "horizontal_opportunities",
        english: "Horizontal opportunities",
        chinese: "横向机会",
        leading: &[
            "dealer_id",
            "dealer_name",
            "region",
            "territory",
            "channel",
            "kind",
            "is_lead",
            "expected_outlets",
            "expected_value",
            "low_value",
            "high_value",
            "reason",
        ],
        largest_first: Some("expected_value"),
    },
    Spec {
        mart: "range_gaps",
        english: "Range gaps",
        chinese: "品类缺口",
        leading: &[
            "dealer_id",
            "outlet_id",
            "outlet_name",
            "region",
            "channel",
            "category",
            "expected_value",
            "low_value",
            "high_value",
            "reason",
        ],
        largest_first: Some("expected_value"),
    },
    Spec {
        mart: "growth_goals",
        english: "Goals",
        chinese: "目标",
        leading: &["dealer_id", "dealer_name", "region", "scenario"],
        largest_first: None,
    },
    Spec {
        mart: PLAN,
        english: "Plan",
        chinese: "计划",
        leading: &["dealer_id", "dealer_name", "region", "scenario", "channel", "period"],
        largest_first: None,
    },
];

/// The workbooks of a run.
pub struct Workbooks<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
    contracts: &'a Contracts,
    words: Words,
    marts: Marts,
}

/// One workbook: its name within the folder, and whose rows it has.
pub struct Book<'a> {
    pub file: String,
    region: Option<&'a str>,
}

impl<'a> Workbooks<'a> {
    /// Reads the tables in `tables` for workbooks in `folder`; `language` is that of headings and notes. A table that
    /// the run does not have leaves its sheet out.
    ///
    /// # Errors
    /// An I/O failure when a table cannot be read.
    pub fn read(
        tables: &Path,
        folder: &'a Path,
        manifest: &'a Manifest,
        language: &str,
        contracts: &'a Contracts,
    ) -> Result<Self> {
        let mut names: Vec<&str> = SHEETS.iter().map(|spec| spec.mart).collect();
        names.extend([QUALITY.mart, "dim_dealer"]);
        let marts = Marts::read(tables, &names, contracts)?;
        Ok(Self { folder, manifest, contracts, words: Words::of(language), marts })
    }

    /// `dealerlens.xlsx`, and `regions/<region>/dealerlens.xlsx`, the largest first. Their folders are made.
    ///
    /// # Errors
    /// An I/O failure when a folder cannot be made; a data failure when two regions would share one.
    pub fn books(&self) -> Result<Vec<Book<'_>>> {
        disk::create_folders(self.folder)?;
        let mut books = vec![Book { file: FILE.to_owned(), region: None }];
        for region in self.marts.regions() {
            let place = format!("{REGIONS}/{}", folder_of(region));
            let file = format!("{place}/{FILE}");
            if books.iter().any(|other| other.file == file) {
                let message = format!("the region \"{region}\" would share the folder {place} with another one");
                return Err(Failure::data(message).hint("give one of them another name in the dealers source"));
            }
            disk::create_folders(&self.folder.join(&place))?;
            books.push(Book { file, region: Some(region) });
        }
        let dealers = |book: &Book<'_>| book.region.map_or(usize::MAX, |region| self.marts.dealers_of(region));
        books.sort_by_cached_key(|book| Reverse(dealers(book)));
        Ok(books)
    }

    /// Writes one of them.
    ///
    /// # Errors
    /// An I/O failure when its file cannot be written.
    pub fn save(&self, book: &Book<'_>) -> Result<()> {
        let path = self.folder.join(&book.file);
        guarded(&path, || self.fill(&self.marts.part(book.region)).and_then(|mut workbook| workbook.save(&path)))
    }

    fn fill(&self, part: &Part<'_>) -> Written<Workbook> {
        let (words, formats) = (self.words, Formats::new());
        let mut workbook = Workbook::new();
        workbook.set_tempdir(self.folder)?;
        workbook.set_zip_compression_level(COMPRESSION);
        workbook.set_properties(&self.properties()?);
        let mut names = SheetNames::default();
        let charts = ChartData::of(part, words);
        let chart_sheet = words.say("Chart data", "图表数据");
        let overview = workbook.add_worksheet();
        overview.set_name(names.free(words.say("Overview", "概览")))?;
        overview::write(overview, (part, &self.heading(part)), (&charts, chart_sheet), &formats, words)?;
        let plans = Plans::of(part);
        for spec in SHEETS {
            let note = plans.as_ref().filter(|_| spec.mart == PLAN).and_then(|plans| plans.note(words));
            let Some((mart, rows)) = part.mart(spec.mart) else { continue };
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name(names.free(words.say(spec.english, spec.chinese)))?;
            TableSheet::new(&spec, mart, rows, words).with_note(note).write(sheet, &formats, words)?;
        }
        self.add_quality(&mut workbook, part, &mut names, &formats)?;
        let definitions = workbook.add_worksheet_with_constant_memory()?;
        definitions.set_name(names.free(words.say("Definitions", "数据定义")))?;
        about::write_definitions(definitions, self.contracts, &formats, words)?;
        if !charts.is_empty() {
            let sheet = workbook.add_worksheet();
            sheet.set_name(names.free(chart_sheet))?;
            charts.write(sheet, &formats, words)?;
        }
        if let Some(plans) = &plans {
            for dealer in &plans.dealers {
                let sheet = workbook.add_worksheet();
                sheet.set_name(names.free(&format!("{} {dealer}", words.say("Plan", "计划"))))?;
                plans.write(dealer, sheet, &formats, words)?;
            }
        }
        Ok(workbook)
    }

    /// The exports and their rows are the company's; a region reads the rest.
    fn add_quality(
        &self,
        workbook: &mut Workbook,
        part: &Part<'_>,
        names: &mut SheetNames,
        formats: &Formats,
    ) -> Written {
        let words = self.words;
        let facts = about::facts(self.manifest, part.region.is_none(), words);
        let title = words.say(QUALITY.english, QUALITY.chinese);
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(names.free(title))?;
        if let Some((mart, rows)) = part.mart(QUALITY.mart) {
            return TableSheet::new(&QUALITY, mart, rows, words).with_facts(facts).write(sheet, formats, words);
        }
        cells::write_text(sheet, 0, 0, title, &formats.title)?;
        sheet.set_column_width(0, 24)?;
        table::write_facts(sheet, 1, &facts, formats).map(|_| ())
    }

    fn heading(&self, part: &Part<'_>) -> Heading {
        let (words, manifest) = (self.words, self.manifest);
        let whose = part.region.unwrap_or_else(|| words.say("all regions", "全部大区"));
        let as_of = manifest.as_of.as_deref().unwrap_or_else(|| words.say("unknown", "未知"));
        let base = manifest.comparison_base.as_deref().unwrap_or_else(|| words.say("nothing", "无"));
        let line = words.say("As of {as_of}, compared with {base}.", "截至 {as_of}，对比基期：{base}。");
        let line = line.replace("{as_of}", as_of).replace("{base}", base);
        Heading { title: format!("{}: {whose}", manifest.job), line }
    }

    /// A file carries the day of its data, never the time at which it was written.
    fn properties(&self) -> Written<DocProperties> {
        let date = match self.manifest.as_of.as_deref().map(ExcelDateTime::parse_from_str) {
            Some(Ok(date)) => date,
            _ => ExcelDateTime::from_ymd(2000, 1, 1)?,
        };
        let title = format!("{} {}", self.manifest.job, self.manifest.as_of.as_deref().unwrap_or_default());
        Ok(DocProperties::new().set_title(title.trim()).set_author("dealerlens").set_creation_datetime(&date))
    }
}
