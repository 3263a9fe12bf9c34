//! How does the library do without frame pointers?
//!
//! rustc has every function for Arm keep one, and no flag of the stable compiler says otherwise: a tenth of the code is spent
//! on saving, setting and sparing a register that nothing here reads. LLVM takes attributes of functions from a file, by
//! name. So the library is compiled twice: the names of the first result make the file for the second.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::recipe::Recipe;
use crate::{Failure, Result, binary, places};

/// Whether frame pointers can be left out of such a build, and are worth it.
pub fn are_left_out(recipe: &Recipe) -> bool {
    recipe.target.triple.starts_with("thumb") && !recipe.pic
}

/// The flag for the second build, and the file that it names, in `folder`; `archive` is what the first one made.
pub fn flag(archive: &Path, folder: &Path) -> Result<String> {
    let bytes = fs::read(archive).map_err(|e| Failure::at("read", archive, e))?;
    let names = binary::names_in_archive(&bytes).map_err(|why| Failure::at("understand", archive, why))?;
    let functions = names.into_iter().filter(|name| is_of_a_function(name));
    let table: String = functions.map(|name| format!("{name},frame-pointer=none\n")).collect();
    let path = list(folder, &table);
    fs::write(&path, table).map_err(|e| Failure::at("write", &path, e))?;
    // Cargo compiles in the repository's folder, and rustc takes a space for the end of an argument. From there the path is
    // the same wherever the repository lies, and so is what is built.
    let path = path.strip_prefix(places::root()).unwrap_or(&path).display().to_string();
    if path.contains(' ') {
        return Err(Failure::new(format!("LLVM cannot read {path}: name a CARGO_TARGET_DIR without spaces")));
    }
    Ok(format!("-Cllvm-args=-forceattrs-csv-path={path}"))
}

/// Another file for another table: cargo looks at flags, and not into files that they name.
fn list(folder: &Path, table: &str) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    table.hash(&mut hasher);
    folder.join(format!("frame-pointers-{:016x}.csv", hasher.finish()))
}

/// LLVM names a function that it cuts out of others only at the end.
fn is_of_a_function(name: &str) -> bool {
    !name.is_empty() && !name.contains(',') && !name.starts_with("OUTLINED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets;

    #[test]
    fn they_are_left_out_on_arm_alone() {
        for target in &targets::TARGETS {
            let recipe = Recipe::of(target);
            assert_eq!(are_left_out(&recipe), target.triple.starts_with("thumb"), "{}", target.triple);
            assert!(!are_left_out(&Recipe { pic: true, ..recipe }), "{}", target.triple);
        }
    }

    #[test]
    fn another_table_is_another_file() {
        let folder = Path::new("x");
        assert_ne!(list(folder, "a,b\n"), list(folder, "a,c\n"));
        assert_eq!(list(folder, "a,b\n"), list(folder, "a,b\n"));
    }
}
