//! The local cloud: how is it run, by a person or by the demo?

mod control;
mod instance;

pub use instance::{About, Instance};

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{self, Purpose};
use crate::{Failure, Result, cargo, places, step};

/// Runs it, as `cargo xtask cloud …` asks; with the same files from whatever folder it is asked, if that names none.
pub fn run(arguments: &[String]) -> Result {
    let mut command = Command::new(program()?);
    let folder = asked_folder(arguments).unwrap_or_else(usual_folder);
    note(&folder)?;
    command.args(arguments).arg("--dir").arg(folder);
    let error = command.exec();
    Err(step::cannot_start(&command, &error))
}

/// The cloud that a person has running, if there is one: of a late `cargo xtask cloud`, or one with the usual files.
pub fn running() -> Option<About> {
    late_folders().into_iter().chain([usual_folder()]).find_map(|folder| About::running(&folder))
}

/// How many folders are looked through.
const LATE: usize = 8;

/// Puts this folder first among those that clouds had. The one before may belong to a cloud that runs.
fn note(folder: &Path) -> Result {
    let others = late_folders().into_iter().filter(|other| other != folder).take(LATE - 1);
    let lines: String =
        [folder.to_owned()].into_iter().chain(others).map(|path| format!("{}\n", path.display())).collect();
    fs::write(noted(), lines).map_err(|e| Failure::at("write", &noted(), e))
}

fn late_folders() -> Vec<PathBuf> {
    fs::read_to_string(noted()).unwrap_or_default().lines().map(PathBuf::from).collect()
}

fn usual_folder() -> PathBuf {
    places::target().join("local-cloud")
}

/// The list of those folders.
fn noted() -> PathBuf {
    places::target().join("clouds.txt")
}

/// The folder that `--dir` names.
fn asked_folder(arguments: &[String]) -> Option<PathBuf> {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let apart = pairs.filter(|(option, _)| *option == "--dir").map(|(_, folder)| folder.as_str());
    let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--dir="));
    let folder = apart.chain(joined).last()?;
    Some(std::path::absolute(folder).unwrap_or_else(|_| folder.into()))
}

/// The launcher, built anew where something has changed.
pub fn program() -> Result<PathBuf> {
    setup::ensure(&[Purpose::Cloud])?;
    cargo::local_cloud()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_in_two_ways() {
        let asked = |words: &[&str]| asked_folder(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(asked(&["--quiet", "--for", "3"]), None);
        assert_eq!(asked(&["--dir", "/a", "--quiet"]), Some("/a".into()));
        assert_eq!(asked(&["--quiet", "--dir=/b"]), Some("/b".into()));
        assert_eq!(asked(&["--dir"]), None);
    }
}
