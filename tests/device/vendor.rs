//! A session of a device on a vendor cloud.

use std::cell::Cell;

use aliyun_iot::clouds::{LoginError, vendor};
use aliyun_iot::device::{ConnectError, Options};
use mqttbytes::QoS;
use mqttbytes::v4::Connect;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::net::{Net, Sizes, Told, subscribed};
use crate::packets::{ACCEPTED, Packet, connack, qos0, suback};

/// The wall clock when a test starts: a minute before the year 2026, in UTC.
pub(crate) const START: u64 = 1_767_225_540_000;

/// A device whose clock is set, and which has space for the filters of any cloud.
pub(crate) fn net() -> Net {
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Sizes::default() });
    set_clock(&mut net);
    net
}

/// The wall clock.
pub(crate) fn unix_ms(net: &Net) -> u64 {
    START + net.elapsed
}

/// Has the device know the wall clock.
pub(crate) fn set_clock(net: &mut Net) {
    net.device.set_clock(unix_ms(net), net.now);
}

/// Why `login` is refused with this keepalive.
#[track_caller]
pub(crate) fn refused(login: vendor::Login, keepalive: u16) -> vendor::LoginError {
    let mut net = net();
    let options = Options { keepalive, ..Options::default() };
    match net.device.connect(&login, options, net.now) {
        Err(ConnectError::Login(LoginError::Vendor(error))) => error,
        other => panic!("{other:?}"),
    }
}

/// What a device reports of a call of the service `blink`, three times.
pub(crate) fn blink(id: &str) -> Told {
    let params = r#"{"times":3}"#.into();
    Told::Service { id: id.into(), service: "blink".into(), params, synchronous: true }
}

/// What a device reports when the property `power` is set to 1.
pub(crate) fn power(id: &str) -> Told {
    Told::Properties { id: id.into(), params: r#"{"power":1}"#.into() }
}

/// A device with a session. The cloud has granted its filters.
#[track_caller]
pub(crate) fn online(login: &vendor::Login) -> Net {
    let mut net = net();
    log_in(&mut net, login);
    net
}

/// Connects, and has the cloud accept the login and grant the filters. Returns the login as the device sent it.
#[track_caller]
pub(crate) fn log_in(net: &mut Net, login: &vendor::Login) -> Connect {
    net.device.connect(login, Options::default(), net.now).unwrap();
    let connect = connects(net);
    accept(net, false);
    connect
}

/// After a loss: the next attempt comes, with the time of that moment, and the cloud accepts it.
#[track_caller]
pub(crate) fn log_in_again(net: &mut Net) -> Connect {
    net.wait_for_link();
    let connect = connects(net);
    accept(net, true);
    connect
}

/// The port opens the link that is wanted. Returns the login that the device sends.
#[track_caller]
pub(crate) fn connects(net: &mut Net) -> Connect {
    set_clock(net);
    net.link_up();
    match &net.take_sent()[..] {
        [Packet::Connect(connect)] => connect.clone(),
        other => panic!("not one CONNECT: {other:?}"),
    }
}

/// The cloud accepts the login and grants the filters.
#[track_caller]
fn accept(net: &mut Net, again: bool) {
    net.arrives([connack(ACCEPTED, false)]);
    let filters = filters(net);
    let mut told = vec![Told::Connected { again, session_present: false }];
    for (packet_id, filter) in &filters {
        net.arrives([suback(*packet_id, Some(1))]);
        told.push(subscribed(filter, true));
    }
    assert_eq!(net.take_told(), told);
    net.sends([]);
}

/// The filters that the device asks for, all at QoS 1, with their packet identifiers.
#[track_caller]
pub(crate) fn filters(net: &mut Net) -> Vec<(u16, String)> {
    let filter = |packet| {
        let Packet::Subscribe(subscribe) = packet else { panic!("{packet:?}") };
        let [filter] = &subscribe.filters[..] else { panic!("{subscribe:?}") };
        assert_eq!(filter.qos, QoS::AtLeastOnce);
        (subscribe.pkid, filter.path.clone())
    };
    net.take_sent().into_iter().map(filter).collect()
}

/// Client identifier, user name and password of a login; the password is empty if there is none.
pub(crate) fn triple(connect: &Connect) -> [&str; 3] {
    let login = connect.login.as_ref();
    [&connect.client_id, login.map_or("", |it| &it.username), login.map_or("", |it| &it.password)]
}

/// Topic and JSON of a message.
#[track_caller]
pub(crate) fn json_of(packet: &Packet, qos: QoS) -> (String, Value) {
    let Packet::Publish(publish) = packet else { panic!("{packet:?}") };
    assert_eq!((publish.qos, publish.dup, publish.retain), (qos, false, false));
    (publish.topic.clone(), serde_json::from_slice(&publish.payload).unwrap())
}

/// The device has sent this message, and nothing else.
#[track_caller]
pub(crate) fn sends_json(net: &mut Net, qos: QoS, topic: &str, payload: Value) {
    assert_eq!(json_of(&net.sends_one(), qos), (topic.to_owned(), payload));
}

/// JSON of any shape, with some `texts` in it.
fn any_json(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let text = move || proptest::sample::select(texts);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::hash_map(text().prop_map(String::from), inner, 0..4)
                .prop_map(|it| it.into_iter().collect()),
        ]
    })
}

/// A message of the cloud's, by the end of its topic and its JSON, of which one value is another one.
pub(crate) fn any_message(
    examples: fn() -> Vec<(&'static str, Value)>,
    texts: &'static [&'static str],
) -> impl Strategy<Value = (&'static str, Value)> {
    (proptest::sample::select(examples()), any::<proptest::sample::Index>(), any_json(texts)).prop_map(
        |((end, mut body), at, other)| {
            let mut at = at.index(count(&body) + 1);
            replace(&mut body, &mut at, &other);
            (end, body)
        },
    )
}

/// The values in `value`, and itself.
fn count(value: &Value) -> usize {
    1 + inner(value).into_iter().map(count).sum::<usize>()
}

fn inner(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(elements) => elements.iter().collect(),
        _ => Vec::new(),
    }
}

/// Has `other` take the place of the value number `at`, if there are so many.
fn replace(value: &mut Value, at: &mut usize, other: &Value) {
    if *at == 0 {
        *value = other.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Object(members) if *at < usize::MAX / 2 => {
            members.values_mut().for_each(|value| replace(value, at, other))
        }
        Value::Array(elements) if *at < usize::MAX / 2 => {
            elements.iter_mut().for_each(|value| replace(value, at, other))
        }
        _ => {}
    }
}

/// A message of any content does no harm: what is reported of it is JSON that stands in it, and what is answered is JSON.
/// Returns whether a call was reported.
#[track_caller]
pub(crate) fn takes(net: &mut Net, topic: &str, payload: &[u8]) -> bool {
    net.arrives([qos0(topic, payload)]);
    let body: Option<Value> = serde_json::from_slice(payload).ok();
    let mut is_call = false;
    for told in net.take_told() {
        match told {
            Told::Properties { params, .. } | Told::Service { params, .. } => {
                assert!(is_json(payload) && is_json(params.as_bytes()), "what is no JSON is reported: {params}");
                // A `Value` does not hold every number that JSON has.
                if let (Some(body), Ok(params)) = (&body, serde_json::from_str(&params)) {
                    assert!(params == json!({}) || has(body, &params), "{params} is not in {body}");
                }
                is_call = true;
            }
            Told::Message { topic: of, payload: bytes, .. } => assert_eq!((&*of, &*bytes), (topic, payload)),
            Told::Time { .. } => {}
            Told::Oversize(needed) => assert!(needed > Sizes::default().rx),
            other => panic!("{other:?}"),
        }
    }
    for packet in net.take_sent() {
        json_of(&packet, QoS::AtMostOnce);
    }
    is_call
}

/// Whether `text` is JSON, however large its numbers are.
pub(crate) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether `value` is `part`, or has it.
fn has(value: &Value, part: &Value) -> bool {
    value == part || inner(value).into_iter().any(|value| has(value, part))
}

/// Gives the device such messages as they are, with a wrong byte, and cut off.
pub(crate) fn check_messages(
    login: &vendor::Login,
    topic: fn(&str) -> String,
    messages: impl Strategy<Value = (&'static str, Value)>,
) {
    let mut runner = TestRunner::new(Config { cases: 512, failure_persistence: None, ..Config::default() });
    let calls = Cell::new(0);
    runner
        .run(&(messages, any::<(u16, u8)>()), |((end, body), (at, byte))| {
            let mut net = online(login);
            let mut payload = body.to_string().into_bytes();
            calls.set(calls.get() + u32::from(takes(&mut net, &topic(end), &payload)));
            let at = usize::from(at) % payload.len();
            payload[at] = byte;
            takes(&mut net, &topic(end), &payload);
            payload.truncate(at);
            takes(&mut net, &topic(end), &payload);
            Ok(())
        })
        .unwrap();
    assert!(calls.get() > 100, "{} of 512 were calls", calls.get());
}
