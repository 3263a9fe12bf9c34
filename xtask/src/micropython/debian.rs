//! How does the source come from Debian? Its source packages `micropython` and `mbedtls` (and `lwip`, for boards), fetched
//! and verified by apt with lists and settings of our own, so that the system's stay as they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result, programs, step};

/// The release that has MicroPython 1.25 and mbedTLS 3.6.
const RELEASE: &str = "trixie";
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg"];

/// Fills `into` with MicroPython's source.
pub fn fetch(into: &Path) -> Result {
    download(&["micropython", "mbedtls"], "MicroPython and mbedTLS")?;
    unpack(&only("micropython_")?, into)?;
    // Debian's MicroPython comes without the submodules: their folders are empty.
    unpack(&only("mbedtls_")?, &into.join("lib/mbedtls"))
}

/// Fills `into` with the source of one package more.
pub fn fetch_one(package: &str, name: &str, into: &Path) -> Result {
    download(&[package], name)?;
    unpack(&only(&format!("{package}_"))?, into)
}

/// Writes to `file` one of the patches that Debian has for the package whose files' names begin with `start`.
pub fn patch(start: &str, name: &str, file: &Path) -> Result {
    let archive = newest(start, ".debian.tar.")?;
    let mut tar = Command::new("tar");
    tar.arg("-xOf").arg(&archive).arg(format!("debian/patches/{name}"));
    let text = step::output(&format!("unpacking {name}"), "micropython-patch", &mut tar)?;
    fs::write(file, text).map_err(|e| Failure::at("write", file, e))
}

/// Where lists and packages are kept.
fn work() -> PathBuf {
    super::source::folder().join("debian")
}

/// Downloads source packages, called `names` for people, from the first mirror that has them.
fn download(packages: &[&str], names: &str) -> Result {
    let keyring = KEYRINGS.into_iter().find(|keyring| Path::new(keyring).exists());
    let (Some(_), Some(keyring)) = (programs::find("apt-get"), keyring) else {
        return Err("this is not a Debian system, where apt could fetch it".into());
    };
    let folders = ["lists/partial", "cache/archives/partial", "packages"];
    for folder in folders.map(|folder| work().join(folder)) {
        fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    }
    let mut done = Err(Failure::new("this system's apt knows no mirror of Debian"));
    for mirror in mirrors() {
        done = download_from(&mirror, keyring, packages, names);
        if done.is_ok() {
            break;
        }
    }
    done
}

fn download_from(mirror: &str, keyring: &str, packages: &[&str], names: &str) -> Result {
    let list = work().join("sources.list");
    let line = format!("deb-src [signed-by={keyring}] {mirror} {RELEASE} main\n");
    fs::write(&list, line).map_err(|e| Failure::at("write", &list, e))?;

    let title = format!("asking {mirror} for the source of {names}");
    let mut update = apt();
    update.arg("update");
    step::run(&title, "micropython-apt-update", &mut update)?;
    let title = format!("fetching Debian's source of {names}");
    let mut source = apt();
    source.args(["source", "--download-only"]).args(packages);
    step::run(&title, "micropython-apt-source", &mut source)
}

/// apt with its lists, cache and sources in a folder of ours. It verifies signatures and checksums as ever.
fn apt() -> Command {
    let work = work();
    let setting = |name: &str, value: &Path| format!("{name}={}", value.display());
    let mut apt = Command::new("apt-get");
    apt.current_dir(work.join("packages")).env("LC_ALL", "C");
    for setting in [
        setting("Dir::Etc::sourcelist", &work.join("sources.list")),
        setting("Dir::Etc::sourceparts", Path::new("-")),
        setting("Dir::State::lists", &work.join("lists")),
        setting("Dir::Cache", &work.join("cache")),
        "APT::Update::Error-Mode=any".to_owned(),
        "Acquire::Languages=none".to_owned(),
        "Acquire::Retries=2".to_owned(),
        "Acquire::http::Timeout=20".to_owned(),
        "Acquire::https::Timeout=20".to_owned(),
    ] {
        apt.args(["-o", &setting]);
    }
    apt
}

/// The mirrors that this system's own apt uses for Debian.
fn mirrors() -> Vec<String> {
    let format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
    let known = Command::new("apt-get").args(["indextargets", "--format", format, "Created-By: Packages"]).output();
    let known = known.map_or_else(|_| Vec::new(), |known| known.stdout);
    let mut mirrors = Vec::new();
    for line in String::from_utf8_lossy(&known).lines() {
        let mut words = line.split(' ');
        let (Some(release), Some("main"), Some(mirror)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let mirror = mirror.trim_end_matches('/').to_owned();
        let is_debian = !release.contains(['-', '/']) && mirror.ends_with("/debian");
        if is_debian && !mirrors.contains(&mirror) {
            mirrors.push(mirror);
        }
    }
    mirrors
}

fn unpack(archive: &Path, into: &Path) -> Result {
    fs::create_dir_all(into).map_err(|e| Failure::at("make", into, e))?;
    let mut tar = Command::new("tar");
    tar.arg("-xf").arg(archive).arg("-C").arg(into);
    tar.args(["--strip-components=1", "--no-same-owner"]);
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let title = format!("unpacking {name}");
    step::run(&title, "micropython-unpack", &mut tar)
}

/// The newest upstream tarball whose name begins with `start`.
fn only(start: &str) -> Result<PathBuf> {
    newest(start, ".orig.tar.")
}

fn newest(start: &str, kind: &str) -> Result<PathBuf> {
    let folder = work().join("packages");
    let found = fs::read_dir(&folder).map_err(|e| Failure::at("read", &folder, e))?;
    let mut tarballs: Vec<PathBuf> = found
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(start) && name.contains(kind) && !name.ends_with(".asc")
        })
        .collect();
    tarballs.sort();
    tarballs.pop().ok_or_else(|| Failure::new(format!("apt brought no {start}*{kind}*")))
}
