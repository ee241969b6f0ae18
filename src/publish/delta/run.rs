//! A published run as the commits of Delta tables show it.

use std::path::PathBuf;

use chrono::DateTime;

use crate::model::failure::{Failure, Result};
use crate::model::manifest::Manifest;

/// What commits say of a run, and where they find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: String,
    /// Where its tables are.
    pub folder: PathBuf,
    /// Its start in digits, which tells it apart.
    pub number: i64,
    /// In milliseconds since 1970: the time of its commits.
    pub finished_at: i64,
    pub as_of: Option<String>,
}

impl Run {
    pub fn of(folder: PathBuf, manifest: &Manifest) -> Result<Self> {
        let (id, finished) = (&manifest.run_id, &manifest.finished_at);
        let unfit = |what: &str| Failure::defect(format!("the manifest of run {id} has {what}"));
        // `20261121T224818641Z-d88d9a4c`: what stands before the dash is the start.
        let digits: String = id.chars().take_while(|letter| *letter != '-').filter(char::is_ascii_digit).collect();
        let number = digits.parse().map_err(|_| unfit("no start in its id"))?;
        let finished_at = DateTime::parse_from_rfc3339(finished).map_err(|_| unfit("no time of its end"))?;
        Ok(Self {
            id: id.clone(),
            folder,
            number,
            finished_at: finished_at.timestamp_millis(),
            as_of: manifest.as_of.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::Status;
    use crate::publish::samples;

    #[test]
    fn a_run_is_told_apart_by_its_start() {
        let number =
            |id: &str| Run::of(PathBuf::new(), &samples::manifest(id, Status::Published)).map(|run| run.number);
        assert_eq!(number("20261121T224818641Z-d88d9a4c"), Ok(20_261_121_224_818_641));
        assert!(number("nothing").unwrap_err().message.contains("run nothing"));
    }
}
