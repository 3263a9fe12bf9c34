//! TLINK: accounts, and sensors by their numbers or names.

use aliyun_iot::alink::{PostError, Reply};
use aliyun_iot::clouds;
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{ConnectError, Loss, Options};
use aliyun_iot::mqtt::Refusal;
use mqttbytes::QoS;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::net::{Net, Sizes, Told, message, with};
use crate::packets::{connack, packet_id, puback, qos0};
use crate::vendor::{self, log_in, log_in_again, online, triple};

const SERIAL: &str = "20289C362YL3OV93";

fn login() -> Login<'static> {
    Login {
        vendor: 6,
        product_id: Some(b"account"),
        product_secret: Some(b"password"),
        device_name: Some(SERIAL.as_bytes()),
        ..Login::default()
    }
}

fn topic(sensor: &str) -> String {
    format!("{SERIAL}/{sensor}")
}

fn properties(params: &str) -> Told {
    Told::Properties { id: String::new(), params: params.into() }
}

/// Nothing is signed, so each login is the same, and no clock is needed.
#[test]
fn each_login_is_the_accounts() {
    let mut net = vendor::net();
    net.device.set_clock(0, net.now);
    let wanted = [SERIAL, "account", "password"];
    assert_eq!(triple(&log_in(&mut net, &login())), wanted);
    net.loses_link();
    net.take_sent();
    assert_eq!(triple(&log_in_again(&mut net)), wanted);
    for (without_tls, port) in [(false, 8883), (true, 1883)] {
        let mut net = vendor::net();
        let login = with(login(), |it| it.server.without_tls = without_tls);
        net.device.connect(&login, Options::default(), net.now).unwrap();
        assert_eq!(net.server(), ("mq.tlink.io".into(), port, !without_tls));
    }
}

#[test]
fn each_wrong_field_is_named() {
    for (change, error) in [
        ((|it| it.product_id = None) as fn(&mut Login), LoginError::ProductId),
        (|it| it.product_id = Some(&[b'x'; 65]), LoginError::ProductId),
        (|it| it.product_secret = None, LoginError::ProductSecret),
        (|it| it.product_secret = Some(b""), LoginError::ProductSecret),
        (|it| it.device_name = None, LoginError::DeviceName),
        (|it| it.device_name = Some(b"a/+"), LoginError::DeviceName),
        (|it| (it.with_certificate, it.server.without_tls) = (true, true), LoginError::Certificate),
        (|it| it.server.host = Some(b" "), LoginError::Host),
    ] {
        let mut net = vendor::net();
        let wrong = net.device.connect(&with(login(), change), Options::default(), net.now);
        assert_eq!(wrong.err(), Some(ConnectError::Login(clouds::LoginError::Vendor(error))));
    }
}

#[test]
fn a_refused_login_is_told() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(4, false)]);
    net.tells([Told::Failed(Loss::Refused(Refusal::Credentials))]);
}

#[track_caller]
fn posts(net: &mut Net, event: Option<&str>, params: &str, wanted: Value) {
    let posted = match event {
        None => net.device.model().post_properties(params, Reply::Wanted, net.now),
        Some(event) => net.device.model().post_event(event, params, Reply::Wanted, net.now),
    };
    let packet = net.sends_one();
    assert_eq!(vendor::json_of(&packet, QoS::AtLeastOnce), (SERIAL.into(), json!({ "sensorDatas": wanted })));
    net.arrives([puback(packet_id(&packet))]);
    net.tells([Told::Reply { id: posted.unwrap(), code: 200, message: String::new() }]);
}

/// A number is the sensor's number, another name its flag. The value's kind selects the field.
#[test]
fn properties_are_sensors() {
    let mut net = online(&login());
    let params = r#"{"200017107":21.5,"7":-1,"A":true,"b":false,"C":"\"é","007":0,"12a":0.25}"#;
    let wanted = json!([
        {"sensorsId": 200_017_107, "value": 21.5},
        {"sensorsId": 7, "value": -1},
        {"flag": "A", "switcher": 1},
        {"flag": "b", "switcher": 0},
        {"flag": "C", "str": "\"é"},
        {"flag": "007", "value": 0},
        {"flag": "12a", "value": 0.25},
    ]);
    posts(&mut net, None, params, wanted);
    // What no sensor can hold goes as text.
    let nested = r#"{"a":{"b": ["x\"y", 1]},"c":null,"0":[]}"#;
    let wanted = json!([
        {"flag": "a", "str": r#"{"b": ["x\"y", 1]}"#}, {"flag": "c", "str": "null"}, {"sensorsId": 0, "str": "[]"},
    ]);
    posts(&mut net, None, nested, wanted);
    posts(&mut net, None, "{}", json!([]));
}

#[test]
fn an_event_is_a_sensor_whose_text_is_its_parameters() {
    let mut net = online(&login());
    posts(
        &mut net,
        Some("hot"),
        r#"{"celsius":91,"s":"\\"}"#,
        json!([{"flag": "hot", "str": r#"{"celsius":91,"s":"\\"}"#}]),
    );
    posts(&mut net, Some("200"), "{}", json!([{"sensorsId": 200, "str": "{}"}]));
}

#[test]
fn a_sensor_that_is_set_is_a_property() {
    let mut net = online(&login());
    for (sensor, payload, params) in [
        ("200017107", r#"{"sensorDatas":[{"sensorsId":200017107,"switcher":1}]}"#, r#"{"200017107":1}"#),
        ("200017107", r#"{"sensorDatas":[{"switcher":1}]}"#, r#"{"200017107":1}"#),
        ("200017107", r#"{"sensorDatas":[{"switcher":0,"flag":"SW1"}]}"#, r#"{"SW1":0}"#),
        ("B", r#"{"sensorDatas":[{"flag":"B","value":2.5}]}"#, r#"{"B":2.5}"#),
        ("C", r#"{"sensorDatas":[{"flag":"C","str":"x"},{"sensorsId":9,"value":1}]}"#, r#"{"C":"x","9":1}"#),
    ] {
        net.arrives([qos0(&topic(sensor), payload.as_bytes())]);
        net.tells([properties(params)]);
        // The cloud does not wait for an answer.
        net.sends([]);
    }
}

#[test]
fn an_answer_goes_nowhere_and_is_no_error() {
    let mut net = online(&login());
    net.arrives([qos0(&topic("A"), br#"{"sensorDatas":[{"value":1}]}"#)]);
    net.tells_and_waits(properties(r#"{"A":1}"#));
    net.device.call().answer(400, b"{}").unwrap();
    net.tells([]);
    net.sends([]);
}

#[test]
fn there_is_no_time() {
    let mut net = online(&login());
    #[cfg(feature = "ntp")]
    assert_eq!(net.device.ntp().ask_time(), Err(PostError::NoService));
    assert_eq!(net.device.model().post_event("a b", "{}", Reply::Ignored, net.now), Err(PostError::EventId));
    net.sends([]);
}

#[test]
fn other_messages_are_as_they_are() {
    let mut net = online(&login());
    for payload in ["hello", "", "{}", r#"{"sensorDatas":[]}"#, r#"{"sensorDatas":[{"a":1}]}"#, r#"{"sensorDatas":1}"#]
    {
        net.arrives([qos0(&topic("A"), payload.as_bytes())]);
        net.tells([message(&topic("A"), payload.as_bytes())]);
    }
    // What stands in a topic is not always what may stand in JSON.
    for name in [r#"a"b"#, r"a\", "a/b", "a\u{1}"] {
        net.arrives([qos0(&topic(name), br#"{"sensorDatas":[{"value":1}]}"#)]);
        let told = net.take_told();
        assert!(!told.iter().any(|told| matches!(told, Told::Properties { .. })), "{name}: {told:?}");
    }
    for other in [SERIAL, "other/A", "20289C362YL3OV93A/b"] {
        net.arrives([qos0(other, br#"{"sensorDatas":[{"value":1}]}"#)]);
        assert!(net.take_told().iter().all(|told| matches!(told, Told::Message { .. })), "{other}");
    }
    net.sends([]);
}

/// Sensors as the cloud may send them.
fn any_sensors() -> impl Strategy<Value = Value> {
    let value =
        prop_oneof![any::<i64>().prop_map(Value::from), ".{0,8}".prop_map(Value::from), Just(json!({"a": [1, "]"]}))];
    let name = prop_oneof![
        "[a-z]{0,70}".prop_map(|flag| json!({"flag": flag})),
        any::<u32>().prop_map(|id| json!({"sensorsId": id})),
        Just(json!({})),
    ];
    let sensor = (name, proptest::sample::select(&["value", "switcher", "str", "other"][..]), value).prop_map(
        |(mut sensor, field, value)| {
            sensor[field] = value;
            sensor
        },
    );
    proptest::collection::vec(sensor, 0..10).prop_map(|list| json!({ "sensorDatas": list }))
}

proptest! {
    /// A message is either a set with what stands in it, or the user's as it came; damaged ones do no harm.
    #[test]
    fn any_message_does_no_harm(body in any_sensors(), spaces in any::<bool>(), at: u16, byte: u8) {
        let mut net = Net::with(Sizes { rx: 4096, subscriptions: 1024, ..Sizes::default() });
        log_in(&mut net, &login());
        let payload = if spaces { serde_json::to_string_pretty(&body).unwrap() } else { body.to_string() };
        net.arrives([qos0(&topic("A"), payload.as_bytes())]);
        match &net.take_told()[..] {
            [Told::Properties { params, .. }] => {
                let params: Value = serde_json::from_str(params).unwrap();
                let sensors = body["sensorDatas"].as_array().unwrap();
                let mut wanted = json!({});
                for sensor in sensors {
                    let flag = sensor["flag"].as_str().filter(|flag| !flag.is_empty()).map(String::from);
                    let name = flag.or_else(|| sensor.get("sensorsId").map(Value::to_string)).unwrap_or("A".into());
                    let value = ["value", "switcher", "str"].into_iter().find_map(|field| sensor.get(field));
                    wanted[name] = value.unwrap().clone();
                }
                prop_assert_eq!(params, wanted);
            }
            [Told::Message { payload: bytes, .. }] => prop_assert_eq!(&**bytes, payload.as_bytes()),
            other => panic!("{other:?}"),
        }
        let mut payload = payload.into_bytes();
        let at = usize::from(at) % payload.len();
        payload[at] = byte;
        for payload in [&payload[..], &payload[..at]] {
            net.arrives([qos0(&topic("A"), payload)]);
            match &net.take_told()[..] {
                [Told::Properties { params, .. }] => {
                    prop_assert!(params.starts_with('{') && vendor::is_json(params.as_bytes()), "{}", params);
                }
                [Told::Message { payload: bytes, .. }] => prop_assert_eq!(&**bytes, payload),
                other => panic!("{other:?}"),
            }
        }
        net.sends([]);
    }
}
