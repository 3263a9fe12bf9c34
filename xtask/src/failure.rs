//! Why did a job stop? One clear line that says what to do.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::places;

const LINES_SHOWN: usize = 30;

/// The line that the person sees.
#[derive(Debug)]
pub struct Failure {
    line: String,
    log: Option<PathBuf>,
}

pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(line: impl Into<String>) -> Self {
        Failure { line: line.into(), log: None }
    }

    /// `doing` (as in "cannot read") went wrong with `path`.
    pub fn at(doing: &str, path: &Path, error: impl fmt::Display) -> Self {
        Failure::new(format!("cannot {doing} {}: {error}", places::shown(path)))
    }

    /// The same, and the end of this log is worth a look.
    pub fn with_log(self, log: PathBuf) -> Self {
        Failure { log: Some(log), ..self }
    }

    /// Shows on standard error the end of the log, if there is one. Only a failure that nothing makes good is worth it.
    pub fn show_log(&self) {
        let text = self.log.as_ref().and_then(|log| fs::read(log).ok()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(LINES_SHOWN)) {
            eprintln!("    {line}");
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl From<String> for Failure {
    fn from(line: String) -> Self {
        Failure::new(line)
    }
}

impl From<&str> for Failure {
    fn from(line: &str) -> Self {
        Failure::new(line)
    }
}
