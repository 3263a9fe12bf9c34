//! How is the unix port built? By MicroPython's own Makefile, out of its tree, as the variant
//! `ports/unix/variant`, with `micropython/` as a user C module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::source::Source;
use crate::{Failure, Result, places, step};

/// The program, linked with `library`.
pub fn unix(source: &Source, library: &Path) -> Result<PathBuf> {
    let root = places::root();
    let folder = places::target().join("unix");
    let variant = root.join("ports/unix/variant");
    let program = folder.join("build/micropython-aliyunIoT");

    let settings = [
        set("BUILD", &folder.join("build")),
        set("VARIANT_DIR", &variant),
        "VARIANT=aliyunIoT".to_owned(),
        set("USER_C_MODULES", &root),
        set("ALIYUN_IOT_LIB", library),
        set("ALIYUN_IOT_INCLUDE", &root.join("include")),
        set("MICROPY_MPYCROSS", &folder.join("mpy-cross/mpy-cross")),
    ];
    // make does not see a change in any of these.
    let made_from = [
        source.tree.display().to_string(),
        source.version.to_string(),
        settings.join("\n"),
        text(&variant.join("mpconfigvariant.mk")),
        text(&root.join("micropython/micropython.mk")),
    ]
    .join("\n");
    let stamp = folder.join("made-from");
    if changed(&stamp, &made_from) && folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| Failure::at("remove", &folder, e))?;
    }
    let linked_with = folder.join("linked-with");
    let library_now = state(library);
    if changed(&linked_with, &library_now) && program.exists() {
        fs::remove_file(&program).map_err(|e| Failure::at("remove", &program, e))?;
    }
    fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    write(&stamp, &made_from)?;

    compiler(source, &folder.join("mpy-cross"))?;
    let mut make = make(source, "ports/unix");
    make.args(&settings);
    let title = format!("building MicroPython {} (unix port)", source.version);
    step::run(&title, "micropython-unix", &mut make)?;
    write(&linked_with, &library_now)?;
    Ok(program)
}

/// mpy-cross, which compiles the frozen modules.
fn compiler(source: &Source, build: &Path) -> Result {
    if build.join("mpy-cross").exists() {
        return Ok(());
    }
    let mut make = make(source, "mpy-cross");
    make.arg(set("BUILD", build));
    let title = format!("building MicroPython {} (mpy-cross)", source.version);
    step::run(&title, "mpy-cross", &mut make)
}

fn make(source: &Source, part: &str) -> Command {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut make = Command::new("make");
    make.arg(format!("-j{jobs}"));
    make.arg("-C").arg(source.tree.join(part));
    if !source.tree.join(".git").exists() {
        // Else MicroPython takes the git repository around it, ours, for its own.
        make.env("MICROPY_GIT_TAG", format!("v{}", source.version));
        make.env("MICROPY_GIT_HASH", "");
    }
    make
}

fn set(variable: &str, path: &Path) -> String {
    format!("{variable}={}", path.display())
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

/// What tells one build of a file from the next.
fn state(file: &Path) -> String {
    let about = fs::metadata(file);
    let when = about.as_ref().ok().and_then(|about| about.modified().ok());
    let size = about.map_or(0, |about| about.len());
    format!("{} {size} {when:?}\n", file.display())
}

fn changed(stamp: &Path, now: &str) -> bool {
    text(stamp) != now
}

fn write(file: &Path, text: &str) -> Result {
    fs::write(file, text).map_err(|e| Failure::at("write", file, e))
}
