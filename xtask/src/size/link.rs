//! What of the library does a firmware keep that calls everything? All entry points of the header, linked by themselves
//! with the sections that nothing refers to left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lib_job::linker::linker;
use crate::targets::Target;
use crate::{Failure, Result, places, step};

/// The names of the functions that the header declares.
pub fn entry_points() -> Result<Vec<String>> {
    let header = places::root().join("include/aliyun_iot.h");
    let text = fs::read_to_string(&header).map_err(|e| Failure::at("read", &header, e))?;
    // An inline function is the caller's.
    let is_code = |line: &&str| !line.trim_start().starts_with("//") && !line.starts_with("static inline");
    let code = text.lines().filter(is_code);
    let mut names: Vec<String> = code.flat_map(calls).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { Err(Failure::at("find a function in", &header, "it declares none")) } else { Ok(names) }
}

/// The words before a parenthesis.
fn calls(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let heads = line.match_indices('(').map(|(at, _)| &line[..at]);
    heads.map(move |head| &head[head.trim_end_matches(is_part).len()..]).filter(|name| name.starts_with("aliyun_iot_"))
}

/// Links `archive` into one program; what refers to what is kept if it is asked for, which makes the program larger.
pub fn link(archive: &Path, target: &Target, entry_points: &[String], with_references: bool) -> Result<PathBuf> {
    let linker = linker().ok_or("no linker: install rustup, or lld")?;
    let program = archive.with_extension(if with_references { "references.elf" } else { "elf" });
    let mut link = Command::new(&linker);
    if linker.ends_with("rust-lld") {
        link.args(["-flavor", "gnu"]);
    }
    link.arg("--gc-sections").arg("-o").arg(&program);
    if with_references {
        link.arg("--emit-relocs");
    }
    for name in entry_points {
        link.args(["--undefined", name]);
    }
    if let Some(first) = entry_points.first() {
        link.args(["--entry", first]);
    }
    if target.hosted {
        // Its C library has `memcpy` and the like, and is not the library's.
        link.arg("--unresolved-symbols=ignore-all");
    }
    link.arg(archive);
    step::run(&format!("linking for {}", target.triple), "size-link", &mut link)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_what_is_linked() {
        let names = entry_points().map_err(|failure| failure.to_string()).expect("a header");
        assert!(names.iter().any(|name| name == "aliyun_iot_poll"));
        assert!(names.iter().all(|name| name.starts_with("aliyun_iot_")), "{names:?}");
    }

    #[test]
    fn a_name_ends_before_its_parenthesis() {
        let line = "struct aliyun_iot_device *aliyun_iot_init(uint8_t *memory, int (*f)(int));";
        assert_eq!(calls(line).collect::<Vec<_>>(), ["aliyun_iot_init"]);
    }
}
