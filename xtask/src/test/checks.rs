//! What is checked, and in which order?

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{freertos, jobs, newest, supply};
use crate::arguments::Benchmark;
use crate::files::Files;
use crate::micropython::Purpose;
use crate::setup::{self, npm, pip, venv};
use crate::{
    Failure, Result, bench, bindings, cargo, cloud, dist, fuzz, micropython, natmod, places, qemu, size, step,
    structure, xtensa,
};

pub struct Check {
    pub name: &'static str,
    pub question: &'static str,
    /// Whether a filter matches one of its tests, where it takes a filter.
    pub has: Option<fn(filter: &str) -> Result<bool>>,
    pub run: fn(&mut State) -> Result,
}

pub const CHECKS: &[Check] = &[
    check("setup", "is every tool there?", |_| {
        setup::ensure(&[setup::Purpose::Build, setup::Purpose::Cloud])?;
        setup::ensure(&FOR_PYTHON)?;
        pip::ensure()?;
        npm::ensure()
    }),
    check("format", "is the Rust code formatted?", |_| {
        let mut cargo = cargo::command();
        shown(cargo.args(["fmt", "--check"]))?;
        // Files that a macro's list names are not found by it.
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.current_dir(places::root()).args(["--check", "--edition", "2024"]);
        for folder in RUST {
            rustfmt.args(Files::read(&places::root(), folder, &[".rs"])?.iter().map(|(name, _)| name));
        }
        shown(&mut rustfmt)
    }),
    check("lint", "does clippy agree?", |_| {
        // With everything, without any feature, and everything else with what it has by default.
        let bare = ["--package", "aliyun-iot", "--no-default-features", "--features", "ffi"];
        for set in [&["--workspace"][..], &["--features", "ffi,md5,sha1"], &bare] {
            let mut cargo = cargo::command();
            cargo.args(["clippy", "--all-targets"]).args(set);
            shown(cargo.args(["--", "-D", "warnings"]))?;
        }
        Ok(())
    }),
    check("structure", "do files depend on each other in one direction, and on features only where they may?", |_| {
        structure::run()
    }),
    check("supply", "where do the Rust packages come from, and is something known against them?", |state| {
        state.notes.extend(supply::run()?);
        Ok(())
    }),
    check("docs", "does the documentation of the crate build?", |_| {
        let mut cargo = cargo::command();
        cargo.env("RUSTDOCFLAGS", "-D warnings");
        shown(cargo.args(["doc", "--no-deps", "--package", "aliyun-iot", "--features", "ffi"]))
    }),
    Check { has: Some(has_rust_test), ..check("rust", "do the Rust tests pass?", rust) },
    check("fuzz", "does a minute of fuzzing find anything?", |_| fuzz::run_for_tests()),
    check("size", "is docs/size.md up to date, the budget kept, and can nothing panic on bare metal?", |_| {
        size::run(true)
    }),
    check("bindings", "are the generated files up to date?", |_| bindings::run(true)),
    check("build", "does MicroPython build with the module?", |state| {
        println!("{}", state.micropython()?.display());
        Ok(())
    }),
    check("board", "does the firmware of the emulated boards build?", |state| {
        println!("{}", state.boards()?.display());
        Ok(())
    }),
    check("jobs", "do the jobs that the README begins with show a property that arrives?", |state| {
        // What they build is there, and this only has to be found out.
        state.micropython()?;
        state.local_cloud()?;
        state.boards()?;
        jobs::run()
    }),
    check("bench", "does a message cost what docs/benchmarks.md says?", |_| bench::run(Benchmark::Check)),
    check("laws", "does each cost grow as docs/laws.md says?", |_| bench::laws::run(true)),
    check("day", "is a day of a device what docs/day.md says?", |_| bench::day::run(true)),
    check("natmod", "do the native modules build, and the firmware that they are tried on?", |state| {
        println!("{}", state.natmod()?.display());
        Ok(())
    }),
    check("dist", "does a release come out, and the same in another folder?", |state| dist::again(state.release()?)),
    check("newest", "does it build and run with the newest MicroPython that the distribution has?", on_the_newest),
    Check { has: Some(has_python_test), ..check("python", "do the tests on MicroPython pass?", python) },
    check("select", "do the tests of wake-ups pass with those of ports/select?", select),
    check("sanitized", "do the binding's tests pass under the sanitizers?", sanitized),
];

/// Where there is Rust code.
const RUST: [&str; 6] = ["benches", "fuzz", "micropython", "src", "tests", "xtask"];

/// What one check leaves for the next.
pub struct State {
    filter: Option<String>,
    /// What a summary has to add.
    pub notes: Vec<&'static str>,
    micropython: Option<PathBuf>,
    sanitized: Option<PathBuf>,
    local_cloud: Option<PathBuf>,
    boards: Option<PathBuf>,
    natmod: Option<PathBuf>,
    release: Option<PathBuf>,
}

impl State {
    pub fn new(filter: Option<&str>) -> Self {
        State {
            filter: filter.map(str::to_owned),
            notes: Vec::new(),
            micropython: None,
            sanitized: None,
            local_cloud: None,
            boards: None,
            natmod: None,
            release: None,
        }
    }

    fn micropython(&mut self) -> Result<&Path> {
        once(&mut self.micropython, || micropython::program(Purpose::Use))
    }

    fn sanitized(&mut self) -> Result<&Path> {
        once(&mut self.sanitized, || micropython::program(Purpose::Sanitized))
    }

    fn local_cloud(&mut self) -> Result<&Path> {
        once(&mut self.local_cloud, cloud::program)
    }

    fn boards(&mut self) -> Result<&Path> {
        once(&mut self.boards, qemu::programs)
    }

    fn natmod(&mut self) -> Result<&Path> {
        once(&mut self.natmod, natmod::for_tests)
    }

    fn release(&mut self) -> Result<&Path> {
        once(&mut self.release, dist::for_tests)
    }
}

/// What is in `place`, made first if it is empty.
fn once(place: &mut Option<PathBuf>, make: impl FnOnce() -> Result<PathBuf>) -> Result<&Path> {
    match place {
        Some(made) => Ok(made),
        None => Ok(place.insert(make()?)),
    }
}

/// With the C ABI, which one of the tests drives, and every signing method.
fn cargo_test() -> Command {
    let mut cargo = cargo::command();
    cargo.args(["test", "--workspace", "--features", "aliyun-iot/ffi,aliyun-iot/md5,aliyun-iot/sha1"]);
    cargo
}

fn has_rust_test(filter: &str) -> Result<bool> {
    let mut list = cargo_test();
    list.args(["--", "--list", filter]);
    let listed = step::output("looking for tests in Rust", "rust-tests", &mut list)?;
    Ok(listed.lines().any(|line| line.ends_with(": test")))
}

fn rust(state: &mut State) -> Result {
    let mut cargo = cargo_test();
    cargo.env("LOCAL_CLOUD", state.local_cloud()?);
    if let Some(filter) = &state.filter {
        cargo.arg("--").arg(filter);
        return shown(&mut cargo);
    }
    shown(&mut cargo)?;
    for features in ["ffi", "ffi,words"] {
        let arguments =
            ["test", "--package", "aliyun-iot", "--no-default-features", "--test", "left_out", "--features"];
        shown(cargo::command().args(arguments).arg(features))?;
    }
    // Compiled as the archives are. A scanner of JSON once refused valid texts when it was compiled with link-time
    // optimisation, and only then.
    for profile in ["release", "hosted"] {
        let arguments = ["test", "--package", "aliyun-iot", "--lib", "--features", "ffi", "--profile", profile];
        shown(cargo::command().args(arguments))?;
    }
    Ok(())
}

fn has_python_test(filter: &str) -> Result<bool> {
    has_test_in("tests", filter)
}

fn has_test_in(folder: &str, filter: &str) -> Result<bool> {
    let mut pytest = pytest(&[folder, "--collect-only", "-k", filter])?;
    let output = pytest.output().map_err(|e| step::cannot_start(&pytest, &e))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Ok(true),
        Some(NO_TEST_MATCHES) => Ok(false),
        // pytest takes more for operators than cargo does.
        _ if errors.contains("Wrong expression passed to '-k'") => Ok(false),
        _ => {
            print!("{}{errors}", String::from_utf8_lossy(&output.stdout));
            Err("pytest cannot load the tests: see above".into())
        }
    }
}

/// Where the tests of releases lie.
const FOR_RELEASES: &str = "tests/release";

/// How pytest ends when its filter matches nothing.
const NO_TEST_MATCHES: i32 = 5;

/// What `tests/pages/test_haas_page.py` takes its scripts from.
const PAGE: &str = "haas-aliyunIoT-device.md";

fn python(state: &mut State) -> Result {
    let mut pytest = pytest(&["tests"])?;
    pytest.env("MICROPYTHON", state.micropython()?);
    pytest.env("BOARDS", state.boards()?);
    pytest.env("NATMOD", state.natmod()?);
    pytest.env("XTENSA", xtensa::tools()?.prefix());
    // No other test looks at a release.
    if state.filter.as_deref().map_or(Ok(true), |filter| has_test_in(FOR_RELEASES, filter))? {
        if std::env::var_os("DIST").is_none() {
            pytest.env("DIST", state.release()?);
        }
        pytest.env("QEMU_SYSTEM_ARM", qemu::emulator()?);
        pytest.env("QEMU_SYSTEM_RISCV32", qemu::riscv_emulator()?);
    }
    pytest.env("MICROPYTHON_DIR", micropython::source::find_or_fetch()?.tree);
    pytest.env("FREERTOS", freertos::fetch()?);
    let pages = std::env::var_os("API_DOCS").map_or_else(|| places::root().join("../shared/api-docs"), PathBuf::from);
    if pages.join(PAGE).is_file() {
        pytest.env("API_DOCS", pages);
    } else {
        state.notes.push("the scripts of HaaS's own page were not run: API_DOCS may name the folder that has it");
    }
    tested(pytest, state)
}

fn on_the_newest(state: &mut State) -> Result {
    if let Some(why) = micropython::source::no_newest() {
        state.notes.push(why);
        return Ok(());
    }
    let [oldest, newest] = newest::across()?;
    // With a version that `MICROPYTHON_DIR` names, all other checks build anyway.
    let built = if micropython::source::named().is_none() { Some(newest::build()?) } else { None };
    let tests: &[&str] = if built.is_some() { &newest::TESTS } else { &[] };
    let mut pytest = pytest(&[tests, &[newest::ACROSS]].concat())?;
    pytest.env("NATMOD", &newest).env("NATMOD_OLDEST", oldest).env("NATMOD_NEWEST", newest);
    if let Some(built) = built {
        println!("MicroPython {}", built.version);
        pytest.env("MICROPYTHON", built.micropython);
        pytest.env("BOARDS", built.boards);
    }
    tested(pytest, state)
}

/// The wake-ups of boards whose sockets have descriptors, under the unix port: callbacks, idleness, threads, Ctrl-C, and what
/// the unix port's own wake-ups were once wrong about.
const WAKES: [&str; 8] = [
    "test_callbacks.py",
    "test_idle.py",
    "test_threads.py",
    "test_wakes.py",
    "test_interrupted_bursts.py",
    "test_blocking_calls.py",
    "test_stays.py",
    "test_asyncio.py",
];

fn select(state: &mut State) -> Result {
    let files: Vec<String> = WAKES.iter().map(|file| format!("tests/micropython/{file}")).collect();
    let mut pytest = pytest(&files.iter().map(String::as_str).collect::<Vec<_>>())?;
    pytest.env("MICROPYTHON", micropython::program(Purpose::Select)?);
    tested(pytest, state)
}

fn sanitized(state: &mut State) -> Result {
    let mut pytest = pytest(&["tests/micropython", "tests/examples/test_examples.py", "-m", "not bare and not slow"])?;
    pytest.env("MICROPYTHON", state.sanitized()?);
    tested(pytest, state)
}

fn pytest(arguments: &[&str]) -> Result<Command> {
    setup::ensure(&FOR_PYTHON)?;
    pip::ensure()?;
    let mut pytest = Command::new(venv::python());
    pytest.current_dir(places::root());
    pytest.args(["-m", "pytest", "-q"]).args(arguments);
    Ok(pytest)
}

/// What the tests in Python run, beside what is built for them.
const FOR_PYTHON: [setup::Purpose; 3] = [setup::Purpose::Test, setup::Purpose::Python, setup::Purpose::Cxx];

fn tested(mut pytest: Command, state: &mut State) -> Result {
    npm::ensure()?;
    pytest.env("NODE_PATH", npm::modules());
    pytest.args(["-rs", "--dist", "worksteal", "-n", AT_ONCE]);
    pytest.env("LOCAL_CLOUD", state.local_cloud()?);
    pytest.env("EVERY_TOOL_IS_HERE", "1");
    if let Some(filter) = &state.filter {
        pytest.args(["-k", filter]);
    }
    shown(&mut pytest)
}

/// Tests that run at the same time. Most of them wait most of the time, so this is not about processors.
const AT_ONCE: &str = "6";

const fn check(name: &'static str, question: &'static str, run: fn(&mut State) -> Result) -> Check {
    Check { name, question, has: None, run }
}

/// Runs `command` with all its output shown.
fn shown(command: &mut Command) -> Result {
    let status = command.status();
    let status = status.map_err(|e| step::cannot_start(command, &e))?;
    if status.success() {
        return Ok(());
    }
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let first = command.get_args().next().unwrap_or_default();
    let second = if first == "-m" { command.get_args().nth(1) } else { None };
    let what = second.unwrap_or(first).to_string_lossy();
    Err(Failure::new(format!("{program} {what} failed ({status})")))
}
