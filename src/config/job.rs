//! The job file as a whole: read, checked, and resolved against its own folder.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::config::checks::{check_layout, check_signs, missing_source, unknown_column};
use crate::config::columns::Mapping;
use crate::config::errors::unreadable;
use crate::config::sections::{
    ClassSection, JobSection, PublishSection, QualitySection, QuerySection, ResourceSection, SourceSection,
    SourcesSection, StorageSection, Threshold,
};
use crate::model::failure::{Failure, Result};
use crate::model::source::{Column, Source};

/// A checked job file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub job: JobSection,
    #[serde(default)]
    pub sources: SourcesSection,
    #[serde(default)]
    pub quality: QualitySection,
    #[serde(default)]
    pub classes: ClassSection,
    #[serde(default)]
    pub publish: PublishSection,
    #[serde(default)]
    pub resources: ResourceSection,
    #[serde(default)]
    pub storage: StorageSection,
    #[serde(default)]
    pub queries: QuerySection,
    /// The folder of the job file: relative paths start here.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Job {
    /// Reads and checks a job file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::job_file(format!("cannot read the job file {}: {error}", path.display()))
                .hint("`dealerlens init FOLDER` writes one for the exports in a folder")
        })?;
        let mut job = Self::parse(path, &text)?;
        job.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(job)
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let job: Self = toml::from_str(text).map_err(|error| unreadable(path, text, &error))?;
        job.check()
            .map_err(|failure| Failure { message: format!("{}: {}", path.display(), failure.message), ..failure })?;
        Ok(job)
    }

    pub fn source(&self, source: Source) -> Option<&SourceSection> {
        match source {
            Source::Sales => self.sources.sales.as_ref(),
            Source::Dealers => self.sources.dealers.as_ref(),
            Source::Outlets => self.sources.outlets.as_ref(),
            Source::Products => self.sources.products.as_ref(),
            Source::Market => self.sources.market.as_ref(),
            Source::Targets => self.sources.targets.as_ref(),
            Source::Promotions => self.sources.promotions.as_ref(),
            Source::Visits => self.sources.visits.as_ref(),
        }
    }

    /// The fixed date of the analysis; `None` means the latest accepted sale.
    pub fn as_of(&self) -> Result<Option<NaiveDate>> {
        match self.job.as_of.as_str() {
            "latest" => Ok(None),
            text => parse_date(text).map(Some),
        }
    }

    /// A path of the job file, from the job file's folder.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }

    /// The folder with queries of the user's own.
    pub fn extra_queries(&self) -> Option<PathBuf> {
        self.queries.extra.as_deref().map(|folder| self.path(folder))
    }

    /// The share of a source's rows that may be rejected.
    pub fn max_rejected_share(&self, source: Source) -> f64 {
        let quality = &self.quality;
        quality.max_rejected_share_by_source.get(source.name()).copied().unwrap_or(quality.max_rejected_share)
    }

    /// The memory limit in bytes.
    pub fn memory_limit(&self) -> Result<usize> {
        parse_bytes(&self.resources.memory_limit).ok_or_else(|| {
            Failure::job_file(format!("resources.memory_limit = \"{}\" is no size", self.resources.memory_limit))
                .hint("write a number and a unit, such as \"512MiB\" or \"4GiB\"")
        })
    }

    /// The mode of published files.
    pub fn permissions(&self) -> Result<Option<u32>> {
        let Some(text) = &self.publish.permissions else { return Ok(None) };
        let mode = u32::from_str_radix(text, 8).ok().filter(|mode| (0o400..=0o777).contains(mode));
        let refusal = || {
            Failure::job_file(format!("publish.permissions = \"{text}\" is no mode that the owner can read"))
                .hint("write it in octal, such as \"0640\"")
        };
        mode.map(Some).ok_or_else(refusal)
    }

    fn check(&self) -> Result<()> {
        self.permissions()?;
        self.as_of()?;
        self.memory_limit()?;
        self.check_goal()?;
        self.check_classes()?;
        self.check_shares()?;
        Source::ALL.into_iter().try_for_each(|source| self.check_source(source))
    }

    fn check_goal(&self) -> Result<()> {
        let goal = self.job.goal;
        if goal.is_finite() && goal > 0.0 {
            return Ok(());
        }
        Err(Failure::job_file(format!("job.goal = {goal} is not above zero")).hint("1.20 asks for 20 % more"))
    }

    fn check_classes(&self) -> Result<()> {
        let metric = self.classes.performance.as_str();
        let known = ["auto", "attainment", "sales_per_outlet"];
        if !known.contains(&metric) {
            let message = format!("classes.performance = \"{metric}\" is not one of {}", known.join(", "));
            return Err(Failure::job_file(message).hint_near(metric, known));
        }
        for (name, threshold) in [
            ("coverage_threshold", &self.classes.coverage_threshold),
            ("performance_threshold", &self.classes.performance_threshold),
        ] {
            if let Threshold::Named(text) = threshold
                && text != "peers"
            {
                let message = format!("classes.{name} = \"{text}\" is neither \"peers\" nor a number");
                return Err(Failure::job_file(message));
            }
        }
        Ok(())
    }

    fn check_shares(&self) -> Result<()> {
        let quality = &self.quality;
        for name in quality.max_rejected_share_by_source.keys() {
            if !Source::ALL.iter().any(|source| source.name() == name) {
                let message = format!("quality.max_rejected_share_by_source.{name}: there is no such source");
                return Err(Failure::job_file(message).hint_near(name, Source::ALL.iter().map(|source| source.name())));
            }
        }
        let shares = quality.max_rejected_share_by_source.values().chain(&quality.max_rejected_share_per_export);
        let changes = [&quality.max_row_count_change, &quality.max_export_row_count_change];
        match shares.chain([&quality.max_rejected_share]).chain(changes).find(|share| !(0.0..=1.0).contains(*share)) {
            Some(share) => Err(Failure::job_file(format!("quality: a share of {share} is not between 0 and 1"))),
            None => Ok(()),
        }
    }

    fn check_source(&self, source: Source) -> Result<()> {
        let Some(section) = self.source(source) else {
            return if source.is_required() { Err(missing_source(source)) } else { Ok(()) };
        };
        let place = format!("sources.{source}");
        check_signs(section, &place)?;
        check_layout(section, source, &place)?;
        for (name, spec) in &section.columns {
            let column = source.column(name).ok_or_else(|| unknown_column(source, name))?;
            spec.mapping().check(column, &format!("{place}.columns"))?;
        }
        Ok(())
    }
}

impl SourceSection {
    /// How the column is made: as the job file says, or from a header of its own name.
    pub fn mapping(&self, column: &Column) -> Option<Mapping> {
        self.columns.get(column.name).map(crate::config::ColumnSpec::mapping)
    }

    /// The quote as a byte; `None` means that the first lines decide.
    pub fn quote_byte(&self) -> Option<u8> {
        match self.quote.as_bytes() {
            [byte] => Some(*byte),
            _ => None,
        }
    }

    /// The delimiter as a byte; `None` means that the header decides.
    pub fn delimiter_byte(&self) -> Option<u8> {
        match self.delimiter.as_bytes() {
            [byte] => Some(*byte),
            _ if self.delimiter == "\\t" || self.delimiter == "tab" => Some(b'\t'),
            _ => None,
        }
    }
}

fn parse_date(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
        Failure::job_file(format!("as_of = \"{text}\" is neither \"latest\" nor a date")).hint("write it as YYYY-MM-DD")
    })
}

fn parse_bytes(text: &str) -> Option<usize> {
    let split = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(split)?;
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(factor).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str =
        "[job]\nname = \"n\"\n[sources.sales]\nfiles = [\"s.csv\"]\n[sources.dealers]\nfiles = [\"d.csv\"]\n";

    fn parse(text: &str) -> Result<Job> {
        Job::parse(Path::new("dealerlens.toml"), text)
    }

    #[test]
    fn a_small_job_gets_its_defaults() {
        let job = parse(SMALL).unwrap();
        assert_eq!(job.as_of().unwrap(), None);
        assert_eq!(job.memory_limit().unwrap(), 4 << 30);
        assert_eq!((job.publish.keep_runs, job.publish.keep_hours), (14, 24));
    }

    #[test]
    fn a_typo_is_named_with_its_place_and_the_word_meant() {
        let failure = parse(&SMALL.replace("files = [\"d", "fils = [\"d")).unwrap_err();
        assert!(failure.message.starts_with("dealerlens.toml:6:1: unknown field `fils`"), "{failure}");
        assert_eq!(failure.hints, ["did you mean \"files\"?"]);
    }

    #[test]
    fn a_missing_required_source_says_what_to_add() {
        let failure = parse("[job]\nname = \"n\"\n[sources.sales]\nfiles = [\"s.csv\"]\n").unwrap_err();
        assert!(failure.to_string().contains("add [sources.dealers]"), "{failure}");
    }

    #[test]
    fn a_mapping_that_means_nothing_is_refused() {
        let mapping = "[sources.sales.columns]\namount = { format = \"%Y\", from = \"A\" }\n[sources.dealers]";
        let failure = parse(&SMALL.replace("[sources.dealers]", mapping)).unwrap_err();
        assert!(failure.message.contains("neither a date nor a month"), "{failure}");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_bytes("512MiB"), Some(512 << 20));
        assert_eq!(parse_bytes("lots"), None);
    }
}
