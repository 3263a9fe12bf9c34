//! Which files does a release have? All of them in memory, by their paths, so that whatever is made of them is made in one
//! order.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{Failure, Result};

#[derive(Default)]
pub struct Tree(BTreeMap<String, Vec<u8>>);

impl Tree {
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), bytes.into());
    }

    /// Adds the file `from` of the disk.
    pub fn copy(&mut self, path: impl Into<String>, from: &Path) -> Result {
        let bytes = fs::read(from).map_err(|e| Failure::at("read", from, e))?;
        self.add(path, bytes);
        Ok(())
    }

    /// Adds the files of the folder `from` and of those in it whose names end with one of `endings`; their paths begin with
    /// `path`.
    pub fn copy_folder(&mut self, path: &str, from: &Path, endings: &[&str]) -> Result {
        for entry in fs::read_dir(from).map_err(|e| Failure::at("read", from, e))? {
            let entry = entry.map_err(|e| Failure::at("read", from, e))?.path();
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() {
                self.copy_folder(&format!("{path}{name}/"), &entry, endings)?;
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                self.copy(format!("{path}{name}"), &entry)?;
            }
        }
        Ok(())
    }

    /// Adds all files of `other` below `folder`.
    pub fn graft(&mut self, folder: &str, other: Tree) {
        self.0.extend(other.0.into_iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// A zip archive of all files. Its bytes depend on the files alone: every file has the date at which zip's calendar
    /// begins, and the same permissions.
    pub fn zipped(&self) -> Result<Vec<u8>> {
        let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot make a zip archive: {error}"));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in self.iter() {
            zip.start_file(path, options).map_err(|e| wrong(&e))?;
            zip.write_all(bytes).map_err(|e| wrong(&e))?;
        }
        Ok(zip.finish().map_err(|e| wrong(&e))?.into_inner())
    }

    /// A line for each file, as `sha256sum --check` reads it.
    pub fn sums(&self) -> String {
        self.iter().map(|(path, bytes)| format!("{}  {path}\n", sum(bytes))).collect()
    }

    /// Puts the files into `folder`, and removes what was there before.
    pub fn write(&self, folder: &Path) -> Result {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|e| Failure::at("remove", folder, e))?;
        }
        for (path, bytes) in self.iter() {
            let file = folder.join(path);
            let above = file.parent().unwrap_or(folder);
            fs::create_dir_all(above).map_err(|e| Failure::at("make", above, e))?;
            fs::write(&file, bytes).map_err(|e| Failure::at("write", &file, e))?;
        }
        Ok(())
    }
}

/// SHA-256, in hexadecimal.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.add(*path, *text);
        }
        tree
    }

    #[test]
    fn the_order_in_which_files_are_added_does_not_matter() {
        let (one, other) = (tree(&[("b", "2"), ("a/c", "1")]), tree(&[("a/c", "1"), ("b", "2")]));
        assert_eq!(one.zipped().expect("an archive"), other.zipped().expect("an archive"));
        assert_eq!(one.sums(), other.sums());
        let changed = tree(&[("a/c", "1"), ("b", "3")]);
        assert_ne!(one.zipped().expect("an archive"), changed.zipped().expect("an archive"));
    }

    #[test]
    fn a_sum_is_that_of_the_published_example() {
        // FIPS 180-2, appendix B.1.
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(tree(&[("x/abc.txt", "abc")]).sums(), format!("{sum}  x/abc.txt\n"));
    }

    #[test]
    fn files_that_are_gone_leave_the_folder() {
        let folder = std::env::temp_dir().join(format!("xtask-tree-{}", std::process::id()));
        tree(&[("old/a", "1"), ("b", "2")]).write(&folder).expect("to write");
        tree(&[("b", "3")]).write(&folder).expect("to write");
        let has_old = folder.join("old").exists();
        let b = fs::read_to_string(folder.join("b")).expect("a file");
        fs::remove_dir_all(&folder).expect("the folder to go");
        assert_eq!((has_old, b.as_str()), (false, "3"));
    }
}
