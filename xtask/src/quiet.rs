//! What if a step may fail? Then it is tried without a word, and not for long.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::step;

/// Whether `command` succeeds within `limit`; its output goes to the log called `name`.
pub fn succeeds(name: &str, command: &mut Command, limit: Duration) -> bool {
    let Ok(log) = step::fresh_log(name) else { return false };
    let Ok(errors) = log.try_clone() else { return false };
    command.stdin(Stdio::null()).stdout(log).stderr(errors);
    let Ok(mut child) = command.spawn() else { return false };
    match step::wait(&mut child, limit) {
        Ok(Some(status)) => status.success(),
        _ => {
            let _ = child.kill();
            let _ = child.wait();
            false
        }
    }
}

/// What `command` prints, or `None` if it fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
