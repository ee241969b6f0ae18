//! The `dealerlens` binary; everything it does is in the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Less memory at the peak of a night than with that of the C library (benches/README.md); set up in .cargo/config.toml.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    dealerlens::cli::main()
}
