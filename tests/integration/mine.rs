#![cfg(test)]
mod cases;
mod determinism;
mod layering;
mod samples;
