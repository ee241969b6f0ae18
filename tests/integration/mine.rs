#![cfg(test)]
mod determinism;
mod layering;
mod samples;
