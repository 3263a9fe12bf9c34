//! Services (help.aliyun.com document 89301): called by the platform, at leisure or waiting up to 8 s for the answer.
//!
//! A synchronous call comes as a remote procedure call (RRPC): with its topic behind `/ext/rrpc/{request}` to a device
//! that logged in with `ext` bit 1, else on `/sys/{pk}/{dn}/rrpc/request/{request}`. It need not be one of a service: on
//! a custom topic, or with a payload that is no Alink, it is bytes that are answered with bytes.

use super::{Meaning, PAYLOAD_MAX, PostError, Thing, alink};
use crate::bytes::have;
use crate::mqtt::{SendError, Sender};

/// A topic on which the platform calls and wants an answer.
pub(super) struct Call<'a> {
    service: Service<'a>,
    /// If it is synchronous: the number of the request.
    request: Option<&'a [u8]>,
    answer: Answer<'a>,
}

/// Which service is called.
enum Service<'a> {
    /// This one.
    Named(&'a [u8]),
    /// The payload tells, if it is Alink.
    InPayload,
    /// None, but a custom topic.
    Custom(&'a [u8]),
}

impl<'a> Service<'a> {
    fn custom(&self) -> &'a [u8] {
        match self {
            Self::Custom(topic) => topic,
            _ => b"",
        }
    }
}

/// Where the answer goes.
enum Answer<'a> {
    /// To the topic of the call with `_reply` behind it.
    Reply,
    /// To the topic of the call.
    Same,
    /// To `/sys/{pk}/{dn}/rrpc/response/{request}`.
    Response(&'a [u8]),
}

/// The longest topic of a call: that of its answer may be longer by `_reply`, and its length has 16 bits as well
/// (MQTT 3.1.1, section 1.5.3).
const TOPIC_MAX: usize = u16::MAX as usize - b"_reply".len();

/// What is called on `topic`; `None` if nothing is. Setting properties is such a call as well.
pub(super) fn call<'a>(thing: &Thing, topic: &'a [u8]) -> Option<Call<'a>> {
    if topic.len() > TOPIC_MAX {
        return None;
    }
    if let Some(path) = thing.path(topic) {
        if let Some(request) = path.strip_prefix(b"rrpc/request/") {
            return Some(Call {
                service: Service::InPayload,
                request: Some(request),
                answer: Answer::Response(request),
            });
        }
        return Some(Call { service: Service::Named(name(path)?), request: None, answer: Answer::Reply });
    }
    let rest = topic.strip_prefix(b"/ext/rrpc/")?;
    let (request, inner) = rest.split_at_checked(rest.iter().position(|byte| *byte == b'/')?)?;
    let service = thing.path(inner).and_then(name).map_or(Service::Custom(inner), Service::Named);
    Some(Call { service, request: Some(request), answer: Answer::Same })
}

/// The service that `path` names.
fn name(path: &[u8]) -> Option<&[u8]> {
    let service = path.strip_prefix(b"thing/service/")?;
    let is_reply = service.ends_with(b"_reply");
    (!is_reply && !service.is_empty() && (!have(service, b'/') || service == b"property/set")).then_some(service)
}

pub(super) fn read<'a>(call: Call<'a>, payload: &'a [u8]) -> Meaning<'a> {
    let synchronous = call.request.is_some();
    let alink = match call.service {
        Service::Custom(_) => None,
        _ => alink::request(payload),
    };
    let named = alink.and_then(|(request, id, params)| {
        let service = match call.service {
            Service::Named(service) => core::str::from_utf8(service).ok()?,
            _ => request.text("method")?.strip_prefix("thing.service.")?,
        };
        Some((service, id, params))
    });
    match (named, call.request) {
        (Some(("property/set" | "property.set", id, params)), _) => Meaning::SetProperties { id, params },
        (Some((service, id, params)), _) => Meaning::CallService { id, service, params, synchronous },
        (None, Some(id)) => match (core::str::from_utf8(id), core::str::from_utf8(call.service.custom())) {
            (Ok(id), Ok(name)) => Meaning::CallRaw { id, name },
            _ => Meaning::Nothing,
        },
        (None, None) => Meaning::Nothing,
    }
}

/// Answers a call that came on `topic`: in the Alink envelope with the `id` of the request, or with `data` alone.
pub(super) fn answer(
    thing: &Thing,
    sender: &mut Sender,
    topic: &[u8],
    id: Option<&str>,
    code: i32,
    data: &[u8],
) -> Result<(), PostError> {
    let call = call(thing, topic).ok_or(PostError::Send(SendError::Topic))?;
    // The platform closes the connection at more; an envelope takes less than 64 bytes beside its id.
    if data.len() + id.map_or(0, |id| id.len() + 64) > PAYLOAD_MAX {
        return Err(PostError::Send(SendError::Payload));
    }
    let pieces: [&[u8]; 3] = match call.answer {
        Answer::Reply => [topic, b"_reply", b""],
        Answer::Same => [topic, b"", b""],
        Answer::Response(request) => [&thing.prefix, b"rrpc/response/", request],
    };
    match id {
        Some(id) => alink::answer(sender, &pieces, id, code, data),
        // Bytes have no place for the code: any that arrive look like success. Without them the platform sees a time-out.
        None if code != 200 && (data.is_empty() || data == b"{}") => Ok(()),
        None => sender.send(&pieces, &[data]).map_err(PostError::Send),
    }
}
