//! Finds the job file's columns in the header of an export, and says what to write when they are not there.

use crate::config::{Mapping, SourceSection};
use crate::ingest::discover::Export;
use crate::ingest::labels::is_same;
use crate::model::failure::{Failure, Result, nearest};
use crate::model::shown;
use crate::model::source::Column;

/// The most columns that an export may have: those of a spreadsheet.
pub const MOST_COLUMNS: usize = 16_384;

/// Refuses a table so wide that its delimiter must be wrong, or its content.
pub fn require_width(name: &str, columns: usize) -> Result<()> {
    if columns <= MOST_COLUMNS {
        return Ok(());
    }
    Err(Failure::data(format!("{name}: the header has {columns} columns, and at most {MOST_COLUMNS} are read"))
        .hint("ask for an export with one column for each field, or check the delimiter"))
}

/// Where the text of a column comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Cell(usize),
    /// Joined by a blank.
    Cells(Vec<usize>),
    Constant(String),
    /// An optional column that this export does not have.
    Absent,
}

impl Origin {
    /// The cells that it reads.
    pub fn cells(&self) -> &[usize] {
        match self {
            Self::Cell(cell) => std::slice::from_ref(cell),
            Self::Cells(cells) => cells,
            Self::Constant(_) | Self::Absent => &[],
        }
    }
}

/// A column of the contract, bound to an export.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub column: Column,
    pub origin: Origin,
    pub mapping: Mapping,
}

/// The names of columns, out of the rows that make up the header. An upper heading counts for the blank cells behind it,
/// as merged cells leave them; what a column is called from top to bottom is joined by a blank.
pub fn headings(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut names = vec![String::new(); width];
    for (place, row) in (1..).zip(rows) {
        let is_upper = place < rows.len();
        let mut heading = "";
        for (column, name) in names.iter_mut().enumerate() {
            let label = row.get(column).map_or("", String::as_str);
            heading = if label.is_empty() && is_upper { heading } else { label };
            let gap = if name.is_empty() || heading.is_empty() { "" } else { " " };
            name.push_str(&format!("{gap}{heading}"));
        }
    }
    names
}

/// Binds every column of the source to the header.
pub fn bind(export: &Export, section: &SourceSection, header: &[String]) -> Result<Vec<Bound>> {
    let bind_one = |column: &Column| match section.mapping(column) {
        Some(mapping) => bind_mapped(export, header, column, mapping),
        None => bind_by_name(export, header, column),
    };
    export.source.columns().iter().map(bind_one).collect()
}

/// The place of a header that is no column of the contract; `key` names it in the job file.
pub fn place_of(export: &Export, header: &[String], label: &str, key: &str) -> Result<usize> {
    position(export, header, label)?.ok_or_else(|| {
        let found: Vec<&str> = header.iter().map(String::as_str).collect();
        Failure::data(format!("{}: there is no column \"{label}\" for sources.{}.{key}", export.name, export.source))
            .hint(format!("its header is: {}", shown(&found)))
            .hint_near(label, found)
    })
}

fn bind_mapped(export: &Export, header: &[String], column: &Column, mapping: Mapping) -> Result<Bound> {
    if let Some(value) = &mapping.value {
        return Ok(Bound { column: *column, origin: Origin::Constant(value.clone()), mapping });
    }
    let mut cells = Vec::with_capacity(mapping.from.len());
    for name in &mapping.from {
        cells.push(position(export, header, name)?.ok_or_else(|| missing(export, header, column, name))?);
    }
    let origin = match cells.as_slice() {
        [cell] => Origin::Cell(*cell),
        _ => Origin::Cells(cells),
    };
    Ok(Bound { column: *column, origin, mapping })
}

fn bind_by_name(export: &Export, header: &[String], column: &Column) -> Result<Bound> {
    let origin = match position(export, header, column.name)? {
        Some(cell) => Origin::Cell(cell),
        None if column.required => return Err(missing(export, header, column, column.name)),
        None => Origin::Absent,
    };
    Ok(Bound { column: *column, origin, mapping: Mapping::default() })
}

/// The one position of a name; a name that stands twice is an error, since either could be meant.
fn position(export: &Export, header: &[String], name: &str) -> Result<Option<usize>> {
    let mut places = header.iter().enumerate().filter(|(_, label)| is_same(label, name)).map(|(place, _)| place);
    let first = places.next();
    match places.next() {
        None => Ok(first),
        Some(second) => Err(duplicate(export, name, first.unwrap_or_default(), second)),
    }
}

fn duplicate(export: &Export, name: &str, first: usize, second: usize) -> Failure {
    Failure::data(format!(
        "{}: the header has \"{name}\" twice, in columns {} and {}, and it is not clear which one is meant",
        export.name,
        first + 1,
        second + 1
    ))
    .hint("rename one of them in the export, or set header = false and map columns by position (\"1\", \"2\" ...)")
}

fn missing(export: &Export, header: &[String], column: &Column, name: &str) -> Failure {
    let found: Vec<&str> = header.iter().map(String::as_str).collect();
    let near = nearest(name, found.iter().copied()).or_else(|| nearest(column.name, found.iter().copied()));
    let proposal = near.map_or_else(|| "<header in the export>".to_owned(), shown::value);
    Failure::data(format!("{}: there is no column \"{name}\" for {}.{}", export.name, export.source, column.name))
        .hint(format!("its header is: {}", shown(&found)))
        .hint(format!("write {} = \"{proposal}\" under [sources.{}.columns]", column.name, export.source))
}

/// A header that took in half the file, by a quote that opens in it, is not printed whole.
fn shown(header: &[&str]) -> String {
    const MOST: usize = 400;
    shown::cut(&header.join(", "), MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Source;

    fn export() -> Export {
        Export { source: Source::Market, path: "m.csv".into(), name: "m.csv".to_owned(), is_ascii: false }
    }

    fn section(columns: &str) -> SourceSection {
        toml::from_str(&format!("files = [\"m.csv\"]\n{columns}")).unwrap()
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn binds_by_mapping_by_name_and_leaves_optional_columns_absent() {
        let section = section("[columns]\nterritory = \"State\"\nchannel = { value = \"all\" }\n");
        let bound = bind(&export(), &section, &header(&["outlets_total", "State"])).unwrap();
        let origins: Vec<_> = bound.into_iter().map(|bound| bound.origin).collect();
        assert_eq!(origins, [Origin::Cell(1), Origin::Constant("all".to_owned()), Origin::Cell(0), Origin::Absent]);
    }

    #[test]
    fn an_upper_heading_counts_for_the_blank_cells_behind_it() {
        let rows = [header(&["", "Dealer", "Sales", "", "Note"]), header(&["Date", "", "Net", "Gross", ""])];
        assert_eq!(headings(&rows), ["Date", "Dealer", "Sales Net", "Sales Gross", "Note"]);
        assert_eq!(headings(&rows[1..]), ["Date", "", "Net", "Gross", ""]);
    }

    #[test]
    fn a_missing_column_brings_the_line_to_write() {
        let failure = bind(&export(), &section(""), &header(&["Territory", "channel", "outlets_total"])).unwrap_err();
        assert!(failure.to_string().contains("write territory = \"Territory\""), "{failure}");
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let names = header(&["territory", "channel", "channel", "outlets_total"]);
        let failure = bind(&export(), &section(""), &names).unwrap_err();
        assert!(failure.message.contains("columns 2 and 3"), "{failure}");
    }
}
