//! Why did a job stop? One clear line that says what to do.

use std::fmt;
use std::path::Path;

use crate::places;

/// The line that the person sees.
#[derive(Debug)]
pub struct Failure(String);

pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(line: impl Into<String>) -> Self {
        Failure(line.into())
    }

    /// `doing` (as in "cannot read") went wrong with `path`.
    pub fn at(doing: &str, path: &Path, error: impl fmt::Display) -> Self {
        Failure(format!("cannot {doing} {}: {error}", places::shown(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(line: String) -> Self {
        Failure(line)
    }
}

impl From<&str> for Failure {
    fn from(line: &str) -> Self {
        Failure(line.to_owned())
    }
}
