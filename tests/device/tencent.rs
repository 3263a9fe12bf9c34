//! Tencent Cloud IoT Explorer: logins, properties, actions, events and the time, as the platform's documents have them.

use aliyun_iot::alink::{NoReply, PostError, Reply};
use aliyun_iot::clouds::Server;
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{ConnectError, Loss, Options};
use aliyun_iot::mqtt::{Qos, Refusal, SendError};
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{Net, Sizes, Told, message, with};
use crate::packets::{Packet, connack, qos0, qos1};
use crate::vendor::{
    self, blink, filters, log_in, log_in_again, online, power, refused, sends_json, set_clock, triple, unix_ms,
};

const NAMES: &str = "LD8S5J1L07/lamp";

fn login() -> Login<'static> {
    Login {
        vendor: 1,
        product_id: Some(b"LD8S5J1L07"),
        device_name: Some(b"lamp"),
        device_secret: Some(b"acyv3QDJrRa0fW5UE58KnQ=="),
        ..Login::default()
    }
}

fn topic(before: &str) -> String {
    format!("${before}/{NAMES}")
}

/// A message of the platform's.
fn down(before: &str, payload: Value) -> Packet {
    qos0(&topic(before), payload.to_string().as_bytes())
}

fn reply(event: bool, token: u32, code: i32, status: &str) -> Packet {
    let (kind, method) = if event { ("event", "event_reply") } else { ("property", "report_reply") };
    let body = json!({"method": method, "clientToken": token.to_string(), "code": code, "status": status});
    down(&format!("thing/down/{kind}"), body)
}

fn control(token: &str) -> Packet {
    down("thing/down/property", json!({"method": "control", "clientToken": token, "params": {"power": 1}}))
}

fn action(token: &str) -> Packet {
    let body = json!({
        "method": "action", "clientToken": token, "actionId": "blink", "timestamp": 1212121220, "params": {"times": 3},
    });
    down("thing/down/action", body)
}

/// Expiry and connection id of a user name.
fn stamp(user_name: &str) -> (&str, u64) {
    let parts: Vec<&str> = user_name.split(';').collect();
    let [client_id, "12010126", connection, expiry] = parts[..] else { panic!("{user_name}") };
    assert_eq!(client_id, "LD8S5J1L07lamp");
    assert!(connection.len() == 5 && connection.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{connection}");
    (connection, expiry.parse().unwrap())
}

#[test]
fn each_link_has_a_signature_of_its_own() {
    let month = 30 * 24 * 3600;
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("LD8S5J1L07.iotcloud.tencentdevices.com".into(), 8883, true));
    let mut net = vendor::net();
    let first = log_in(&mut net, &login());
    let [id, user_name, password] = triple(&first);
    assert_eq!(id, "LD8S5J1L07lamp");
    assert_eq!(stamp(user_name).1, unix_ms(&net) / 1000 + month);
    assert!(password.len() == 64 + ";hmacsha256".len() && password.ends_with(";hmacsha256"), "{password}");
    net.answers_pings = true;
    net.wait(3_600_000);
    net.loses_link();
    net.take_sent();
    let second = log_in_again(&mut net);
    let again = triple(&second);
    assert_eq!(stamp(again[1]).1, unix_ms(&net) / 1000 + month);
    assert_ne!(stamp(again[1]).0, stamp(user_name).0);
    assert_ne!(again[2], password);
}

#[test]
fn a_session_ends_before_its_signature_expires() {
    let mut net = online(&login());
    net.answers_pings = true;
    net.wait_for_news();
    net.tells([Told::Disconnected(Loss::Renewal)]);
    assert_eq!(net.elapsed / 1000, 20 * 24 * 3600);
    net.take_sent();
    let connect = log_in_again(&mut net);
    let [_, user_name, _] = triple(&connect);
    assert_eq!(stamp(user_name).1, unix_ms(&net) / 1000 + 30 * 24 * 3600);
}

#[test]
fn a_certificate_takes_the_place_of_the_key() {
    // Nothing is signed, so the clock need not be known.
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Sizes::default() });
    let certificate = with(login(), |it| (it.device_secret, it.with_certificate) = (None, true));
    net.device.connect(&certificate, Options::default(), net.now).unwrap();
    assert_eq!(net.server().1, 8883);
    net.link_up();
    let Packet::Connect(connect) = net.sends_one() else { panic!() };
    let [id, user_name, password] = triple(&connect);
    assert_eq!((id, stamp(user_name).1, password), ("LD8S5J1L07lamp", i32::MAX as u64, ""));
    // With a clock, its expiry is that of any login.
    let mut net = vendor::net();
    assert_eq!(stamp(triple(&log_in(&mut net, &certificate))[1]).1, unix_ms(&net) / 1000 + 30 * 24 * 3600);
    // It does not expire with what is signed: nothing is.
    net.answers_pings = true;
    net.wait(21 * 24 * 3600 * 1000);
    net.tells([]);
}

#[test]
fn each_wrong_field_is_named() {
    let long = "x".repeat(49);
    for (change, error) in [
        ((|it| it.product_id = None) as fn(&mut Login), LoginError::ProductId),
        (|it| it.product_id = Some(b"a/b"), LoginError::ProductId),
        (|it| it.product_id = Some(b"ABCDEFGHIJK"), LoginError::ProductId),
        (|it| it.device_name = None, LoginError::DeviceName),
        (|it| it.device_name = Some(b"a+b"), LoginError::DeviceName),
        (|it| it.device_secret = None, LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b""), LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b"no base64"), LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b"acyv3QDJrRa0fW5UE58KnQ"), LoginError::DeviceSecret),
        (|it| it.sign_method = Some(b"sha256"), LoginError::SignMethod),
        (|it| it.sign_method = Some(b"hmacmd5"), LoginError::SignMethod),
        (|it| it.server.host = Some(b"a b"), LoginError::Host),
        (
            |it| {
                it.with_certificate = true;
                it.server.without_tls = true;
            },
            LoginError::Certificate,
        ),
    ] {
        assert_eq!(refused(with(login(), change), 60), error);
    }
    assert_eq!(refused(with(login(), |it| it.device_name = Some(long.as_bytes())), 60), LoginError::DeviceName);
    assert_eq!(refused(login(), 901), LoginError::Keepalive);
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Sizes::default() });
    for unset in [0, 1_600_000_000_000] {
        net.device.set_clock(unset, net.now);
        let result = net.device.connect(&login(), Options::default(), net.now);
        assert_eq!(result.err(), Some(ConnectError::Login(LoginError::Clock.into())), "{unset}");
    }
    let mut net = Net::with(Sizes { subscriptions: 16, ..Sizes::default() });
    set_clock(&mut net);
    let result = net.device.connect(&login(), Options::default(), net.now);
    assert_eq!(result.err(), Some(ConnectError::Login(LoginError::Subscriptions.into())));
    let mut net = vendor::net();
    let here = with(login(), |it| it.server = Server { host: Some(b"127.0.0.1"), port: 0, without_tls: true });
    net.device.connect(&here, Options { keepalive: 0, ..Options::default() }, net.now).unwrap();
    assert_eq!(net.server(), ("127.0.0.1".into(), 1883, false));
}

#[test]
fn a_refused_login_is_told() {
    for (code, refusal) in [(4, Refusal::Credentials), (5, Refusal::NotAuthorized)] {
        let mut net = vendor::net();
        net.device.connect(&login(), Options::default(), net.now).unwrap();
        vendor::connects(&mut net);
        net.arrives([connack(code, false)]);
        net.tells([Told::Failed(Loss::Refused(refusal))]);
    }
}

#[test]
fn the_topics_down_are_subscribed_to() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    let filters: Vec<String> = filters(&mut net).into_iter().map(|(_, filter)| filter).collect();
    let wanted = ["thing/down/property", "thing/down/event", "thing/down/action", "sys/operation/result"];
    assert_eq!(filters, wanted.map(topic));
}

#[test]
fn a_post_is_answered_by_its_token() {
    let mut net = online(&login());
    let now = net.now;
    let first = net.device.model().post_properties(r#"{"power":1, "t":-2.5}"#, Reply::Wanted, now).unwrap();
    let body = json!({"method": "report", "clientToken": first.to_string(), "params": {"power": 1, "t": -2.5}});
    sends_json(&mut net, QoS::AtMostOnce, &topic("thing/up/property"), body);
    let second = net.device.model().post_properties("{}", Reply::Wanted, now).unwrap();
    net.take_sent();
    net.arrives([reply(false, second, 0, "success"), reply(false, first, 406, r#"bad: "t""#)]);
    net.tells([
        Told::Reply { id: second, code: 200, message: "success".into() },
        Told::Reply { id: first, code: 406, message: r#"bad: "t""#.into() },
    ]);
    let third = net.device.model().post_properties("{}", Reply::Wanted, now).unwrap();
    net.take_sent();
    net.wait(10_000);
    net.tells([Told::NoReply(third, NoReply::Overdue)]);
}

#[test]
fn an_event_has_a_type() {
    for (event, kind, id) in [
        ("hot", "info", "hot"),
        ("alert:hot", "alert", "hot"),
        ("fault:hot", "fault", "hot"),
        ("info:hot", "info", "hot"),
        ("other:hot", "info", "other:hot"),
        ("alert:", "info", "alert:"),
    ] {
        let mut net = online(&login());
        let token = net.device.model().post_event(event, r#"{"celsius":91}"#, Reply::Wanted, net.now).unwrap();
        let body = json!({
            "method": "event_post", "clientToken": token.to_string(), "version": "1.0", "eventId": id, "type": kind,
            "params": {"celsius": 91},
        });
        sends_json(&mut net, QoS::AtMostOnce, &topic("thing/up/event"), body);
        net.arrives([reply(true, token, 405, "too old")]);
        net.tells([Told::Reply { id: token, code: 405, message: "too old".into() }]);
    }
}

#[test]
fn what_the_platform_refuses_is_refused_here() {
    let mut net = online(&login());
    let long = format!(r#"{{"t":"{}"}}"#, "x".repeat(16 * 1024));
    let posted = net.device.model().post_properties(&long, Reply::Wanted, net.now);
    assert_eq!(posted, Err(PostError::Send(SendError::Payload)));
    let published = net.device.publish("LD8S5J1L07/lamp/event", long.as_bytes(), Qos::AtMostOnce);
    assert_eq!(published, Err(SendError::Payload));
    assert_eq!(net.device.raw().post(b"x", Reply::Wanted, net.now), Err(PostError::NoService));
    net.sends([]);
}

#[test]
fn a_property_set_is_answered_with_the_codes_of_the_platform() {
    let mut net = online(&login());
    net.arrives([control("a-1"), control("a-2"), control("a-3")]);
    net.tells_and_waits(power("a-1"));
    net.tells_and_waits(power("a-2"));
    net.device.call().answer(-5, b"[1]").unwrap();
    net.tells_and_waits(power("a-3"));
    let later = net.device.call().answer_later().unwrap();
    let sent: Vec<_> = net.take_sent().iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let answer = |token: &str, code: i32, status: &str| {
        let body = json!({"method": "control_reply", "clientToken": token, "code": code, "status": status});
        (topic("thing/up/property"), body)
    };
    assert_eq!(sent, [answer("a-1", 0, "success"), answer("a-2", -5, "failed")]);
    net.wait(3_000);
    net.device.call().reply(later, 461, b"{}").unwrap();
    let (to, body) = answer("a-3", 461, "failed");
    sends_json(&mut net, QoS::AtMostOnce, &to, body);
}

#[test]
fn an_action_is_answered_with_its_output() {
    let mut net = online(&login());
    net.arrives([action("v2::a"), action("v2::b"), action("v2::c")]);
    net.tells_and_waits(blink("v2::a"));
    let wrong = net.device.call().answer(200, b"3");
    assert!(matches!(wrong, Err(PostError::Json(_))), "{wrong:?}");
    net.device.call().answer(200, br#"{"blinked":3}"#).unwrap();
    net.tells_and_waits(blink("v2::b"));
    let later = net.device.call().answer_later().unwrap();
    net.tells_and_waits(blink("v2::c"));
    let sent: Vec<_> = net.take_sent().iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let answer = |token: &str, code: i32, status: &str, response: Value| {
        let body = json!({
            "method": "action_reply", "clientToken": token, "code": code, "status": status, "response": response,
        });
        (topic("thing/up/action"), body)
    };
    let wanted = [answer("v2::a", 0, "success", json!({"blinked": 3})), answer("v2::c", 0, "success", json!({}))];
    assert_eq!(sent, wanted);
    net.device.call().reply(later, 1, br#"{"why":"dark"}"#).unwrap();
    let (to, body) = answer("v2::b", 1, "failed", json!({"why": "dark"}));
    sends_json(&mut net, QoS::AtMostOnce, &to, body);
}

#[test]
fn a_call_at_qos_1_is_acknowledged_after_its_answer() {
    let mut net = online(&login());
    let Packet::Publish(call) = action("1") else { panic!() };
    net.arrives([qos1(9, &call.topic, &call.payload)]);
    net.tells([blink("1")]);
    let sent = net.take_sent();
    assert!(matches!(&sent[..], [Packet::Publish(_), Packet::PubAck(_)]), "{sent:?}");
}

#[test]
fn a_call_of_a_lost_link_is_answered_on_the_next_one() {
    let mut net = online(&login());
    net.arrives([action("1")]);
    net.tells_and_waits(blink("1"));
    let later = net.device.call().answer_later().unwrap();
    net.loses_link();
    assert!(net.device.call().reply(later, 200, b"{}").is_err());
    log_in_again(&mut net);
    net.device.call().reply(later, 200, b"{}").unwrap();
    let (to, body) = vendor::json_of(&net.sends_one(), QoS::AtMostOnce);
    assert_eq!((to, &body["clientToken"]), (topic("thing/up/action"), &json!("1")));
}

#[test]
fn the_time_is_asked_for_and_told() {
    let mut net = online(&login());
    net.device.ntp().ask_time().unwrap();
    let question = json!({"type": "get", "resource": ["time"]});
    sends_json(&mut net, QoS::AtMostOnce, &topic("sys/operation"), question);
    net.advance(100);
    let there = unix_ms(&net);
    net.advance(30);
    let answer = json!({"type": "get", "time": there / 1000, "ntptime1": there, "ntptime2": there + 30});
    net.advance(100);
    net.arrives([down("sys/operation/result", answer.clone())]);
    net.tells([Told::Time { unix_ms: unix_ms(&net), error_ms: 103 }]);
    // Nobody has asked.
    net.arrives([down("sys/operation/result", answer)]);
    assert!(!net.take_told().iter().any(|told| matches!(told, Told::Time { .. })));
}

#[test]
fn what_is_no_call_is_a_message() {
    let mut net = online(&login());
    for (before, payload) in [
        ("thing/down/property", r#"{"method":"get_status_reply","clientToken":"1","code":0,"data":{}}"#),
        ("thing/down/property", "{"),
        ("thing/down/property", "[]"),
        ("thing/down/property", "{}"),
        ("thing/down/property", r#"{"method":7,"params":{}}"#),
        ("thing/down/property", r#"{"method":"report_reply","code":0}"#),
        ("thing/down/property", r#"{"method":"report_reply","clientToken":"x","code":0}"#),
        ("thing/down/property", r#"{"method":"report_reply","clientToken":"1000001","code":"0"}"#),
        ("thing/down/action", r#"{"method":"action","clientToken":"1"}"#),
        ("thing/down/action", r#"{"method":"action","clientToken":"1","actionId":5}"#),
        ("sys/operation/result", r#"{"type":"get","ntptime1":"x","ntptime2":1}"#),
        ("sys/operation/result", r#"{"type":"put","ntptime1":1,"ntptime2":1}"#),
    ] {
        net.arrives([qos0(&topic(before), payload.as_bytes())]);
        net.tells([message(&topic(before), payload.as_bytes())]);
        net.sends([]);
    }
    // Another device's.
    for other in ["$thing/down/property/LD8S5J1L07/lamp2", "$thing/down/property/LD8S5J1L0/7lamp"] {
        net.arrives([qos0(other, br#"{"method":"control","clientToken":"1","params":{}}"#)]);
        net.tells([]);
        net.sends([]);
    }
}

/// What the platform sends.
fn examples() -> Vec<(&'static str, Value)> {
    vec![
        ("thing/down/property", json!({"method": "control", "clientToken": "1", "params": {"on": [1, "a"], "b": {}}})),
        ("thing/down/property", json!({"method": "control", "clientToken": 7})),
        ("thing/down/action", json!({"method": "action", "clientToken": "1", "actionId": "on", "params": {"a": 1}})),
        ("thing/down/property", json!({"method": "report_reply", "clientToken": "5", "code": 0, "status": "a"})),
        ("thing/down/event", json!({"method": "event_reply", "clientToken": "5", "code": 0, "data": {}})),
        ("sys/operation/result", json!({"type": "get", "time": 1, "ntptime1": 2, "ntptime2": 3})),
    ]
}

#[test]
fn any_message_does_no_harm() {
    let texts = &["control", "action", "method", "clientToken", "params", "actionId", "report_reply", "code", "get"];
    vendor::check_messages(&login(), topic, vendor::any_message(examples, texts));
}
