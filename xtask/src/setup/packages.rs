//! How does the system's package manager install something?

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::tools::Tool;
use crate::{Failure, Result, programs, step};

/// A package manager, the rest of the line that a person types for it, and how a tool's package is called there.
struct Manager {
    program: &'static str,
    install: &'static str,
    takes_root: bool,
    package: fn(&Tool) -> &'static str,
}

const MANAGERS: [Manager; 4] = [
    manager("apt-get", "install --no-install-recommends", |tool| tool.apt),
    manager("dnf", "install", |tool| tool.dnf),
    manager("pacman", "-S --needed", |tool| tool.pacman),
    Manager { takes_root: false, ..manager("brew", "install", |tool| tool.brew) },
];

const fn manager(program: &'static str, install: &'static str, package: fn(&Tool) -> &'static str) -> Manager {
    Manager { program, install, takes_root: true, package }
}

/// Installs `tools` with apt; with another manager, stops with the line to type.
pub fn install(tools: &[&Tool]) -> Result {
    let names: Vec<&str> = tools.iter().map(|tool| tool.name).collect();
    let names = names.join(", ");
    let manager = MANAGERS
        .iter()
        .find(|manager| programs::find(manager.program).is_some())
        .ok_or_else(|| Failure::new(format!("missing: {names}; install them and try again")))?;

    let mut packages: Vec<&str> = tools.iter().map(|tool| (manager.package)(tool)).collect();
    packages.sort_unstable();
    packages.dedup();
    let sudo = if manager.takes_root && !is_root() { "sudo " } else { "" };
    let to_type = format!("{sudo}{} {} {}", manager.program, manager.install, packages.join(" "));
    let missing = |why: &str| Failure::new(format!("missing: {names}; type `{to_type}`{why}"));

    if manager.program != "apt-get" || !(is_root() || programs::find("sudo").is_some()) {
        return Err(missing(""));
    }
    with_apt(&packages).map_err(|why| missing(&format!(", which failed here: {why}")))?;
    if packages.contains(&"mosquitto") && Path::new("/run/systemd/system").exists() {
        eprintln!(
            "    (The package also starts a broker on port 1883, which nothing here uses; \
             `sudo systemctl disable --now mosquitto` stops it.)"
        );
    }
    Ok(())
}

fn with_apt(packages: &[&str]) -> Result {
    let with_sudo = if is_root() { "" } else { ", with sudo" };
    step::say(&format!("installing {} with apt{with_sudo}", packages.join(" ")));
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    let first = apt_knows_packages().then(|| quietly(&install));
    if matches!(first, Some(Ok(()))) {
        return Ok(());
    }
    refresh()?;
    step::run("installing with apt", "apt-install", &mut apt(&install))
}

/// Brings the lists of packages up to date.
pub fn refresh() -> Result {
    step::run("updating apt's lists", "apt-update", &mut apt(&["update"]))
}

/// The first try; when the lists are too old, the second one follows an update.
fn quietly(install: &[&str]) -> std::io::Result<()> {
    let status = apt(install).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() {
        return Ok(());
    }
    Err(std::io::ErrorKind::Other.into())
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    command.args(["-o", "DPkg::Lock::Timeout=300"]);
    command.args(arguments);
    command
}

/// Images for containers come without the lists of packages.
fn apt_knows_packages() -> bool {
    fs::read_dir("/var/lib/apt/lists").is_ok_and(|mut lists| {
        lists.any(|list| list.is_ok_and(|list| list.file_name().to_string_lossy().contains("_Packages")))
    })
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
