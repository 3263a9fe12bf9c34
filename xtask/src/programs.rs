//! Is a program there?

use std::path::PathBuf;

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
