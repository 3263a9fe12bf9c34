//! Which files does the description of a package for `mip` name?

use std::path::Path;

use serde_json::Value;

use crate::{Failure, Result};

/// A file of a package.
pub struct File {
    /// Where it is installed.
    pub name: String,
    /// Where it is fetched from: an address, or a path beside the description.
    pub url: String,
}

/// The files that the description names, and its text.
pub fn read(description: &Path) -> Result<(Vec<File>, String)> {
    let text = std::fs::read_to_string(description).map_err(|e| Failure::at("read", description, e))?;
    let said: Value = serde_json::from_str(&text).map_err(|e| Failure::at("understand", description, e))?;
    let urls = said["urls"].as_array().ok_or_else(|| Failure::at("understand", description, "it names no files"))?;
    let file = |url: &Value| Some(File { name: url[0].as_str()?.to_owned(), url: url[1].as_str()?.to_owned() });
    let files = urls.iter().map(file).collect::<Option<_>>();
    Ok((files.ok_or_else(|| Failure::at("understand", description, "a file has no name"))?, text))
}
