//! Tencent Cloud IoT Explorer, and IoT Hub for login and messages.
//!
//! Sources: cloud.tencent.com documents 1081/102803 (login, ports, keepalive), 1081/34916 and 1081/138037 (thing model), and
//! 1105/41464 (limits) and 1105/41511 (time) of tencentcloud.com. Tencent's SDK for Python 1.0 (PyPI `tencent-iot-device`,
//! `hub/protocol/protocol.py`) logs in with a key over TLS on the port that document 102803 gives for certificates. Tencent's
//! SDK for C (`qcloud_iot_export.h`) has the lengths of the names.

use zeroize::Zeroize;

use super::message::Piece::{self, Code, Number as Digits, Text as Bytes};
use super::message::{code_of, send};
use super::protocol::{Moment, Post, Vendor};
use super::received::params_of;
use super::{CallId, Login, LoginError, NotSent, Received};
use crate::bytes::{cut, is_name, strip_all};
use crate::clouds::Endpoint;
use crate::clouds::key::Key;
use crate::clouds::sign::{Form, SIGNATURE, SignMethod};
use crate::codec::json::{check, members};
use crate::codec::template::Value::Text;
use crate::codec::template::{parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text::{Text as Words, decimal};

/// Seconds of keepalive that the platform accepts (document 102803).
const KEEPALIVE_MAX: u16 = 900;
/// The expiry of a login with a certificate whose clock is not set: nothing is signed. Tencent's SDK for C sends the largest
/// `long`.
const NEVER: u64 = i32::MAX as u64;
/// What precedes the names in the topics: those that the device publishes on, and those that it subscribes to.
const PROPERTY: &[u8] = b"$thing/up/property/";
const EVENT: &[u8] = b"$thing/up/event/";
const ACTION: &[u8] = b"$thing/up/action/";
const QUESTION: &[u8] = b"$sys/operation/";
const DOWN_ACTION: &[u8] = b"$thing/down/action/";
const DOWN: [&[u8]; 4] = [b"$thing/down/property/", b"$thing/down/event/", DOWN_ACTION, b"$sys/operation/result/"];

/// The platform.
pub(super) struct Tencent;

/// The names of product and device.
fn names<'a>(login: &Login<'a>) -> [&'a [u8]; 2] {
    [login.product_id.unwrap_or_default(), login.device_name.unwrap_or_default()]
}

fn method(login: &Login) -> Option<SignMethod> {
    let method = login.sign_method.map_or(Some(SignMethod::HmacSha256), SignMethod::from_name);
    // The platform knows two (document 102803).
    #[cfg(feature = "md5")]
    let method = method.filter(|method| *method != SignMethod::HmacMd5);
    method
}

impl Vendor for Tencent {
    /// Document 41464, "messages".
    const PAYLOAD_MAX: usize = 16 * 1024;

    const HAS_TIME: bool = true;

    fn signs_time(login: &Login) -> bool {
        !login.with_certificate
    }

    fn expires(login: &Login) -> bool {
        !login.with_certificate
    }

    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let [product_id, device_name] = names(login);
        if keepalive > KEEPALIVE_MAX {
            return Err(LoginError::Keepalive);
        }
        if !is_name(product_id, 10, b"") {
            return Err(LoginError::ProductId);
        }
        if !is_name(device_name, 48, b"-_:") {
            return Err(LoginError::DeviceName);
        }
        if method(login).is_none() {
            return Err(LoginError::SignMethod);
        }
        if login.with_certificate {
            // Without TLS there is none.
            if login.server.without_tls {
                return Err(LoginError::Certificate);
            }
        } else if Key::read(login.device_secret.unwrap_or_default()).is_none() {
            return Err(LoginError::DeviceSecret);
        }
        let usual_port = if login.server.without_tls { 1883 } else { 8883 };
        Ok(endpoint.set(&login.server, &[product_id, b".iotcloud.tencentdevices.com"], usual_port)?)
    }

    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let [product_id, device_name] = names(login);
        let id = connection_id(moment.random);
        let expiry = decimal(if moment.is_known() { moment.expiry() } else { NEVER });
        // 12010126 is the number of the program in the document's example.
        let user_name = [template!("%%;12010126;%;%"), Text(product_id), Text(device_name), Text(&id), Text(&expiry)];
        connect.client_id(&[template!("%%"), Text(product_id), Text(device_name)]);
        connect.user_name(&user_name);
        if !login.with_certificate {
            let method = method(login).ok_or(LoginError::SignMethod)?;
            let key = Key::read(login.device_secret.unwrap_or_default()).ok_or(LoginError::DeviceSecret)?;
            let mut space = SIGNATURE;
            let signature = method.sign(key.bytes(), &user_name, Form::Lower, &mut space);
            connect.password_text(&[template!("%;%"), Text(signature), Text(method.name().as_bytes())]);
            space.zeroize();
        }
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        let [product_id, device_name] = names(login);
        for before in DOWN {
            each(&[before, product_id, b"/", device_name]);
        }
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let Post { event, params, id } = *post;
        // Neither has a time stamp: the platform takes its own then, and refuses one that is too old with code 405.
        let Some(event) = event else {
            let head = Bytes(br#"{"method":"report","clientToken":""#);
            let message = [head, Digits(id.into()), Bytes(br#"","params":"#), Bytes(params), Bytes(b"}")];
            return publish(login, PROPERTY, &message, out);
        };
        let (kind, event) = kind_of_event(event.as_bytes());
        let message = [
            Bytes(br#"{"method":"event_post","clientToken":""#),
            Digits(id.into()),
            Bytes(br#"","version":"1.0","eventId":""#),
            Bytes(event),
            Bytes(br#"","type":""#),
            Bytes(kind),
            Bytes(br#"","params":"#),
            Bytes(params),
            Bytes(b"}"),
        ];
        publish(login, EVENT, &message, out)
    }

    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let [product_id, device_name] = names(login);
        let is_own = |before| strip_all(topic, &[before, product_id, b"/", device_name]).is_some_and(<[u8]>::is_empty);
        if !DOWN.into_iter().any(is_own) {
            return None;
        }
        let [method, token, code, status, params] = members(payload, parts!("method%clientToken%code%status%params"))?;
        let Some(method) = method.string(payload) else { return time(payload) };
        let id = token.scalar(payload);
        match method.of(payload) {
            b"report_reply" | b"event_reply" => {
                let id = id?.count(payload)?.try_into().ok()?;
                Some(Received::Reply { id, code: code_of(code.number(payload)?), words: status, payload })
            }
            b"control" => {
                let payload: &'m [u8] = payload;
                let id = CallId::in_payload(payload, id.unwrap_or_default());
                Some(Received::Set { id, params: params_of(payload, params) })
            }
            b"action" => {
                let payload: &'m [u8] = payload;
                let [action, ..] = members(payload, parts!("actionId"))?;
                let service = Words::known(action.string(payload)?.of(payload));
                let id = CallId::in_payload(payload, id.unwrap_or_default());
                Some(Received::Call { id, service, params: params_of(payload, params) })
            }
            _ => None,
        }
    }

    fn answer(
        login: &Login,
        [topic, id]: [&[u8]; 2],
        code: i32,
        data: &[u8],
        _: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent> {
        let is_action = topic.starts_with(DOWN_ACTION);
        if is_action {
            // Document 34916: `response` is an object.
            check(data, true)?;
        }
        let status: &[u8] = if code == 200 { b"success" } else { b"failed" };
        let method: &[u8] = if is_action { b"action_reply" } else { b"control_reply" };
        let (before_data, data): (&[u8], &[u8]) = if is_action { (br#"","response":"#, data) } else { (b"\"", b"") };
        let message = [
            Bytes(br#"{"method":""#),
            Bytes(method),
            Bytes(br#"","clientToken":""#),
            Bytes(id),
            Bytes(br#"","code":"#),
            Code(code),
            Bytes(br#","status":""#),
            Bytes(status),
            Bytes(before_data),
            Bytes(data),
            Bytes(b"}"),
        ];
        publish(login, if is_action { ACTION } else { PROPERTY }, &message, out)
    }

    fn ask_time(login: &Login, _: u32, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        publish(login, QUESTION, &[Bytes(br#"{"type":"get","resource":["time"]}"#)], out)
    }
}

fn publish(login: &Login, before: &[u8], message: &[Piece], out: &mut Sender) -> Result<(), NotSent> {
    let [product_id, device_name] = names(login);
    Ok(send(out, &[before, product_id, b"/", device_name], message, Tencent::PAYLOAD_MAX)?)
}

/// The type of an event, and its identifier. The platform stores the type with each event (document 34916), but a script
/// only has the identifier: by convention of this library the type may precede it, `alert:` or `fault:`; else it is `info`.
fn kind_of_event(event: &[u8]) -> (&[u8], &[u8]) {
    match cut(event, b':') {
        Some((kind @ (b"info" | b"alert" | b"fault"), id)) if !id.is_empty() => (kind, id),
        _ => (b"info", event),
    }
}

/// The answer to the question for the time (document 41511): when the question came, and when the answer left.
fn time<'m>(payload: &[u8]) -> Option<Received<'m>> {
    let [kind, received, sent, ..] = members(payload, parts!("type%ntptime1%ntptime2"))?;
    if kind.string(payload)?.of(payload) != b"get" {
        return None;
    }
    Some(Received::Time { asked: None, received: received.count(payload)?, sent: sent.count(payload)? })
}

/// Five characters that differ at each login (document 102803, `connid`).
fn connection_id(mut random: u32) -> [u8; 5] {
    let mut id = [0; 5];
    for place in &mut id {
        let digit = (random % 36) as u8;
        *place = if digit < 10 { b'0' + digit } else { b'a' - 10 + digit };
        random /= 36;
    }
    id
}
