//! `cargo xtask <job>`: every job that a person or CI runs.

mod bindings;
mod failure;

pub use failure::{Failure, Result};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("bindings") => bindings::run(arguments.iter().any(|a| a == "--check")),
        _ => Err("usage: cargo xtask bindings [--check]".into()),
    };
    if let Err(failure) = done {
        eprintln!("xtask: {failure}");
        std::process::exit(1);
    }
}
