//! Does all that is built from MicroPython build with the newest version that Debian has, and do the first tests pass
//! there? One board and two native modules stand for all, since versions differ and processors do not.

use std::path::PathBuf;

use crate::micropython::{self, Purpose, source};
use crate::{Result, natmod, places, qemu};

/// The native modules: one that is run, and one that is only linked.
const ARCHES: [&str; 2] = ["x64", "armv7m"];

/// What is run: on the unix port, as a native module there, on the board.
pub const TESTS: [&str; 10] = [
    "tests/examples/test_examples.py",
    "tests/micropython/test_callbacks.py",
    "tests/natmod/test_natmod_on_unix.py::test_it_is_the_native_module",
    "tests/natmod/test_natmod_on_unix.py::test_answers",
    "tests/natmod/test_natmod_on_unix.py::test_upload_file",
    "tests/natmod/test_natmod_on_unix.py::test_during_a_sleep",
    "tests/qemu/test_examples_on_the_board.py::test_post_props",
    "tests/qemu/test_examples_on_the_board.py::test_answers",
    "tests/qemu/test_examples_on_the_board.py::test_upload_file",
    "tests/qemu/test_soft_resets.py::test_a_connected_device_and_timers",
];

/// What the tests find in their environment.
pub struct Built {
    pub version: String,
    pub micropython: PathBuf,
    pub boards: PathBuf,
    pub natmod: PathBuf,
}

pub fn build() -> Result<Built> {
    let micropython = micropython::program(Purpose::Newest)?;
    let source = source::newest()?;
    let folder = places::target().join("newest");
    let (boards, modules) = (folder.join("qemu"), folder.join("natmod"));
    qemu::program_with(&source, &boards)?;
    natmod::with(&source, &ARCHES, &modules)?;
    Ok(Built { version: source.version.to_string(), micropython, boards, natmod: modules })
}
