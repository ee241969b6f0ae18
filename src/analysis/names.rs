//! Functions over names of outlets: a normal form, and how alike two of them are. NULL in, NULL out.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use unicode_normalization::UnicodeNormalization;

/// The functions as the session knows them.
pub fn all() -> Vec<ScalarUDF> {
    let similarity = |arguments: &[ColumnarValue]| match columns(arguments)?.as_slice() {
        [left, right] => {
            let pairs = left.as_string::<i32>().iter().zip(right.as_string::<i32>());
            let alike = pairs.map(|(left, right)| Some(name_similarity(left?, right?)));
            Ok(ColumnarValue::Array(Arc::new(alike.collect::<Float64Array>())))
        }
        other => exec_err!("name_similarity takes 2 arguments, not {}", other.len()),
    };
    let normal = |arguments: &[ColumnarValue]| match columns(arguments)?.as_slice() {
        [names] => {
            let normal = names.as_string::<i32>().iter().map(|name| name.map(normal_name));
            Ok(ColumnarValue::Array(Arc::new(normal.collect::<StringArray>())))
        }
        other => exec_err!("normal_name takes 1 argument, not {}", other.len()),
    };
    vec![
        create_udf("normal_name", vec![DataType::Utf8], DataType::Utf8, Volatility::Immutable, Arc::new(normal)),
        create_udf(
            "name_similarity",
            vec![DataType::Utf8; 2],
            DataType::Float64,
            Volatility::Immutable,
            Arc::new(similarity),
        ),
    ]
}

fn columns(arguments: &[ColumnarValue]) -> Result<Vec<ArrayRef>> {
    ColumnarValue::values_to_arrays(arguments)
}

/// What a company may be called at the end of its name without being another one.
const LEGAL_FORMS: [&str; 20] = [
    "ltd",
    "limited",
    "co",
    "company",
    "inc",
    "corp",
    "corporation",
    "llc",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "sa",
    "srl",
    "bv",
    "pty",
    "ev",
    "mbh",
];
const CHINESE_LEGAL_FORMS: [&str; 4] = ["股份有限公司", "有限责任公司", "有限公司", "公司"];

/// A name without what two spellings of it differ by: width and composition of letters (NFKC), case, punctuation, blanks,
/// and legal forms at the end. A name that has nothing else stays as it is.
pub fn normal_name(name: &str) -> String {
    let folded: String =
        name.nfkc().flat_map(char::to_lowercase).filter(|letter| !matches!(letter, '\'' | '’' | '.')).collect();
    let mut words: Vec<&str> =
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word)) {
        words.pop();
    }
    without_chinese_form(&words.join(" ")).to_owned()
}

fn without_chinese_form(name: &str) -> &str {
    let stripped = CHINESE_LEGAL_FORMS.iter().find_map(|form| name.strip_suffix(form));
    stripped.map(str::trim_end).filter(|name| !name.is_empty()).unwrap_or(name)
}

/// How alike two names are, from 0 to 1: the Jaro-Winkler similarity.
///
/// Source: Winkler, String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage, 1990.
pub fn name_similarity(left: &str, right: &str) -> f64 {
    strsim::jaro_winkler(left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_equal() {
        for (spelling, normal) in [
            ("Happy  Mart", "happy mart"),
            ("HAPPY-MART Co., Ltd.", "happy mart"),
            ("Ｈａｐｐｙ　Ｍａｒｔ", "happy mart"),
            ("Müller & Söhne GmbH", "müller söhne"),
            ("Joe's Diner", "joes diner"),
            ("上海好运商贸有限公司", "上海好运商贸"),
            ("Company", "company"),
            ("公司", "公司"),
            ("S.A.", "sa"),
            ("", ""),
        ] {
            assert_eq!(normal_name(spelling), normal, "{spelling}");
        }
    }

    #[test]
    fn similarity_is_that_of_the_published_examples() {
        // Winkler 1990, table of examples: MARTHA and MARHTA 0.9611, DIXON and DICKSONX 0.8133.
        assert!((name_similarity("martha", "marhta") - 0.961_1).abs() < 1e-4);
        assert!((name_similarity("dixon", "dicksonx") - 0.813_3).abs() < 1e-4);
    }
}
