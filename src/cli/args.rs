//! What can be typed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::clock::today;
use crate::cli::environment::storage_access;
use crate::cli::umask::make_files_with;
use crate::config::{Job, Language};
use crate::generate::KnownWorld;
use crate::model::failure::Result;
use crate::model::part::Part;
use crate::pipeline::Options;

/// Reads dealer and channel sales exports, classifies each dealer, and publishes tables for BI
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// No progress and no notes: errors, and what a command was asked to show
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// How progress is written to stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, env = "DEALERLENS_LOG_FORMAT")]
    pub log_format: LogFormat,
}

const EXIT_CODES: &str = "Exit codes:
  0 done or published      66 an input is missing     75 locked or no cluster, try later
  2 wrong arguments        70 a defect of dealerlens  78 the job file is wrong
  65 data not good enough  74 reading or writing      130, 143 stopped by a signal";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Bars on a terminal, plain lines elsewhere
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a job file for the exports in a folder
    Init(InitArguments),
    /// Check everything but the night itself: job file, headers, a sample of rows, queries
    Check(JobArguments),
    /// Stage exports, each of several machines its part; `run` uses what is staged
    Ingest(IngestArguments),
    /// Run the night and publish
    Run(RunArguments),
    /// Show one dealer of the latest run: class, numbers, drivers, where to grow
    Explain(ExplainArguments),
    /// Render the reports of a published run once more
    Report(ReportArguments),
    /// Show whether the opportunities of earlier days came true
    Backtest(BacktestArguments),
    /// Show what the published tables and their columns are
    Schema(SchemaArguments),
    /// List the runs that are kept
    History(OutputArguments),
    /// Print completions for a shell
    Completions {
        /// Whose completions
        shell: clap_complete::Shell,
    },
    /// Write the man pages, one for each command
    #[command(hide = true)]
    Man {
        /// The folder for the pages
        folder: PathBuf,
    },
    /// Write exports of a made-up company
    #[command(hide = true)]
    Generate(GenerateArguments),
}

/// Where the output of a job is.
#[derive(Debug, Args)]
pub struct OutputArguments {
    /// The job file
    #[arg(long, default_value = "dealerlens.toml", env = "DEALERLENS_JOB")]
    pub job: PathBuf,

    /// Output folder instead of the job file's
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

impl OutputArguments {
    /// Reads the job file; what the process makes from here on has its permissions.
    pub fn read(&self) -> Result<Job> {
        let job = Job::read(&self.job)?;
        make_files_with(job.permissions()?);
        Ok(job)
    }

    pub fn options(&self) -> Options {
        Options {
            job_file: self.job.clone(),
            run_date: Some(today()),
            out: self.out.clone(),
            access: storage_access(),
            ..Options::default()
        }
    }
}

/// A job, and how it is to be run.
#[derive(Debug, Args)]
pub struct JobArguments {
    #[command(flatten)]
    output: OutputArguments,

    /// Take the picture at this day instead of the job file's
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<NaiveDate>,

    /// Use the queries of this folder instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    queries: Option<PathBuf>,
}

impl JobArguments {
    /// As [`OutputArguments::read`].
    pub fn read(&self) -> Result<Job> {
        self.output.read()
    }

    pub fn options(&self) -> Options {
        Options { as_of: self.as_of, queries: self.queries.clone(), ..self.output.options() }
    }
}

fn date(text: &str) -> std::result::Result<NaiveDate, String> {
    text.parse().map_err(|_| "write it as YYYY-MM-DD".to_owned())
}

#[derive(Debug, Args)]
pub struct IngestArguments {
    #[command(flatten)]
    pub output: OutputArguments,

    /// The part of this machine, such as 2/4 for the second of four; without it, all exports
    #[arg(long, value_name = "I/N")]
    pub part: Option<Part>,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub job: JobArguments,

    /// Run although the same inputs, job file and version are published already
    #[arg(long)]
    pub force: bool,

    /// Publish nothing when anything warns
    #[arg(long)]
    pub strict: bool,

    /// Tell where the time went, by stage and query; also in the manifest
    #[arg(long)]
    pub timings: bool,

    /// The language of sentences in tables instead of the job file's
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,

    /// Write a Prometheus text file after the run
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,

    /// Append OpenLineage events, one line each
    #[arg(long, value_name = "FILE")]
    pub lineage: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Zh => Self::Zh,
        }
    }
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The dealer's id
    pub dealer: String,

    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    #[command(flatten)]
    pub output: OutputArguments,

    /// A run that is kept, instead of the latest one
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,

    /// The folder for the reports
    #[arg(long, value_name = "FOLDER", default_value = "report")]
    pub to: PathBuf,

    /// Workbooks, too
    #[arg(long)]
    pub workbook: bool,

    /// The language instead of the job file's
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

#[derive(Debug, Args)]
pub struct BacktestArguments {
    #[command(flatten)]
    pub output: OutputArguments,

    /// One line a decile instead of one a type and method
    #[arg(long, conflicts_with = "origins")]
    pub deciles: bool,

    /// One line an origin
    #[arg(long)]
    pub origins: bool,
}

#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// One table; without it, all tables by name
    pub table: Option<String>,

    /// A job file whose extra queries are shown too
    #[arg(long)]
    pub job: Option<PathBuf>,

    /// Use the queries of this folder instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub queries: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder with the exports
    #[arg(default_value = ".")]
    pub folder: PathBuf,

    /// Replace a job file that is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// The folder for the exports
    pub folder: PathBuf,

    /// Equal seeds give equal exports
    #[arg(long, default_value_t = 7)]
    pub seed: u64,

    /// Sales lines, about
    #[arg(long, default_value_t = 150_000)]
    pub lines: u64,

    /// Dealers
    #[arg(long, default_value_t = 60)]
    pub dealers: u32,

    /// Outlets
    #[arg(long, default_value_t = 4_000)]
    pub outlets: u32,

    /// Months of history
    #[arg(long, default_value_t = 24)]
    pub months: u32,

    /// Without bad rows
    #[arg(long)]
    pub clean: bool,

    /// A small company of which the truth is known, instead: alike, stable, halved, lapsing or opening
    #[arg(long, value_parser = known_world, conflicts_with_all = ["seed", "lines", "dealers", "outlets", "months", "clean"])]
    pub world: Option<KnownWorld>,
}

fn known_world(name: &str) -> std::result::Result<KnownWorld, String> {
    let names = KnownWorld::ALL.map(KnownWorld::name).join(", ");
    KnownWorld::ALL.into_iter().find(|world| world.name() == name).ok_or(format!("not one of {names}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// Each command with those below it.
    fn commands(command: &clap::Command) -> Vec<clap::Command> {
        let below = command.get_subcommands().flat_map(commands);
        std::iter::once(command.clone()).chain(below).collect()
    }

    #[test]
    fn everything_that_can_be_typed_has_help() {
        Arguments::command().debug_assert();
        let commands = commands(&Arguments::command());
        assert!(commands.len() > 10, "only {} commands", commands.len());
        for command in &commands {
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty(), "{} {} has no help", command.get_name(), argument.get_id());
            }
        }
    }
}
