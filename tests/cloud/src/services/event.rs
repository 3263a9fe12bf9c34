//! Events: a device posts `thing/event/{id}/post`.

use super::service::{Common, Service, Taken, Up};

#[derive(Default)]
pub struct Event;

impl Service for Event {
    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        let event = up.path()?.strip_prefix("thing/event/")?.strip_suffix("/post")?;
        // `property/batch` and `property/history` are other services.
        if event.is_empty() || event.contains('/') {
            return None;
        }
        let method = format!("thing.event.{event}.post");
        Some(common.alink(up, &method, up.record("event_post").with("event", event)))
    }
}
