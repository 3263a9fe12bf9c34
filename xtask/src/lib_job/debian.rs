//! How does a compiler with core's source come from Debian? Its packages `rustc-web` and `rust-web-src`, and what they
//! need and the system does not have: downloaded and verified by apt with lists of our own, unpacked under `target/`,
//! never installed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::script::{self, Word};
use crate::{Failure, Result, places, programs, quiet, step};

const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// The compiler, if it was fetched before; core's source is where it looks for it.
pub fn fetched() -> Option<PathBuf> {
    Some(folder().join("tree/rustc")).filter(|compiler| compiler.is_file())
}

/// Fetches the compiler.
pub fn fetch() -> Result<PathBuf> {
    if programs::find("apt-get").is_none() || programs::find("dpkg").is_none() {
        return Err("this is not a Debian system either, where apt has a compiler with its source".into());
    }
    fill(&folder()).map_err(|why| Failure::new(format!("apt did not bring {} either: {why}", PACKAGES.join(", "))))?;
    fetched().ok_or_else(|| "what apt brought has no compiler".into())
}

fn folder() -> PathBuf {
    places::target().join("lib/debian")
}

/// Fills a new tree and gives it its name only when it is complete.
fn fill(folder: &Path) -> Result {
    let packages = folder.join("packages");
    let unfinished = folder.join("unfinished");
    for old in [&packages, &unfinished] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(|e| Failure::at("remove", old, e))?;
        }
    }
    for new in ["lists/partial", "cache/archives/partial", "packages", "unfinished"].map(|name| folder.join(name)) {
        fs::create_dir_all(&new).map_err(|e| Failure::at("make", &new, e))?;
    }
    step::run("asking apt for Debian's Rust compiler", "lib-apt-update", apt("apt-get", folder).arg("update"))?;
    let missing = missing(folder)?;
    let mut download = apt("apt-get", folder);
    download.current_dir(&packages).arg("download").args(&missing);
    step::run("fetching Debian's Rust compiler and its source", "lib-apt-download", &mut download)?;

    let archives = fs::read_dir(&packages).map_err(|e| Failure::at("read", &packages, e))?;
    for archive in archives.filter_map(|entry| Some(entry.ok()?.path())) {
        let mut unpack = Command::new("dpkg");
        unpack.arg("-x").arg(&archive).arg(&unfinished);
        let name = archive.file_name().unwrap_or_default().to_string_lossy();
        step::run(&format!("unpacking {name}"), "lib-dpkg", &mut unpack)?;
    }
    let tree = folder.join("tree");
    wrapper(&unfinished)?;
    if tree.exists() {
        fs::remove_dir_all(&tree).map_err(|e| Failure::at("remove", &tree, e))?;
    }
    fs::rename(&unfinished, &tree).map_err(|e| Failure::at("make", &tree, e))?;
    fs::remove_dir_all(&packages).map_err(|e| Failure::at("remove", &packages, e))
}

/// What `PACKAGES` are and need, as far as the system does not have it.
fn missing(folder: &Path) -> Result<BTreeSet<String>> {
    let mut ask = apt("apt-cache", folder);
    ask.args(["depends", "--recurse", "--important"]).args(PACKAGES);
    let needed = step::output("asking apt what Debian's Rust compiler needs", "lib-apt-depends", &mut ask)?;
    let needed = needed.lines().filter(|line| !line.starts_with([' ', '<', '|']));
    Ok(needed.filter(|name| !is_installed(name)).map(str::to_owned).collect())
}

fn is_installed(package: &str) -> bool {
    let ask = ["--show", "--showformat=${db:Status-Status}\n", package];
    quiet::answer(Command::new("dpkg-query").args(ask))
        .is_some_and(|states| states.lines().any(|state| state == "installed"))
}

/// apt with its lists and cache in `folder`; the sources are the system's, and it verifies as ever.
fn apt(program: &str, folder: &Path) -> Command {
    let mut apt = Command::new(program);
    apt.env("LC_ALL", "C");
    apt.arg("-o").arg(format!("Dir::State::lists={}", folder.join("lists").display()));
    apt.arg("-o").arg(format!("Dir::Cache={}", folder.join("cache").display()));
    for setting in ["Acquire::Languages=none", "Acquire::Retries=2", "Acquire::http::Timeout=20"] {
        apt.args(["-o", setting]);
    }
    apt
}

/// Puts into `tree` what starts its compiler, with the libraries that came with it.
fn wrapper(tree: &Path) -> Result {
    let libraries = tree.join(library_folder(tree)?);
    let words =
        ["env".into(), Word::Places("LD_LIBRARY_PATH", vec![libraries]), Word::Place(tree.join("usr/bin/rustc"))];
    script::write(&tree.join("rustc"), &words)
}

/// Where in the tree the shared libraries lie: `usr/lib/` and Debian's name of this machine.
fn library_folder(tree: &Path) -> Result<String> {
    let folder = format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    if tree.join(&folder).is_dir() { Ok(folder) } else { Err("its libraries are not where they were expected".into()) }
}
