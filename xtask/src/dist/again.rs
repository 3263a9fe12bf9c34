//! Does a release come out the same in another folder? A part of it is made again from a copy of the sources: the archive for
//! this computer and the native module for it, with what comes along.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result, places, programs, quiet, step};

/// What is made again.
const PARTS: [&str; 2] = ["x86_64", "x64"];

/// What was fetched for the jobs: it is the same in every folder, so the copy shares it.
const FETCHED: [&str; 5] = ["lib/debian", "micropython", "npm", "venv", "xtensa"];

/// The file that lists the files, and so differs for a part of a release.
const CONTENTS: &str = "CONTENTS.md";

/// Makes a part of `release` again. Each file must be the one that `release` has, by its line in the file `sums`.
pub fn compare(release: &Path, sums: &str) -> Result {
    let (copy, target) = copy()?;
    let mut xtask = Command::new(programs::own()?);
    xtask.arg("dist").args(PARTS).current_dir(&copy);
    xtask.env("CARGO_MANIFEST_DIR", copy.join("xtask")).env("CARGO_TARGET_DIR", &target);
    step::run("making a part of the release in another folder", "dist-again", &mut xtask)?;
    let read = |file: &Path| fs::read_to_string(file).map_err(|e| Failure::at("read", file, e));
    let (before, after) = (read(&release.join(sums))?, read(&target.join("dist").join(sums))?);
    let compared = after.lines().filter(|line| !line.ends_with(CONTENTS));
    let others: Vec<&str> = compared.clone().filter(|line| !before.lines().any(|other| other == *line)).collect();
    let names: Vec<&str> = others.iter().filter_map(|line| Some(line.split_once("  ")?.1)).collect();
    if !names.is_empty() {
        let (here, there) = (places::shown(release), places::shown(&target.join("dist")));
        return Err(Failure::new(format!("not the same in {here} and in {there}: {}", names.join(", "))));
    }
    println!("the same in another folder: {} files", compared.count());
    fs::remove_dir_all(&copy).map_err(|e| Failure::at("remove", &copy, e))
}

/// A copy of the sources, and its folder `target`, where nothing is built yet.
fn copy() -> Result<(PathBuf, PathBuf)> {
    let top = places::target().join("dist-again");
    if top.exists() {
        fs::remove_dir_all(&top).map_err(|e| Failure::at("remove", &top, e))?;
    }
    let copy = top.join("a-folder-with-another-name");
    let mut list = Command::new("git");
    list.current_dir(places::root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let files = quiet::answer(&mut list).ok_or("git does not list the files of the repository")?;
    for file in files.split_terminator('\0') {
        let (from, to) = (places::root().join(file), copy.join(file));
        if !from.is_file() {
            continue; // It is removed, but not yet from the index.
        }
        make_above(&to)?;
        fs::copy(&from, &to).map_err(|e| Failure::at("copy", &from, e))?;
    }
    let target = copy.join("target");
    for name in FETCHED {
        let (from, to) = (places::target().join(name), target.join(name));
        if from.exists() {
            make_above(&to)?;
            symlink(&from, &to).map_err(|e| Failure::at("make", &to, e))?;
        }
    }
    Ok((copy, target))
}

fn make_above(file: &Path) -> Result {
    let above = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above).map_err(|e| Failure::at("make", above, e))
}
