//! TLINK (tlink.io): an account, and devices by their serial numbers. Nothing is signed.
//!
//! No document of TLINK's was at hand. Sources: openLuat/LuatOS, `iotcloud.lua` (host, ports, login, `{serial number}/+`), and
//! public programs for TLINK: a device publishes `{"sensorDatas":[…]}` on its serial number, each sensor with `sensorsId`, its
//! number, or with `flag`, its name, and with `value` (a number), `switcher` (0 or 1) or `str` (a text). A sensor that is set
//! comes in the same form on `{serial number}/{sensor}`.
//!
//! The cloud has no events and calls no services, and does not reply. An event is posted as a sensor of its name whose text is
//! the event's parameters (convention). So is the value of a property that is an object or an array.

use super::message::Piece::{Each, Quoted, Text};
use super::message::{Put, put_quoted, send};
use super::protocol::{Moment, Post, Vendor};
use super::received::{CallId, Received};
use super::{Login, LoginError, NotSent};
use crate::bytes::{contains_byte, is_name, is_printable, put, strip_all};
use crate::clouds::Endpoint;
use crate::codec::json::{Place, elements, members};
use crate::codec::template::{Value, parts, template};
use crate::mqtt::{Connect, LoginTooLong, Sender};
use crate::text;

pub(super) struct Tlink;

/// The longest name of a sensor (convention).
const NAME_MAX: usize = 64;

fn device<'a>(login: &Login<'a>) -> &'a [u8] {
    login.device_name.unwrap_or_default()
}

impl Vendor for Tlink {
    /// Convention.
    const PAYLOAD_MAX: usize = 64 * 1024;
    const HAS_REPLIES: bool = false;

    fn signs_time(_: &Login) -> bool {
        false
    }

    fn resolve(login: &Login, _: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let is_good = |text: Option<&[u8]>| text.is_some_and(|text| is_printable(text, 64));
        if !is_good(login.product_id) {
            Err(LoginError::ProductId)
        } else if !is_name(device(login), 32, b"-_") {
            Err(LoginError::DeviceName)
        } else if !is_good(login.product_secret) {
            Err(LoginError::ProductSecret)
        } else if login.with_certificate && login.server.without_tls {
            Err(LoginError::Certificate)
        } else {
            Ok(endpoint.set(&login.server, &[b"mq.tlink.io"], if login.server.without_tls { 1883 } else { 8883 })?)
        }
    }

    fn write(login: &Login, _: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        connect.client_id(&[template!("%"), Value::Text(device(login))]);
        connect.user_name(&[template!("%"), Value::Text(login.product_id.unwrap_or_default())]);
        connect.password(login.product_secret.unwrap_or_default());
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }

    fn filters(login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
        each(&[device(login), b"/+"]);
    }

    fn post(login: &Login, post: &Post, _: Moment, out: &mut Sender) -> Result<(), NotSent> {
        let topic = [device(login)];
        let before = Text(br#"{"sensorDatas":["#);
        let Some(event) = post.event else {
            let properties = Each { object: post.params, write: write_sensor };
            return Ok(send(out, &topic, &[before, properties, Text(b"]}")], Self::PAYLOAD_MAX)?);
        };
        let event = event.as_bytes();
        let [begin, end] = around_name(event);
        let quoted = Quoted(post.params);
        let message = [before, Text(begin), Text(event), Text(end), Text(br#""str":""#), quoted, Text(br#""}]}"#)];
        Ok(send(out, &topic, &message, Self::PAYLOAD_MAX)?)
    }

    fn read<'m>(login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
        let sensor = strip_all(topic, &[device(login), b"/"])?;
        // It may become a name in JSON, as it is.
        if sensor.iter().any(|byte| *byte < b' ' || contains_byte(b"\"\\/", *byte)) {
            return None;
        }
        let length = collect(sensor, payload)?;
        let id = CallId { text: text::Text::default(), place: Place::default() };
        Some(Received::Set { id, params: text::Text::known(payload.get(..length)?) })
    }

    /// The cloud does not wait for an answer: the device posts the new value.
    fn answer(_: &Login, _: [&[u8]; 2], _: i32, _: &[u8], _: Moment, _: &mut Sender) -> Result<(), NotSent> {
        Ok(())
    }
}

/// What stands around the name of a sensor: a number is its number, as far as JSON has such numbers.
fn around_name(name: &[u8]) -> [&'static [u8]; 2] {
    let is_number = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || !name.starts_with(b"0"));
    if is_number && !name.is_empty() { [br#"{"sensorsId":"#, b","] } else { [br#"{"flag":""#, br#"","#] }
}

/// Writes a property as a sensor. `name` is what stands between its quotes.
fn write_sensor(name: &[u8], value: &[u8], put: Put) {
    let [begin, end] = around_name(name);
    [begin, name, end].into_iter().for_each(&mut *put);
    match value {
        b"true" => put(br#""switcher":1"#),
        b"false" => put(br#""switcher":0"#),
        [b'"', ..] => [br#""str":"#, value].into_iter().for_each(&mut *put),
        [b'{' | b'[' | b'n', ..] => {
            put(br#""str":""#);
            put_quoted(value, put);
            put(b"\"");
        }
        _ => [br#""value":"#, value].into_iter().for_each(&mut *put),
    }
    put(b"}");
}

/// Sensors of one message, at most (convention: the cloud sets one at a time).
const SENSORS_MAX: usize = 8;

/// The places of a sensor's name, nowhere if it has none, and of its value. A name that is given goes before a number: who names
/// a sensor posts it by that name.
fn name_and_value(payload: &[u8], sensor: Place) -> Option<(Place, Place)> {
    let [number, flag, value, switcher, string] =
        members(sensor.of(payload), parts!("sensorsId%flag%value%switcher%str"))?;
    let text = sensor.of(payload);
    let flag = flag.string(text).filter(|flag| !flag.is_empty());
    let name = flag.or_else(|| number.scalar(text)).unwrap_or_default();
    let value = [value, switcher, string].into_iter().find(|value| !value.is_empty())?;
    Some((if name.is_empty() { name } else { name.within(sensor) }, value.within(sensor)))
}

/// Has `payload` begin with the sensors in it, as one JSON object of names and values, and returns the length of that. `usual` is
/// the name of a sensor that has none. `None`, with the payload as it was, if it has another form.
fn collect(usual: &[u8], payload: &mut [u8]) -> Option<usize> {
    let [list, ..] = members(payload, parts!("sensorDatas"))?;
    let mut sensors = [(Place::default(), Place::default()); SENSORS_MAX];
    let (mut count, mut is_good) = (0, true);
    elements(list.of(payload), &mut |place| {
        match (sensors.get_mut(count), name_and_value(payload, place.within(list))) {
            (Some(sensor), Some(found)) => *sensor = found,
            _ => is_good = false,
        }
        count += 1;
    })
    .ok()?;
    let sensors = sensors.get(..count).filter(|sensors| !sensors.is_empty() && is_good)?;
    let name_of = |payload: &[u8], name: Place| Name::new(if name.is_empty() { usual } else { name.of(payload) });
    let mut needed = 1;
    for (name, value) in sensors {
        // Two without a name would be the same one.
        if name.is_empty() && sensors.len() > 1 {
            return None;
        }
        needed += name_of(payload, *name)?.length + value.range().len() + 4;
    }
    if needed > payload.len() {
        return None;
    }
    // A sensor is longer than what it becomes, which so overwrites nothing that is still to be read.
    let mut to = 0;
    for (name, value) in sensors {
        let (name, length) = (name_of(payload, *name)?, value.range().len());
        let before: &[u8] = if to == 0 { b"{\"" } else { b",\"" };
        let behind = to + before.len() + name.length + 2;
        move_bytes(payload, value.range().start, behind, length);
        let place = payload.get_mut(to..)?;
        [before, name.text(), b"\":"].iter().fold(place, |place, piece| put(place, piece));
        to = behind + length;
    }
    put(payload.get_mut(to..)?, b"}");
    Some(to + 1)
}

/// The name of a sensor, out of the way of what is written over it.
struct Name {
    bytes: [u8; NAME_MAX],
    length: usize,
}

impl Name {
    /// `None` if it is too long.
    fn new(name: &[u8]) -> Option<Self> {
        let mut bytes = [0; NAME_MAX];
        put(bytes.get_mut(..name.len())?, name);
        Some(Self { bytes, length: name.len() })
    }

    fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Moves bytes to another place, which may overlap with theirs.
fn move_bytes(bytes: &mut [u8], from: usize, to: usize, length: usize) {
    for step in 0..length {
        let at = if to <= from { step } else { length - 1 - step };
        let byte = bytes.get(from + at).copied().unwrap_or_default();
        if let Some(place) = bytes.get_mut(to + at) {
            *place = byte;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    fn collected(usual: &str, payload: &str) -> Option<String> {
        let mut bytes = payload.as_bytes().to_vec();
        let length = collect(usual.as_bytes(), &mut bytes);
        if length.is_none() {
            assert_eq!(bytes, payload.as_bytes(), "it is the user's as it was");
        }
        length.map(|length| String::from_utf8(bytes[..length].to_vec()).unwrap())
    }

    #[test]
    fn sensors_become_one_object_in_place() {
        let long = "n".repeat(NAME_MAX);
        for (payload, wanted) in [
            (r#"{"sensorDatas":[{"sensorsId":200017107,"switcher":1}]}"#.into(), r#"{"200017107":1}"#.into()),
            (r#"{"sensorDatas":[{"switcher":0,"flag":"SW1"}]}"#.into(), r#"{"SW1":0}"#.into()),
            (r#"{"sensorDatas":[{"sensorsId":"7","value":1.5e3}]}"#.into(), r#"{"7":1.5e3}"#.into()),
            (r#"{"sensorDatas":[{"sensorsId":7,"flag":"A","str":"\"x"}]}"#.into(), r#"{"A":"\"x"}"#.into()),
            (r#"{"sensorDatas":[{"sensorsId":7,"flag":"","value":1}]}"#.into(), r#"{"7":1}"#.into()),
            (r#"{"sensorDatas":[{"switcher":1}]}"#.into(), r#"{"usual":1}"#.into()),
            (r#"{"sensorDatas":[{"value":{"a":[1,2]}}],"x":1}"#.into(), r#"{"usual":{"a":[1,2]}}"#.into()),
            (
                r#" { "a" : 1 , "sensorDatas" : [ {"value":1,"flag":"a"} , {"flag":"b","value":2},{"sensorsId":3,"str":"c"}]}"#.into(),
                r#"{"a":1,"b":2,"3":"c"}"#.into(),
            ),
            (
                std::format!(r#"{{"sensorDatas":[{{"value":12345678901234567890,"flag":"{long}"}},{{"value":2,"flag":"b"}}]}}"#),
                std::format!(r#"{{"{long}":12345678901234567890,"b":2}}"#),
            ),
        ] {
            assert_eq!(collected("usual", &payload), Some(wanted), "{payload}");
        }
        let fits = std::format!(r#"{{"sensorDatas":[{}]}}"#, [r#"{"flag":"a","value":1}"#; SENSORS_MAX].join(","));
        assert!(collected("", &fits).is_some());
    }

    #[test]
    fn another_form_is_left_as_it_is() {
        let many = std::format!(r#"{{"sensorDatas":[{}]}}"#, [r#"{"flag":"a","value":1}"#; SENSORS_MAX + 1].join(","));
        let long = std::format!(r#"{{"sensorDatas":[{{"flag":"{}","value":1}}]}}"#, "n".repeat(NAME_MAX + 1));
        for payload in [
            "",
            "{}",
            "[]",
            r#"{"sensorDatas":[]}"#,
            r#"{"sensorDatas":{}}"#,
            r#"{"sensorDatas":[1]}"#,
            r#"{"sensorDatas":[{}]}"#,
            r#"{"sensorDatas":[{"flag":"a"}]}"#,
            r#"{"sensorDatas":[{"flag":"a","value":1},{"value":1}]}"#,
            r#"{"sensorDatas":[{"flag":"a","value":1},2]}"#,
            r#"{"sensorDatas":[{"flag":"a","value":1}]"#,
            &many,
            &long,
        ] {
            assert_eq!(collected("usual", payload), None, "{payload}");
        }
        // The name of the topic, which is not in the payload, has to fit.
        assert_eq!(collected(&"n".repeat(40), r#"{"sensorDatas":[{"value":1}]}"#), None);
    }
}
