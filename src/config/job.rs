//! The job file as a whole: read, checked, and resolved against its own folder.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::config::checks::{check_endpoint, check_layout, check_signs, missing_source, unknown_column};
use crate::config::columns::Mapping;
use crate::config::errors::unreadable;
use crate::config::places::check_places;
use crate::config::sections::{
    ClassSection, EngineSection, JobSection, OperationsSection, PublishSection, QualitySection, QuerySection,
    ResourceSection, SourceSection, SourcesSection, StorageSection, Threshold,
};
use crate::model::failure::{Failure, Result};
use crate::model::source::{Column, Source};

/// Times the sales of today: more is a slip of the pen.
const HIGHEST_GOAL: f64 = 100.0;
/// More than any machine has; thousands cannot even be started.
const MOST_THREADS: usize = 1024;

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
    pub engine: EngineSection,
    #[serde(default)]
    pub queries: QuerySection,
    #[serde(default)]
    pub operations: OperationsSection,
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
        check_places(&job).map_err(|failure| in_file(path, failure))?;
        Ok(job)
    }

    pub(super) fn parse(path: &Path, text: &str) -> Result<Self> {
        let job: Self = toml::from_str(text).map_err(|error| unreadable(path, text, &error))?;
        job.check().map_err(|failure| in_file(path, failure))?;
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

    /// The mode of the files of a run: the owner can read them, and not everybody can write them.
    pub fn permissions(&self) -> Result<u32> {
        let text = &self.publish.permissions;
        let refused = |what: &str| {
            Failure::job_file(format!("publish.permissions = \"{text}\" {what}"))
                .hint("write it in octal, such as \"0640\"")
        };
        match u32::from_str_radix(text, 8) {
            Ok(mode) if mode & 0o002 != 0 => Err(refused("lets everybody write")),
            Ok(mode) if (0o400..=0o777).contains(&mode) => Ok(mode),
            _ => Err(refused("is no mode that the owner can read")),
        }
    }

    fn check(&self) -> Result<()> {
        self.permissions()?;
        check_endpoint(self.storage.endpoint.as_deref())?;
        self.check_delta()?;
        self.as_of()?;
        self.memory_limit()?;
        self.check_goal()?;
        self.check_threads()?;
        self.check_classes()?;
        self.check_shares()?;
        self.check_operations()?;
        self.check_engine()?;
        Source::ALL.into_iter().try_for_each(|source| self.check_source(source))
    }

    fn check_delta(&self) -> Result<()> {
        if !self.publish.delta || cfg!(feature = "delta") {
            return Ok(());
        }
        Err(Failure::job_file("publish.delta = true: this dealerlens was built without Delta Lake")
            .hint("build it with `cargo build --locked --release --features delta`, or remove the key"))
    }

    fn check_goal(&self) -> Result<()> {
        let goal = self.job.goal;
        if goal > 0.0 && goal <= HIGHEST_GOAL {
            return Ok(());
        }
        Err(Failure::job_file(format!("job.goal = {goal} is not above 0 and at most {HIGHEST_GOAL}"))
            .hint("1.20 asks for 20 % more"))
    }

    fn check_threads(&self) -> Result<()> {
        let threads = self.resources.threads;
        if threads <= MOST_THREADS {
            return Ok(());
        }
        Err(Failure::job_file(format!("resources.threads = {threads} is more than {MOST_THREADS}"))
            .hint("0 takes all cores of the machine"))
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

    fn check_engine(&self) -> Result<()> {
        let engine = &self.engine;
        match &engine.scheduler {
            Some(address) if engine.host_and_port().is_none() => {
                let message = format!("engine.scheduler = \"{address}\" is no address of a scheduler");
                Err(Failure::job_file(message).hint("write it as df://host:50050"))
            }
            Some(_) if engine.partitions == 0 || engine.max_minutes == 0 => {
                Err(Failure::job_file("engine.partitions and engine.max_minutes are at least 1"))
            }
            _ => Ok(()),
        }
    }

    fn check_operations(&self) -> Result<()> {
        for (name, file) in [("metrics", &self.operations.metrics), ("lineage", &self.operations.lineage)] {
            if let Some(file) = file.as_deref().filter(|file| file.is_empty() || file.contains("://")) {
                return Err(Failure::job_file(format!("operations.{name} = \"{file}\" is no local file"))
                    .hint("write a path from the folder of the job file, or one that begins with /"));
            }
        }
        Ok(())
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

fn in_file(path: &Path, failure: Failure) -> Failure {
    Failure { message: format!("{}: {}", path.display(), failure.message), ..failure }
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
    fn permissions_are_those_of_owner_and_group_unless_the_job_says_otherwise() {
        let mode = |text: &str| parse(&format!("{SMALL}[publish]\npermissions = \"{text}\"\n"))?.permissions();
        assert_eq!(parse(SMALL).unwrap().permissions().unwrap(), 0o640);
        assert_eq!(mode("0444").unwrap(), 0o444);
        for (text, expected) in
            [("0666", "everybody write"), ("0040", "no mode"), ("rw", "no mode"), ("1640", "no mode")]
        {
            let failure = mode(text).unwrap_err();
            assert!(failure.message.contains(expected), "{text}: {failure}");
        }
    }

    #[test]
    fn a_password_in_the_job_file_is_refused_and_not_repeated() {
        let storage = |address: &str| parse(&format!("{SMALL}[storage]\nendpoint = \"{address}\"\n"));
        storage("http://127.0.0.1:9000/a@b").unwrap();
        let failure = storage("https://me:opensesame@s3.example.com").unwrap_err();
        assert!(failure.message.ends_with("storage.endpoint has a user or a password in it"), "{failure}");
        assert!(!failure.to_string().contains("sesame"), "{failure}");
    }

    #[test]
    fn files_for_monitoring_are_local() {
        let with = |line: &str| parse(&format!("{SMALL}[operations]\n{line}\n"));
        assert_eq!(with("metrics = \"m.prom\"").unwrap().operations.metrics.as_deref(), Some("m.prom"));
        let failure = with("lineage = \"s3://bucket/lineage.ndjson\"").unwrap_err();
        assert!(failure.message.ends_with("is no local file"), "{failure}");
    }

    #[test]
    fn a_scheduler_has_a_host_and_a_port() {
        let with = |line: &str| parse(&format!("{SMALL}[engine]\n{line}\n"));
        assert_eq!(parse(SMALL).unwrap().engine.host_and_port(), None);
        let job = with("scheduler = \"df://ballista.example.com:50050\"").unwrap();
        assert_eq!(job.engine.host_and_port(), Some("ballista.example.com:50050"));
        for wrong in ["host:50050", "df://host", "df://:50050", "df://host:port"] {
            let failure = with(&format!("scheduler = \"{wrong}\"")).unwrap_err();
            assert_eq!(failure.hints, ["write it as df://host:50050"], "{wrong}");
        }
        assert!(with("scheduler = \"df://h:1\"\npartitions = 0").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_bytes("512MiB"), Some(512 << 20));
        assert_eq!(parse_bytes("lots"), None);
    }
}
