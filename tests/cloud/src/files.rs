//! How is a file written that is for its owner alone? A reader finds the whole of it or none.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes `content`. What lies there already, a link or a file that others may read, is replaced, not written to.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), String> {
    put(path, content.as_ref()).map_err(|e| format!("{}: {e}", path.display()))
}

fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".draft");
    let draft = path.with_file_name(name);
    match fs::remove_file(&draft) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(content)?;
    fs::rename(&draft, path)
}
