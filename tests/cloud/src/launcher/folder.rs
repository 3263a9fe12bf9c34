//! The cloud's folder: for its owner alone, and for one cloud at a time.

use std::ffi::c_int;
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Held for as long as its cloud runs, however that ends.
pub struct Folder {
    pub path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where there is none, and takes it, or says who has it. Nothing in it has changed until then.
    pub fn take(path: &Path) -> Result<Folder, String> {
        let at = |why: io::Error| format!("{}: {why}", path.display());
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(at)?;
        let path = fs::canonicalize(path).map_err(at)?;
        let lock = path.join("lock");
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW)
            .open(&lock)
            .map_err(|why| format!("{}: {why}", lock.display()))?;
        if let Err(why) = lock_now(&file) {
            return Err(match why.kind() {
                ErrorKind::WouldBlock => taken(&path, &mut file),
                _ => format!("{}: {why}", lock.display()),
            });
        }
        // From a version that was less careful.
        let _ = file.set_permissions(Permissions::from_mode(0o600));
        if path.join("mosquitto.conf").exists() {
            let _ = fs::set_permissions(&path, Permissions::from_mode(0o700));
        }
        let said = file.set_len(0).and_then(|()| file.write_all(format!("{}\n", std::process::id()).as_bytes()));
        said.map_err(|why| format!("{}: {why}", lock.display()))?;
        // Whatever is written from now on, by the broker too.
        only_for_the_owner();
        Ok(Folder { path, _lock: file })
    }
}

fn taken(folder: &Path, lock: &mut File) -> String {
    let mut pid = String::new();
    let _ = lock.take(20).read_to_string(&mut pid);
    let who = match pid.trim().parse::<u32>() {
        Ok(pid) => format!(" (process {pid})"),
        Err(_) => String::new(),
    };
    format!(
        "another local cloud{who} runs with its files in {}; end that one first, or name another folder with --dir and other \
         ports with --tls-port, --tcp-port and --https-port (0: any free port)",
        folder.display()
    )
}

#[allow(unsafe_code)]
fn lock_now(file: &File) -> io::Result<()> {
    // SAFETY: a plain system call on an open file.
    let code: c_int = unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) };
    if code == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[allow(unsafe_code)]
fn only_for_the_owner() {
    // SAFETY: a plain system call.
    unsafe { libc::umask(0o077) };
}
