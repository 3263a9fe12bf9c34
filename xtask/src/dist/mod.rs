//! `cargo xtask dist`: everything that a release has, in `target/dist/`.

mod again;
mod bill;
mod component;
mod contents;
mod crates;
mod description;
mod family;
mod licences;
mod parts;
mod sdk;
mod sets;
mod tree;
mod wheel;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::lib_job::{self, Recipe, toolchain};
use crate::micropython::source;
use crate::targets::{self, Target};
use crate::{Failure, Result, families, natmod, places, step};
use bill::Subject;
use contents::Release;
use crates::Crate;
use parts::Parts;
use sdk::Built;
use tree::Tree;

const SUMS: &str = "SHA256SUMS";

/// Builds what `parts` name, or all; packages for `mip` will have the address `url`.
pub fn run(parts: &[String], url: Option<&str>) -> Result {
    let folder = places::target().join("dist");
    make(&Parts::named(parts)?, url)?.write(&folder)?;
    println!("{}", folder.display());
    Ok(())
}

/// The parts that are made in every check: all packages, which are built by then, and two targets.
const FOR_TESTS: [&str; 2] = ["x86_64", "thumbv7m"];

/// What the tests of a release look at; returns its folder.
pub fn for_tests() -> Result<PathBuf> {
    let names: Vec<String> = natmod::names()?.into_iter().chain(FOR_TESTS.map(str::to_owned)).collect();
    let folder = places::target().join("dist-tests");
    make(&Parts::named(&names)?, None)?.write(&folder)?;
    Ok(folder)
}

/// Makes a part of `release`, which [`for_tests`] has made, in another folder again, and compares.
pub fn again(release: &Path) -> Result {
    again::compare(release, SUMS)
}

fn make(parts: &Parts, url: Option<&str>) -> Result<Tree> {
    let micropython = source::find_or_fetch()?;
    let version = micropython.version.to_string();
    let licences = licences::text(&all_crates()?, &micropython.tree)?;
    let mut rust = BTreeSet::new();
    let mut files = Tree::default();
    for package in &parts.packages {
        let at = url.map(|url| address(url, package));
        let made = natmod::package(package, at.as_deref())?;
        files.graft(&format!("mip/{package}"), described(&made.description)?);
        let compiler = toolchain::of(&made.recipe)?.about;
        let name = format!("native_{package}");
        let subject = Subject { name: &name, recipe: &made.recipe, compiler: &compiler, micropython: Some(&version) };
        files.add(format!("sbom/{name}.cdx.json"), bill::text(&subject, &crates::linked(&made.recipe)?));
        rust.insert(compiler);
    }
    let mut packages = vec![("python", online()?)];
    for one in &families::ALL {
        packages.push((one.name, family::package(one)?));
    }
    for (name, mut package) in packages {
        let names: Vec<&str> = package.iter().map(|(name, _)| name).collect();
        let description = natmod::describe(&names, url.map(|url| address(url, name)).as_deref());
        package.add("package.json", description);
        files.graft(&format!("mip/{name}"), package);
    }
    let mut libraries = Vec::new();
    for target in &parts.targets {
        let built = archives(target, &mut rust)?;
        files.add(format!("{}.zip", sdk::name(target)), sdk::zipped(target, &built, &licences)?);
        libraries.push((*target, built));
    }
    for component in component::ALL {
        if let Some(zip) = component::zipped(component, &libraries, &licences)? {
            files.add(component.file(), zip);
        }
    }
    files.add(wheel::name(), wheel::wheel()?);
    files.add("LICENSES.txt", licences);
    let lock = places::root().join("Cargo.lock");
    let release = Release {
        targets: &parts.targets,
        packages: &parts.packages,
        is_whole: parts.are_all()?,
        rust: rust.into_iter().collect(),
        micropython: version,
        lock: tree::sum(&std::fs::read(&lock).map_err(|e| Failure::at("read", &lock, e))?),
    };
    let page = contents::page(&release, &files)?;
    files.add("CONTENTS.md", page);
    files.add(SUMS, files.sums());
    Ok(files)
}

/// Where the files of a package will be, if the release is at `url`.
fn address(url: &str, package: &str) -> String {
    format!("{}/mip/{package}", url.trim_end_matches('/'))
}

/// For firmware that has the module built in: what the packages with a native module have in Python beside it.
fn online() -> Result<Tree> {
    let mut files = Tree::default();
    files.copy("online.py", &places::root().join("examples/online.py"))?;
    Ok(files)
}

/// The library for `target` in each set of features.
fn archives(target: &'static Target, rust: &mut BTreeSet<String>) -> Result<Vec<Built>> {
    let mut all = Vec::new();
    for set in sets::of(target) {
        step::say(&format!("the library for {} ({})", target.triple, set.name));
        let recipe = set.recipe(target);
        let library = lib_job::build(&recipe)?;
        let name = format!("{}-{}", sdk::name(target), set.name);
        let subject = Subject { name: &name, recipe: &recipe, compiler: &library.compiler, micropython: None };
        let bill = bill::text(&subject, &crates::linked(&recipe)?);
        all.push(Built { set, archive: library.archive, bill });
        rust.insert(library.compiler);
    }
    Ok(all)
}

/// What any build of a release links: each target's, in the set that has most, and each native module's.
fn all_crates() -> Result<Vec<Crate>> {
    let mut all = BTreeMap::new();
    for target in targets::all() {
        let most = Recipe { features: lib_job::FEATURES.clone(), ..Recipe::of(target) };
        all.extend(crates::linked(&most)?.into_iter().map(|one| (one.id(), one)));
    }
    Ok(all.into_values().collect())
}

/// The files of a package for `mip`: its description and all that this names.
fn described(description: &Path) -> Result<Tree> {
    let folder = description.parent().unwrap_or(Path::new("."));
    let (named, text) = description::read(description)?;
    let mut files = Tree::default();
    for file in named {
        files.copy(&file.name, &folder.join(&file.name))?;
    }
    files.add("package.json", text);
    Ok(files)
}
