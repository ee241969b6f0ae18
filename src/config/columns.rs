//! How a column of a source comes out of an export: a header, several headers, or a constant.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::model::failure::{Failure, Result};
use crate::model::source::{Column, Kind};

/// `amount = "Net"` or `amount = { from = "Net (k)", times = 1000 }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ColumnSpec {
    Header(String),
    Mapping(Mapping),
}

/// The long form of a column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Headers whose cells are joined by a blank.
    #[serde(deserialize_with = "one_or_many")]
    pub from: Vec<String>,
    /// Date format of this column alone; `%q` is a quarter.
    pub format: Option<String>,
    /// Whole-number multiplier.
    pub times: Option<i64>,
    /// The same text for every row.
    pub value: Option<String>,
}

impl ColumnSpec {
    /// The headers that it reads.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::Header(header) => std::slice::from_ref(header),
            Self::Mapping(mapping) => mapping.from.as_slice(),
        }
        .iter()
        .map(String::as_str)
    }

    /// The long form of either form.
    pub fn mapping(&self) -> Mapping {
        match self {
            Self::Header(header) => Mapping { from: vec![header.clone()], ..Mapping::default() },
            Self::Mapping(mapping) => mapping.clone(),
        }
    }
}

impl Mapping {
    /// Refuses combinations that cannot mean anything for a column of this kind; `place` names it in the job file.
    pub fn check(&self, column: &Column, place: &str) -> Result<()> {
        let dated = matches!(column.kind, Kind::Date | Kind::Month);
        let counted = matches!(column.kind, Kind::Money | Kind::Number | Kind::Count);
        let complaint = match self {
            Self { value: Some(_), from, .. } if !from.is_empty() => "has both `from` and `value`",
            Self { value: None, from, .. } if from.is_empty() => "has neither `from` nor `value`",
            Self { format: Some(_), .. } if !dated => "has a `format`, but is neither a date nor a month",
            Self { times: Some(_), .. } if !counted => "has `times`, but is no amount or number",
            Self { times: Some(0), .. } => "has `times` = 0, which would make everything zero",
            _ => return Ok(()),
        };
        Err(Failure::job_file(format!("{place}.{} {complaint}", column.name)).hint(format!(
            "write {} = \"Header\", or {{ from = \"Header\" }}, or {{ value = \"constant\" }}",
            column.name
        )))
    }
}

impl<'de> Deserialize<'de> for ColumnSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(SpecVisitor)
    }
}

/// Written by hand because an untagged enum would hide which key is wrong.
struct SpecVisitor;

impl<'de> Visitor<'de> for SpecVisitor {
    type Value = ColumnSpec;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a header in quotes, or a table with `from`, `format`, `times` or `value`")
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<ColumnSpec, E> {
        Ok(ColumnSpec::Header(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<ColumnSpec, A::Error> {
        Mapping::deserialize(MapAccessDeserializer::new(map)).map(ColumnSpec::Mapping)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<String>, D::Error> {
    OneOrMany::deserialize(deserializer).map(|names| match names {
        OneOrMany::One(name) => vec![name],
        OneOrMany::Many(names) => names,
    })
}
