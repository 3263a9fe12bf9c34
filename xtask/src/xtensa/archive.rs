//! The static library for Xtensa: rustc's assembly through our assembler, a fifth smaller than its own object.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::assembly::{self, Direct, From};
use super::tools;
use crate::{Failure, Result, panics, step};

/// Members of rustc's archive that come from the crate `compiler_builtins`: division, `memcpy` and the like.
const BUILTINS: &str = "compiler_builtins";

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
    // What cannot be reached is not in the assembly.
    let (symbols, references) = names(&text);
    panics::none(symbols.into_iter(), references.into_iter(), "Xtensa")?;
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

/// The name of what is no function and refers to one.
const DATA: &str = "data";

/// The names in assembly of LLVM, and those of each function and of what it refers to. It refers to another function by a
/// literal, `.LCPI7_0` in the function that ends with `.Lfunc_end7`. Data refers by `.long`.
fn names(text: &str) -> (BTreeSet<&str>, Vec<(&str, &str)>) {
    let lines = || text.lines().map(str::trim);
    let functions: BTreeMap<&str, &str> = lines()
        .filter_map(|line| line.strip_prefix(".size")?.trim().split_once(", .Lfunc_end"))
        .filter_map(|(name, end)| Some((end.split_once('-')?.0, name)))
        .collect();
    let literals: BTreeMap<&str, &str> =
        lines().filter_map(|line| line.strip_prefix(".literal ")?.trim().split_once(", ")).collect();
    let used = lines().filter_map(|line| line.rsplit_once(", ")).filter(|(before, _)| before.starts_with("l32r"));
    let by_code = used.filter_map(|(_, literal)| {
        let number = literal.strip_prefix(".LCPI")?.split_once('_')?.0;
        Some((*functions.get(number)?, *literals.get(literal)?))
    });
    let by_data = lines().filter_map(|line| Some((DATA, line.strip_prefix(".long")?.trim())));
    let references: Vec<(&str, &str)> = by_code.chain(by_data).collect();
    let named = functions.values().chain(literals.values()).copied().chain(references.iter().map(|(_, to)| *to));
    (named.chain([DATA]).collect(), references)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASSEMBLY: &str = "\t.literal .LCPI7_0, g\n\t.literal .LCPI7_1, 5\n\t.section .text.f\n\t.type\tf,@function\nf:\n\
        \tentry\ta1, 32\n\tl32r\ta8, .LCPI7_0\n\tcallx8\ta8\n\tl32r\ta8, .LCPI7_0\n\tl32r\ta9, .LCPI7_1\n\
        .Lfunc_end7:\n\t.size\tf, .Lfunc_end7-f\ng:\n.Lfunc_end12:\n\t.size\tg, .Lfunc_end12-g\n\t.long\tf\n";

    #[test]
    fn each_place_that_refers_to_a_function_is_seen() {
        let (symbols, references) = names(ASSEMBLY);
        assert!(["f", "g"].iter().all(|name| symbols.contains(name)));
        assert_eq!(references, [("f", "g"), ("f", "g"), ("f", "5"), (DATA, "f")]);
    }

    #[test]
    fn a_way_to_panic_is_seen_in_the_assembly() {
        let panics = |text: &str| {
            let (symbols, references) = names(text);
            panics::none(symbols.into_iter(), references.into_iter(), "Xtensa").is_err()
        };
        assert!(!panics(ASSEMBLY));
        let panic = "_RNvNtCs1_4core9panicking18panic_bounds_check";
        for (before, after) in [(".LCPI7_0, g", ".LCPI7_0, "), (".long\tf", ".long\t"), ("\t.size\tg", "\t.size\t")] {
            assert!(panics(&ASSEMBLY.replace(before, &format!("{after}{panic}"))), "{before}");
        }
    }
}
