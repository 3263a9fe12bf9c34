//! Tuya's TuyaLink.
//!
//! Sources, of developer.tuya.com/en/docs: `iot-device-dev/MQTT-protocol` (Kb3nzwbv28sgk: login, keepalive), `iot/MQTT_Topic`
//! (Kbt4ezpeko2rz), `iot/device_model` (Kbt4gcmizz8f4: properties, actions, events, codes, size), `iot/time-service`
//! (Kc0uqqccj0c47); tuya/tuya-iot-core-sdk, `src/tuyalink_core.c` (the order of what is signed) and `include/tuyalink_core.h`
//! (the length of a device id).
//!
//! The cloud replies to a post that asks for it (`sys.ack`), which all of these do. A property set asks for its answer in the
//! same way: one that does not gets none.

use zeroize::Zeroize;

use super::message::Piece::{Code, Members, Number, Text};
use super::message::{Piece, code_of, send};
use super::protocol::{Moment, Post, Vendor};
use super::received::{CallId, Received, params_of};
use super::{Login, LoginError, NotSent};
use crate::bytes::{is_name, is_printable, strip_all};
use crate::clouds::sign::{Form, KEY_MAX, SIGNATURE};
use crate::clouds::{Endpoint, SignMethod};
use crate::codec::json::{Place, check, members};
use crate::codec::template::{Value, fill, parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text::{self, decimal};
use crate::time::seconds;

pub(super) struct Tuya;

/// Seconds of keepalive that the cloud accepts (Kb3nzwbv28sgk).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// The regions by the names in their hosts (Kb3nzwbv28sgk), the usual one first.
const REGIONS: [&[u8]; 4] = [b"cn", b"us", b"eu", b"in"];

const SET: &[u8] = b"thing/property/set";
const ACTION: &[u8] = b"thing/action/execute";
const TIME: &[u8] = b"ext/time/response";
/// The replies to posts: of properties, and of events.
const REPLIES: [&[u8]; 2] = [b"thing/property/report_response", b"thing/event/trigger_response"];

fn device_id<'a>(login: &Login<'a>) -> &'a [u8] {
    login.device_name.unwrap_or_default()
}

/// A topic of the device, with these pieces at its end.
fn topic<'a>(login: &Login<'a>, [first, second]: [&'a [u8]; 2]) -> [&'a [u8]; 5] {
    [b"tylink/", device_id(login), b"/", first, second]
}

/// The end of a topic of the device.
fn path<'t>(login: &Login, text: &'t [u8]) -> Option<&'t [u8]> {
    strip_all(text, &topic(login, [b""; 2]))
}

impl Vendor for Tuya {
    const PAYLOAD_MAX: usize = 64 * 1024;
    const HAS_TIME: bool = true;

    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let region = login.region.unwrap_or(REGIONS[0]);
        if !KEEPALIVE.contains(&keepalive) {
            Err(LoginError::Keepalive)
        } else if !is_name(device_id(login), 32, b"-_") {
            Err(LoginError::DeviceName)
        } else if !login.device_secret.is_some_and(|secret| is_printable(secret, KEY_MAX)) {
            Err(LoginError::DeviceSecret)
        } else if login.sign_method.is_some_and(|name| SignMethod::from_name(name) != Some(SignMethod::HmacSha256)) {
            Err(LoginError::SignMethod)
        } else if login.with_certificate {
            Err(LoginError::Certificate)
        } else if !REGIONS.contains(&region) {
            Err(LoginError::Region)
        } else {
            // The documents name the port of TLS alone.
            let port = if login.server.without_tls { 1883 } else { 8883 };
            Ok(endpoint.set(&login.server, &[b"m1.tuya", region, b".com"], port)?)
        }
    }

    /// The time is in seconds, as the SDK has it. Milliseconds are allowed as well.
    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let id = Value::Text(device_id(login));
        let time = decimal(seconds(moment.unix_ms));
        let time = Value::Text(&time);
        connect.client_id(&[template!("tuyalink_%"), id]);
        connect.user_name(&[template!("%|signMethod=hmacSha256,timestamp=%,secureMode=1,accessType=1"), id, time]);
        let signed = [template!("deviceId=%,timestamp=%,secureMode=1,accessType=1"), id, time];
        let mut space = SIGNATURE;
        let key = login.device_secret.unwrap_or_default();
        connect.password(SignMethod::HmacSha256.sign(key, &signed, Form::Lower, &mut space));
        space.zeroize();
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        for end in REPLIES.into_iter().chain([SET, ACTION, TIME]) {
            each(&topic(login, [end, b""]));
        }
    }

    fn post(login: &Login, post: &Post, moment: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let Post { event, params, id } = *post;
        let (id, time) = (Number(id.into()), Number(moment.unix_ms));
        let [msg_id, behind_id, data] =
            [br#"{"msgId":""#.as_slice(), br#"","time":"#, br#","sys":{"ack":1},"data":{"#].map(Text);
        let Some(event) = event else {
            let mut space = [0; 32];
            let length = fill(&mut space, &[template!(r#","time":%}"#), Value::Text(&decimal(moment.unix_ms))]);
            let around = [b"\"", br#"":{"value":"#.as_slice(), space.get(..length).unwrap_or_default()];
            let properties = Members { object: params, around };
            let message = [msg_id, id, behind_id, time, data, properties, Text(b"}}")];
            return publish(login, [b"thing/property/report", b""], &message, out);
        };
        let message = [
            msg_id,
            id,
            behind_id,
            time,
            data,
            Text(br#""eventCode":""#),
            Text(event.as_bytes()),
            Text(br#"","eventTime":"#),
            time,
            Text(br#","outputParams":"#),
            Text(params),
            Text(b"}}"),
        ];
        publish(login, [b"thing/event/trigger", b""], &message, out)
    }

    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let path = path(login, topic)?;
        let [id, code, sys, data, _] = members(payload, parts!("msgId%code%sys%data"))?;
        if REPLIES.contains(&path) {
            // It may be missing, and is 0 then.
            let code = if code.is_empty() { 0 } else { code.number(payload)? };
            let id = id.count(payload)?.try_into().ok()?;
            return Some(Received::Reply { id, code: code_of(code), words: Place::default(), payload });
        }
        let payload: &'m [u8] = payload;
        let id = CallId::in_payload(payload, id.string(payload)?);
        let data = data.of(payload);
        match path {
            SET if data.starts_with(b"{") => {
                let sys = sys.of(payload);
                let [ack, ..] = members(sys, parts!("ack")).unwrap_or_default();
                // A call whose id has no place gets no answer.
                let id = if ack.of(sys) == b"1" { id } else { CallId { place: Place::default(), ..id } };
                Some(Received::Set { id, params: text::Text::known(data) })
            }
            ACTION => {
                let [action, params, ..] = members(data, parts!("actionCode%inputParams"))?;
                let service = text::Text::known(action.string(data)?.of(data));
                Some(Received::Call { id, service, params: params_of(data, params) })
            }
            TIME => {
                let [asked, received, sent, ..] = members(data, parts!("dst%srt%sst"))?;
                // The lower half is the device's own clock: see `ask_time`.
                let asked = Some((asked.count(data)? as u32).into());
                Some(Received::Time { asked, received: received.count(data)?, sent: sent.count(data)? })
            }
            _ => None,
        }
    }

    /// The answer to an action may name it (`actionCode`), and does not have to: the id says what is answered.
    fn answer(
        login: &Login,
        [topic, id]: [&[u8]; 2],
        code: i32,
        data: &[u8],
        moment: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent> {
        let path = path(login, topic).ok_or(NotSent::Lacks)?;
        let (before, behind): (&[u8], &[u8]) = match path {
            _ if id.is_empty() => return Ok(()),
            ACTION => {
                check(data, true)?;
                (br#","data":{"outputParams":"#, b"}}")
            }
            _ => (b"", b"}"),
        };
        let message = [
            Text(br#"{"msgId":""#),
            Text(id),
            Text(br#"","time":"#),
            Number(moment.unix_ms),
            Text(br#","code":"#),
            Code(code),
            Text(before),
            Text(if before.is_empty() { b"" } else { data }),
            Text(behind),
        ];
        publish(login, [path, b"_response"], &message, out)
    }

    fn ask_time(login: &Login, now_ms: u32, moment: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let message = [
            Text(br#"{"msgId":""#),
            Number(now_ms.into()),
            Text(br#"","time":"#),
            Number(moment.unix_ms),
            Text(br#","data":{"bizType":"NTP","dst":"#),
            Number(moment.with_clock(now_ms)),
            Text(b"}}"),
        ];
        publish(login, [b"ext/time/request", b""], &message, out)
    }
}

/// Sends a message on a topic of the device.
fn publish(login: &Login, path: [&[u8]; 2], message: &[Piece], out: &mut Sender) -> Result<(), NotSent> {
    Ok(send(out, &topic(login, path), message, Tuya::PAYLOAD_MAX)?)
}
