//! Is a program there?

use std::path::PathBuf;

/// Where servers are installed, which not everybody's PATH names.
const FOR_SERVERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin"];

/// The program called `name`, found as a shell would.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The same for a server, which may also lie where servers are installed.
pub fn find_server(name: &str) -> Option<PathBuf> {
    let elsewhere = FOR_SERVERS.map(|folder| PathBuf::from(folder).join(name));
    find(name).or_else(|| elsewhere.into_iter().find(|program| program.is_file()))
}
