//! Raw data (help.aliyun.com document 89301, "transparent"): bytes that a script on the platform takes apart.

use super::{PostError, Thing};
use crate::mqtt::{Qos, Session};

const REPLY: &[u8] = b"thing/model/up_raw_reply";

pub(super) fn post(thing: &Thing, session: &mut Session, data: &[u8]) -> Result<(), PostError> {
    let topic: [&[u8]; 2] = [&thing.prefix, b"thing/model/up_raw"];
    Thing::publish(session, &topic, &[data], Qos::AtMostOnce).map_err(PostError::Send)?;
    Ok(())
}

/// Whether `path` is where the platform sends what its script makes of a post.
pub(super) fn is_reply(path: &[u8]) -> bool {
    path == REPLY
}

/// Whether the message that was too large for the receive buffer is such a reply, as far as it can be seen.
pub(super) fn is_oversize_reply(thing: &Thing, session: &Session) -> bool {
    session.oversize_is_on([&thing.prefix, REPLY])
}

/// Whether `path` is where the platform sends raw data.
pub(super) fn is_down(path: &[u8]) -> bool {
    path == b"thing/model/down_raw"
}
