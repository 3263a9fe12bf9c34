//! How does the source come from Debian? Its source packages `micropython` and `mbedtls` (and `lwip`, for boards), fetched
//! and verified by apt with lists and settings of our own, so that the system's stay as they are. Debian's patches are
//! applied, and of a stable release its security updates are asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Result, places, programs, step};

/// A release, and whether there are security updates for it.
#[derive(Clone, Copy)]
pub struct Release {
    name: &'static str,
    has_security: bool,
}

/// It has MicroPython 1.25, mbedTLS 3.6 and lwIP 2.2.
pub const STABLE: Release = Release { name: "trixie", has_security: true };
/// It has the newest MicroPython that Debian has. (mbedTLS and lwIP are always taken of the stable release.)
pub const UNSTABLE: Release = Release { name: "sid", has_security: false };

const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg"];

/// How the names of patches end that are for Debian's own build: with them MicroPython takes its version from Debian's
/// changelog, and mbedTLS from the system's libraries.
const NOT_FOR_US: [&str; 2] = ["Use-fixed-mpversion.patch", "Use-system-mbedtls.patch"];

/// Whether this is a system whose apt can fetch from Debian.
pub fn is_here() -> bool {
    programs::find("apt-get").is_some() && keyring().is_some() && !mirrors(&known_to_apt()).is_empty()
}

fn keyring() -> Option<&'static str> {
    KEYRINGS.into_iter().find(|keyring| Path::new(keyring).exists())
}

/// Fills `into` with MicroPython's source.
pub fn fetch(release: Release, into: &Path) -> Result {
    unpack(&download(release, "micropython", "MicroPython")?, into)?;
    // Debian's MicroPython comes without this submodule: its folder is empty.
    unpack(&download(STABLE, "mbedtls", "mbedTLS")?, &into.join("lib/mbedtls"))
}

/// Fills `into` with the source of one package more, of the stable release.
pub fn fetch_one(package: &str, name: &str, into: &Path) -> Result {
    let unfinished = work(STABLE).join("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|e| Failure::at("remove", &unfinished, e))?;
    }
    unpack(&download(STABLE, package, name)?, &unfinished)?;
    if into.exists() {
        fs::remove_dir_all(into).map_err(|e| Failure::at("remove", into, e))?;
    }
    fs::rename(&unfinished, into).map_err(|e| Failure::at("make", into, e))
}

/// Where lists and packages of a release are kept.
fn work(release: Release) -> PathBuf {
    places::micropython().join("debian").join(release.name)
}

/// Downloads a source package, called `name` for people, from the first mirror that has it; returns the folder that has its
/// files and no others.
fn download(release: Release, package: &str, name: &str) -> Result<PathBuf> {
    let (Some(_), Some(keyring)) = (programs::find("apt-get"), keyring()) else {
        return Err("this is not a Debian system, where apt could fetch it".into());
    };
    let known = known_to_apt();
    let mut done = Err(Failure::new("this system's apt knows no mirror of Debian"));
    for mirror in mirrors(&known) {
        done = download_from(&sources(release, &mirror, security(&known, &mirror), keyring), release, package, name);
        if done.is_ok() {
            break;
        }
    }
    done
}

fn download_from(sources: &str, release: Release, package: &str, name: &str) -> Result<PathBuf> {
    let folder = work(release).join("packages").join(package);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| Failure::at("remove", &folder, e))?;
    }
    for folder in [&work(release).join("lists/partial"), &work(release).join("cache/archives/partial"), &folder] {
        fs::create_dir_all(folder).map_err(|e| Failure::at("make", folder, e))?;
    }
    let list = work(release).join("sources.list");
    fs::write(&list, sources).map_err(|e| Failure::at("write", &list, e))?;

    let title = format!("asking Debian ({}) for the source of {name}", release.name);
    step::run(&title, "micropython-apt-update", apt(release).arg("update"))?;
    let title = format!("fetching Debian's source of {name}");
    let mut source = apt(release);
    source.current_dir(&folder).args(["source", "--download-only", package]);
    step::run(&title, "micropython-apt-source", &mut source)?;
    Ok(folder)
}

/// apt's list of sources.
fn sources(release: Release, mirror: &str, security: String, keyring: &str) -> String {
    let name = release.name;
    let line = |mirror: &str, suite: &str| format!("deb-src [signed-by={keyring}] {mirror} {suite} main\n");
    let mut sources = line(mirror, name);
    if release.has_security {
        sources += &line(&security, &format!("{name}-security"));
    }
    sources
}

/// apt with its lists, cache and sources in a folder of ours. It verifies signatures and checksums as ever.
fn apt(release: Release) -> Command {
    let work = work(release);
    let setting = |name: &str, value: &Path| format!("{name}={}", value.display());
    let mut apt = Command::new("apt-get");
    apt.env("LC_ALL", "C");
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

/// What this system's own apt uses: releases and addresses.
fn known_to_apt() -> Vec<(String, String)> {
    let format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
    let known = Command::new("apt-get").args(["indextargets", "--format", format, "Created-By: Packages"]).output();
    let known = known.map_or_else(|_| Vec::new(), |known| known.stdout);
    let known = String::from_utf8_lossy(&known);
    let main = known.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (Some(release), Some("main"), Some(mirror)) = (words.next(), words.next(), words.next()) else {
            return None;
        };
        Some((release.to_owned(), mirror.trim_end_matches('/').to_owned()))
    });
    main.collect()
}

/// The mirrors of Debian among them.
fn mirrors(known: &[(String, String)]) -> Vec<String> {
    let mut mirrors = Vec::new();
    for (release, mirror) in known {
        let is_debian = !release.contains(['-', '/']) && mirror.ends_with("/debian");
        if is_debian && !mirrors.contains(mirror) {
            mirrors.push(mirror.clone());
        }
    }
    mirrors
}

/// Where security updates come from: from where this system gets its own, else from beside the mirror.
fn security(known: &[(String, String)], mirror: &str) -> String {
    let own = known.iter().find(|(release, at)| release.ends_with("-security") && at.ends_with("/debian-security"));
    own.map_or_else(|| format!("{mirror}-security"), |(_, at)| at.clone())
}

/// Unpacks the source package in `folder`, and applies Debian's patches.
fn unpack(folder: &Path, into: &Path) -> Result {
    fs::create_dir_all(into).map_err(|e| Failure::at("make", into, e))?;
    untar(&only(folder, ".orig.tar.")?, into, 1)?;
    untar(&only(folder, ".debian.tar.")?, into, 0)?;
    let patches = into.join("debian/patches");
    let series = patches.join("series");
    let Ok(series) = fs::read_to_string(series) else {
        return Ok(()); // A package without patches has no such file.
    };
    for name in series.lines().filter_map(patch_name) {
        let mut patch = Command::new("patch");
        patch.current_dir(into).args(["--strip=1", "--force", "--silent", "--no-backup-if-mismatch"]);
        patch.arg("--input").arg(patches.join(name));
        step::run(&format!("applying Debian's patch {name}"), "micropython-patch", &mut patch)?;
    }
    Ok(())
}

/// The patch that a line of `debian/patches/series` names, if it is one to apply.
fn patch_name(line: &str) -> Option<&str> {
    let name = line.split_whitespace().next().filter(|name| !name.starts_with('#'))?;
    (!NOT_FOR_US.iter().any(|end| name.ends_with(end))).then_some(name)
}

fn untar(archive: &Path, into: &Path, strip: u32) -> Result {
    let mut tar = Command::new("tar");
    tar.arg("-xf").arg(archive).arg("-C").arg(into);
    tar.arg(format!("--strip-components={strip}")).arg("--no-same-owner");
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    step::run(&format!("unpacking {name}"), "micropython-unpack", &mut tar)
}

/// The only file in `folder` with `kind` in its name.
fn only(folder: &Path, kind: &str) -> Result<PathBuf> {
    let found = fs::read_dir(folder).map_err(|e| Failure::at("read", folder, e))?;
    let mut files = found.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.contains(kind) && !name.ends_with(".asc")
    });
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(Failure::new(format!("apt brought no *{kind}*, or several"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(lines: &[(&str, &str)]) -> Vec<(String, String)> {
        lines.iter().map(|(release, at)| ((*release).to_owned(), (*at).to_owned())).collect()
    }

    #[test]
    fn security_updates_of_the_stable_release_are_asked_for() {
        let known = known(&[("bookworm", "http://a/debian"), ("bookworm-security", "http://b/debian-security")]);
        let list = sources(STABLE, "http://a/debian", security(&known, "http://a/debian"), "/k");
        let lines: Vec<&str> = list.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], "deb-src [signed-by=/k] http://a/debian trixie main");
        assert_eq!(lines[1], "deb-src [signed-by=/k] http://b/debian-security trixie-security main");
        assert_eq!(security(&[], "http://a/debian"), "http://a/debian-security");
        assert_eq!(sources(UNSTABLE, "http://a/debian", String::new(), "/k").lines().count(), 1);
        assert_eq!(mirrors(&known), ["http://a/debian"]);
    }

    #[test]
    fn all_patches_but_those_for_debians_own_build_are_applied() {
        let series = "# a comment\n\n0001-unix-Fix-Makefile.patch\n0004-py-py.mk-Use-fixed-mpversion.patch\n\
                      0006-extmod-Use-system-mbedtls.patch\nmip.patch -p1\nCVE_2026_8836\n";
        let names: Vec<&str> = series.lines().filter_map(patch_name).collect();
        assert_eq!(names, ["0001-unix-Fix-Makefile.patch", "mip.patch", "CVE_2026_8836"]);
    }

    #[test]
    fn a_package_is_unpacked_and_patched() {
        let top = std::env::temp_dir().join(format!("xtask-debian-{}", std::process::id()));
        let (package, upstream) = (top.join("package"), top.join("p-1"));
        fs::create_dir_all(top.join("debian/patches")).expect("a folder");
        fs::create_dir_all(&upstream).expect("a folder");
        fs::create_dir_all(&package).expect("a folder");
        fs::write(upstream.join("file"), "as upstream has it\n").expect("a file");
        fs::write(top.join("debian/patches/series"), "fix\nnot-there-Use-system-mbedtls.patch\n").expect("a file");
        let fix = "--- a/file\n+++ b/file\n@@ -1 +1 @@\n-as upstream has it\n+as Debian has it\n";
        fs::write(top.join("debian/patches/fix"), fix).expect("a file");
        for (archive, folder) in [("p_1.orig.tar", "p-1"), ("p_1-1.debian.tar", "debian")] {
            let mut tar = Command::new("tar");
            tar.current_dir(&top).arg("-cJf").arg(package.join(format!("{archive}.xz"))).arg(folder);
            assert!(tar.status().expect("tar").success());
        }
        let into = top.join("into");
        let done = unpack(&package, &into).map_err(|failure| failure.to_string());
        let file = fs::read_to_string(into.join("file"));
        // A patch that does not fit is a failure, not a tree that is half patched.
        let again = unpack(&package, &into.join("other")).and_then(|()| {
            fs::write(top.join("debian/patches/fix"), fix.replace("as upstream has it", "as nobody has it")).ok();
            let mut tar = Command::new("tar");
            tar.current_dir(&top).arg("-cJf").arg(package.join("p_1-1.debian.tar.xz")).arg("debian");
            assert!(tar.status().expect("tar").success());
            unpack(&package, &into.join("third"))
        });
        fs::remove_dir_all(&top).expect("the folder to go");
        assert_eq!((done, file.ok().as_deref()), (Ok(()), Some("as Debian has it\n")));
        assert!(again.is_err());
    }
}
