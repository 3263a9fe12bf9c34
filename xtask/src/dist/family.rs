//! What does a release have of the other API families? The files that their `package.json` lists: compiled for `mip`, and their
//! type stubs.

use std::path::{Path, PathBuf};

use super::description;
use super::tree::Tree;
use crate::families::Family;
use crate::{Result, natmod, places};

/// Each file of its package: where it is, and where it is installed.
fn files(family: &Family) -> Result<Vec<(PathBuf, String)>> {
    let folder = places::root().join("micropython/compat").join(family.name);
    let (files, _) = description::read(&folder.join("package.json"))?;
    Ok(files.into_iter().map(|file| (folder.join(file.url), file.name)).collect())
}

/// What its package has, compiled: sources would need more memory on a board when they are imported.
pub fn package(family: &Family) -> Result<Tree> {
    let mut tree = Tree::default();
    for (from, to) in files(family)? {
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
    for (from, to) in files(family)? {
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
