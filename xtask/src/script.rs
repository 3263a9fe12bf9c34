//! How is a small shell script written that stands for a program and its arguments? So that it still runs when its folder
//! has been moved, together with what it names.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use crate::{Failure, Result, places};

/// A word of the command line.
pub enum Word {
    Text(String),
    /// A file or folder.
    Place(PathBuf),
    /// `name=` and folders with colons between them.
    Places(&'static str, Vec<PathBuf>),
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Word::Text(text.to_owned())
    }
}

/// Writes `file`, which runs `words` (and what it is given itself).
pub fn write(file: &Path, words: &[Word]) -> Result {
    let folder = file.parent().unwrap_or(Path::new("."));
    let moves_with_it = [places::target(), places::root()];
    let text = text(folder, &moves_with_it, words);
    // It may be running.
    if fs::read_to_string(file).is_ok_and(|before| before == text) {
        return Ok(());
    }
    fs::write(file, text).map_err(|e| Failure::at("write", file, e))?;
    let runnable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(file, runnable).map_err(|e| Failure::at("make runnable", file, e))
}

/// The script for `folder`. What lies in the same one of `roots` as the script is named relative to the script.
fn text(folder: &Path, roots: &[PathBuf], words: &[Word]) -> String {
    let place = |path: &Path| match roots.iter().any(|root| folder.starts_with(root) && path.starts_with(root)) {
        true => format!("\"$here\"/{}", quoted(&relative(folder, path).display().to_string())),
        false => quoted(&path.display().to_string()),
    };
    let words: Vec<String> = words
        .iter()
        .map(|word| match word {
            Word::Text(text) => quoted(text),
            Word::Place(path) => place(path),
            Word::Places(name, paths) => {
                let paths: Vec<String> = paths.iter().map(|path| place(path)).collect();
                format!("{name}={}", paths.join(":"))
            }
        })
        .collect();
    let here = "here=$(dirname -- \"$(readlink -f -- \"$0\")\")";
    format!("#!/bin/sh\n{here}\nexec {} \"$@\"\n", words.join(" "))
}

/// The way from one absolute folder to a path.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<Component>, Vec<Component>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[same..].iter().map(|_| Component::ParentDir);
    up.chain(to[same..].iter().copied()).collect()
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_script_runs_from_wherever_its_folder_is_moved_to() {
        let top = std::env::temp_dir().join(format!("xtask-script-{}", std::process::id()));
        let (before, after) = (top.join("be'fore"), top.join("af ter"));
        for folder in ["bin", "lib x"] {
            fs::create_dir_all(before.join(folder)).expect("a folder");
        }
        fs::write(before.join("lib x/data"), "found").expect("a file");
        let words = [
            "env".into(),
            Word::Places("FOLDERS", vec![before.join("lib x"), before.clone()]),
            "sh".into(),
            "-c".into(),
            r#"echo "$(cat "$0")" "$1" "${FOLDERS##*/}""#.into(),
            Word::Place(before.join("lib x/data")),
        ];
        let text = text(&before.join("bin"), std::slice::from_ref(&before), &words);
        let file = before.join("bin/run");
        fs::write(&file, text).expect("a script");
        fs::rename(&before, &after).expect("to move it");
        let said = Command::new("sh").arg(after.join("bin/run")).arg("argument").output().expect("to run it");
        fs::remove_dir_all(&top).expect("the folder to go");
        assert_eq!(String::from_utf8_lossy(&said.stdout), "found argument ..\n", "{said:?}");
    }

    #[test]
    fn what_lies_elsewhere_is_named_as_it_is() {
        let text =
            text(Path::new("/a/b"), &["/a".into()], &[Word::Place("/a/c".into()), Word::Place("/usr/bin/x".into())]);
        assert!(text.contains(r#""$here"/'../c' '/usr/bin/x' "$@""#), "{text}");
    }
}
