//! What is checked, and in which order?

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::micropython::Purpose;
use crate::setup::{self, venv};
use crate::{Failure, Result, bench, bindings, cargo, cloud, fuzz, micropython, natmod, places, qemu, size, step};

pub struct Check {
    pub name: &'static str,
    pub question: &'static str,
    pub takes_filter: bool,
    pub run: fn(&mut State) -> Result,
}

pub const CHECKS: &[Check] = &[
    check("setup", "is every tool there?", |_| {
        setup::ensure(&[setup::Purpose::Build, setup::Purpose::Cloud, setup::Purpose::Test])?;
        venv::ensure()
    }),
    check("format", "is the Rust code formatted?", |_| {
        let mut cargo = cargo::command();
        shown(cargo.args(["fmt", "--check"]))
    }),
    check("lint", "does clippy agree?", |_| {
        // With the C ABI, without any feature, and everything else with what it has by default.
        let bare = ["--package", "aliyun-iot", "--no-default-features", "--features", "ffi"];
        for set in [&["--workspace"][..], &["--features", "ffi"], &bare] {
            let mut cargo = cargo::command();
            cargo.args(["clippy", "--all-targets"]).args(set);
            shown(cargo.args(["--", "-D", "warnings"]))?;
        }
        Ok(())
    }),
    check("docs", "does the documentation of the crate build?", |_| {
        let mut cargo = cargo::command();
        cargo.env("RUSTDOCFLAGS", "-D warnings");
        shown(cargo.args(["doc", "--no-deps", "--package", "aliyun-iot", "--features", "ffi"]))
    }),
    Check { takes_filter: true, ..check("rust", "do the Rust tests pass?", rust) },
    check("fuzz", "does a minute of fuzzing find anything?", |_| fuzz::run(&[])),
    check("size", "is docs/size.md up to date, and can nothing panic on bare metal?", |_| size::run(true)),
    check("bindings", "are the generated files up to date?", |_| bindings::run(true)),
    check("build", "does MicroPython build with the module?", |state| {
        println!("{}", state.micropython()?.display());
        Ok(())
    }),
    check("board", "does the firmware of the emulated board build?", |state| {
        println!("{}", state.board()?.display());
        Ok(())
    }),
    check("bench", "does a message cost what docs/benchmarks.md says?", |_| bench::run(true)),
    check("natmod", "do the native modules build, and the firmware that they are tried on?", |state| {
        println!("{}", state.natmod()?.display());
        Ok(())
    }),
    Check { takes_filter: true, ..check("python", "do the tests on MicroPython pass?", python) },
    check("sanitized", "do the binding's tests pass under the sanitizers?", sanitized),
];

/// What one check leaves for the next.
pub struct State {
    filter: Option<String>,
    micropython: Option<PathBuf>,
    sanitized: Option<PathBuf>,
    local_cloud: Option<PathBuf>,
    board: Option<PathBuf>,
    natmod: Option<PathBuf>,
}

impl State {
    pub fn new(filter: Option<&str>) -> Self {
        State {
            filter: filter.map(str::to_owned),
            micropython: None,
            sanitized: None,
            local_cloud: None,
            board: None,
            natmod: None,
        }
    }

    fn micropython(&mut self) -> Result<&Path> {
        if self.micropython.is_none() {
            self.micropython = Some(micropython::program(Purpose::Use)?);
        }
        Ok(self.micropython.as_deref().unwrap_or(Path::new("")))
    }

    fn sanitized(&mut self) -> Result<&Path> {
        if self.sanitized.is_none() {
            self.sanitized = Some(micropython::program(Purpose::Sanitized)?);
        }
        Ok(self.sanitized.as_deref().unwrap_or(Path::new("")))
    }

    fn local_cloud(&mut self) -> Result<&Path> {
        if self.local_cloud.is_none() {
            self.local_cloud = Some(cloud::program()?);
        }
        Ok(self.local_cloud.as_deref().unwrap_or(Path::new("")))
    }

    fn board(&mut self) -> Result<&Path> {
        if self.board.is_none() {
            self.board = Some(qemu::program()?);
        }
        Ok(self.board.as_deref().unwrap_or(Path::new("")))
    }

    fn natmod(&mut self) -> Result<&Path> {
        if self.natmod.is_none() {
            self.natmod = Some(natmod::for_tests()?);
        }
        Ok(self.natmod.as_deref().unwrap_or(Path::new("")))
    }
}

fn rust(state: &mut State) -> Result {
    let mut cargo = cargo::command();
    // With the C ABI, which one of the tests drives.
    cargo.args(["test", "--workspace", "--features", "aliyun-iot/ffi"]);
    cargo.env("LOCAL_CLOUD", state.local_cloud()?);
    if let Some(filter) = &state.filter {
        cargo.arg("--").arg(filter);
        return shown(&mut cargo);
    }
    shown(&mut cargo)?;
    shown(cargo::command().args([
        "test",
        "--package",
        "aliyun-iot",
        "--no-default-features",
        "--features",
        "ffi",
        "--test",
        "left_out",
    ]))
}

fn python(state: &mut State) -> Result {
    let mut pytest = pytest(&["tests"])?;
    pytest.env("MICROPYTHON", state.micropython()?);
    pytest.env("BOARD", state.board()?);
    pytest.env("NATMOD", state.natmod()?);
    let beside = places::root().join("../shared/api-docs");
    if std::env::var_os("API_DOCS").is_none() && beside.exists() {
        pytest.env("API_DOCS", beside);
    }
    tested(pytest, state)
}

fn sanitized(state: &mut State) -> Result {
    let mut pytest = pytest(&["tests/micropython", "tests/examples/test_examples.py", "-m", "not bare and not slow"])?;
    pytest.env("MICROPYTHON", state.sanitized()?);
    tested(pytest, state)
}

fn pytest(what: &[&str]) -> Result<Command> {
    venv::ensure()?;
    let mut pytest = Command::new(venv::python());
    pytest.current_dir(places::root());
    pytest.args(["-m", "pytest", "-q", "--dist", "worksteal", "-n", AT_ONCE]).args(what);
    Ok(pytest)
}

fn tested(mut pytest: Command, state: &mut State) -> Result {
    pytest.env("LOCAL_CLOUD", state.local_cloud()?);
    let Some(filter) = &state.filter else {
        return shown(&mut pytest);
    };
    let status = pytest.args(["-k", filter]).status();
    match status.map_err(|e| step::cannot_start(&pytest, &e))?.code() {
        Some(0 | NO_TEST_MATCHES) => Ok(()),
        _ => Err("pytest failed".into()),
    }
}

/// Tests that run at the same time. Most of them wait most of the time, so this is not about processors.
const AT_ONCE: &str = "6";

/// How pytest ends when its filter matches nothing.
const NO_TEST_MATCHES: i32 = 5;

const fn check(name: &'static str, question: &'static str, run: fn(&mut State) -> Result) -> Check {
    Check { name, question, takes_filter: false, run }
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
