//! Which version is a MicroPython source tree?

use std::fmt;
use std::fs;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

/// The oldest that the binding is made for.
pub const OLDEST: Version = Version(1, 25, 0);

/// What `tree/py/mpconfig.h` says, or `None` where there is no such tree.
pub fn of(tree: &Path) -> Option<Version> {
    let header = fs::read_to_string(tree.join("py/mpconfig.h")).ok()?;
    let number = |name: &str| {
        let mut words = header.lines().map(|line| line.split_whitespace()).find(|words| {
            let mut words = words.clone();
            words.next() == Some("#define") && words.next() == Some(name)
        })?;
        words.nth(2)?.parse().ok()
    };
    Some(Version(number("MICROPY_VERSION_MAJOR")?, number("MICROPY_VERSION_MINOR")?, number("MICROPY_VERSION_MICRO")?))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}
