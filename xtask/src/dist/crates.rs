//! Which Rust packages does a build of the library link? `cargo metadata` names them, and Cargo.lock has their checksums.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::lib_job::Recipe;
use crate::{Failure, Result, cargo, places, step};

/// The library's own.
pub const OURS: &str = "aliyun-iot";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crate {
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub licence: String,
    pub repository: Option<String>,
    /// SHA-256 of the file that comes from the registry.
    pub checksum: Option<String>,
    /// Where its source lies here.
    pub folder: PathBuf,
    /// What it links, each as [`Crate::id`] has it.
    pub links: BTreeSet<String>,
}

impl Crate {
    /// Its package URL.
    pub fn id(&self) -> String {
        id(&self.name, &self.version)
    }
}

fn id(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{version}")
}

/// The packages that a build links, the library itself among them, in the order of their names.
pub fn linked(recipe: &Recipe) -> Result<Vec<Crate>> {
    let mut cargo = cargo::command();
    cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform"]).arg(recipe.target.for_cargo());
    if recipe.target.described.is_some() {
        cargo.arg("-Zjson-target-spec").env("RUSTC_BOOTSTRAP", "1");
    }
    cargo.args(["--no-default-features", "--features", &recipe.features()]);
    let said = step::output("asking cargo what the library links", "dist-metadata", &mut cargo)?;
    let said: Value = serde_json::from_str(&said).map_err(|_| Failure::new("cargo metadata is no JSON"))?;
    let lock = places::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(|e| Failure::at("read", &lock, e))?;
    reached(&said, &tree(recipe)?, &checksums(&lock))
        .ok_or_else(|| "cargo metadata does not name what the library links".into())
}

/// The packages of the build, each as [`Crate::id`] has it. `cargo metadata` also has those that another package of this
/// workspace, which uses the library with more features, asks for.
fn tree(recipe: &Recipe) -> Result<BTreeSet<String>> {
    let mut cargo = cargo::command();
    cargo.args(["tree", "--locked", "--package", OURS, "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    cargo.args(["--no-default-features", "--features", &recipe.features(), "--target"]).arg(recipe.target.for_cargo());
    if recipe.target.described.is_some() {
        cargo.arg("-Zjson-target-spec").env("RUSTC_BOOTSTRAP", "1");
    }
    let said = step::output("asking cargo what the build uses", "dist-tree", &mut cargo)?;
    let packages = said.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(id(words.next()?, words.next()?.strip_prefix('v')?))
    });
    Ok(packages.collect())
}

/// Follows what cargo says of dependencies from the library on, as far as they are in the `tree` of the build.
fn reached(said: &Value, tree: &BTreeSet<String>, checksums: &BTreeMap<String, String>) -> Option<Vec<Crate>> {
    let by_id = |list: &'static str| -> Option<BTreeMap<&str, &Value>> {
        let list = if list == "nodes" { &said["resolve"]["nodes"] } else { &said[list] };
        list.as_array()?.iter().map(|one| Some((one["id"].as_str()?, one))).collect()
    };
    let (packages, nodes) = (by_id("packages")?, by_id("nodes")?);
    let named = |package: &str| -> Option<String> {
        let package = packages.get(package)?;
        Some(id(package["name"].as_str()?, package["version"].as_str()?))
    };
    let mut left = vec![*packages.iter().find(|(_, package)| package["name"] == OURS)?.0];
    let mut found = BTreeMap::new();
    while let Some(next) = left.pop() {
        if found.contains_key(next) {
            continue;
        }
        // Tests and build scripts use others, which are not linked.
        let is_linked = |link: &&Value| {
            let kinds = link["dep_kinds"].as_array();
            let is_used = link["pkg"].as_str().and_then(named).is_some_and(|id| tree.contains(&id));
            is_used && kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
        };
        let links = nodes.get(next)?["deps"].as_array()?.iter().filter(is_linked);
        let links: Vec<&str> = links.map(|link| link["pkg"].as_str()).collect::<Option<_>>()?;
        let package = packages.get(next)?;
        let text = |name: &str| package[name].as_str().map(str::to_owned);
        let (name, version) = (text("name")?, text("version")?);
        let one = Crate {
            licence: text("license").unwrap_or_default().replace('/', " OR "),
            repository: text("repository"),
            checksum: checksums.get(&id(&name, &version)).cloned(),
            folder: PathBuf::from(package["manifest_path"].as_str()?).parent()?.to_owned(),
            links: links.iter().map(|link| named(link)).collect::<Option<_>>()?,
            name,
            version,
        };
        found.insert(next, one);
        left.extend(links);
    }
    let mut found: Vec<Crate> = found.into_values().collect();
    found.sort();
    Some(found)
}

/// The checksums of Cargo.lock, each with the package's [`id`].
fn checksums(lock: &str) -> BTreeMap<String, String> {
    let of_package = |package: &str| {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
            Some(line.trim_matches('"').to_owned())
        };
        Some((id(&field("name")?, &field("version")?), field("checksum")?))
    };
    lock.split("[[package]]").filter_map(of_package).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_only_tests_and_build_scripts_use_is_not_linked() {
        let package = |name: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0",
                "manifest_path": format!("/r/{name}/Cargo.toml") })
        };
        let link = |to: &str, kind: Value| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        let said = json!({
            "packages": [package("aliyun-iot"), package("a"), package("b"), package("c"), package("d")],
            "resolve": { "nodes": [
                { "id": "aliyun-iot", "deps": [link("a", Value::Null), link("c", json!("dev"))] },
                { "id": "a", "deps": [link("b", Value::Null), link("d", json!("build"))] },
                { "id": "b", "deps": [] }, { "id": "c", "deps": [] }, { "id": "d", "deps": [] },
            ] },
        });
        let sums = checksums("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nchecksum = \"77\"\n");
        let tree = ["a", "aliyun-iot", "b", "c", "d"].map(|name| id(name, "1.0.0")).into();
        let found = reached(&said, &tree, &sums).expect("packages");
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a", "aliyun-iot", "b"]);
        assert_eq!(found[0].licence, "MIT OR Apache-2.0");
        assert_eq!(found[0].links.iter().collect::<Vec<_>>(), ["pkg:cargo/b@1.0.0"]);
        assert_eq!((found[0].checksum.as_deref(), found[2].checksum.as_deref()), (None, Some("77")));
        assert!(reached(&json!({}), &tree, &sums).is_none());
        let others = [id("a", "1.0.0")].into();
        let found = reached(&said, &others, &sums).expect("packages");
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a", "aliyun-iot"]);
    }
}
