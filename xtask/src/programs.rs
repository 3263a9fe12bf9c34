//! Is a program there?

use std::path::PathBuf;

/// Where servers are installed, which not everybody's PATH names.
const FOR_SERVERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin"];

/// The program called `name`, found as a shell would, or where servers are installed.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(FOR_SERVERS.map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}
