//! `cargo xtask <job>`: every job that a person or CI runs. What is asked for, and by which name?

mod arguments;
mod bench;
mod binary;
mod bindings;
mod cargo;
mod cloud;
mod demo;
mod dist;
mod everything;
mod failure;
mod families;
mod files;
mod fuzz;
mod lib_job;
mod micropython;
mod names;
mod natmod;
mod panics;
mod places;
mod programs;
mod qemu;
mod quiet;
mod script;
mod setup;
mod size;
mod step;
mod structure;
mod targets;
mod test;
mod unpacked;
mod xtensa;

use arguments::Job;

pub use failure::{Failure, Result};

fn main() {
    let job = arguments::read(std::env::args_os().skip(1));
    if let Err(failure) = job.and_then(run) {
        failure.show_log();
        eprintln!("xtask: {failure}");
        std::process::exit(1);
    }
}

fn run(job: Job) -> Result {
    match job {
        Job::Help => println!("{}", arguments::help()),
        Job::Demo => demo::run()?,
        Job::Test { filter } => test::run(filter.as_deref())?,
        Job::MicroPython { sanitized, family, print_path, words } => {
            micropython::run(sanitized, family, print_path, &words)?
        }
        Job::Cloud { folder, words } => cloud::run(folder, &words)?,
        Job::Firmware { boards } => qemu::firmware(&boards, natmod::for_xtensa)?,
        Job::Run { board, script } => qemu::run(board.as_deref(), &script, natmod::for_xtensa)?,
        Job::Library(library) => lib_job::run(&library)?,
        Job::Release { parts, url } => dist::run(&parts, url.as_deref())?,
        Job::NativeModule(module) => natmod::run(&module)?,
        Job::Size { check } => size::run(check)?,
        Job::Bench(asked) => bench::run(asked)?,
        Job::Laws { check } => bench::laws::run(check)?,
        Job::Day { check } => bench::day::run(check)?,
        Job::Bindings { check } => bindings::run(check)?,
        Job::Fuzz(fuzz) => fuzz::run(fuzz)?,
        Job::Setup => everything::run()?,
        Job::Xtensa { words } => xtensa::run(&words)?,
    }
    Ok(())
}
