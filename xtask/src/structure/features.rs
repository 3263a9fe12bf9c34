//! Which files ask which features a build has? Only those that are for a feature, and the lists that name them.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::files::{Files, is_below};
use crate::{Failure, Result};

/// A file that asks, and the lines where it does.
#[derive(Debug, PartialEq, Eq)]
pub struct Asking {
    pub file: String,
    pub lines: Vec<usize>,
}

/// Those of `files` that ask. The `allowed` folders and files are not looked at.
pub fn asking(files: &Files, allowed: &[&str]) -> Result<Vec<Asking>> {
    let mut all = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| !allowed.iter().any(|place| is_below(name, place))) {
        let tokens = TokenStream::from_str(text).map_err(|e| Failure::new(format!("cannot understand {name}: {e}")))?;
        let mut lines = Vec::new();
        find(tokens, &mut lines);
        if !lines.is_empty() {
            all.push(Asking { file: name.to_owned(), lines });
        }
    }
    Ok(all)
}

/// `cfg(…)`, `cfg!(…)` and `cfg_attr(…)` with the word `feature` within.
fn find(tokens: TokenStream, lines: &mut Vec<usize>) {
    let mut cfg: Option<usize> = None;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if name == "cfg" || name == "cfg_attr" => cfg = Some(name.span().start().line),
            TokenTree::Punct(mark) if mark.as_char() == '!' => {}
            TokenTree::Group(group) => match cfg.take() {
                Some(line) if group.delimiter() == Delimiter::Parenthesis && has_feature(group.stream()) => {
                    lines.push(line);
                }
                _ => find(group.stream(), lines),
            },
            _ => cfg = None,
        }
    }
}

fn has_feature(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "feature",
        TokenTree::Group(group) => has_feature(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(code: &str) -> Vec<usize> {
        let files = Files::made_up(&[("s/a.rs", code), ("s/list/b.rs", code), ("s/listed.rs", "")]);
        asking(&files, &["s/list"]).expect("code").into_iter().flat_map(|asking| asking.lines).collect()
    }

    #[test]
    fn each_way_to_ask_is_found_once_with_its_line() {
        assert_eq!(lines("#[cfg(feature = \"ntp\")]\nmod a;\nfn f() -> bool { cfg!(feature = \"x\") }"), [1, 3]);
        assert_eq!(lines("#![cfg_attr(not(feature = \"a\"), allow(dead_code))]"), [1]);
        assert_eq!(lines("\n#[cfg(all(test, any(feature = \"a\", feature = \"b\")))]\nfn f() {}"), [2]);
        assert_eq!(lines("m! {\n  #[cfg(feature = \"ntp\")]\n  ntp: Ntp }"), [2]);
    }

    #[test]
    fn other_conditions_and_comments_are_left_alone() {
        assert!(
            lines("#[cfg(test)]\n// #[cfg(feature = \"x\")]\nfn f() { let feature = cfg!(unix); g(feature) }")
                .is_empty()
        );
        assert!(lines("const A: &str = \"cfg(feature)\"; fn cfg() {} fn f() { (feature) }").is_empty());
    }
}
