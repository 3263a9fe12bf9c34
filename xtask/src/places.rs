//! Where does everything lie?

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().unwrap_or(Path::new(".")).to_owned()
}

/// Where everything that is built or downloaded lands.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => std::path::absolute(&folder).unwrap_or_else(|_| folder.into()),
        None => root().join("target"),
    }
}

/// Where MicroPython's downloads and unpacked trees lie.
pub fn micropython() -> PathBuf {
    target().join("micropython")
}

/// The file that holds the whole output of the step called `name`.
pub fn log(name: &str) -> PathBuf {
    target().join("logs").join(format!("{name}.log"))
}

/// `path` as it is shown: short, where it lies below the current folder or the repository.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).or_else(|_| path.strip_prefix(root())).unwrap_or(path).display().to_string()
}
