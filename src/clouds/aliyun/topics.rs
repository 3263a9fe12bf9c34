//! Which topics are a device's own? (Link SDK C 4.2, `aiot_mqtt_api.c`, for the length; its services for the names.)
//!
//! The platform closes the link of a device that uses another topic, so what is known to be wrong is refused before it
//! is sent. What the platform may allow passes: topics of a kind that is not listed here, wildcards in the place of a
//! name, and any product and device once this device speaks for others, as a gateway does.

use crate::bytes::are_equal_from_behind;
use crate::clouds::topics::Topics;
use crate::mqtt::SendError;

/// Where the services talk (help.aliyun.com documents 89301 and 85700, Link SDK C 4.2 `aiot_ntp_api.c`).
pub(super) const TOPICS: Topics = Topics {
    device: "/sys/",
    event: ["thing/event/", "/post"],
    property: "property",
    call: "thing/service/",
    time: ["/ext/ntp/", "request", "response"],
    ota: ["/ota/device/inform/", "/ota/device/progress/", "/ota/device/upgrade/"],
};

/// The largest payload that the platform accepts, in bytes (MQTT messages: 256 KB).
pub const PAYLOAD_MAX: usize = 256 * 1024;
/// A topic is shorter than this, in bytes.
const BYTES: usize = 128;
/// A topic of the user's making has so many levels at most.
const LEVELS: u8 = 7;
/// What is before the product's key and the device's name.
const BEFORE_NAMES: [&[u8]; 7] =
    [b"sys/", b"ext/ntp/", b"ext/session/", b"ext/error/", b"ext/rrpc/+/sys/", b"shadow/+/", b"ota/device/+/"];

/// Whether `topic` may be a topic of the device with these `names`, or a filter for such.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(super) fn check(names: &[u8], is_gateway: bool, topic: &[u8]) -> Result<(), SendError> {
    // Most messages go to such a topic, so it is looked for first.
    let is_custom =
        topic.get(1..=names.len()).is_some_and(|path| are_equal_from_behind(path, names)) && topic.starts_with(b"/");
    match topic.get(names.len() + 1..) {
        Some(rest) if is_custom && topic.len() < BYTES => check_levels(3, rest),
        _ => check_other(names, is_gateway, topic),
    }
}

#[cfg_attr(not(target_os = "none"), inline(never))]
fn check_other(names: &[u8], is_gateway: bool, topic: &[u8]) -> Result<(), SendError> {
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
    let is_own = match BEFORE_NAMES.iter().find_map(|before| behind(before, path)) {
        Some(rest) => behind(names, rest).is_some(),
        None if is_call => true,
        None => {
            check_levels(0, topic)?;
            behind(names, path).is_some() || is_of_nobody(names, path)
        }
    };
    if is_own || is_gateway { Ok(()) } else { Err(SendError::TopicOwner) }
}

/// Whether a topic with so many `known` levels, and those in `rest`, has no more than the platform allows.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn check_levels(known: u8, rest: &[u8]) -> Result<(), SendError> {
    let levels = known.wrapping_add(slashes(rest));
    if levels > LEVELS { Err(SendError::TopicLevels { levels: levels.into() }) } else { Ok(()) }
}

/// Slashes in a topic, which has 127 at most.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn slashes(bytes: &[u8]) -> u8 {
    // Computers count eight at a time, in the two words that most topics have behind the names.
    match (bytes.len(), bytes.first_chunk(), bytes.last_chunk()) {
        (length @ 9..=16, Some(first), Some(last)) if !cfg!(target_os = "none") => {
            let twice = 8 * (16 - length);
            slashes_in_word(u64::from_le_bytes(*first)) + slashes_in_word(u64::from_le_bytes(*last) >> twice)
        }
        _ => bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(u8::from(*byte == b'/'))),
    }
}

fn slashes_in_word(word: u64) -> u8 {
    const ONES: u64 = u64::MAX / 0xff;
    const LOW: u64 = ONES * 0x7f;
    // What is 0 in this is a slash.
    let word = word ^ (ONES * b'/' as u64);
    // The highest bit of a byte is 1 if any of its bits is.
    let others = ((word & LOW) + LOW) | word;
    let [sum, ..] = ((!others & !LOW) >> 7).wrapping_mul(ONES).to_be_bytes();
    sum
}

/// Whether it is not known whose topic this is.
fn is_of_nobody(names: &[u8], path: &[u8]) -> bool {
    let end = names.iter().position(|byte| *byte == b'/').unwrap_or_default();
    behind(names.get(..=end).unwrap_or_default(), path).is_none()
        && !behind(b"+/+/", path).is_some_and(|rest| rest.starts_with(b"user/"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_has_the_slashes_that_it_has() {
        for length in 0..20 {
            for marks in 0..1_u32 << length.min(12) {
                for other in [b'a', b'/' - 1, b'/' + 1, b'/' | 0x80, 0, 0xff] {
                    // Those behind the twelfth are as the first ones.
                    let text: [u8; 20] =
                        core::array::from_fn(|at| if marks >> (at % 12) & 1 == 1 { b'/' } else { other });
                    let text = &text[..length];
                    let wanted = text.iter().filter(|byte| **byte == b'/').count();
                    assert_eq!(usize::from(slashes(text)), wanted, "{text:02x?}");
                }
            }
        }
    }
}
