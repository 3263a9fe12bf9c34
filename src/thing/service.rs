//! Services (help.aliyun.com document 89301): called by the platform, at leisure or waiting up to 8 s for the answer.
//!
//! A synchronous call comes as a remote procedure call (RRPC): with its topic behind `/ext/rrpc/{request}` to a device
//! that logged in with `ext` bit 1, else on `/sys/{pk}/{dn}/rrpc/request/{request}`.

use super::{Meaning, Thing, alink};

/// A topic on which the platform calls and wants an answer.
pub(super) struct Call<'a> {
    /// Name of the service, where the topic tells it.
    service: Option<&'a str>,
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
    Response(&'a str),
}

/// What is called on `topic`; `None` if nothing is. Setting properties is such a call as well.
pub(super) fn call<'a>(thing: &Thing, topic: &'a str) -> Option<Call<'a>> {
    if let Some(path) = thing.path(topic) {
        if let Some(request) = path.strip_prefix("rrpc/request/") {
            return Some(Call { service: None, synchronous: true, answer: Answer::Response(request) });
        }
        let service = name(path)?;
        return Some(Call { service: Some(service), synchronous: false, answer: Answer::Reply });
    }
    let inner = topic.strip_prefix("/ext/rrpc/")?;
    let inner = inner.get(inner.find('/')?..)?;
    let service = name(thing.path(inner)?)?;
    Some(Call { service: Some(service), synchronous: true, answer: Answer::Same })
}

/// The service that `path` names.
fn name(path: &str) -> Option<&str> {
    let service = path.strip_prefix("thing/service/")?;
    let is_reply = service.ends_with("_reply");
    (!is_reply && !service.is_empty() && (!service.contains('/') || service == "property/set")).then_some(service)
}

pub(super) fn read<'a>(call: Call<'a>, payload: &'a [u8]) -> Meaning<'a> {
    let Some((request, id, params)) = alink::request(payload) else { return Meaning::Nothing };
    let named = || request.text("method").and_then(|method| method.strip_prefix("thing.service."));
    match call.service.or_else(named) {
        Some("property/set" | "property.set") => Meaning::SetProperties { id, params },
        Some(service) => Meaning::CallService { id, service, params, synchronous: call.synchronous },
        None => Meaning::Nothing,
    }
}

/// Hands the pieces of the topic that an answer to a call on `topic` goes to over to `use_it`.
pub(super) fn answer_topic<R>(thing: &Thing, topic: &str, use_it: impl FnOnce(&[&[u8]]) -> R) -> Option<R> {
    Some(match call(thing, topic)?.answer {
        Answer::Reply => use_it(&[topic.as_bytes(), b"_reply"]),
        Answer::Same => use_it(&[topic.as_bytes()]),
        Answer::Response(request) => use_it(&[
            b"/sys/",
            thing.product_key.as_bytes(),
            b"/",
            thing.device_name.as_bytes(),
            b"/rrpc/response/",
            request.as_bytes(),
        ]),
    })
}
