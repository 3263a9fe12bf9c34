//! The Alink envelope: `{"id":"1","version":"1.0","params":..}` up, `{"id":"1","code":200,"data":{}}` back.
//!
//! Sources: help.aliyun.com document 89301 (format), Link SDK C 4.2 `aiot_dm_api.c` (`sys.ack` asks for the reply).

use super::error::PostError;
use super::uplink::{Uplink, publish};
use crate::clouds::ALINK;
use crate::codec::json;
use crate::mqtt::Sender;
use crate::text::decimal;

/// Posts `params` on `/sys/{pk}/{dn}/thing/event/{event}/post`.
pub(crate) fn post(uplink: &mut Uplink, event: &str, method: [&str; 2], params: &str) -> Result<u32, PostError> {
    json::members(params.as_bytes(), [])?;
    let id = uplink.identity.ids.upcoming();
    let id_text = decimal(u64::from(id));
    let ([before, behind], [method, method_tail]) = (ALINK.event, method);
    let Uplink { session, identity, .. } = uplink;
    let topic: [&[u8]; 4] = [identity.prefix(), before.as_bytes(), event.as_bytes(), behind.as_bytes()];
    let payload: [&[u8]; 7] = [
        b"{\"id\":\"",
        &id_text,
        b"\",\"version\":\"1.0\",\"sys\":{\"ack\":1},\"params\":",
        params.as_bytes(),
        b",\"method\":\"thing.event.",
        method.as_bytes(),
        method_tail.as_bytes(),
    ];
    publish(session, &topic, &payload)?;
    Ok(identity.ids.next_id())
}

/// Sends the answer to request `id`; `data` is a JSON value. Answers are QoS 0, as those of Link SDK C.
pub(crate) fn answer(sender: &mut Sender, topic: &[&[u8]], id: &[u8], code: i32, data: &[u8]) -> Result<(), PostError> {
    json::check(data)?;
    let digits = decimal(u64::from(code.unsigned_abs()));
    let payload: [&[u8]; 7] = [
        b"{\"id\":\"",
        id,
        if code < 0 { b"\",\"code\":-" } else { b"\",\"code\":" },
        &digits,
        b",\"data\":",
        data,
        b"}",
    ];
    sender.send(topic, &payload).map_err(PostError::Send)
}
