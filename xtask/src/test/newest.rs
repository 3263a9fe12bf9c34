//! Does all that is built from MicroPython build with the newest version that Debian has, do the first tests pass there, and
//! do native modules of that version and of the oldest run on each other's firmware? One board with the module built in stands for
//! all of these; of native modules, one for each way of loading code: on a computer, from the heap, and from memory of its own.

use std::path::{Path, PathBuf};

use crate::micropython::source::{self, Source};
use crate::micropython::{self, Purpose};
use crate::{Result, natmod, places, qemu};

/// The native modules: for a computer, and for two boards.
const ARCHES: [&str; 3] = ["x64", "armv7m", "xtensawin"];

/// What is run with the newest that Debian has: on the unix port, as a native module there, on the board.
pub const TESTS: [&str; 18] = [
    "tests/examples/test_examples.py",
    "tests/micropython/test_callbacks.py",
    "tests/natmod/test_natmod_on_unix.py::test_it_is_the_native_module",
    "tests/natmod/test_natmod_on_unix.py::test_answers",
    "tests/natmod/test_natmod_on_unix.py::test_upload_file",
    "tests/natmod/test_natmod_on_unix.py::test_during_a_sleep",
    "tests/natmod/test_natmod_on_xtensa.py::test_import_with_the_heap_of_an_esp32",
    "tests/natmod/test_natmod_on_xtensa.py::test_import_beside_other_objects",
    "tests/natmod/test_natmod_on_xtensa.py::test_a_session_byte_for_byte",
    "tests/natmod/test_natmod_on_xtensa.py::test_exceptions_everywhere",
    "tests/natmod/test_natmod_on_xtensa.py::test_examples_on_the_other_core",
    "tests/qemu/test_examples_on_the_board.py::test_post_props",
    "tests/qemu/test_examples_on_the_board.py::test_answers",
    "tests/qemu/test_examples_on_the_board.py::test_upload_file",
    "tests/qemu/test_soft_resets.py::test_a_connected_device_and_timers",
    "tests/qemu/test_threads_on_the_board.py::test_a_second_thread_publishes",
    "tests/qemu/test_threads_on_the_board.py::test_what_a_thread_holds_is_not_collected",
    "tests/qemu/test_haas_on_the_board.py::test_i2c",
];

/// Modules that were built with one version, on firmware of the other.
pub const ACROSS: &str = "tests/natmod/across_versions.py";

/// What the tests find in their environment.
pub struct Built {
    pub version: String,
    pub micropython: PathBuf,
    pub boards: PathBuf,
}

pub fn build() -> Result<Built> {
    let micropython = micropython::program(Purpose::Newest)?;
    let source = source::newest()?;
    let folder = places::target().join("newest");
    let boards = folder.join("qemu");
    qemu::program_with(&source, &boards)?;
    Ok(Built { version: source.version.to_string(), micropython, boards })
}

/// Where the modules of two versions are, and firmware without them that they run on: of the oldest version, and of the newest
/// or the one that `MICROPYTHON_DIR` names.
pub fn across() -> Result<[PathBuf; 2]> {
    let all = places::target().join("natmod");
    let (old, new) = match source::named() {
        Some(_) => (places::target().join("oldest/natmod"), all),
        None => (all, places::target().join("newest/natmod")),
    };
    for (source, folder) in [(source::oldest()?, &old), (source::newest()?, &new)] {
        with_boards(&source, folder)?;
    }
    Ok([old, new])
}

fn with_boards(source: &Source, folder: &Path) -> Result {
    let stock = folder.join("stock");
    natmod::with(source, &ARCHES, folder)?;
    qemu::without_module_on_first(source, &stock)?;
    qemu::xtensa_without_module(source, &stock).map(drop)
}
