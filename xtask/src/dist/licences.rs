//! Which licences does what is linked have? One file with all texts: those of the Rust packages from their sources, those of
//! Rust's core and of MicroPython's headers. A text that several have stands there once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::crates::{Crate, OURS};
use crate::{Failure, Result, places};

/// What comes with the compiler, in the words of the Rust project; kept here, since a compiled core comes without them.
const RUST: [(&str, &str, &[&str]); 3] = [
    ("Rust's core", "MIT OR Apache-2.0", &[include_str!("texts/core-mit.txt"), include_str!("texts/core-apache.txt")]),
    ("the tables of characters in Rust's core", "Unicode-3.0", &[include_str!("texts/unicode.txt")]),
    (
        "compiler_builtins",
        "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)",
        &[include_str!("texts/compiler-builtins.txt"), include_str!("texts/libm.txt")],
    ),
];

const ROOTS: &str = "\
The trust roots in ports/bsd/roots_data.h and in the native modules are public certificates of GlobalSign nv-sa,
Alibaba Cloud, DigiCert Inc, GoDaddy.com, Inc. and Tencent, unchanged. docs/security.md names them with their fingerprints.";

/// Names that files with a licence begin with.
const FILES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// A part of the release: its name, its licence as an SPDX expression, the texts.
struct Part {
    name: String,
    licence: String,
    texts: Vec<String>,
}

/// The whole file, for all that `crates` name; `micropython` is the folder with MicroPython's source.
pub fn text(crates: &[Crate], micropython: &Path) -> Result<String> {
    let mut parts = Vec::new();
    for one in crates {
        let folder = if one.name == OURS { places::root() } else { one.folder.clone() };
        let name = format!("{} {}", one.name, one.version);
        parts.push(Part { texts: in_folder(&folder, &name)?, name, licence: one.licence.clone() });
    }
    for (name, licence, texts) in RUST {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        parts.push(Part { name: name.to_owned(), licence: licence.to_owned(), texts });
    }
    let headers = "MicroPython's headers, in the native modules";
    parts.push(Part { name: headers.to_owned(), licence: "MIT".to_owned(), texts: in_folder(micropython, headers)? });
    Ok(written(&parts))
}

/// The texts in a package's folder, each once.
fn in_folder(folder: &Path, name: &str) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|e| Failure::at("read", folder, e))?;
    let mut files: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|file| is_licence(file)).collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).map_err(|e| Failure::at("read", file, e))?;
            Ok(text.replace("\r\n", "\n"))
        })
        .collect::<Result<_>>()?;
    if texts.is_empty() {
        return Err(Failure::new(format!("{name} has no licence text in {}", places::shown(folder))));
    }
    Ok(texts)
}

fn is_licence(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
    file.is_file() && FILES.iter().any(|begin| name.starts_with(begin))
}

fn written(parts: &[Part]) -> String {
    // By what is written, not by where the lines end.
    let key = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut list = String::new();
    for part in parts {
        let mut of_part = Vec::new();
        for text in &part.texts {
            let number = *numbers.entry(key(text)).or_insert_with(|| {
                texts.push((text, Vec::new()));
                texts.len()
            });
            texts[number - 1].1.push(&part.name);
            of_part.push(number.to_string());
        }
        list += &format!("    {}: {} (texts {})\n", part.name, part.licence, of_part.join(", "));
    }
    let mut whole = format!(
        "The licences of what the archives and the native modules are made of. The bills of materials (sbom/) say which\n\
         of these packages each of them has.\n\n{list}\n{ROOTS}\n"
    );
    for (number, (text, names)) in texts.iter().enumerate() {
        let line = "=".repeat(100);
        whole +=
            &format!("\n{line}\nText {}, of {}\n{line}\n\n{}\n", number + 1, names.join(", "), text.trim_matches('\n'));
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, texts: &[&str]) -> Part {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        Part { name: name.to_owned(), licence: "MIT".to_owned(), texts }
    }

    #[test]
    fn a_text_that_several_have_stands_there_once() {
        let whole = written(&[part("a", &["Do\nwhat you like.\n", "Or not."]), part("b", &["Do what\nyou like."])]);
        assert!(whole.contains("    a: MIT (texts 1, 2)\n    b: MIT (texts 1)\n"), "{whole}");
        assert!(whole.contains("Text 1, of a, b\n"), "{whole}");
        assert_eq!(whole.matches("Do\nwhat you like.").count(), 1);
        assert!(!whole.contains("Do what\nyou like."));
    }

    #[test]
    fn a_package_without_a_text_is_named() {
        let folder = std::env::temp_dir().join(format!("xtask-licences-{}", std::process::id()));
        fs::create_dir_all(folder.join("licenses")).expect("a folder");
        let none = in_folder(&folder, "a 1.0").expect_err("there is no file").to_string();
        fs::write(folder.join("License.md"), "text").expect("a file");
        let one = in_folder(&folder, "a 1.0");
        fs::remove_dir_all(&folder).expect("the folder to go");
        assert!(none.contains("a 1.0 has no licence text"), "{none}");
        assert_eq!(one.expect("a text"), ["text"]);
    }
}
