//! The files of a tree, by their paths in the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::{Failure, Result};

#[derive(Default)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// All files below the folder `below` of `root` whose names end with one of `endings`.
    pub fn read(root: &Path, below: &str, endings: &[&str]) -> Result<Files> {
        let mut files = Files::default();
        files.fill(root, below, endings)?;
        Ok(files)
    }

    fn fill(&mut self, root: &Path, folder: &str, endings: &[&str]) -> Result {
        let path = root.join(folder);
        for entry in fs::read_dir(&path).map_err(|e| Failure::at("read", &path, e))? {
            let entry = entry.map_err(|e| Failure::at("read", &path, e))?;
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.fill(root, &name, endings)?;
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(entry.path()).map_err(|e| Failure::at("read", &entry.path(), e))?;
                self.0.insert(name, text);
            }
        }
        Ok(())
    }

    /// These files and those of `others`.
    pub fn and(mut self, others: Files) -> Files {
        self.0.extend(others.0);
        self
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    #[cfg(test)]
    pub fn made_up(files: &[(&str, &str)]) -> Files {
        Files(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }
}

/// Whether a path is that of `folder` or of something in it.
pub fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `folder/name` without `.` and `..`; `None` if it leaves the tree.
pub fn joined(folder: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_the_tree() {
        assert_eq!(joined("a/b", "../c/./d.h").as_deref(), Some("a/c/d.h"));
        assert_eq!(joined("a", "../../d.h"), None);
    }
}
