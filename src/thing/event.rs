//! Events (help.aliyun.com document 89301): posted by the device.

use super::{PostError, Thing, alink};
use crate::mqtt::Session;

/// Longest event identifier, in bytes.
const EVENT_ID_MAX: usize = 64;

pub(super) fn post(thing: &mut Thing, session: &mut Session, event: &str, params: &str) -> Result<u32, PostError> {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    if event.is_empty() || event.len() > EVENT_ID_MAX || !event.bytes().all(named) {
        return Err(PostError::EventId);
    }
    alink::post(thing, session, event, [event, ".post\"}"], params)
}
