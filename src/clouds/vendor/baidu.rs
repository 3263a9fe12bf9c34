//! Baidu's IoT Core.
//!
//! Sources, of cloud.baidu.com/doc/IoTCore/s: `Akck4811r` (ports, user name, password, the time in them, certificates),
//! `3k7o8yehh` (limits), `2k7o8yf4k` (the two topics of the usual template). `MqttConfigFactory.java` of Baidu's SDK for Java
//! (baidu/iotcore-sdk-java): the host, and a login with a certificate that has neither user name nor password.
//!
//! What a device and its owner write on the two topics is theirs. The envelope here is a convention of this library, in the words
//! of the shadow of Baidu's older IoT Hub (cloud.baidu.com/doc/IOT/s/1jwvy76cb: `requestId`, `reported`, `desired`). IoT Core has
//! a shadow of its own, `$iot/{device}/shadow/…`, in Protocol Buffers (`ThingAvatarOperationModel.proto` of that SDK). It is not
//! used: each report needs the version of the shadow, which is read first, and again after each report of somebody else.

use zeroize::Zeroize;

use super::message::Piece::{Number, Signed, Text};
use super::message::{Piece, send};
use super::protocol::{Moment, Post, Vendor};
use super::received::{CallId, Received, params_of};
use super::{Login, LoginError, NotSent};
use crate::bytes::{is_name, is_printable, strip_all};
use crate::clouds::sign::{Form, KEY_MAX, SIGNATURE};
use crate::clouds::{Endpoint, SignMethod};
use crate::codec::json::{Place, check, members};
use crate::codec::template::{Value, parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text;
use crate::time::seconds;

pub(super) struct Baidu;

/// Seconds of keepalive that the cloud accepts (3k7o8yehh).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// The longest client identifier for MQTT 3.1.1 (3k7o8yehh).
const CLIENT_ID_MAX: usize = 128;
/// A level of a topic has so many bytes at most (3k7o8yehh). The device's name is one.
const LEVEL_MAX: usize = 40;
/// The characters of a client identifier beside letters and digits (3k7o8yehh). The usual one has the device's name in it.
const ALSO: &[u8] = b"-_";

/// Where the cloud's messages come in.
const DOWN: &[u8] = b"/msg";
/// Where the device's go.
const UP: &[u8] = b"/events";

fn device<'a>(login: &Login<'a>) -> Value<'a> {
    Value::Text(login.device_name.unwrap_or_default())
}

fn core<'a>(login: &Login<'a>) -> &'a [u8] {
    login.instance_id.unwrap_or_default()
}

/// The way to sign; `None` if this build leaves it out, or if the cloud has no such.
fn sign_method(login: &Login) -> Option<SignMethod> {
    let method = login.sign_method.map_or(Some(SignMethod::HmacSha256), SignMethod::from_hash_name)?;
    algorithm(method).map(|_| method)
}

/// The cloud's name for it.
fn algorithm(method: SignMethod) -> Option<&'static [u8]> {
    match method {
        SignMethod::HmacSha256 => Some(b"SHA256"),
        #[cfg(feature = "md5")]
        SignMethod::HmacMd5 => Some(b"MD5"),
        #[cfg(feature = "sha1")]
        SignMethod::HmacSha1 => None,
    }
}

fn topic<'a>(login: &Login<'a>, end: &'a [u8]) -> [&'a [u8]; 3] {
    [b"$iot/", login.device_name.unwrap_or_default(), end]
}

impl Vendor for Baidu {
    const PAYLOAD_MAX: usize = 32 * 1024;
    const HAS_REPLIES: bool = false;

    /// The time may be left out (Akck4811r): a device without a clock logs in.
    fn signs_time(_: &Login) -> bool {
        false
    }

    fn signs_known_time(login: &Login) -> bool {
        !login.with_certificate
    }

    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let region = login.region.unwrap_or(b"gz");
        if !KEEPALIVE.contains(&keepalive) {
            Err(LoginError::Keepalive)
        } else if !is_name(core(login), 32, ALSO) {
            Err(LoginError::InstanceId)
        } else if !login.device_name.is_some_and(|name| is_name(name, LEVEL_MAX, ALSO)) {
            Err(LoginError::DeviceName)
        } else if !login.with_certificate && !login.device_secret.is_some_and(|secret| is_printable(secret, KEY_MAX)) {
            Err(LoginError::DeviceSecret)
        } else if login.client_id.is_some_and(|id| !is_name(id, CLIENT_ID_MAX, ALSO)) {
            Err(LoginError::ClientId)
        } else if sign_method(login).is_none() {
            Err(LoginError::SignMethod)
        } else if login.with_certificate && login.server.without_tls {
            Err(LoginError::Certificate)
        } else if !is_name(region, 16, b"-") {
            Err(LoginError::Region)
        } else {
            let port = if login.server.without_tls { 1883 } else { 1884 };
            Ok(endpoint.set(&login.server, &[core(login), b".iot.", region, b".baidubce.com"], port)?)
        }
    }

    /// The time is in seconds and no more than 10 minutes off, or 0 (Akck4811r). A time ends the use of a login that somebody has
    /// overheard, so it is sent if it is known.
    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let (core, device) = (Value::Text(core(login)), device(login));
        match login.client_id {
            Some(id) => connect.client_id(&[template!("%"), Value::Text(id)]),
            // Another one for each device, or devices end each other's sessions. Those of Baidu's SDK begin like it.
            None => connect.client_id(&[template!("%_%"), core, device]),
        }
        if let (Some(method), false) = (sign_method(login), login.with_certificate) {
            let time = text::decimal(if moment.is_known() { seconds(moment.unix_ms) } else { 0 });
            let (time, algorithm) = (Value::Text(&time), Value::Text(algorithm(method).unwrap_or_default()));
            connect.user_name(&[template!("thingidp@%|%|%|%"), core, device, time, algorithm]);
            let secret = Value::Text(login.device_secret.unwrap_or_default());
            let mut space = SIGNATURE;
            connect.password(method.hash(
                &[template!("%&%&%%"), device, time, algorithm, secret],
                Form::Lower,
                &mut space,
            ));
            space.zeroize();
        }
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        each(&topic(login, DOWN));
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let [before, event, behind]: [&[u8]; 3] = match post.event {
            None => [br#"","reported":"#, b"", b""],
            Some(event) => [br#"","event":""#, event.as_bytes(), br#"","params":"#],
        };
        let texts = [before, event, behind, post.params, b"}"];
        publish(login, Number(post.id.into()), texts.map(Text), out)
    }

    fn read<'m>(login: &Login, topic_then: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let end = strip_all(topic_then, &topic(login, DOWN))?;
        let payload: &[u8] = payload;
        let [id, desired, service, params, _] = members(payload, parts!("requestId%desired%service%params"))?;
        let id = CallId::in_payload(payload, id.scalar(payload)?);
        let object = |place: Place| place.of(payload).starts_with(b"{").then(|| text::Text::known(place.of(payload)));
        if !end.is_empty() {
            None
        } else if service.is_empty() {
            Some(Received::Set { id, params: object(desired)? })
        } else {
            let service = text::Text::known(service.string(payload)?.of(payload));
            Some(Received::Call { id, service, params: params_of(payload, params) })
        }
    }

    fn answer(
        login: &Login,
        [_, id]: [&[u8]; 2],
        code: i32,
        data: &[u8],
        _: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent> {
        check(data, false)?;
        let behind = [Text(br#"","code":"#), Signed(code), Text(br#","data":"#), Text(data), Text(b"}")];
        publish(login, Text(id), behind, out)
    }
}

/// Sends a message with this request id and what is behind it.
fn publish(login: &Login, id: Piece, [a, b, c, d, e]: [Piece; 5], out: &mut Sender) -> Result<(), NotSent> {
    let message = [Text(br#"{"requestId":""#), id, a, b, c, d, e];
    Ok(send(out, &topic(login, UP), &message, Baidu::PAYLOAD_MAX)?)
}
