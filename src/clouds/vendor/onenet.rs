//! OneNET of China Mobile: the thing model of OneNET Studio ("OneJSON").
//!
//! Sources: China Mobile's book on the platform (open.iot.10086.cn, `doc/iot_platform/book`), pages `MQTT/mqtt-device-development`
//! (login), `MQTT/mqtt-limit` (limits), `MQTT/topic`, `thing-model/protocol/OneJSON/property&event` and `…/service`. Keepalive
//! and hosts: the same company's book on MQTTS, "device development" (onenet.hk.chinamobile.com). The token: vectors that
//! LuatOS's tests publish, and public programs in other languages.
//!
//! The platform has no question for the time. A device may subscribe to ten topics: five are used here.

use zeroize::Zeroize;

use super::message::Piece::{self, Members, Number as Digits, Signed, Text as Bytes};
use super::message::send;
use super::protocol::{Moment, Post, Vendor};
use super::received::params_of;
use super::{CallId, Login, LoginError, NotSent, Received};
use crate::bytes::{is_name, put, strip_all};
use crate::clouds::Endpoint;
use crate::clouds::base64::encode;
use crate::clouds::key::Key;
use crate::clouds::sign::{Form, SIGNATURE, SignMethod};
use crate::codec::json::{check, members};
use crate::codec::template::Value::Text;
use crate::codec::template::{Value, parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text::{Text as Words, decimal};

/// Seconds of keepalive that the platform accepts (book on MQTTS, "keepalive").
const KEEPALIVE: core::ops::RangeInclusive<u16> = 10..=1800;

/// What follows `$sys/{product}/{device}/thing/` in the topics.
const POST: &[u8] = b"property/post";
const EVENT: &[u8] = b"event/post";
const SET: &[u8] = b"property/set";
const GET: &[u8] = b"property/get";
const SERVICE: &[u8] = b"service/";
const INVOKE: &[u8] = b"/invoke";
const REPLY: &[u8] = b"/reply";

/// The platform.
pub(super) struct Onenet;

/// The names of product and device.
fn names<'a>(login: &Login<'a>) -> [&'a [u8]; 2] {
    [login.product_id.unwrap_or_default(), login.device_name.unwrap_or_default()]
}

fn method(login: &Login) -> Option<SignMethod> {
    login.sign_method.map_or(Some(SignMethod::HmacSha256), SignMethod::from_hash_name)
}

/// The key that signs: the device's own, or that of the product, which signs for each device of it.
fn key(login: &Login) -> Result<Key, LoginError> {
    match (login.device_secret, login.product_secret) {
        (None, Some(secret)) => Key::read(secret).ok_or(LoginError::ProductSecret),
        (secret, _) => Key::read(secret.unwrap_or_default()).ok_or(LoginError::DeviceSecret),
    }
}

impl Vendor for Onenet {
    /// "MQTT limits": the platform closes the link of a device that sends more.
    const PAYLOAD_MAX: usize = 256 * 1024;

    fn expires(_: &Login) -> bool {
        true
    }

    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let [product_id, device_name] = names(login);
        if !KEEPALIVE.contains(&keepalive) {
            return Err(LoginError::Keepalive);
        }
        if !is_name(product_id, 20, b"") {
            return Err(LoginError::ProductId);
        }
        if !is_name(device_name, 64, b"-_") {
            return Err(LoginError::DeviceName);
        }
        if method(login).is_none() {
            return Err(LoginError::SignMethod);
        }
        if login.with_certificate {
            return Err(LoginError::Certificate);
        }
        key(login)?;
        let (host, port): (&[u8], _) = match login.server.without_tls {
            false => (b"mqttstls.heclouds.com", 8883),
            true => (b"mqtts.heclouds.com", 1883),
        };
        Ok(endpoint.set(&login.server, &[host], port)?)
    }

    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let [product_id, device_name] = names(login);
        let method = method(login).ok_or(LoginError::SignMethod)?;
        let key = key(login)?;
        let expiry = decimal(moment.expiry());
        // With the key of the product the token is for all of its devices.
        let is_of_device = login.device_secret.is_some();
        let [plain, escaped, device]: [&[u8]; 3] = match is_of_device {
            true => [b"/devices/", b"%2Fdevices%2F", device_name],
            false => [b"", b"", b""],
        };
        let method_name = method.hash_name().as_bytes();
        let mut space = [0; TOKEN_SIGNATURE];
        let text = [
            template!("%\n%\nproducts/%%%\n2018-10-31"),
            Text(&expiry),
            Text(method_name),
            Text(product_id),
            Text(plain),
            Text(device),
        ];
        let signature = sign_token(method, &key, &text, &mut space);
        // In a template a percent sign is a place.
        let percent = Text(b"%2F");
        connect.client_id(&[template!("%"), Text(device_name)]);
        connect.user_name(&[template!("%"), Text(product_id)]);
        connect.password_text(&[
            template!("version=2018-10-31&res=products%%%%&et=%&method=%&sign=%"),
            percent,
            Text(product_id),
            Text(escaped),
            Text(device),
            Text(&expiry),
            Text(method_name),
            Text(signature),
        ]);
        space.zeroize();
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        let [product_id, device_name] = names(login);
        for [path, behind] in [[POST, REPLY], [EVENT, REPLY], [SET, b""], [GET, b""], [b"service/+", INVOKE]] {
            each(&[b"$sys/", product_id, b"/", device_name, b"/thing/", path, behind]);
        }
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let Post { event, params, id } = *post;
        let head = [Bytes(br#"{"id":""#), Digits(id.into()), Bytes(br#"","version":"1.0","params":{"#)];
        match event {
            None => {
                let params = Members { object: params, around: [b"\"", br#"":{"value":"#, b"}"] };
                publish(login, POST, &[head[0], head[1], head[2], params, Bytes(b"}}")], out)
            }
            Some(event) => {
                let message = [
                    head[0],
                    head[1],
                    head[2],
                    Bytes(b"\""),
                    Bytes(event.as_bytes()),
                    Bytes(br#"":{"value":"#),
                    Bytes(params),
                    Bytes(b"}}}"),
                ];
                publish(login, EVENT, &message, out)
            }
        }
    }

    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let path = path(login, topic)?;
        let [id, code, msg, params, _] = members(payload, parts!("id%code%msg%params"))?;
        let id = id.scalar(payload);
        if path.strip_suffix(REPLY).is_some_and(|path| path == POST || path == EVENT) {
            let (id, code) = (id?.count(payload)?.try_into().ok()?, code.number(payload)?);
            return Some(Received::Reply { id, code, words: msg, payload });
        }
        let payload: &'m [u8] = payload;
        let id = CallId::in_payload(payload, id.unwrap_or_default());
        let params = params_of(payload, params);
        let service = match path {
            SET => return Some(Received::Set { id, params }),
            // The platform asks for the present values: the device knows them, the library does not.
            GET => b"property.get",
            _ => path.strip_prefix(SERVICE)?.strip_suffix(INVOKE)?,
        };
        Some(Received::Call { id, service: Words::read(service)?, params })
    }

    fn answer(
        login: &Login,
        [topic, id]: [&[u8]; 2],
        code: i32,
        data: &[u8],
        _: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent> {
        let is_set = path(login, topic) == Some(SET);
        if !is_set {
            // Page `service`: `data` is an object.
            check(data, true)?;
        }
        let message: &[u8] = if code == 200 { b"success" } else { b"failed" };
        let (before_data, data): (&[u8], &[u8]) = if is_set { (b"\"", b"") } else { (br#"","data":"#, data) };
        let message = [
            Bytes(br#"{"id":""#),
            Bytes(id),
            Bytes(br#"","code":"#),
            Signed(code),
            Bytes(br#","msg":""#),
            Bytes(message),
            Bytes(before_data),
            Bytes(data),
            Bytes(b"}"),
        ];
        Ok(send(out, &[topic, b"_reply"], &message, Self::PAYLOAD_MAX)?)
    }
}

fn publish(login: &Login, path: &[u8], message: &[Piece], out: &mut Sender) -> Result<(), NotSent> {
    let [product_id, device_name] = names(login);
    let topic = [b"$sys/", product_id, b"/", device_name, b"/thing/", path];
    Ok(send(out, &topic, message, Onenet::PAYLOAD_MAX)?)
}

/// What follows `$sys/{product}/{device}/thing/` in `topic`.
fn path<'m>(login: &Login, topic: &'m [u8]) -> Option<&'m [u8]> {
    let [product_id, device_name] = names(login);
    strip_all(topic, &[b"$sys/", product_id, b"/", device_name, b"/thing/"])
}

/// Bytes of the longest signature in base64, and with each of its characters escaped.
const BASE64: usize = 44;
pub(super) const TOKEN_SIGNATURE: usize = 3 * BASE64;

/// Signs the `text` of a token: in base64, with the characters escaped that stand for something else in a token.
pub(super) fn sign_token<'r>(
    method: SignMethod,
    key: &Key,
    text: &[Value],
    room: &'r mut [u8; TOKEN_SIGNATURE],
) -> &'r [u8] {
    let (mut bytes, mut encoded) = (SIGNATURE, [0; BASE64]);
    let signature = encode(method.sign(key.bytes(), text, Form::Bytes, &mut bytes), &mut encoded);
    let mut rest = &mut room[..];
    for byte in signature {
        rest = put(
            rest,
            match byte {
                b'+' => b"%2B",
                b'/' => b"%2F",
                b'=' => b"%3D",
                other => core::slice::from_ref(other),
            },
        );
    }
    let length = TOKEN_SIGNATURE - rest.len();
    bytes.zeroize();
    encoded.zeroize();
    room.get(..length).unwrap_or_default()
}
