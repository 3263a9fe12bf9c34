//! Which topics are a device's own? (Link SDK C 4.2, `aiot_mqtt_api.c`, for the length; its services for the names.)
//!
//! The platform closes the link of a device that uses another topic, so what is known to be wrong is refused before it
//! is sent. What the platform may allow passes: topics of a kind that is not listed here, wildcards in the place of a
//! name, and any product and device once this device speaks for others, as a gateway does.

use super::Thing;
use crate::mqtt::SendError;

/// A topic is shorter than this, in bytes.
const BYTES: usize = 128;
/// A topic of the user's making has so many levels at most.
const LEVELS: usize = 7;
/// What is before the product's key and the device's name.
const BEFORE_NAMES: [&[u8]; 7] =
    [b"sys/", b"ext/ntp/", b"ext/session/", b"ext/error/", b"ext/rrpc/+/sys/", b"shadow/+/", b"ota/device/+/"];

/// Whether `topic` may be a topic of this device, or a filter for such.
pub(super) fn check(thing: &Thing, topic: &[u8]) -> Result<(), SendError> {
    // The topic of a synchronous call has another one behind it.
    let is_call = behind(b"/ext/rrpc/", topic).is_some();
    if topic.len() >= BYTES && !is_call {
        return Err(SendError::TopicLength { bytes: topic.len() });
    }
    let path = match topic {
        [b'+' | b'#', ..] | [b'/', b'+' | b'#', ..] => return Ok(()),
        [b'/', path @ ..] => path,
        _ => return Err(SendError::TopicOwner),
    };
    let names = thing.names();
    let is_own = match BEFORE_NAMES.iter().find_map(|before| behind(before, path)) {
        Some(rest) => behind(names, rest).is_some(),
        None if is_call => true,
        None => {
            let levels = topic.iter().filter(|byte| **byte == b'/').count();
            if levels > LEVELS {
                return Err(SendError::TopicLevels { levels });
            }
            // Whose other topics are is not known.
            let end = names.iter().position(|byte| *byte == b'/').unwrap_or_default();
            let is_ours = behind(names.get(..=end).unwrap_or_default(), path).is_some();
            behind(names, path).is_some()
                || !is_ours && !behind(b"+/+/", path).is_some_and(|rest| rest.starts_with(b"user/"))
        }
    };
    if is_own || thing.is_gateway { Ok(()) } else { Err(SendError::TopicOwner) }
}

/// What is behind `pattern` in `topic`. A `+` in either stands for a level, a `#` in `topic` for all that follows, and
/// the last slash of `pattern` may be missing.
#[inline(never)]
fn behind<'a>(mut pattern: &[u8], mut topic: &'a [u8]) -> Option<&'a [u8]> {
    loop {
        match (pattern, topic) {
            ([], _) | (_, [b'#', ..]) | ([b'/'], []) => return Some(topic),
            ([b'+', ..], [byte, rest @ ..]) if *byte != b'/' => topic = rest,
            ([b'+', rest @ ..], _) => pattern = rest,
            ([byte, rest @ ..], [b'+', ..]) if *byte != b'/' => pattern = rest,
            (_, [b'+', rest @ ..]) => topic = rest,
            ([wanted, rest @ ..], [byte, topic_rest @ ..]) if wanted == byte => (pattern, topic) = (rest, topic_rest),
            _ => return None,
        }
    }
}
