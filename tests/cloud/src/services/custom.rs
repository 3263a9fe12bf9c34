//! Topics of the owner's own making, broadcasts, and system topics that no service here takes.

use super::service::{Common, Service, Taken, Up};

#[derive(Default)]
pub struct Custom;

impl Service for Custom {
    fn take(&mut self, _: &mut Common, up: &Up) -> Option<Taken> {
        let custom = up.topic.split('/').nth(3) == Some("user") || up.topic.starts_with("/broadcast/");
        Some(Taken { record: up.record(if custom { "publish" } else { "unserved" }), answer: None })
    }
}
