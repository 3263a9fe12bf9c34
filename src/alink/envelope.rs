//! The Alink envelope: `{"id":"1","version":"1.0","params":..}` up, `{"id":"1","code":200,"data":{}}` back.
//!
//! Sources: help.aliyun.com document 89301 (format), Link SDK C 4.2 `aiot_dm_api.c` (`sys.ack` asks for the reply).

use super::error::PostError;
use super::request::Reply;
use super::uplink::{Uplink, publish, send};
use crate::codec::json::{self, Place, members};
use crate::codec::template::Value::{Number, Text};
use crate::codec::template::{parts, template};
use crate::mqtt::{SendError, Sender};
use crate::time::Instant;

/// Sends a request of the service `owner` with `params`, which is JSON, on `/sys/{pk}/{dn}/` and the pieces of `path`. Returns
/// its id.
pub(crate) fn request(
    uplink: &mut Uplink,
    owner: u8,
    path: [&str; 3],
    method: [&str; 3],
    params: &[u8],
    reply: Reply,
    now: Instant,
) -> Result<u32, SendError> {
    uplink.requests.must_fit(reply)?;
    let topic = [uplink.identity.prefix(), path[0].as_bytes(), path[1].as_bytes(), path[2].as_bytes()];
    let text = [
        template!(r#"{"id":"%","version":"1.0","sys":{"ack":1},"params":%,"method":"%%%"}"#),
        Number(uplink.requests.upcoming()),
        Text(params),
        Text(method[0].as_bytes()),
        Text(method[1].as_bytes()),
        Text(method[2].as_bytes()),
    ];
    publish(uplink.session, &topic, &text)?;
    Ok(uplink.requests.sent(owner, reply, now, 0))
}

/// A reply to a request.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    /// The request.
    pub(crate) id: u32,
    /// 200, or what was wrong.
    pub(crate) code: i32,
    /// The platform's words, a string.
    pub(crate) message: Place,
    /// What is replied, of any kind.
    pub(crate) data: Place,
}

impl Answer {
    /// The reply that `payload` is.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let [id, code, message, data, _] = members(payload, parts!("id%code%message%data"))?;
        Some(Self { id: id.count(payload)?.try_into().ok()?, code: code.number(payload)?, message, data })
    }
}

/// Sends the answer to request `id`; `data` is a JSON value. Answers are QoS 0, as those of Link SDK C.
pub(crate) fn answer(sender: &mut Sender, topic: &[&[u8]], id: &[u8], code: i32, data: &[u8]) -> Result<(), PostError> {
    json::check(data, false)?;
    let text = [
        template!(r#"{"id":"%","code":%%,"data":%}"#),
        Text(id),
        Text(if code < 0 { b"-" } else { b"" }),
        Number(code.unsigned_abs()),
        Text(data),
    ];
    send(sender, topic, &text).map_err(PostError::Send)
}
