//! What does the command line ask for? The package `lexopt` reads it, here for every job, so all jobs read options alike.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;
use lexopt::{Error, Parser};

use crate::families::{self, Family};
use crate::{Failure, Result};

/// One job of the command line.
#[derive(Debug, PartialEq, Eq)]
pub enum Job {
    Help,
    Demo,
    Test { filter: Option<String> },
    MicroPython { sanitized: bool, family: Option<&'static Family>, print_path: bool, words: Vec<OsString> },
    Cloud { folder: Option<PathBuf>, words: Vec<OsString> },
    Firmware { boards: Vec<String> },
    Run { board: Option<String>, script: Vec<OsString> },
    Library(Library),
    NativeModule(NativeModule),
    Release { parts: Vec<String>, url: Option<String> },
    Size { check: bool },
    Bench(Benchmark),
    Laws { check: bool },
    Day { check: bool },
    Bindings { check: bool },
    Fuzz(Fuzz),
    Setup,
    Xtensa { words: Vec<OsString> },
}

/// What `lib` builds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Library {
    pub target: String,
    pub pic: bool,
    pub from_source: bool,
    /// Features in the order of the command line, each with whether the library is to have it.
    pub features: Vec<(String, bool)>,
}

/// What `natmod` builds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct NativeModule {
    pub arch: String,
    /// In one file, or in two; `None`: as suits most boards of the architecture.
    pub parts: Option<Parts>,
    /// Where the package's files will be.
    pub url: Option<String>,
    /// As those of [`Library`].
    pub features: Vec<(String, bool)>,
}

/// Of how many files is a native module?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// One, with the library and the binding.
    Whole,
    /// Two, one with the library and one with the binding.
    Split,
}

/// What `bench` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// Measures everything and writes docs/benchmarks.md.
    Write,
    /// Counts what is the same in every run, and fails where it is worse than that page says.
    Check,
    /// Measures every ratio again, and fails where one leaves the spread that the page states.
    Compare,
}

/// What `fuzz` runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fuzz {
    /// All if there is none.
    pub targets: Vec<String>,
    pub runs: Option<u64>,
    pub seconds: Option<u64>,
    pub asan: bool,
}

/// A line of the help.
struct Usage {
    job: &'static str,
    takes: &'static str,
    does: &'static str,
}

const JOBS: [Usage; 17] = [
    usage("demo", "", "connect a script to the local cloud, show what both sides saw"),
    usage("test", "[filter]", "run every check; with a filter, the check of that name or the tests that match it"),
    usage(
        "micropython",
        "[--sanitized] [--haas | --luatos | --quecpython] [--print-path] [script …]",
        "run the unix MicroPython that has aliyunIoT built in, or print its path;\n\
         --sanitized: built with the sanitizers of addresses and of undefined behaviour;\n\
         --haas and the like: with the modules of that API family; --haas also pretends to be a board",
    ),
    usage(
        "cloud",
        "[option …]",
        "run the local cloud, or other vendors'; `cargo xtask cloud --help` lists its options",
    ),
    usage("firmware", "qemu [board …]", "build the firmware of the emulated boards"),
    usage(
        "run",
        "qemu [--board name] <script.py> [argument …]",
        "run a script on an emulated board, against the local cloud that runs, or one of its own",
    ),
    usage(
        "lib",
        "<target> [--pic] [--from-source] [--with <feature>] [--without <feature>]",
        "build the static library for a target",
    ),
    usage(
        "natmod",
        "<arch> [--whole | --split] [--with <feature>] [--without <feature>] [--url <address of its files>]",
        "build the native module for stock firmware, a package for mip: x64, armv6m, armv7m, …;\n\
         --whole, --split: in one file, or in two, which boards with little memory need",
    ),
    usage(
        "dist",
        "[target or arch …] [--url <address of its files>]",
        "build a release: packages for mip, archives for every target, type stubs, licences,\n\
         checksums; with names, those parts alone",
    ),
    usage(
        "size",
        "[--check]",
        "measure the library and write docs/size.md, or fail where that is stale; either way fail\n\
         over budget, or where the library can panic",
    ),
    usage(
        "bench",
        "[--check | --compare]",
        "measure against other clients and write docs/benchmarks.md;\n\
         --check: fail where a message costs more than that page says;\n\
         --compare: measure again, and fail where a ratio differs by more than its spread there",
    ),
    usage(
        "laws",
        "[--check]",
        "measure how costs grow and write docs/laws.md, or fail where a cost grows faster than\n\
         that page says",
    ),
    usage("day", "[--check]", "simulate days of a device and write docs/day.md, or fail where that page is stale"),
    usage("bindings", "[--check]", "regenerate the generated files, or fail where one is out of date"),
    usage(
        "fuzz",
        "[target …] [--runs <number>] [--seconds <number>] [--asan]",
        "run the fuzz targets with libFuzzer, by default each for ten seconds",
    ),
    usage(
        "xtensa",
        "[gcc | ld] [argument …]",
        "fetch the toolchain for ESP32, -S2 and -S3, and print its prefix for make's CROSS;\n\
         with a tool's name, run that tool",
    ),
    usage("setup", "", "install what the jobs need (each of them does that by itself, too)"),
];

const fn usage(job: &'static str, takes: &'static str, does: &'static str) -> Usage {
    Usage { job, takes, does }
}

/// Where the help's second column begins.
const COLUMN: usize = 28;

/// All jobs, for people.
pub fn help() -> String {
    let mut text = "usage: cargo xtask <job>\n\n".to_owned();
    for Usage { job, takes, does } in JOBS {
        let first = format!("  {job} {takes}");
        let indent = format!("\n{:COLUMN$}", "");
        let apart = if first.chars().count() < COLUMN { "" } else { &*indent };
        text += &format!("{first:COLUMN$}{apart}{}\n", does.replace('\n', &indent));
    }
    text + "\nEverything that is built or downloaded lands under target/."
}

/// The job that these words ask for.
pub fn read(words: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Job> {
    let mut words = words.into_iter().map(Into::into);
    let first: OsString = words.next().unwrap_or_default();
    let rest: Vec<OsString> = words.collect();
    let Some(job) = JOBS.iter().find(|job| first == job.job) else {
        return match first.to_str() {
            Some("" | "help" | "--help" | "-h") => Ok(Job::Help),
            _ => Err(Failure::new(format!(
                "unknown job `{}`; `cargo xtask help` lists the jobs",
                first.to_string_lossy()
            ))),
        };
    };
    // MicroPython and the local cloud have a help of their own.
    let is_help = matches!(rest.as_slice(), [word] if word == "--help" || word == "-h");
    if is_help && !["micropython", "cloud", "xtensa"].contains(&job.job) {
        return Ok(Job::Help);
    }
    let wrong = |error| {
        let usage = format!("{} {}", job.job, job.takes);
        Failure::new(format!("`{}`: {error}; usage: cargo xtask {}", job.job, usage.trim_end()))
    };
    arguments(job.job, Parser::from_args(rest)).map_err(wrong)
}

fn arguments(job: &str, mut parser: Parser) -> std::result::Result<Job, Error> {
    Ok(match job {
        "demo" => nothing(parser, Job::Demo)?,
        "setup" => nothing(parser, Job::Setup)?,
        "size" => Job::Size { check: check(parser)? },
        "bench" => Job::Bench(benchmark(parser)?),
        "laws" => Job::Laws { check: check(parser)? },
        "day" => Job::Day { check: check(parser)? },
        "bindings" => Job::Bindings { check: check(parser)? },
        "test" => Job::Test { filter: words(parser, 1)?.pop() },
        "micropython" => {
            let mut rest = parser.raw_args()?;
            let sanitized = rest.next_if(|word| word == "--sanitized").is_some();
            let family = rest.as_slice().first().and_then(|word| families::of_option(word.to_str()?));
            if family.is_some() {
                rest.next();
            }
            let print_path = rest.as_slice() == ["--print-path"];
            Job::MicroPython { sanitized, family, print_path, words: rest.collect() }
        }
        "cloud" => {
            let words: Vec<OsString> = parser.raw_args()?.collect();
            Job::Cloud { folder: folder(&words), words }
        }
        "firmware" => {
            port(&mut parser)?;
            Job::Firmware { boards: words(parser, usize::MAX)? }
        }
        "run" => {
            port(&mut parser)?;
            run(parser)?
        }
        "lib" => Job::Library(library(parser)?),
        "natmod" => native_module(parser)?,
        "xtensa" => Job::Xtensa { words: parser.raw_args()?.collect() },
        "dist" => release(parser)?,
        _ => Job::Fuzz(fuzz(parser)?),
    })
}

fn nothing(mut parser: Parser, job: Job) -> std::result::Result<Job, Error> {
    match parser.next()? {
        None => Ok(job),
        Some(other) => Err(other.unexpected()),
    }
}

fn benchmark(mut parser: Parser) -> std::result::Result<Benchmark, Error> {
    let mut asked = Benchmark::Write;
    while let Some(argument) = parser.next()? {
        asked = match argument {
            Long("check") if asked == Benchmark::Write => Benchmark::Check,
            Long("compare") if asked == Benchmark::Write => Benchmark::Compare,
            other => return Err(other.unexpected()),
        };
    }
    Ok(asked)
}

/// Whether there is `--check`.
fn check(mut parser: Parser) -> std::result::Result<bool, Error> {
    let mut check = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("check") => check = true,
            other => return Err(other.unexpected()),
        }
    }
    Ok(check)
}

/// Words without an option, `most` at most.
fn words(mut parser: Parser, most: usize) -> std::result::Result<Vec<String>, Error> {
    let mut words = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) if words.len() < most => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(words)
}

/// The port that has emulated boards.
fn port(parser: &mut Parser) -> std::result::Result<(), Error> {
    match parser.next()? {
        Some(Value(port)) if port == "qemu" => Ok(()),
        Some(other) => Err(other.unexpected()),
        None => Err("`qemu` is missing".into()),
    }
}

fn run(mut parser: Parser) -> std::result::Result<Job, Error> {
    let mut board = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("board") => board = Some(parser.value()?.string()?),
            // The rest is the script's.
            Value(script) => {
                return Ok(Job::Run { board, script: [script].into_iter().chain(parser.raw_args()?).collect() });
            }
            other => return Err(other.unexpected()),
        }
    }
    Err("which script?".into())
}

fn library(mut parser: Parser) -> std::result::Result<Library, Error> {
    let mut library = Library::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("pic") => library.pic = true,
            Long("from-source") => library.from_source = true,
            Long("with") => library.features.push((parser.value()?.string()?, true)),
            Long("without") => library.features.push((parser.value()?.string()?, false)),
            Value(target) if library.target.is_empty() => library.target = target.string()?,
            other => return Err(other.unexpected()),
        }
    }
    if library.target.is_empty() { Err("which target?".into()) } else { Ok(library) }
}

fn native_module(mut parser: Parser) -> std::result::Result<Job, Error> {
    let mut module = NativeModule::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("whole") if module.parts.is_none() => module.parts = Some(Parts::Whole),
            Long("split") if module.parts.is_none() => module.parts = Some(Parts::Split),
            Long("with") => module.features.push((parser.value()?.string()?, true)),
            Long("without") => module.features.push((parser.value()?.string()?, false)),
            Long("url") => module.url = Some(parser.value()?.string()?),
            Value(name) if module.arch.is_empty() => module.arch = name.string()?,
            other => return Err(other.unexpected()),
        }
    }
    if module.arch.is_empty() { Err("which architecture?".into()) } else { Ok(Job::NativeModule(module)) }
}

fn release(mut parser: Parser) -> std::result::Result<Job, Error> {
    let (mut parts, mut url) = (Vec::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("url") => url = Some(parser.value()?.string()?),
            Value(part) => parts.push(part.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Job::Release { parts, url })
}

fn fuzz(mut parser: Parser) -> std::result::Result<Fuzz, Error> {
    let mut fuzz = Fuzz::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("runs") => fuzz.runs = Some(parser.value()?.parse()?),
            Long("seconds") => fuzz.seconds = Some(parser.value()?.parse()?),
            Long("asan") => fuzz.asan = true,
            Value(target) => fuzz.targets.push(target.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(fuzz)
}

/// The folder that `--dir` names among the words for the local cloud, which judges them.
fn folder(words: &[OsString]) -> Option<PathBuf> {
    let mut parser = Parser::from_args(words);
    let mut folder = None;
    while let Ok(Some(argument)) = parser.next() {
        match argument {
            Long("dir") => folder = parser.value().ok(),
            _ => drop(parser.optional_value()),
        }
    }
    let folder = folder?;
    Some(std::path::absolute(&folder).unwrap_or_else(|_| folder.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Job {
        read(line.split(' ')).expect("a job")
    }

    fn refused(line: &str) -> String {
        read(line.split(' ')).expect_err("a failure").to_string()
    }

    #[test]
    fn every_job_of_the_help_is_read() {
        for job in &JOBS {
            let words = match job.job {
                "firmware" => "firmware qemu",
                "run" => "run qemu a.py",
                "lib" => "lib thumbv7m",
                "natmod" => "natmod x64",
                job => job,
            };
            assert_ne!(asked(words), Job::Help, "{words}");
            assert!(help().contains(&format!("\n  {} ", job.job)));
        }
        for line in ["help", "--help", "-h", "lib --help", "test -h", "run --help"] {
            assert_eq!(asked(line), Job::Help, "{line}");
        }
        assert_eq!(read([""; 0]).expect("a job"), Job::Help);
        assert!(help().lines().all(|line| line.chars().count() <= 120), "{}", help());
    }

    #[test]
    fn options_come_in_any_order_and_with_an_equals_sign() {
        let library = Library {
            target: "thumbv7m".into(),
            pic: true,
            from_source: false,
            features: vec![("upload".into(), false), ("sha1".into(), true)],
        };
        assert_eq!(asked("lib --without upload thumbv7m --pic --with=sha1"), Job::Library(library));
        let fuzz = Fuzz { targets: vec!["json".into()], runs: Some(9), seconds: None, asan: true };
        assert_eq!(asked("fuzz --asan json --runs 9"), Job::Fuzz(fuzz));
        let module = NativeModule { arch: "x64".into(), ..Default::default() };
        assert_eq!(asked("natmod x64"), Job::NativeModule(module));
        let module = NativeModule {
            arch: "x64".into(),
            parts: Some(Parts::Split),
            url: Some("http://host".into()),
            features: vec![("upload".into(), false), ("desired".into(), true)],
        };
        let line = "natmod --url=http://host --without upload --split x64 --with desired";
        assert_eq!(asked(line), Job::NativeModule(module));
        let release = Job::Release { parts: vec!["thumbv7m".into(), "x64".into()], url: Some("http://host".into()) };
        assert_eq!(asked("dist thumbv7m --url http://host x64"), release);
        assert_eq!(asked("size --check"), Job::Size { check: true });
        assert_eq!(asked("bench"), Job::Bench(Benchmark::Write));
        assert_eq!(asked("bench --check"), Job::Bench(Benchmark::Check));
        assert_eq!(asked("bench --compare"), Job::Bench(Benchmark::Compare));
    }

    #[test]
    fn what_belongs_to_a_script_is_left_to_it() {
        let run = |board: Option<&str>, script: &[&str]| Job::Run {
            board: board.map(str::to_owned),
            script: script.iter().map(OsString::from).collect(),
        };
        assert_eq!(asked("run qemu a.py --board x --help"), run(None, &["a.py", "--board", "x", "--help"]));
        assert_eq!(asked("run qemu --board=B a.py -x"), run(Some("B"), &["a.py", "-x"]));
        let micropython = |sanitized, print_path, words: &[&str]| Job::MicroPython {
            sanitized,
            family: None,
            print_path,
            words: words.iter().map(OsString::from).collect(),
        };
        assert_eq!(asked("micropython -h"), micropython(false, false, &["-h"]));
        assert_eq!(
            asked("micropython --sanitized a.py --sanitized"),
            micropython(true, false, &["a.py", "--sanitized"])
        );
        let words = vec!["a.py".into(), "--haas".into()];
        let family = families::of_option("--haas");
        assert!(family.is_some());
        let haas = Job::MicroPython { sanitized: false, family, print_path: false, words };
        assert_eq!(asked("micropython --haas a.py --haas"), haas);
        assert_eq!(asked("micropython --sanitized --print-path"), micropython(true, true, &["--print-path"]));
        assert_eq!(asked("micropython -c --print-path"), micropython(false, false, &["-c", "--print-path"]));
    }

    #[test]
    fn the_clouds_folder_is_named_in_two_ways() {
        let folder = |line: &str| match asked(line) {
            Job::Cloud { folder, words } => {
                assert_eq!(words.len(), line.split(' ').count() - 1, "the cloud gets all of them");
                folder
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(folder("cloud --quiet --for 3"), None);
        assert_eq!(folder("cloud --for=3 --dir /a --quiet"), Some("/a".into()));
        assert_eq!(folder("cloud --dir /a --dir=/b"), Some("/b".into()));
        assert_eq!(folder("cloud --dir"), None);
    }

    #[test]
    fn a_fault_is_named_with_the_usage() {
        for (line, fault) in [
            ("lib", "`lib`: which target?; usage: cargo xtask lib <target> [--pic]"),
            ("lib --pic", "which target?"),
            ("lib thumbv7m riscv32imc", "unexpected argument \"riscv32imc\""),
            ("lib thumbv7m --without", "missing argument for option '--without'"),
            ("lib thumbv7m --fast", "invalid option '--fast'"),
            ("natmod", "which architecture?"),
            ("fuzz --runs many", "cannot parse argument \"many\""),
            ("test one two", "unexpected argument \"two\""),
            ("test --all", "invalid option '--all'"),
            ("demo --fast", "`demo`: invalid option '--fast'; usage: cargo xtask demo"),
            ("size --check=3", "unexpected argument for option '--check'"),
            ("firmware", "`qemu` is missing"),
            ("run unix a.py", "unexpected argument \"unix\""),
            ("run qemu --board B", "which script?"),
            ("dance", "unknown job `dance`; `cargo xtask help` lists the jobs"),
        ] {
            let told = refused(line);
            assert!(told.contains(fault) && !told.contains('\n'), "{line}: {told}");
        }
    }
}
