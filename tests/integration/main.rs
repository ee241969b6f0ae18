//! The tests that need more than one module: mostly the binary itself, in fresh folders.
#![cfg(test)]

mod allocator; // how memory is set up
mod bad_exports; // files that are wrong as a whole
mod bad_jobs; // job files and arguments
mod bad_rows; // rows whose cells cannot be told apart
mod bad_values; // cells that do not say what they should
mod buckets; // exports and output on an S3 server
mod cases; // small jobs with rows computed by hand
mod contradictions; // rows that are wrong beside others; restated lines
mod corpus; // exports as people send them, each with what has to come of it
mod delta; // Delta Lake tables: versions are runs
mod determinism; // the same bytes on any number of threads
mod doubts; // what warns
mod encodings; // the same table in another encoding or packing
mod first_job; // `init`
mod formats; // the same table in another format
mod increments; // a night after another
mod layering; // imports run one way
mod nights; // harness: a night through the library
mod operations; // JSON lines, metrics, lineage, history, man pages
mod outside; // paths and links that leave the folder of the job
mod pages; // what is read in the terminal
mod part; // staging on several machines
mod permissions; // who may read what a run leaves behind
mod queries; // marts and checks of the user's own
mod reasons; // every reason in one job; conservation
mod recovery; // staging that was damaged
mod refusals; // data that is not good enough
mod restatements; // what changed since the last run
mod running; // night after night
mod same_table; // one table in every encoding and format, staged the same
mod samples; // the two sample jobs, to the cent
mod secrets; // keys of storage servers
mod signals; // runs that are told to stop
mod spreadsheets; // sheets, with what people put around their tables
mod tables; // harness: what a run wrote
mod terminal; // hostile names in a terminal and a log
mod unsettled; // exports that change while they are read
mod workbook; // workbooks equal the marts
mod workdir; // harness: a fresh folder with a job
