//! The static library for Xtensa: rustc's assembly through our assembler, a fifth smaller than its own object.

use std::fs;
use std::path::{Path, PathBuf};

use super::assembly::{self, Direct, From};
use super::tools;
use crate::{Failure, Result, step};

/// Members of rustc's archive that come from the crate `compiler_builtins`: division, `memcpy` and the like.
const BUILTINS: &str = "compiler_builtins";

/// Parts of the names of functions through which Rust panics. What cannot be reached is not in the assembly.
const PANICS: [&str; 2] = ["9panicking", "rust_begin_unwind"];

/// The archive with the object of `assembly`, made of what rustc has put into `made`; it lies beside that.
///
/// With `for_modules` it is for native modules, which have no C library: all calls are direct, and `compiler_builtins` is in
/// it. Else GNU ld places the code somewhere in a firmware, maybe far from what it calls, and links it with the C library
/// and libgcc of that firmware.
pub fn archive(made: &Path, assembly: &Path, for_modules: bool) -> Result<PathBuf> {
    let tools = tools::tools()?;
    let folder = made.with_extension("objects");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| Failure::at("remove", &folder, e))?;
    }
    fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    let text = fs::read_to_string(assembly).map_err(|e| Failure::at("read", assembly, e))?;
    if let Some(line) = way_to_panic(&text) {
        return Err(Failure::new(format!("the library for Xtensa can panic: {}", line.trim())));
    }
    let object = folder.join("aliyun_iot.o");
    let direct = if for_modules { Direct::All } else { Direct::Own };
    assembly::assemble(&tools, &text, From::Llvm(direct), &object)?;

    let mut members = vec![object];
    if for_modules {
        let mut extract = std::process::Command::new(tools.program("ar"));
        step::run("unpacking the library for Xtensa", "xtensa-ar-x", extract.current_dir(&folder).arg("x").arg(made))?;
        let files = fs::read_dir(&folder).map_err(|e| Failure::at("read", &folder, e))?;
        let files = files.filter_map(|entry| Some(entry.ok()?.path()));
        let is_builtin =
            |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(BUILTINS));
        let mut builtins: Vec<PathBuf> = files.filter(is_builtin).collect();
        builtins.sort();
        members.extend(builtins);
    }
    let archive = folder.join("library.a");
    let mut pack = std::process::Command::new(tools.program("ar"));
    step::run("packing the library for Xtensa", "xtensa-ar", pack.arg("rcsD").arg(&archive).args(&members))?;
    Ok(archive)
}

/// The first line that names a function through which Rust panics.
fn way_to_panic(text: &str) -> Option<&str> {
    text.lines().find(|line| PANICS.iter().any(|name| line.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_to_panic_is_seen_in_the_assembly() {
        let call = "\t.literal\t.LCPI0_0, _RNvNtCs1_4core9panicking18panic_bounds_check";
        assert_eq!(way_to_panic(&format!("f:\n{call}\n\tret")), Some(call));
        assert_eq!(way_to_panic("rust_begin_unwind:"), Some("rust_begin_unwind:"));
        assert_eq!(way_to_panic("_RNvNtCs1_4core5slice3get:\n\tretw.n"), None);
    }
}
