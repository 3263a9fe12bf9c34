//! Which targets and which packages does a release have? All, or those that the command line names.

use crate::targets::{self, Target};
use crate::{Result, natmod};

pub struct Parts {
    pub targets: Vec<&'static Target>,
    /// Packages with a native module, by their names.
    pub packages: Vec<String>,
}

impl Parts {
    pub fn all() -> Result<Parts> {
        Ok(Parts { targets: targets::all().collect(), packages: natmod::names()? })
    }

    /// Those that `words` name.
    pub fn named(words: &[String]) -> Result<Parts> {
        if words.is_empty() {
            return Parts::all();
        }
        let names = natmod::names()?;
        let mut parts = Parts { targets: Vec::new(), packages: Vec::new() };
        for word in words {
            if names.contains(word) {
                parts.packages.push(word.clone());
            } else {
                parts.targets.push(targets::named(word)?);
            }
        }
        Ok(parts)
    }

    /// Whether this is a whole release.
    pub fn are_all(&self) -> Result<bool> {
        let all = Parts::all()?;
        Ok(all.targets.iter().all(|target| self.targets.contains(target))
            && all.packages.iter().all(|package| self.packages.contains(package)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_packages_and_targets() {
        let named = |words: &[&str]| Parts::named(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let parts = named(&["armv7m", "thumbv7m"]).expect("parts");
        assert_eq!((parts.packages[0].as_str(), parts.targets[0].triple), ("armv7m", "thumbv7m-none-eabi"));
        let is_whole = |parts: Parts| parts.are_all().expect("an answer");
        assert!(!is_whole(parts) && is_whole(named(&[]).expect("parts")));
        assert!(named(&["sparc"]).is_err_and(|failure| failure.to_string().contains("unknown target `sparc`")));
    }
}
