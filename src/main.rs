//! The `dealerlens` binary; everything it does is in the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// As fast as that of the C library, and an eighth less memory at the peak of a night (benches/README.md).
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    dealerlens::cli::main()
}
