//! TuyaLink: logins, properties, actions, events and the time, as the cloud's documents have them.

use aliyun_iot::alink::{NoReply, PostError, Reply};
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{ConnectError, Loss, Options};
use aliyun_iot::mqtt::{Refusal, SendError};
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{Told, message, with};
use crate::packets::{Packet, connack, qos0};
use crate::vendor::{self, filters, log_in, log_in_again, online, refused, sends_json, set_clock, triple, unix_ms};

const ID: &str = "6c95875d0f5ba69607nzfl";

fn login() -> Login<'static> {
    Login { vendor: 4, device_name: Some(ID.as_bytes()), device_secret: Some(b"fb803786602df760"), ..Login::default() }
}

fn topic(end: &str) -> String {
    format!("tylink/{ID}/{end}")
}

/// A message of the cloud's.
fn down(end: &str, payload: Value) -> Packet {
    qos0(&topic(end), payload.to_string().as_bytes())
}

fn service(id: &str, service: &str, params: &str) -> Told {
    Told::Service { id: id.into(), service: service.into(), params: params.into(), synchronous: true }
}

fn reply(id: u32, code: i32) -> Told {
    Told::Reply { id, code, message: String::new() }
}

/// The passwords are Python's `hmac.new(secret, text, "sha256").hexdigest()`.
#[test]
fn each_link_signs_the_time_in_seconds() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("m1.tuyacn.com".into(), 8883, true));
    drop(net);
    let mut net = vendor::net();
    let user_name = |time: u64| format!("{ID}|signMethod=hmacSha256,timestamp={time},secureMode=1,accessType=1");
    let client_id = format!("tuyalink_{ID}");
    let password = "fd13601621d6aba397758b0caa14c504754a52e1b3c9fcaee3c1ca2303d5625a";
    assert_eq!(triple(&log_in(&mut net, &login())), [&client_id, &user_name(1_767_225_540), password]);
    net.wait(60_000);
    net.loses_link();
    net.take_sent();
    net.wait_for_link();
    let seconds = unix_ms(&net) / 1000;
    let again = log_in_again(&mut net);
    assert_eq!(triple(&again)[..2], [&client_id, &user_name(seconds)]);
    assert_ne!(triple(&again)[2], password);
}

#[test]
fn the_topics_of_the_thing_model_are_subscribed_to() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    let filters: Vec<String> = filters(&mut net).into_iter().map(|(_, filter)| filter).collect();
    let wanted = [
        "thing/property/report_response",
        "thing/event/trigger_response",
        "thing/property/set",
        "thing/action/execute",
        "ext/time/response",
    ];
    assert_eq!(filters, wanted.map(topic));
}

#[test]
fn each_wrong_field_is_named() {
    for (change, error) in [
        ((|it| it.device_name = None) as fn(&mut Login), LoginError::DeviceName),
        (|it| it.device_name = Some(b"a/b"), LoginError::DeviceName),
        (|it| it.device_name = Some(b"123456789012345678901234567890123"), LoginError::DeviceName),
        (|it| it.device_secret = None, LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b""), LoginError::DeviceSecret),
        (|it| it.device_secret = Some(&[b'x'; 65]), LoginError::DeviceSecret),
        (|it| it.sign_method = Some(b"hmacmd5"), LoginError::SignMethod),
        (|it| it.region = Some(b"moon"), LoginError::Region),
        (|it| it.with_certificate = true, LoginError::Certificate),
        (|it| it.server.host = Some(b""), LoginError::Host),
    ] {
        assert_eq!(refused(with(login(), change), 60), error);
    }
    for keepalive in [0, 29, 1201] {
        assert_eq!(refused(login(), keepalive), LoginError::Keepalive);
    }
    let mut net = vendor::net();
    net.device.set_clock(0, net.now);
    let unset = net.device.connect(&login(), Options::default(), net.now);
    assert_eq!(unset.err(), Some(ConnectError::Login(LoginError::Clock.into())));
    set_clock(&mut net);
    for region in ["cn", "us", "eu", "in"] {
        let login = with(login(), |it| it.region = Some(region.as_bytes()));
        let mut net = vendor::net();
        net.device.connect(&login, Options::default(), net.now).unwrap();
        assert_eq!(net.server().0, format!("m1.tuya{region}.com"));
    }
}

#[test]
fn a_refused_login_is_told() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(5, false)]);
    net.tells([Told::Failed(Loss::Refused(Refusal::NotAuthorized))]);
}

#[test]
fn each_property_is_posted_with_its_time() {
    let mut net = online(&login());
    net.wait(500);
    let params = r#" {"power":true, "color" : {"h":1}, "s":"\"é"} "#;
    let id = net.device.model().post_properties(params, Reply::Wanted, net.now).unwrap();
    let time = unix_ms(&net);
    let data = json!({
        "power": {"value": true, "time": time}, "color": {"value": {"h": 1}, "time": time}, "s": {"value": "\"é", "time": time},
    });
    let message = json!({"msgId": id.to_string(), "time": time, "sys": {"ack": 1}, "data": data});
    sends_json(&mut net, QoS::AtMostOnce, &topic("thing/property/report"), message);
    net.arrives([down("thing/property/report_response", json!({"msgId": id.to_string(), "time": time, "code": 0}))]);
    net.tells([reply(id, 200)]);
    // Once only.
    net.arrives([down("thing/property/report_response", json!({"msgId": id.to_string(), "code": 0}))]);
    net.tells([]);
}

#[test]
fn an_event_is_posted_with_its_code_and_its_time() {
    let mut net = online(&login());
    let id = net.device.model().post_event("hot", r#"{"celsius":91}"#, Reply::Wanted, net.now).unwrap();
    let time = unix_ms(&net);
    let data = json!({"eventCode": "hot", "eventTime": time, "outputParams": {"celsius": 91}});
    let message = json!({"msgId": id.to_string(), "time": time, "sys": {"ack": 1}, "data": data});
    sends_json(&mut net, QoS::AtMostOnce, &topic("thing/event/trigger"), message);
    // A code of 0 may be missing.
    net.arrives([down("thing/event/trigger_response", json!({"msgId": id.to_string(), "time": time}))]);
    net.tells([reply(id, 200)]);
}

#[test]
fn a_refusal_is_told_even_if_no_reply_is_wanted() {
    let mut net = online(&login());
    let id = net.device.model().post_properties(r#"{"a":1}"#, Reply::Ignored, net.now).unwrap();
    let accepted = net.device.model().post_properties(r#"{"a":1}"#, Reply::Ignored, net.now).unwrap();
    net.arrives([
        down("thing/property/report_response", json!({"msgId": id.to_string(), "code": 2003})),
        down("thing/property/report_response", json!({"msgId": accepted.to_string(), "code": 0})),
    ]);
    net.tells([reply(id, 2003)]);
}

#[test]
fn a_reply_to_a_post_of_the_scripts_own_is_a_message() {
    let mut net = online(&login());
    let id = net.device.model().post_properties(r#"{"a":1}"#, Reply::Ignored, net.now).unwrap();
    for (id, is_own) in [(id + 1, false), (7, false), (id, true)] {
        let body = json!({"msgId": id.to_string(), "code": 0, "why": "a\"b"}).to_string();
        net.arrives([qos0(&topic("thing/property/report_response"), body.as_bytes())]);
        let wanted = message(&topic("thing/property/report_response"), body.as_bytes());
        assert_eq!(net.take_told(), if is_own { vec![] } else { vec![wanted] });
    }
}

#[test]
fn a_reply_that_does_not_come_is_told() {
    let mut net = online(&login());
    let id = net.device.model().post_properties(r#"{"a":1}"#, Reply::Wanted, net.now).unwrap();
    net.wait_for_news();
    net.tells([Told::NoReply(id, NoReply::Overdue)]);
    let id = net.device.model().post_properties(r#"{"a":1}"#, Reply::Wanted, net.now).unwrap();
    net.link_lost(104);
    net.tells([Told::NoReply(id, NoReply::LinkEnded), Told::Disconnected(Loss::Link(104))]);
}

#[test]
fn a_set_that_asks_for_an_answer_gets_one() {
    let mut net = online(&login());
    let set = |id: &str, ack: Value| {
        down("thing/property/set", json!({"msgId": id, "time": 1, "sys": {"ack": ack}, "data": {"on": true}}))
    };
    let properties = |id: &str| Told::Properties { id: id.into(), params: r#"{"on":true}"#.into() };
    net.arrives([set("a1", json!(1)), set("a2", json!(1)), set("a3", json!(1)), set("a4", json!(0))]);
    net.tells_and_waits(properties("a1"));
    net.device.call().answer(200, b"{}").unwrap();
    net.tells_and_waits(properties("a2"));
    net.device.call().answer(1234, b"{}").unwrap();
    net.tells_and_waits(properties("a3"));
    let later = net.device.call().answer_later().unwrap();
    net.tells_and_waits(properties("a4"));
    net.device.call().answer(500, b"{}").unwrap();
    let answer = |id: &str, time: u64, code: i32| {
        (topic("thing/property/set_response"), json!({"msgId": id, "time": time, "code": code}))
    };
    let now = unix_ms(&net);
    let sent = net.take_sent();
    let sent: Vec<_> = sent.iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    assert_eq!(sent, [answer("a1", now, 0), answer("a2", now, 1234)]);
    net.wait(2_000);
    net.device.call().reply(later, -3, b"{}").unwrap();
    let sent = vendor::json_of(&net.sends_one(), QoS::AtMostOnce);
    // The device has learnt the time when it was polled last, and no later than that.
    let time = sent.1["time"].as_u64().unwrap();
    assert!((now..=unix_ms(&net)).contains(&time), "{time}");
    assert_eq!(sent, answer("a3", time, -3));
    // Without `sys` no answer is wanted.
    net.arrives([down("thing/property/set", json!({"msgId": "a5", "data": {"on": true}}))]);
    net.tells([properties("a5")]);
    net.sends([]);
}

#[test]
fn an_action_is_answered_with_its_output() {
    let mut net = online(&login());
    let action = |id: &str, data: Value| down("thing/action/execute", json!({"msgId": id, "time": 1, "data": data}));
    net.arrives([
        action("b1", json!({"actionCode": "blink", "inputParams": {"times": 3}})),
        action("b2", json!({"actionCode": "reset"})),
    ]);
    net.tells_and_waits(service("b1", "blink", r#"{"times":3}"#));
    let wrong = net.device.call().answer(200, b"[]");
    assert!(matches!(wrong, Err(PostError::Json(_))), "{wrong:?}");
    net.device.call().answer(200, br#"{"blinked":3}"#).unwrap();
    net.tells([service("b2", "reset", "{}")]);
    let answer = |id: &str, output: Value| {
        let data = json!({"outputParams": output});
        (topic("thing/action/execute_response"), json!({"msgId": id, "time": unix_ms(&net), "code": 0, "data": data}))
    };
    let wanted = [answer("b1", json!({"blinked": 3})), answer("b2", json!({}))];
    let sent = net.take_sent();
    let sent: Vec<_> = sent.iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    assert_eq!(sent, wanted);
}

#[cfg(feature = "ntp")]
#[test]
fn the_time_is_asked_for_and_told() {
    let mut net = online(&login());
    net.device.ntp().ask_time().unwrap();
    let (to, body) = vendor::json_of(&net.sends_one(), QoS::AtMostOnce);
    assert_eq!(
        (to, &body["data"]["bizType"], &body["time"]),
        (topic("ext/time/request"), &json!("NTP"), &json!(unix_ms(&net)))
    );
    let (id, sent) = (body["msgId"].as_str().unwrap(), body["data"]["dst"].as_u64().unwrap());
    assert!(sent.abs_diff(unix_ms(&net)) < 50 * 86_400_000, "{sent}");
    net.advance(200);
    let there = unix_ms(&net);
    net.advance(200);
    let answer = |sent: u64| {
        let data = json!({"bizType": "NTP", "dst": sent, "srt": there, "sst": there});
        down("ext/time/response", json!({"msgId": id, "time": there, "data": data}))
    };
    net.arrives([answer(sent + 1), answer(sent)]);
    net.tells([Told::Time { unix_ms: unix_ms(&net), error_ms: 203 }]);
    // Once more, to nobody's question.
    net.arrives([answer(sent)]);
    net.tells([]);
}

#[test]
fn a_post_over_the_limit_is_refused() {
    let mut net = crate::net::Net::with(crate::net::Sizes { subscriptions: 1024, tx: 1 << 18, ..Default::default() });
    set_clock(&mut net);
    log_in(&mut net, &login());
    let params = |size: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(size));
    let posted = net.device.model().post_properties(&params(64 * 1024), Reply::Wanted, net.now);
    assert_eq!(posted, Err(PostError::Send(SendError::Payload)));
    net.device.model().post_properties(&params(65_000), Reply::Wanted, net.now).unwrap();
    let too_much = net.device.publish("t", &[b'x'; 65_537], aliyun_iot::mqtt::Qos::AtMostOnce);
    assert_eq!(too_much, Err(SendError::Payload));
}

#[test]
fn garbage_is_no_call() {
    let mut net = online(&login());
    for (end, payload) in [
        ("thing/property/set", "{"),
        ("thing/property/set", "{}"),
        ("thing/property/set", r#"{"msgId":"1","data":[]}"#),
        ("thing/property/set", r#"{"msgId":1,"data":{}}"#),
        ("thing/property/set", "\u{fffd}"),
        ("thing/action/execute", r#"{"msgId":"1","data":{"inputParams":{}}}"#),
        ("thing/action/execute", r#"{"msgId":"1","data":{"actionCode":7}}"#),
        ("thing/action/execute", r#"{"msgId":"1"}"#),
        ("thing/property/report_response", r#"{"code":0}"#),
        ("thing/property/report_response", r#"{"msgId":"1","code":"x"}"#),
        ("thing/property/report_response", r#"{"msgId":"99999999999","code":0}"#),
        ("ext/time/response", r#"{"msgId":"1","data":{"dst":1,"srt":2}}"#),
        ("ext/time/response", r#"{"msgId":"1","data":{"dst":-1,"srt":2,"sst":3}}"#),
    ] {
        net.arrives([qos0(&topic(end), payload.as_bytes())]);
        net.tells([message(&topic(end), payload.as_bytes())]);
        net.sends([]);
    }
    net.arrives([qos0("tylink/other/thing/property/set", br#"{"msgId":"1","data":{}}"#)]);
    net.tells([]);
}

/// What the cloud sends.
fn examples() -> Vec<(&'static str, Value)> {
    let set = json!({"msgId": "a", "time": 1, "sys": {"ack": 1}, "data": {"on": [1, "a"], "b": {}}});
    let action = json!({"actionCode": "blink", "inputParams": {"times": 3}});
    vec![
        ("thing/property/set", set),
        ("thing/action/execute", json!({"msgId": "b", "time": 1, "data": action})),
        ("thing/property/report_response", json!({"msgId": "1", "code": 0})),
        ("ext/time/response", json!({"msgId": "1", "data": {"bizType": "NTP", "dst": 1, "srt": 2, "sst": 3}})),
    ]
}

#[test]
fn any_message_does_no_harm() {
    let texts = &["msgId", "sys", "ack", "data", "code", "actionCode", "inputParams", "dst"];
    vendor::check_messages(&login(), topic, vendor::any_message(examples, texts));
}
