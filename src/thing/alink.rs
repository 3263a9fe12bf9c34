//! The Alink envelope: `{"id":"1","version":"1.0","params":..}` up, `{"id":"1","code":200,"data":{}}` back.
//!
//! Sources: help.aliyun.com document 89301 (format), Link SDK C 4.2 `aiot_dm_api.c` (`sys.ack` asks for the reply).

use super::json::{self, JsonError, NotJson, Object};
use super::{Meaning, PostError, Thing};
use crate::mqtt::{Qos, Sender, Session};
use crate::text::decimal;

/// Message ids of posts, one after the other.
pub(super) struct Ids {
    before_first: u32,
    last: u32,
}

impl Ids {
    /// Starts anywhere: scripts that post on their own use small numbers, whose replies must not be taken for ours.
    pub(super) fn new(seed: u32) -> Self {
        let before_first = 1_000_000 + seed % 1_000_000;
        Self { before_first, last: before_first }
    }

    fn upcoming(&self) -> u32 {
        self.last.wrapping_add(1)
    }

    /// An id for what is not a post: its reply is not awaited here.
    #[cfg(feature = "upload")]
    pub(super) fn another(&mut self) -> u32 {
        self.last = self.upcoming();
        self.last
    }

    /// Whether `id` is one of these.
    pub(super) fn issued(&self, id: u32) -> bool {
        id != self.before_first && id.wrapping_sub(self.before_first) <= self.last.wrapping_sub(self.before_first)
    }
}

/// Posts `params` on `/sys/{pk}/{dn}/thing/event/{event}/post`.
pub(super) fn post(
    thing: &mut Thing,
    session: &mut Session,
    event: &str,
    method: [&str; 2],
    params: &str,
) -> Result<u32, PostError> {
    Object::parse(params)?;
    let id = thing.ids.upcoming();
    let id_text = decimal(u64::from(id));
    let [method, method_tail] = method;
    let topic: [&[u8]; 4] = [&thing.prefix, b"thing/event/", event.as_bytes(), b"/post"];
    let payload: [&[u8]; 7] = [
        b"{\"id\":\"",
        &id_text,
        b"\",\"version\":\"1.0\",\"sys\":{\"ack\":1},\"params\":",
        params.as_bytes(),
        b",\"method\":\"thing.event.",
        method.as_bytes(),
        method_tail.as_bytes(),
    ];
    Thing::publish(session, &topic, &payload, Qos::AtMostOnce).map_err(PostError::Send)?;
    thing.ids.last = id;
    Ok(id)
}

/// Reads the reply to a post; `None` if `path` is not that of a reply.
pub(super) fn read_reply(path: &[u8], payload: &[u8]) -> Option<Meaning<'static>> {
    if !path.ends_with(b"_reply") || !path.starts_with(b"thing/event/") {
        return None;
    }
    let meaning = Object::read(payload).and_then(|reply| {
        let id = reply.count("id")?.try_into().ok()?;
        Some(Meaning::Reply { id, code: reply.number("code")? })
    });
    Some(meaning.unwrap_or(Meaning::Nothing))
}

/// The id and the parameters of a request.
pub(super) fn request(payload: &[u8]) -> Option<(Object<'_>, &str, &str)> {
    let request = Object::read(payload)?;
    let id = request.text("id").unwrap_or_default();
    Some((request, id, request.get("params").unwrap_or("{}")))
}

/// Sends the answer to request `id`; `data` is a JSON value. Answers are QoS 0, as those of Link SDK C.
pub(super) fn answer(sender: &mut Sender, topic: &[&[u8]], id: &str, code: i32, data: &[u8]) -> Result<(), PostError> {
    let text = core::str::from_utf8(data).map_err(|error| PostError::Json(NotJson { at: error.valid_up_to() }))?;
    json::check(text)?;
    let digits = decimal(u64::from(code.unsigned_abs()));
    let payload: [&[u8]; 7] = [
        b"{\"id\":\"",
        id.as_bytes(),
        if code < 0 { b"\",\"code\":-" } else { b"\",\"code\":" },
        &digits,
        b",\"data\":",
        data,
        b"}",
    ];
    sender.send(topic, &payload).map_err(PostError::Send)
}

impl From<JsonError> for PostError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::NotJson(error) => Self::Json(error),
            JsonError::TooDeep(at) => Self::Nesting { at },
        }
    }
}
