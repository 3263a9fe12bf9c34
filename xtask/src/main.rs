//! `cargo xtask <job>`: every job that a person or CI runs. What is asked for, and by which name?

mod bench;
mod bindings;
mod cargo;
mod cloud;
mod demo;
mod failure;
mod fuzz;
mod lib_job;
mod micropython;
mod natmod;
mod places;
mod programs;
mod qemu;
mod quiet;
mod script;
mod setup;
mod size;
mod step;
mod targets;
mod test;

pub use failure::{Failure, Result};

const USAGE: &str = "\
usage: cargo xtask <job>

  demo                      connect a script to the local cloud, show what both sides saw
  test [filter]             run every check; with a filter, the check of that name or the tests that match it
  micropython [script …]    run the unix MicroPython that has aliyunIoT built in
  micropython --print-path  print where that MicroPython is
  micropython --sanitized … the same, built with the sanitizers of addresses and of undefined behaviour
  cloud [option …]          run the local cloud
  firmware qemu [board …]   build the firmware of the emulated boards
  run qemu [--board name] script.py [argument …]
                            run a script on an emulated board, against the local cloud that runs, or one of its own
  lib <target> [option …]   build the static library for a target: --pic, --from-source, --with <feature>,
                            --without <feature>
  natmod <arch> [--url address]
                            build the native module for stock firmware, a package for mip: x64, armv6m, armv7m, …
  size [--check]            measure the library and write docs/size.md, or fail where that is stale; either way fail
                            over budget, or where the library can panic
  bench [--check]           measure against other clients and write docs/benchmarks.md, or fail where a message costs
                            more than that page says
  bindings [--check]        regenerate the generated files, or fail where one is out of date
  fuzz [target …] [--runs N] [--seconds S] [--asan]
                            run the fuzz targets with libFuzzer, for ten seconds each unless told otherwise
  setup                     install what the jobs need (each of them does that by itself, too)

Everything that is built or downloaded lands under target/.";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let job = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    if let Err(failure) = run(&job, &rest) {
        failure.show_log();
        eprintln!("xtask: {failure}");
        std::process::exit(1);
    }
}

fn run(job: &str, rest: &[String]) -> Result {
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (job, words.as_slice()) {
        // MicroPython and the local cloud have a help of their own.
        ("" | "help" | "--help" | "-h", _) => help(),
        (job, ["--help" | "-h"]) if !matches!(job, "micropython" | "cloud") => help(),
        ("demo", []) => demo::run(),
        ("test", []) => test::run(None),
        ("test", [filter]) if !filter.starts_with('-') => test::run(Some(filter)),
        ("micropython", _) => micropython::run(rest),
        ("cloud", _) => cloud::run(rest),
        ("firmware", ["qemu", boards @ ..]) => qemu::firmware(boards),
        ("run", ["qemu", script @ ..]) => qemu::run(script),
        ("bindings", []) => bindings::run(false),
        ("bindings", ["--check"]) => bindings::run(true),
        ("lib", words) => lib_job::run(words),
        ("natmod", words) => natmod::run(words),
        ("size", []) => size::run(false),
        ("size", ["--check"]) => size::run(true),
        ("bench", []) => bench::run(false),
        ("bench", ["--check"]) => bench::run(true),
        ("fuzz", words) => fuzz::run(words),
        ("setup", []) => setup::run(),
        ("firmware" | "run", _) => Err(Failure::new(format!("`{job}` takes `qemu`; `cargo xtask help` shows more"))),
        ("demo" | "test" | "bench" | "bindings" | "size" | "setup", _) => Err(Failure::new(format!(
            "`{job}` does not take `{}`; `cargo xtask help` shows what it takes",
            rest.join(" ")
        ))),
        _ => Err(Failure::new(format!("there is no job `{job}`; `cargo xtask help` lists them"))),
    }
}

fn help() -> Result {
    println!("{USAGE}");
    Ok(())
}
