//! Runs the fuzz targets of `fuzz/` with libFuzzer, on the stable toolchain.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::arguments::Fuzz;
use crate::lib_job::toolchain;
use crate::setup::{self, Purpose};
use crate::{Failure, Result, cargo, places, quiet, step};

/// What counts edges for libFuzzer: what cargo-fuzz passes, but for the tracing of comparisons, which slows it down;
/// the words that would be found so are in the dictionary.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    --cfg fuzzing -Ccodegen-units=1";

/// The target that can only see with AddressSanitizer whether what the library gives out may be read.
const READS_WHAT_COMES_OUT: &str = "c_abi";

/// Seconds for each target unless the command line says otherwise: eight of them take forty seconds on two processors.
const SECONDS: u64 = 10;

pub fn run(mut asked: Fuzz) -> Result {
    let known = targets()?;
    if let Some(unknown) = asked.targets.iter().find(|target| !known.contains(target)) {
        return Err(Failure::new(format!("unknown fuzz target `{unknown}`; targets: {}", known.join(", "))));
    }
    if asked.targets.is_empty() {
        asked.targets = known;
    }
    all(&[asked])
}

/// What every test run has time for: all targets, with AddressSanitizer the one that needs it.
pub fn run_for_tests() -> Result {
    let (with, without) = targets()?.into_iter().partition(|target| target == READS_WHAT_COMES_OUT);
    all(&[Fuzz { targets: without, ..Fuzz::default() }, Fuzz { targets: with, asan: true, ..Fuzz::default() }])
}

/// Builds everything, then runs as many targets at a time as there are processors.
fn all(asked: &[Fuzz]) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Cxx])?;
    let mut runs = Vec::new();
    for asked in asked {
        let programs = build(&asked.targets, asked.asan)?;
        runs.extend(asked.targets.iter().map(|target| (programs.join(target), target, asked)));
    }
    let runs = Mutex::new(runs.into_iter());
    let next = || runs.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || std::iter::from_fn(next).try_for_each(|(program, target, asked)| fuzz(&program, target, asked));
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        let done =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err("fuzzing ended early".into())));
        done.collect()
    })
}

/// The targets, by their files.
fn targets() -> Result<Vec<String>> {
    let entries = fs::read_dir(folder().join("fuzz_targets")).map_err(|error| Failure::new(error.to_string()))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

fn folder() -> PathBuf {
    places::root().join("fuzz")
}

/// Builds `targets`; where they are.
fn build(targets: &[String], asan: bool) -> Result<PathBuf> {
    let host = host()?;
    let out = places::target().join(if asan { "fuzz-asan" } else { "fuzz" });
    let mut cargo = cargo::command();
    cargo.args(["build", "--release", "--manifest-path"]).arg(folder().join("Cargo.toml"));
    cargo.args(targets.iter().flat_map(|target| ["--bin", target]));
    cargo.arg("--target-dir").arg(&out);
    // Named, so that the flags are not those of build scripts as well.
    cargo.args(["--target", &host]);
    let mut flags = COVERAGE.to_owned();
    if asan {
        // A compiler option that is not stable yet, on a stable compiler: nothing but a fuzzer is built with it.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        flags.push_str(" -Zsanitizer=address");
        if let Some(libfuzzer) = libfuzzer(&host) {
            cargo.env("CUSTOM_LIBFUZZER_PATH", libfuzzer);
        }
    }
    cargo.env("RUSTFLAGS", flags);
    let title = if asan { "building fuzz targets with AddressSanitizer" } else { "building fuzz targets" };
    step::run(title, "fuzz-targets", &mut cargo)?;
    Ok(out.join(host).join("release"))
}

/// libFuzzer itself, if it was built for the targets without AddressSanitizer: it is the same, and takes longer to build
/// than all the rest.
fn libfuzzer(host: &str) -> Option<PathBuf> {
    let builds = places::target().join("fuzz").join(host).join("release/build").read_dir().ok()?;
    let archives = builds.filter_map(|build| Some(build.ok()?.path().join("out/libfuzzer.a")));
    archives.filter(|archive| archive.is_file()).max()
}

fn host() -> Result<String> {
    let answer = quiet::answer(Command::new(toolchain::compiler()).arg("-vV")).unwrap_or_default();
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc does not say which host it runs on"))
}

fn fuzz(program: &Path, target: &str, asked: &Fuzz) -> Result {
    let folder = folder();
    // What is found on the way is kept from run to run, out of sight of git.
    let corpus = places::target().join("fuzz-corpus").join(target);
    let artifacts = places::target().join("fuzz-artifacts").join(target);
    for place in [&corpus, &artifacts] {
        fs::create_dir_all(place).map_err(|error| Failure::new(error.to_string()))?;
    }
    let mut fuzzer = Command::new(program);
    fuzzer.arg(&corpus).arg(folder.join("seeds").join(target));
    fuzzer.arg(format!("-dict={}", folder.join("dictionary.txt").display()));
    fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzzer.args(["-max_len=512", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"]);
    match (asked.runs, asked.seconds) {
        (None, None) => drop(fuzzer.arg(format!("-max_total_time={SECONDS}"))),
        (runs, seconds) => {
            fuzzer.args(runs.map(|runs| format!("-runs={runs}")));
            fuzzer.args(seconds.map(|seconds| format!("-max_total_time={seconds}")));
        }
    }
    let output = fuzzer.output();
    let output = output.map_err(|error| step::cannot_start(&fuzzer, &error))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
        let with = if asked.asan { ", with AddressSanitizer" } else { "" };
        println!("{target:<9} {:>12} executions{with}, nothing found", runs.unwrap_or("?").trim());
        return Ok(());
    }
    eprint!("{said}");
    Err(Failure::new(format!(
        "{target} has found something: the input is in {}; put it into fuzz/seeds/{target} when it is mended",
        artifacts.display()
    )))
}
