//! Which C files include which? A header and the source of the same name in the same folder are one node: `link.c` and
//! `link.h` answer one question.

use std::collections::BTreeSet;

use super::graph::Graph;
use crate::files::{Files, joined};
use crate::{Failure, Result};

/// The graph of the C files among `files`. An include is looked for beside the file that has it, then in each of `folders`.
/// Fails for one that is here, but not in any of those.
pub fn graph(files: &Files, folders: &[&str]) -> Result<Graph> {
    let mut graph = Graph::default();
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name).collect();
    for (name, text) in files.iter() {
        for (line, included) in included(text) {
            let beside = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let places = std::iter::once(beside).chain(folders.iter().copied());
            let mut candidates = places.filter_map(|folder| joined(folder, included));
            if let Some(found) = candidates.find(|candidate| names.contains(candidate.as_str())) {
                graph.add(&node(name), &node(&found), &format!("line {line} includes {included}"));
            } else if let Some(same) = names.iter().find(|name| name.ends_with(&format!("/{included}"))) {
                // What is not here at all is MicroPython's, or the system's.
                return Err(Failure::new(format!(
                    "{name}, line {line}: {included} is {same}, which is not looked for; name its folder for this check"
                )));
            }
        }
    }
    Ok(graph)
}

/// The files that `text` includes by name, with the numbers of their lines.
fn included(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter_map(|(at, line)| {
        let rest = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix("include")?;
        let name = rest.trim_start().strip_prefix('"')?.split('"').next()?;
        Some((at + 1, name))
    })
}

fn node(file: &str) -> String {
    file.strip_suffix(".c").or_else(|| file.strip_suffix(".h")).unwrap_or(file).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let files = Files::made_up(files);
        graph(&files, &["m"]).expect("a graph").circles().iter().map(super::super::graph::Circle::shown).collect()
    }

    #[test]
    fn a_header_and_its_source_are_one() {
        let tree = [
            ("m/a.h", "#pragma once\n"),
            ("m/a.c", "#include \"a.h\"\n#include \"b.h\"\n"),
            ("m/b.h", "#include \"py/runtime.h\"\n"),
            ("m/b.c", "#include \"b.h\"\n"),
        ];
        assert!(circles(&tree).is_empty());
        let shown = circles(&[&tree[..3], &[("m/b.c", "#include \"b.h\"\n# include \"a.h\"\n")]].concat());
        assert_eq!(shown, ["  m/a  (line 2 includes b.h)\n  m/b  (line 2 includes a.h)\n  m/a"]);
    }

    #[test]
    fn an_include_is_found_beside_its_file_or_in_a_folder() {
        let tree = [
            ("m/net/link.h", ""),
            ("m/net/link.c", "#include \"link.h\"\n#include \"../base/lock.h\"\n"),
            ("m/base/lock.h", "#include \"net/link.h\"\n"),
            ("p/unix/link.h", "#include \"net/link.h\"\n"),
        ];
        assert_eq!(circles(&tree).len(), 1, "not that of another folder");
        assert!(circles(&tree[..2]).is_empty());
        let elsewhere = Files::made_up(&[("m/a.c", "#include \"b.h\"\n"), ("n/b.h", "")]);
        let told = graph(&elsewhere, &["m"]).err().map(|failure| failure.to_string());
        assert!(told.is_some_and(|told| told.starts_with("m/a.c, line 1: b.h is n/b.h")));
    }
}
