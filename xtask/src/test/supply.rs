//! What does the build take from others, and is something known against it? Every Rust package comes from crates.io with a
//! checksum, its licence is one of a list, and the library has each of its packages once. Whether a vulnerability is known,
//! `cargo audit` says where it is installed and its database can be had.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::{Failure, Result, cargo, places, step};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// What may be linked into firmware.
const LICENCES: [&str; 7] = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Unicode-3.0", "Unlicense"];
/// What only runs here: cbindgen's, and that of what `object` writes files with.
const LICENCES_OF_TOOLS: [&str; 2] = ["MPL-2.0", "Zlib"];

/// Returns what the summary has to add, if there is something.
pub fn run() -> Result<Option<&'static str>> {
    locked()?;
    licences()?;
    library()?;
    audit()
}

fn locked() -> Result {
    let file = places::root().join("Cargo.lock");
    let text = fs::read_to_string(&file).map_err(|e| Failure::at("read", &file, e))?;
    let wrong: Vec<&str> = text.split("[[package]]").skip(1).filter_map(unlocked).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(format!("Cargo.lock: {}", wrong.join(", ")))) }
}

/// The name of a package of Cargo.lock that comes from elsewhere, or without a checksum. Those without a source are ours.
fn unlocked(package: &str) -> Option<&str> {
    let field = |name: &str| package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
    let ours = field("source").is_none();
    let good = field("source") == Some(&format!("\"{REGISTRY}\"")) && field("checksum").is_some();
    (!ours && !good).then(|| field("name").unwrap_or("a package"))
}

fn licences() -> Result {
    let mut cargo = cargo::command();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    let said = step::output("asking cargo for licences", "supply-metadata", &mut cargo)?;
    let said: Value = serde_json::from_str(&said).map_err(|_| Failure::new("cargo metadata is no JSON"))?;
    let packages = said["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let mut wrong = Vec::new();
    for package in packages {
        let text = |name: &str| package[name].as_str().unwrap_or("none");
        if !allows(text("license"), &[&LICENCES[..], &LICENCES_OF_TOOLS].concat()) {
            wrong.push(format!("{} ({})", text("name"), text("license")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(format!("other licences: {}", wrong.join(", ")))) }
}

/// Whether an SPDX expression leaves a choice of licences that are all among `allowed`.
fn allows(expression: &str, allowed: &[&str]) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let one = |licence: &str| {
        let licence = licence.split(" WITH ").next().unwrap_or_default().trim();
        allowed.contains(&licence)
    };
    plain.split(" AND ").all(|part| part.split(" OR ").any(one))
}

/// What firmware gets: nothing twice, and no licence of a tool.
fn library() -> Result {
    let mut cargo = cargo::command();
    cargo.args(["tree", "--locked", "--package", "aliyun-iot", "--all-features", "--edges", "normal"]);
    cargo.args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"]);
    let said = step::output("asking cargo what the library is made of", "supply-tree", &mut cargo)?;
    let mut versions: BTreeMap<&str, &str> = BTreeMap::new();
    for line in said.lines() {
        let (package, licence) = line.split_once('\t').unwrap_or((line, ""));
        let (name, version) = package.split_once(' ').unwrap_or((package, ""));
        if versions.insert(name, version).is_some_and(|other| other != version) {
            return Err(Failure::new(format!("the library has {name} in two versions")));
        }
        if !allows(licence, &LICENCES) {
            return Err(Failure::new(format!("the library has {name}, whose licence is {licence}")));
        }
    }
    println!("the library is made of {}", versions.keys().copied().collect::<Vec<_>>().join(", "));
    Ok(())
}

/// Known vulnerabilities of all packages.
fn audit() -> Result<Option<&'static str>> {
    let is_there =
        |arguments: &[&str]| cargo::command().args(arguments).output().is_ok_and(|said| said.status.success());
    if !is_there(&["audit", "--version"]) {
        return Ok(Some(
            "Rust packages were not looked up in the database of vulnerabilities: `cargo install cargo-audit` for that",
        ));
    }
    // Fetching the database fails in another way than finding something in it.
    let fetched = cargo::command().args(["audit", "--json"]).current_dir(places::root()).output();
    let said = fetched.map_err(|e| Failure::new(format!("cannot run cargo audit: {e}")))?;
    match serde_json::from_slice::<Value>(&said.stdout) {
        Ok(_) if said.status.success() => Ok(None),
        Ok(_) => Err("cargo audit knows of vulnerabilities; run it for more".into()),
        Err(_) => {
            Ok(Some("Rust packages were not looked up in the database of vulnerabilities: it cannot be had here"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_chosen_and_added() {
        for good in
            ["MIT", "MIT OR GPL-3.0", "Apache-2.0/MIT", "(MIT OR X) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(allows(good, &LICENCES), "{good}");
        }
        for bad in ["", "none", "GPL-3.0", "MIT AND GPL-3.0", "MPL-2.0", "LGPL-2.1-or-later"] {
            assert!(!allows(bad, &LICENCES), "{bad}");
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_named() {
        let package = |source: &str, checksum: &str| format!("\nname = \"a\"\nversion = \"1\"\n{source}{checksum}");
        let registry = format!("source = \"{REGISTRY}\"\n");
        assert_eq!(unlocked(&package(&registry, "checksum = \"0\"\n")), None);
        assert_eq!(unlocked(&package("", "")), None);
        assert_eq!(unlocked(&package(&registry, "")), Some("\"a\""));
        assert_eq!(unlocked(&package("source = \"git+https://host/a\"\n", "")), Some("\"a\""));
    }
}
