//! Events: a device posts `thing/event/{id}/post`.

use super::{Command, State, Taken, Up};

pub const COMMANDS: &[Command] = &[];

pub fn take(state: &mut State, up: &Up) -> Option<Taken> {
    let event = up.path()?.strip_prefix("thing/event/")?.strip_suffix("/post")?;
    // `property/batch` and `property/history` are other services.
    if event.is_empty() || event.contains('/') {
        return None;
    }
    let method = format!("thing.event.{event}.post");
    Some(state.alink(up, &method, up.record("event_post").with("event", event)))
}
