//! Is a program there?

use std::path::PathBuf;

use crate::{Failure, Result};

/// Where servers are installed, which not everybody's PATH names.
const FOR_SERVERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin"];

/// The program called `name`, found as a shell would.
pub fn find(name: &str) -> Option<PathBuf> {
    which::which(name).ok()
}

/// The same for a server, which may also lie where servers are installed.
pub fn find_server(name: &str) -> Option<PathBuf> {
    find(name).or_else(|| which::which_in_global(name, std::env::join_paths(FOR_SERVERS).ok()).ok()?.next())
}

/// This program's file. Cargo may have built it again while it runs: then Linux calls the old one deleted, and the new one has
/// its path.
pub fn own() -> Result<PathBuf> {
    let path = std::env::current_exe().map_err(|e| Failure::new(format!("cannot find this program: {e}")))?;
    let path = path.to_string_lossy();
    Ok(PathBuf::from(path.strip_suffix(" (deleted)").unwrap_or(&path)))
}
