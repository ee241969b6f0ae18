//! The allocator is set up by `.cargo/config.toml`, which a build from another folder would not see, and by the environment.
#![cfg(target_os = "linux")]

use std::process::Command;

/// What the allocator says of itself when the program ends.
fn options(further: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dealerlens"));
    let output = command.arg("--version").env("_RJEM_MALLOC_CONF", format!("stats_print:true{further}")).output();
    String::from_utf8(output.unwrap().stderr).unwrap()
}

#[test]
fn the_program_has_two_arenas_and_gives_pages_back_after_a_second() {
    let options = options("");
    for option in ["opt.narenas: 2\n", "opt.oversize_threshold: 0\n", "opt.dirty_decay_ms: 1000 "] {
        assert!(options.contains(option), "{option} is not in {options}");
    }
}

#[test]
fn the_environment_goes_before() {
    let options = options(",narenas:8");
    assert!(options.contains("opt.narenas: 8\n") && options.contains("opt.dirty_decay_ms: 1000 "), "{options}");
}
