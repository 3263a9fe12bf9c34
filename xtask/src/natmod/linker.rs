//! Does this MicroPython link native modules of the version that the package is for?

use std::fs;
use std::path::Path;

use crate::micropython::source::Source;
use crate::{Failure, Result, places};

/// The version of `.mpy` files that `micropython/natmod/package/__init__.py` asks for.
const WANTED: (u32, u32) = (6, 3);

pub fn check(source: &Source) -> Result {
    let script = source.tree.join("tools/mpy_ld.py");
    let text = fs::read_to_string(&script).map_err(|e| Failure::at("read", &script, e))?;
    if version(&text) == Some(WANTED) {
        return Ok(());
    }
    Err(told(&script, &source.version.to_string()))
}

fn told(script: &Path, micropython: &str) -> Failure {
    let (major, minor) = WANTED;
    Failure::new(format!(
        "MicroPython {micropython} makes .mpy files of another version than {major}.{minor} ({}): \
         set MICROPYTHON_DIR to a MicroPython that makes these, 1.25 say",
        places::shown(script)
    ))
}

/// What `tools/mpy_ld.py` says it makes.
fn version(script: &str) -> Option<(u32, u32)> {
    let number =
        |name: &str| script.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = ")?.parse().ok());
    Some((number("MPY_VERSION")?, number("MPY_SUB_VERSION")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert_eq!(version("# x\nMPY_VERSION = 6\nMPY_SUB_VERSION = 3\n"), Some(WANTED));
        assert_eq!(version("MPY_VERSION = 7\nMPY_SUB_VERSION = 0\n"), Some((7, 0)));
        assert_eq!(version(""), None);
        assert!(!told(Path::new("tools/mpy_ld.py"), "1.40.0").to_string().contains('\n'));
    }
}
