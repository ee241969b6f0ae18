//! The command line: arguments in, words and exit codes out. Only here: clap, printing, the environment, the clock.

mod args;
mod backtest;
mod cells;
mod check;
mod clock;
mod console;
mod environment;
mod exit;
mod explain;
mod generate;
mod guess;
mod history;
mod ingest;
mod init;
mod json_log;
mod man;
mod monitor;
mod report;
mod run;
mod run_drift;
mod schema;
mod synonyms;
mod timings;
mod umask;
mod watch;
mod where_to_grow;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::args::{Arguments, Command};
use crate::cli::console::Console;
use crate::model::failure::Result;

/// Parses the arguments, does what they say, and decides the exit code.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(&arguments);
    match dispatch(&arguments, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => exit::report(&failure, &console),
    }
}

fn dispatch(arguments: &Arguments, console: &Console) -> Result<()> {
    match &arguments.command {
        Command::Init(init) => init::init(init, console),
        Command::Check(check) => check::check(check, console),
        Command::Ingest(ingest) => ingest::ingest(ingest, console),
        Command::Run(run) => run::run(run, console),
        Command::Explain(explain) => explain::explain(explain, console),
        Command::Report(report) => report::report(report, console),
        Command::Schema(schema) => schema::schema(schema, console),
        Command::Backtest(backtest) => backtest::backtest(backtest, console),
        Command::History(history) => history::history(history, console),
        Command::Completions { shell } => console.write(|out| {
            clap_complete::generate(*shell, &mut Arguments::command(), "dealerlens", out);
            Ok(())
        }),
        Command::Man { folder } => man::man(folder),
        Command::Generate(generate) => generate::generate(generate, console),
    }
}
