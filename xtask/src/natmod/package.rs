//! What is in a package for `mip`, and how does it describe itself?

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::{Failure, Result, places};

const NAME: &str = "aliyunIoT";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Puts the package with these files, the native module's and others, into `folder`; returns the description,
/// `package.json`. The files are named in it relative to itself, as `mpremote mip` understands it, or below the address
/// `at`, as every `mip` does.
pub fn make(folder: &Path, built: &[PathBuf], online: &Path, at: Option<&str>) -> Result<PathBuf> {
    let ours = places::root().join("micropython/natmod");
    let mut files = Vec::new();
    for file in built {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        files.push((format!("{NAME}/{name}"), file.clone()));
    }
    // Firmware that has a module of that name takes its own.
    files.push(("kv.py".into(), ours.join("kv.py")));
    files.push(("online.mpy".into(), online.to_owned()));
    let package = folder.join(NAME);
    if package.exists() {
        // It may have been built of other files.
        fs::remove_dir_all(&package).map_err(|e| Failure::at("remove", &package, e))?;
    }
    fs::create_dir_all(&package).map_err(|e| Failure::at("make", &package, e))?;
    for (name, from) in &files {
        fs::copy(from, folder.join(name)).map_err(|e| Failure::at("copy", from, e))?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let description = folder.join("package.json");
    fs::write(&description, describe(&names, at)).map_err(|e| Failure::at("write", &description, e))?;
    Ok(description)
}

/// The description of a package with these files.
pub fn describe(files: &[&str], at: Option<&str>) -> String {
    let base = at.map_or_else(String::new, |at| format!("{}/", at.trim_end_matches('/')));
    let urls: Vec<[String; 2]> = files.iter().map(|file| [(*file).to_owned(), format!("{base}{file}")]).collect();
    format!("{:#}\n", json!({ "urls": urls, "deps": [], "version": VERSION }))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn files_are_named_relative_or_below_an_address() {
        let described = |files: &[&str], at| serde_json::from_str::<Value>(&describe(files, at)).expect("JSON");
        assert_eq!(described(&["a/b.py"], None)["urls"], json!([["a/b.py", "a/b.py"]]));
        let there = described(&["a/b.py", "a/c.mpy"], Some("https://host/x64/"));
        assert_eq!(there["urls"][1], json!(["a/c.mpy", "https://host/x64/a/c.mpy"]));
        assert_eq!((&there["deps"], &there["version"]), (&json!([]), &json!(VERSION)));
    }
}
