//! How do packages of Debian's come that must not be installed, since they conflict with others or with rustup? apt
//! downloads and verifies them with lists of our own; they are unpacked under `target/`, with what they need and the system
//! does not have.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result, places, programs, quiet, step};

/// Packages that are unpacked together.
pub struct Unpacked {
    /// What they are, for people: "Debian's Rust compiler".
    pub name: &'static str,
    pub packages: &'static [&'static str],
    /// Below `target/`: lists, cache and the tree.
    pub folder: &'static str,
    /// Begins the names of the logs.
    pub log: &'static str,
}

impl Unpacked {
    /// Where the unpacked files lie, or will lie.
    pub fn tree(&self) -> PathBuf {
        self.folder().join("tree")
    }

    /// Fetches and unpacks the packages. `finish` is given the new tree before it takes the place of an old one.
    pub fn fetch(&self, finish: impl FnOnce(&Path) -> Result) -> Result {
        if programs::find("apt-get").is_none() || programs::find("dpkg").is_none() {
            return Err(Failure::new(format!("this is not a Debian system, where apt has {}", self.name)));
        }
        self.fill(finish).map_err(|why| Failure::new(format!("apt did not bring {}: {why}", self.packages.join(", "))))
    }

    fn folder(&self) -> PathBuf {
        places::target().join(self.folder)
    }

    /// Fills a new tree and gives it its name only when it is complete.
    fn fill(&self, finish: impl FnOnce(&Path) -> Result) -> Result {
        let folder = self.folder();
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
        self.run(&format!("asking apt for {}", self.name), "apt-update", apt("apt-get", &folder).arg("update"))?;
        let missing = self.missing(&folder)?;
        let mut download = apt("apt-get", &folder);
        download.current_dir(&packages).arg("download").args(&missing);
        self.run(&format!("fetching {}", self.name), "apt-download", &mut download)?;

        let archives = fs::read_dir(&packages).map_err(|e| Failure::at("read", &packages, e))?;
        for archive in archives.filter_map(|entry| Some(entry.ok()?.path())) {
            let mut unpack = Command::new("dpkg");
            unpack.arg("-x").arg(&archive).arg(&unfinished);
            let name = archive.file_name().unwrap_or_default().to_string_lossy();
            self.run(&format!("unpacking {name}"), "dpkg", &mut unpack)?;
        }
        finish(&unfinished)?;
        let tree = self.tree();
        if tree.exists() {
            fs::remove_dir_all(&tree).map_err(|e| Failure::at("remove", &tree, e))?;
        }
        fs::rename(&unfinished, &tree).map_err(|e| Failure::at("make", &tree, e))?;
        fs::remove_dir_all(&packages).map_err(|e| Failure::at("remove", &packages, e))
    }

    /// The packages and what they need, as far as the system does not have it.
    fn missing(&self, folder: &Path) -> Result<BTreeSet<String>> {
        let mut ask = apt("apt-cache", folder);
        ask.args(["depends", "--recurse", "--important"]).args(self.packages);
        let title = format!("asking apt for the dependencies of {}", self.name);
        let needed = step::output(&title, &format!("{}-apt-depends", self.log), &mut ask)?;
        let needed = needed.lines().filter(|line| !line.starts_with([' ', '<', '|']));
        let missing: BTreeSet<String> = needed.filter(|name| !is_installed(name)).map(str::to_owned).collect();
        // A package that is installed is of no use here: the tree has to hold it.
        Ok(missing.into_iter().chain(self.packages.iter().map(|name| (*name).to_owned())).collect())
    }

    fn run(&self, title: &str, log: &str, command: &mut Command) -> Result {
        step::run(title, &format!("{}-{log}", self.log), command)
    }
}

/// Where in a tree the shared libraries lie: `usr/lib/` and Debian's name of this machine.
pub fn libraries(tree: &Path) -> Result<PathBuf> {
    let folder = tree.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    if folder.is_dir() { Ok(folder) } else { Err("its libraries are not where they were expected".into()) }
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
