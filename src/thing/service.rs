//! Services (help.aliyun.com document 89301): called by the platform, at leisure or waiting up to 8 s for the answer.
//!
//! A synchronous call comes as a remote procedure call (RRPC): with its topic behind `/ext/rrpc/{request}` to a device
//! that logged in with `ext` bit 1, else on `/sys/{pk}/{dn}/rrpc/request/{request}`.

use super::{Meaning, Thing, alink};

/// A topic on which the platform calls and wants an answer.
pub(super) struct Call<'a> {
    /// Name of the service, where the topic tells it.
    service: Option<&'a [u8]>,
    synchronous: bool,
    answer: Answer<'a>,
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

/// What is called on `topic`; `None` if nothing is. Setting properties is such a call as well.
pub(super) fn call<'a>(thing: &Thing, topic: &'a [u8]) -> Option<Call<'a>> {
    if let Some(path) = thing.path(topic) {
        if let Some(request) = path.strip_prefix(b"rrpc/request/") {
            return Some(Call { service: None, synchronous: true, answer: Answer::Response(request) });
        }
        let service = name(path)?;
        return Some(Call { service: Some(service), synchronous: false, answer: Answer::Reply });
    }
    let inner = topic.strip_prefix(b"/ext/rrpc/")?;
    let inner = inner.get(inner.iter().position(|byte| *byte == b'/')?..)?;
    let service = name(thing.path(inner)?)?;
    Some(Call { service: Some(service), synchronous: true, answer: Answer::Same })
}

/// The service that `path` names.
fn name(path: &[u8]) -> Option<&[u8]> {
    let service = path.strip_prefix(b"thing/service/")?;
    let is_reply = service.ends_with(b"_reply");
    (!is_reply && !service.is_empty() && (!service.contains(&b'/') || service == b"property/set")).then_some(service)
}

pub(super) fn read<'a>(call: Call<'a>, payload: &'a [u8]) -> Meaning<'a> {
    let Some((request, id, params)) = alink::request(payload) else { return Meaning::Nothing };
    let named = || request.text("method").and_then(|method| method.strip_prefix("thing.service."));
    match call.service.and_then(|service| core::str::from_utf8(service).ok()).or_else(named) {
        Some("property/set" | "property.set") => Meaning::SetProperties { id, params },
        Some(service) => Meaning::CallService { id, service, params, synchronous: call.synchronous },
        None => Meaning::Nothing,
    }
}

/// Hands the pieces of the topic that an answer to a call on `topic` goes to over to `use_it`.
pub(super) fn answer_topic<R>(thing: &Thing, topic: &[u8], use_it: impl FnOnce(&[&[u8]]) -> R) -> Option<R> {
    Some(match call(thing, topic)?.answer {
        Answer::Reply => use_it(&[topic, b"_reply"]),
        Answer::Same => use_it(&[topic]),
        Answer::Response(request) => use_it(&[
            b"/sys/",
            thing.product_key.as_bytes(),
            b"/",
            thing.device_name.as_bytes(),
            b"/rrpc/response/",
            request,
        ]),
    })
}
