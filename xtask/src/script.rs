//! How is a small shell script written that stands for a program and its arguments?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::{Failure, Result};

/// Writes `file`, which runs `words` (and what it is given itself).
pub fn write(file: &Path, words: &[String]) -> Result {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let text = format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" "));
    fs::write(file, text).map_err(|e| Failure::at("write", file, e))?;
    let runnable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(file, runnable).map_err(|e| Failure::at("make runnable", file, e))
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
