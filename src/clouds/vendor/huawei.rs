//! Huawei Cloud IoTDA.
//!
//! Sources, all of support.huaweicloud.com: `api-iothub/iot_06_v5_…` 3009 (login), 3004 (topics, and who subscribes to them), 3010
//! (property report), 3008 (property set), 3011 (property query), 3014 (commands), 3016 (messages), 3040 and 3041 (time), 0046
//! (device), 0052 (product model); `productdesc-iothub/iot_04_0010` (limits).
//!
//! A product model keeps properties and commands in services. The login names the service of properties that come without one:
//!
//! - Posted properties are those of this service.
//! - A property set of this service alone is reported flat. Any other set is reported as it came, an object with `services`.
//! - A command is reported by its name, whatever its service.
//! - A property query is reported as a call of `property.get`. The data of its answer are the properties.
//!
//! A product model has no events of its own (0052). So an event goes as a message, which rules of the platform can forward.

use zeroize::Zeroize;

use super::message::Piece::{self, Code, Number, Text};
use super::message::send;
use super::protocol::{Moment, Post, Vendor};
use super::received::{CallId, Received, params_of};
use super::{Login, LoginError, NotSent};
use crate::bytes::{contains_byte, is_name, is_printable, strip, strip_all};
use crate::clouds::sign::{Form, SIGNATURE};
use crate::clouds::{Endpoint, SignMethod};
use crate::codec::json::{Place, check, elements, members};
use crate::codec::template::{Value, parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text;
use crate::time::{seconds, utc_hour};

pub(super) struct Huawei;

/// Seconds of keepalive that the platform accepts (`iot_04_0010`).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// What is before and behind the device id in each topic.
const TOPIC: [&[u8]; 2] = [b"$oc/devices/", b"/sys/"];
const COMMAND: &[u8] = b"commands/";
const SET: &[u8] = b"properties/set/";
const QUERY: &[u8] = b"properties/get/";
/// What is before the number of a request, at the end of a topic.
const REQUEST: &[u8] = b"request_id=";
const EVENTS: &[u8] = b"events/down";

/// The device id in pieces. The platform makes it of product id and node id; a login without product id has the whole.
fn device_id<'a>(login: &Login<'a>) -> [&'a [u8]; 3] {
    let name = login.device_name.unwrap_or_default();
    login.product_id.map_or([name, b"", b""], |product| [product, b"_", name])
}

/// A topic of the device, with these pieces at its end.
fn topic<'a>(login: &Login<'a>, [first, second, third]: [&'a [u8]; 3]) -> [&'a [u8]; 8] {
    let [product, line, name] = device_id(login);
    [TOPIC[0], product, line, name, TOPIC[1], first, second, third]
}

/// The kind of a request, and what is behind it in its topic.
fn request<'t>(login: &Login, topic: &'t [u8]) -> Option<(&'static [u8], &'t [u8])> {
    let path = path(login, topic)?;
    [COMMAND, SET, QUERY].into_iter().find_map(|kind| {
        let request = strip(path, kind)?;
        request.starts_with(REQUEST).then_some((kind, request))
    })
}

/// The end of a topic of the device.
fn path<'t>(login: &Login, text: &'t [u8]) -> Option<&'t [u8]> {
    let [before, product, line, name, behind, ..] = topic(login, [b""; 3]);
    strip_all(text, &[before, product, line, name, behind])
}

/// Whether the JSON at `place` is missing, or is the device id: else a message is for a device behind this one.
fn is_own(login: &Login, payload: &[u8], place: Place) -> bool {
    place.is_empty()
        || place
            .string(payload)
            .is_some_and(|id| strip_all(id.of(payload), &device_id(login)).is_some_and(<[u8]>::is_empty))
}

/// Whether the JSON at `place` is the string `text`.
fn is_string(payload: &[u8], place: Place, text: &[u8]) -> bool {
    place.string(payload).is_some_and(|place| place.of(payload) == text)
}

/// The properties of a set, flat if they are all of the login's service.
fn properties<'m>(login: &Login, payload: &'m [u8], services: Place) -> Option<&'m [u8]> {
    let services = services.of(payload);
    let (mut count, mut last) = (0, Place::default());
    elements(services, &mut |element| (count, last) = (count + 1, element)).ok()?;
    let last = last.of(services);
    let [service, properties, ..] = members(last, parts!("service_id%properties"))?;
    let properties = properties.of(last);
    let is_flat = count == 1 && login.service_id.is_some_and(|id| is_string(last, service, id));
    Some(if is_flat && properties.starts_with(b"{") { properties } else { payload })
}

/// The reply to the question for the time, if a message to the device has one (3041).
fn read_time<'m>(payload: &[u8]) -> Option<Received<'m>> {
    let [services, ..] = members(payload, parts!("services"))?;
    let services = services.of(payload);
    let mut reply = None;
    let read = |event: &[u8]| {
        let [service, kind, paras, ..] = members(event, parts!("service_id%event_type%paras"))?;
        if !is_string(event, service, b"$time_sync") || !is_string(event, kind, b"time_sync_response") {
            return None;
        }
        let paras = paras.of(event);
        let [asked, received, sent, ..] = members(paras, parts!("device_send_time%server_recv_time%server_send_time"))?;
        // The lower half is the device's own clock: see `ask_time`.
        let asked = Some((asked.count(paras)? as u32).into());
        Some(Received::Time { asked, received: received.count(paras)?, sent: sent.count(paras)? })
    };
    elements(services, &mut |event| reply = reply.take().or_else(|| read(event.of(services)))).ok()?;
    reply
}

impl Vendor for Huawei {
    const PAYLOAD_MAX: usize = 1024 * 1024;
    const HAS_REPLIES: bool = false;
    const HAS_TIME: bool = true;

    fn signs_time(login: &Login) -> bool {
        !login.with_certificate
    }

    fn resolve(login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let instance = login.instance_id.unwrap_or_default();
        let region = login.region.unwrap_or(b"cn-north-4");
        // The platform's secrets have 32 characters at most (0046).
        let has_secret = login.with_certificate || login.device_secret.is_some_and(|secret| is_printable(secret, 64));
        if !KEEPALIVE.contains(&keepalive) {
            Err(LoginError::Keepalive)
        } else if login.product_id.is_some_and(|id| !is_name(id, 36, b"-_")) {
            Err(LoginError::ProductId)
        } else if !is_name(login.device_name.unwrap_or_default(), 128, b"-_") {
            Err(LoginError::DeviceName)
        } else if !has_secret {
            Err(LoginError::DeviceSecret)
        } else if login.sign_method.is_some_and(|name| !name.eq_ignore_ascii_case(b"sha256")) {
            Err(LoginError::SignMethod)
        } else if login.service_id.is_some_and(|id| !is_service_id(id)) {
            Err(LoginError::ServiceId)
        } else if !is_name(region, 32, b"-") {
            Err(LoginError::Region)
        } else if login.server.host.is_none() && !is_name(instance, 64, b"-") {
            Err(LoginError::InstanceId)
        } else {
            let port = if login.server.without_tls { 1883 } else { 8883 };
            Ok(endpoint.set(&login.server, &[instance, b".iotda-device.", region, b".myhuaweicloud.com"], port)?)
        }
    }

    /// The client identifier is the device id, 0 (which says so), 1 if the platform is to compare the time stamp with its
    /// clock, and the time stamp. With a certificate nothing is signed: that login does not need a clock.
    fn write(login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let [product, line, name] = device_id(login).map(Value::Text);
        let hour = utc_hour(seconds(moment.unix_ms));
        let is_compared = Value::Number((!login.with_certificate).into());
        connect.client_id(&[template!("%%%_0_%_%"), product, line, name, is_compared, Value::Text(&hour)]);
        connect.user_name(&[template!("%%%"), product, line, name]);
        if !login.with_certificate {
            // The time stamp is the key, and the secret is what is signed.
            let secret = [template!("%"), Value::Text(login.device_secret.unwrap_or_default())];
            let mut space = SIGNATURE;
            connect.password(SignMethod::HmacSha256.sign(&hour, &secret, Form::Lower, &mut space));
            space.zeroize();
        }
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    /// The platform subscribes each device to these at QoS 0 by itself. With QoS 1 it sends again what was lost (3004).
    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        for (kind, wildcard) in [(COMMAND, "#"), (SET, "#"), (QUERY, "#"), (EVENTS, "")] {
            each(&topic(login, [kind, wildcard.as_bytes(), b""]));
        }
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let Post { event, params, id } = *post;
        let Some(event) = event else {
            let service = login.service_id.ok_or(NotSent::ServiceId)?;
            let message = [
                Text(br#"{"services":[{"service_id":""#),
                Text(service),
                Text(br#"","properties":"#),
                Text(params),
                Text(b"}]}"),
            ];
            return publish(login, [b"properties/report", b"", b""], &message, out);
        };
        let message = [
            Text(br#"{"name":""#),
            Text(event.as_bytes()),
            Text(br#"","id":""#),
            Number(id.into()),
            Text(br#"","content":"#),
            Text(params),
            Text(b"}"),
        ];
        publish(login, [b"messages/up", b"", b""], &message, out)
    }

    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let payload: &[u8] = payload;
        if path(login, topic)? == EVENTS {
            return read_time(payload);
        }
        let (kind, request) = request(login, topic)?;
        let id = CallId::in_topic(strip(request, REQUEST)?);
        let [device, services, service, command, paras] =
            members(payload, parts!("object_device_id%services%service_id%command_name%paras"))?;
        if !is_own(login, payload, device) {
            return None;
        }
        Some(match kind {
            COMMAND => {
                let service = text::Text::known(command.string(payload)?.of(payload));
                Received::Call { id, service, params: params_of(payload, paras) }
            }
            SET => Received::Set { id, params: text::Text::known(properties(login, payload, services)?) },
            // Its answer has to name the service, so that is kept as its id. The number is in the topic.
            _ => {
                let id = CallId { place: service.string(payload).unwrap_or_default(), ..id };
                Received::Call { id, service: "property.get".into(), params: text::Text::known(payload) }
            }
        })
    }

    fn answer(
        login: &Login,
        [topic, id]: [&[u8]; 2],
        code: i32,
        data: &[u8],
        _: Moment,
        out: &mut Sender,
    ) -> Result<(), NotSent> {
        let (kind, request) = request(login, topic).ok_or(NotSent::Lacks)?;
        let path = [kind, b"response/", request];
        match kind {
            SET => publish(login, path, &[Text(br#"{"result_code":"#), Code(code), Text(b"}")], out),
            COMMAND => {
                check(data, true)?;
                let [before, behind] = [br#"{"result_code":"#.as_slice(), br#","paras":"#].map(Text);
                publish(login, path, &[before, Code(code), behind, Text(data), Text(b"}")], out)
            }
            // The answer to a query has no place for a code: without one the platform sees a time-out.
            _ if code != 200 => Ok(()),
            _ => {
                check(data, true)?;
                let service = if id.is_empty() { login.service_id.ok_or(NotSent::ServiceId)? } else { id };
                let [before, behind] = [br#"{"services":[{"service_id":""#.as_slice(), br#"","properties":"#].map(Text);
                publish(login, path, &[before, Text(service), behind, Text(data), Text(b"}]}")], out)
            }
        }
    }

    fn ask_time(login: &Login, now_ms: u32, moment: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let message = [
            Text(br#"{"services":[{"service_id":"$time_sync","event_type":"time_sync_request","paras":{"device_send_time":"#),
            Number(moment.with_clock(now_ms)),
            Text(b"}}]}"),
        ];
        publish(login, [b"events/up", b"", b""], &message, out)
    }
}

/// Sends a message on a topic of the device.
fn publish(login: &Login, path: [&[u8]; 3], message: &[Piece], out: &mut Sender) -> Result<(), NotSent> {
    Ok(send(out, &topic(login, path), message, Huawei::PAYLOAD_MAX)?)
}

/// Whether `id` may be a service of a product model (0052): up to 64 characters, also Chinese ones.
fn is_service_id(id: &[u8]) -> bool {
    let is_text = text::Text::read(id).is_some_and(|text| text.chars().count() <= 64);
    is_text && !id.is_empty() && id.iter().all(|byte| *byte > b' ' && !contains_byte(b"\"\\\x7f", *byte))
}
