//! What does a release have of the other API families? The files that their `package.json` lists: compiled for `mip`, and their
//! type stubs.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tree::Tree;
use crate::families::Family;
use crate::{Failure, Result, natmod, places};

/// A file of a package: where it is, and where it is installed.
struct File {
    from: PathBuf,
    to: String,
}

fn files(family: &Family) -> Result<Vec<File>> {
    let folder = places::root().join("micropython/compat").join(family.name);
    let description = folder.join("package.json");
    let text = std::fs::read_to_string(&description).map_err(|e| Failure::at("read", &description, e))?;
    let said: Value = serde_json::from_str(&text).map_err(|e| Failure::at("understand", &description, e))?;
    let urls = said["urls"].as_array().ok_or_else(|| Failure::at("understand", &description, "it names no files"))?;
    let names = |url: &Value| Some((url[0].as_str()?.to_owned(), folder.join(url[1].as_str()?)));
    urls.iter()
        .map(|url| names(url).map(|(to, from)| File { from, to }))
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::at("understand", &description, "a file has no name"))
}

/// What its package has, compiled: sources would need more memory on a board when they are imported.
pub fn package(family: &Family) -> Result<Tree> {
    let mut tree = Tree::default();
    for File { from, to } in files(family)? {
        match to.strip_suffix(".py") {
            Some(name) => tree.copy(format!("{name}.mpy"), &natmod::compiled(&to, &from)?)?,
            None => tree.copy(to, &from)?,
        }
    }
    Ok(tree)
}

/// Its type stubs, and where PEP 561 wants them. An `__init__.py` without stubs is one itself.
pub fn stubs(family: &Family) -> Result<Vec<(PathBuf, String)>> {
    let mut stubs = Vec::new();
    for File { from, to } in files(family)? {
        let stub = from.with_extension("pyi");
        if stub.exists() {
            stubs.push((stub, stub_name(&to)));
        } else if to.ends_with("__init__.py") {
            stubs.push((from, stub_name(&to)));
        }
    }
    Ok(stubs)
}

/// `shop/shelf.py` is described by `shop-stubs/shelf.pyi`, `shelf.py` by `shelf-stubs/__init__.pyi`.
fn stub_name(module: &str) -> String {
    let path = Path::new(module).with_extension("pyi");
    match module.split_once('/') {
        Some((package, _)) => format!("{package}-stubs{}", &path.to_string_lossy()[package.len()..]),
        None => format!("{}-stubs/__init__.pyi", path.with_extension("").display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stubs_are_in_packages_of_their_own() {
        assert_eq!(stub_name("shop/shelf.py"), "shop-stubs/shelf.pyi");
        assert_eq!(stub_name("shop/__init__.py"), "shop-stubs/__init__.pyi");
        assert_eq!(stub_name("shelf.py"), "shelf-stubs/__init__.pyi");
    }
}
