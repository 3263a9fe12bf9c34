//! How does the source come from upstream? A shallow clone of one tag, which has to be the commit that it was when this
//! was written, with the submodules that are built: those are recorded in the commit.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::{Failure, Result, programs, quiet, step};

/// A tag of a repository, and its commit. Anybody who can write to the repository can move a tag.
struct Pin<'a> {
    repository: &'a str,
    tag: &'a str,
    commit: &'a str,
}

const MICROPYTHON: Pin = Pin {
    repository: "https://github.com/micropython/micropython.git",
    tag: "v1.25.0",
    commit: "f498a16c7db6d4b2de200b3e0856528dfe0613c3",
};

/// Long enough to find out that there is a way to the upstream repository.
const TO_ANSWER: Duration = Duration::from_secs(8);
const TO_CLONE: Duration = Duration::from_secs(600);

/// Fills `into` with MicroPython's source.
pub fn fetch(into: &Path) -> Result {
    if programs::find("git").is_none() {
        return Err("git is not installed".into());
    }
    if !MICROPYTHON.answers() {
        return Err(Failure::new(format!("{} does not answer", MICROPYTHON.repository)));
    }
    MICROPYTHON.clone(into)?;
    submodule(into, "lib/mbedtls", "mbedTLS")
}

/// Fills one submodule of `tree` with the commit that the tree names.
pub fn submodule(tree: &Path, folder: &str, name: &str) -> Result {
    let mut submodule = git();
    submodule.current_dir(tree);
    submodule.args(["submodule", "--quiet", "update", "--init", "--depth", "1", folder]);
    let title = format!("fetching {name} from its git repository");
    step::run_within(&title, "submodule-clone", &mut submodule, TO_CLONE)
}

impl Pin<'_> {
    fn answers(&self) -> bool {
        let mut ask = git();
        ask.args(["ls-remote", "--exit-code", self.repository]).arg(format!("refs/tags/{}", self.tag));
        quiet::succeeds("micropython-ls-remote", &mut ask, TO_ANSWER)
    }

    fn clone(&self, into: &Path) -> Result {
        let Pin { repository, tag, commit } = self;
        let title = format!("fetching {tag} from {repository}");
        let mut clone = git();
        clone.args(["clone", "--quiet", "--depth", "1", "--branch", tag, repository]);
        clone.arg(into);
        step::run_within(&title, "micropython-clone", &mut clone, TO_CLONE)?;

        let mut head = git();
        head.current_dir(into).args(["rev-parse", "HEAD"]);
        let head = step::output("asking git for the commit", "micropython-commit", &mut head)?;
        if head.trim() == *commit {
            return Ok(());
        }
        let line = format!("{repository} has {} under the tag {tag}, and should have {commit}", head.trim());
        // It is worth a line even where the source then comes from elsewhere.
        step::say(&line);
        Err(Failure::new(line))
    }
}

/// git that never asks for a password and gives up on a line that has gone quiet.
fn git() -> Command {
    let mut git = Command::new("git");
    git.env("GIT_TERMINAL_PROMPT", "0");
    git.stdin(std::process::Stdio::null());
    git.args(["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=20"]);
    git.args(["-c", "advice.detachedHead=false"]);
    git
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn run(folder: &Path, words: &[&str]) -> String {
        let mut git = git();
        git.current_dir(folder).args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]);
        let output = git.args(words).output().expect("git");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    #[test]
    fn a_tag_that_was_moved_is_refused() {
        let top = std::env::temp_dir().join(format!("xtask-git-{}", std::process::id()));
        let upstream = top.join("upstream");
        fs::create_dir_all(&upstream).expect("a folder");
        run(&upstream, &["init", "--quiet"]);
        run(&upstream, &["commit", "--quiet", "--allow-empty", "--message=first"]);
        run(&upstream, &["tag", "v1"]);
        let commit = run(&upstream, &["rev-parse", "HEAD"]);
        let repository = format!("file://{}", upstream.display());
        let pin = Pin { repository: &repository, tag: "v1", commit: &commit };
        let as_it_was = pin.clone(&top.join("one"));
        run(&upstream, &["commit", "--quiet", "--allow-empty", "--message=second"]);
        run(&upstream, &["tag", "--force", "v1"]);
        let moved = pin.clone(&top.join("two"));
        fs::remove_dir_all(&top).expect("the folder to go");
        assert!(as_it_was.is_ok());
        let line = moved.expect_err("a refusal").to_string();
        assert!(line.contains("under the tag v1") && line.contains(&commit), "{line}");
    }
}
