//! What a source's section may not say, in words that help to mend it.

use crate::config::sections::SourceSection;
use crate::model::failure::{Failure, Result};
use crate::model::source::Source;

/// Files are named; delimiter, quote, decimal and thousands are signs that can be told apart. `place` names the section.
pub fn check_signs(section: &SourceSection, place: &str) -> Result<()> {
    if section.files.is_empty() {
        return Err(Failure::job_file(format!("{place}.files is empty")).hint("name at least one file or glob"));
    }
    if section.delimiter != "auto" && section.delimiter_byte().is_none() {
        return Err(Failure::job_file(format!("{place}.delimiter = \"{}\" is not one byte", section.delimiter))
            .hint("write \",\", \";\", \"|\", \"tab\" or \"auto\""));
    }
    if section.quote != "auto" && section.quote_byte().is_none() {
        return Err(Failure::job_file(format!("{place}.quote = \"{}\" is not one byte", section.quote))
            .hint("write \"'\" or \"auto\""));
    }
    if section.header_rows == 0 {
        return Err(Failure::job_file(format!("{place}.header_rows = 0: a header has at least one row"))
            .hint("header = false says that there is none"));
    }
    let single = |text: &str| text.len() == 1 && !text.bytes().any(|byte| byte.is_ascii_digit());
    if !single(&section.decimal) || !(section.thousands.is_empty() || single(&section.thousands)) {
        return Err(Failure::job_file(format!("{place}: decimal and thousands are one sign each, not a digit")));
    }
    if section.decimal == section.thousands {
        return Err(Failure::job_file(format!("{place}: decimal and thousands are the same sign")));
    }
    Ok(())
}

/// Credentials do not belong in a job file, which many people read. The failure does not repeat them.
pub fn check_endpoint(endpoint: Option<&str>) -> Result<()> {
    let authority = endpoint.and_then(|address| address.split_once("://")?.1.split('/').next());
    match authority {
        Some(authority) if authority.contains('@') => {
            Err(Failure::job_file("storage.endpoint has a user or a password in it")
                .hint("leave them out: credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"))
        }
        _ => Ok(()),
    }
}

/// Keys that end up among the columns when they stand below the columns' heading.
const SOURCE_KEYS: [&str; 15] = [
    "files",
    "encoding",
    "delimiter",
    "quote",
    "header",
    "header_rows",
    "decimal",
    "thousands",
    "dates",
    "nulls",
    "sheet",
    "skip_rows",
    "layout",
    "months",
    "year",
];

/// A wide layout exists for targets only, and needs its twelve months and its year.
pub fn check_layout(section: &SourceSection, source: Source, place: &str) -> Result<()> {
    match section.layout.as_str() {
        "long" if section.months.is_empty() && section.year.is_none() => Ok(()),
        "long" => Err(Failure::job_file(format!("{place} has months or year without layout = \"wide\""))),
        "wide" if source != Source::Targets => {
            Err(Failure::job_file(format!("{place}.layout = \"wide\" is for targets only")))
        }
        "wide" if section.months.len() == 12 && section.year.is_some() => Ok(()),
        "wide" => Err(Failure::job_file(format!("{place}: layout = \"wide\" needs year and twelve months"))
            .hint("year = \"Year\" and months = [\"M01\", ... \"M12\"], January first")),
        other => Err(Failure::job_file(format!("{place}.layout = \"{other}\" is neither \"long\" nor \"wide\""))),
    }
}

/// The failure for a source without which no job runs.
pub fn missing_source(source: Source) -> Failure {
    Failure::job_file(format!("the source {source} is missing, and no job runs without it"))
        .hint(format!("add [sources.{source}] with files = [\"...\"]"))
}

/// The failure for a mapping to a column that the source does not have.
pub fn unknown_column(source: Source, name: &str) -> Failure {
    let known: Vec<&str> = source.columns().iter().map(|column| column.name).collect();
    if SOURCE_KEYS.contains(&name) {
        return Failure::job_file(format!(
            "sources.{source}.columns.{name}: {name} is a key of the source, not a column"
        ))
        .hint(format!("move the line up, between [sources.{source}] and [sources.{source}.columns]"));
    }
    Failure::job_file(format!("sources.{source}.columns.{name}: {source} has no such column"))
        .hint(format!("its columns are {}", known.join(", ")))
        .hint_near(name, known)
}
