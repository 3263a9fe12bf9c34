//! Topics of the owner's own making, and system topics that no service here takes.

use super::{Command, State, Taken, Up};

pub const COMMANDS: &[Command] = &[];

pub fn take(_: &mut State, up: &Up) -> Option<Taken> {
    let custom = up.topic.split('/').nth(3) == Some("user");
    Some(Taken { record: up.record(if custom { "publish" } else { "unserved" }), answer: None })
}
