//! The emulated boards: `cargo xtask firmware qemu` builds their firmware, `cargo xtask run qemu script.py` runs a script
//! on one of them, against the local cloud that runs already or one of its own.

mod board;
mod emulator;
mod firmware;
mod library;
mod lwip;
mod runner;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cloud::{self, Instance};
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose};
use crate::{Failure, Result, places, step};
use board::{BOARDS, Board, XTENSA};

/// The program for a board whose firmware lacks the module, and the package that has it.
pub struct WithPackage {
    pub package: PathBuf,
    pub program: PathBuf,
}

/// What the jobs here need, ahead of time.
pub fn setup() -> Result {
    setup::ensure(&[Purpose::Board])?;
    lwip::ensure(&source::find_or_fetch()?)?;
    emulator::program(&emulator::ARM).map(drop)
}

/// The job `firmware qemu`: builds, and says where the results are.
pub fn firmware(names: &[String], for_xtensa: impl Fn() -> Result<WithPackage>) -> Result {
    let boards: Vec<&Board> = match names {
        [] => BOARDS.iter().collect(),
        names => names.iter().map(|name| board::named(name)).collect::<Result<_>>()?,
    };
    for board in boards {
        if board.is_xtensa() {
            println!("{}", for_xtensa()?.program.display());
            continue;
        }
        built(board)?;
        println!("{}", firmware::product(board).display());
    }
    Ok(())
}

/// The program that runs scripts on the first board, as `micropython` runs them here.
pub fn program() -> Result<PathBuf> {
    built(&BOARDS[0])
}

/// The folder that has such a program for each board: `<board>/run`.
pub fn programs() -> Result<PathBuf> {
    for board in &BOARDS {
        built(board)?;
    }
    Ok(firmware::folder())
}

/// The program for the first board, with another MicroPython; it lies below `folder`.
pub fn program_with(source: &Source, folder: &Path) -> Result<PathBuf> {
    let board = &BOARDS[0];
    let folder = folder.join(board.name);
    let firmware = firmware::build_with(source, board, folder.clone())?;
    runner::for_board(board, &folder, &firmware)
}

/// The emulator itself.
pub fn emulator() -> Result<PathBuf> {
    emulator::program(&emulator::ARM)
}

/// The programs for the boards by their names, with firmware that has all but the module; each in a folder below `folder`.
pub fn without_module(source: &Source, folder: &Path) -> Result {
    for Board { name, .. } in &BOARDS {
        without_module_by(&[], source, name, &folder.join(name))?;
    }
    xtensa_without_module(source, folder).map(drop)
}

/// The same for the emulated Xtensa board alone.
pub fn xtensa_without_module(source: &Source, folder: &Path) -> Result<PathBuf> {
    without_module_by(&[], source, XTENSA.name, &folder.join(XTENSA.name))
}

/// The same for the first board alone.
pub fn without_module_on_first(source: &Source, folder: &Path) -> Result<PathBuf> {
    let name = BOARDS[0].name;
    without_module_by(&[], source, name, &folder.join(name))
}

/// The program for one of these boards whose firmware is built with more settings of make's; it lies in `folder`.
pub fn without_module_by(settings: &[&str], source: &Source, name: &str, folder: &Path) -> Result<PathBuf> {
    let board = board::named(name)?;
    let firmware = firmware::build_without_module(settings, source, board, folder)?;
    runner::for_board(board, folder, &firmware)
}

/// The emulator for RISC-V.
pub fn riscv_emulator() -> Result<PathBuf> {
    emulator::program(&emulator::RISCV)
}

/// The program, to lie in `folder`, that runs scripts on a RISC-V machine with MicroPython's own firmware.
pub fn bare_program(machine: &str, folder: &Path, firmware: &Path) -> Result<PathBuf> {
    runner::write(&emulator::RISCV, machine, folder, firmware, &["--bare"])
}

/// The program for `board`, whose firmware is built again where something has changed.
fn built(board: &Board) -> Result<PathBuf> {
    // Before minutes of building, not after.
    setup::ensure(&[Purpose::Build, Purpose::Board])?;
    emulator::program(board.emulator)?;
    firmware::build(board)?;
    runner::of(board)
}

/// The job `run qemu`: a script with its arguments, on the first board or on the one of that name.
pub fn run(board: Option<&str>, script: &[OsString], for_xtensa: impl Fn() -> Result<WithPackage>) -> Result {
    let board = board.map_or(Ok(&BOARDS[0]), board::named)?;
    let mut runner = if board.is_xtensa() {
        let WithPackage { program, package } = for_xtensa()?;
        let mut runner = Command::new(program);
        runner.arg("--package").arg(package);
        runner
    } else {
        Command::new(built(board)?)
    };
    // As a board would, it goes on while a device is connected.
    runner.arg("--stay").args(script);

    let _cloud = choose_cloud(&mut runner)?;
    let status = runner.status().map_err(|e| step::cannot_start(&runner, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("the script failed ({status})"))) }
}

/// Tells `command` of a cloud: the one that the environment names, as on the unix port, else the one that a person has running,
/// else one that is started for it.
fn choose_cloud(command: &mut Command) -> Result<Option<Instance>> {
    if std::env::var_os("ALIYUN_IOT_ENDPOINT").is_some() {
        return Ok(None);
    }
    if let Some(running) = cloud::running() {
        step::say("using the local cloud that runs already");
        running.tell_place(command);
        // Another of its devices, where the environment names one.
        if std::env::var_os("ALIYUN_DEVICE_NAME").is_none() {
            running.tell_device(command);
        }
        return Ok(None);
    }
    setup::ensure(&[Purpose::Cloud])?;
    let cloud = Instance::start(&cloud::program()?, &places::target().join("qemu/cloud"))?;
    cloud.tell(command);
    Ok(Some(cloud))
}
