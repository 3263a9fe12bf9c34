//! OneNET: logins, properties, services and events, as the platform's book has them.

use aliyun_iot::alink::{NoReply, PostError, Reply};
use aliyun_iot::clouds::Server;
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{ConnectError, Loss, Options};
use aliyun_iot::mqtt::{Refusal, SendError};
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{Net, Sizes, Told, message, with};
use crate::packets::{Packet, connack, qos0, qos1};
use crate::vendor::{self, blink, filters, log_in, log_in_again, online, power, refused, sends_json, triple, unix_ms};

const KEY: &[u8] = b"KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=";

fn login() -> Login<'static> {
    Login {
        vendor: 2,
        product_id: Some(b"Ck2AF9QD2K"),
        device_name: Some(b"lamp"),
        device_secret: Some(KEY),
        ..Login::default()
    }
}

fn topic(end: &str) -> String {
    format!("$sys/Ck2AF9QD2K/lamp/thing/{end}")
}

/// A message of the platform's.
fn down(end: &str, payload: Value) -> Packet {
    qos0(&topic(end), payload.to_string().as_bytes())
}

fn set(id: &str) -> Packet {
    down("property/set", json!({"id": id, "version": "1.0", "params": {"power": 1}}))
}

fn invoke(id: &str) -> Packet {
    down("service/blink/invoke", json!({"id": id, "version": "1.0", "params": {"times": 3}}))
}

/// What a token is for, and when it expires.
fn token(password: &str) -> (&str, u64) {
    let parts: Vec<&str> = password.split('&').collect();
    let ["version=2018-10-31", resource, expiry, "method=sha256", sign] = parts[..] else { panic!("{password}") };
    let sign = sign.strip_prefix("sign=").unwrap();
    assert!(sign.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%'), "{sign}");
    (resource.strip_prefix("res=").unwrap(), expiry.strip_prefix("et=").unwrap().parse().unwrap())
}

#[test]
fn each_link_has_a_token_of_its_own() {
    let month = 30 * 24 * 3600;
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("mqttstls.heclouds.com".into(), 8883, true));
    let mut net = vendor::net();
    let first = log_in(&mut net, &login());
    let [id, user_name, password] = triple(&first);
    assert_eq!((id, user_name), ("lamp", "Ck2AF9QD2K"));
    let device = "products%2FCk2AF9QD2K%2Fdevices%2Flamp";
    assert_eq!(token(password), (device, unix_ms(&net) / 1000 + month));
    net.answers_pings = true;
    net.wait(3_600_000);
    net.loses_link();
    net.take_sent();
    assert_eq!(token(triple(&log_in_again(&mut net))[2]), (device, unix_ms(&net) / 1000 + month));
}

#[test]
fn the_key_of_the_product_signs_for_the_product() {
    let mut net = vendor::net();
    let product = with(login(), |it| (it.device_secret, it.product_secret) = (None, Some(KEY)));
    let connect = log_in(&mut net, &product);
    assert_eq!(token(triple(&connect)[2]).0, "products%2FCk2AF9QD2K");
}

#[test]
fn a_session_ends_before_its_token_expires() {
    let mut net = online(&login());
    net.answers_pings = true;
    net.wait_for_news();
    net.tells([Told::Disconnected(Loss::Renewal)]);
    assert_eq!(net.elapsed / 1000, 20 * 24 * 3600);
    net.take_sent();
    log_in_again(&mut net);
}

#[test]
fn each_wrong_field_is_named() {
    let long = "x".repeat(65);
    for (change, error) in [
        ((|it| it.product_id = None) as fn(&mut Login), LoginError::ProductId),
        (|it| it.product_id = Some(b"a/b"), LoginError::ProductId),
        (|it| it.device_name = None, LoginError::DeviceName),
        (|it| it.device_name = Some(b"a+b"), LoginError::DeviceName),
        (|it| it.device_secret = None, LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b"no base64"), LoginError::DeviceSecret),
        (
            |it| {
                it.device_secret = None;
                it.product_secret = Some(b"no base64");
            },
            LoginError::ProductSecret,
        ),
        (|it| it.sign_method = Some(b"hmacsha256"), LoginError::SignMethod),
        (|it| it.with_certificate = true, LoginError::Certificate),
        (|it| it.server.host = Some(b"a b"), LoginError::Host),
    ] {
        assert_eq!(refused(with(login(), change), 60), error);
    }
    assert_eq!(refused(with(login(), |it| it.device_name = Some(long.as_bytes())), 60), LoginError::DeviceName);
    for keepalive in [0, 9, 1801] {
        assert_eq!(refused(login(), keepalive), LoginError::Keepalive);
    }
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Sizes::default() });
    let unset = net.device.connect(&login(), Options::default(), net.now);
    assert_eq!(unset.err(), Some(ConnectError::Login(LoginError::Clock.into())));
    let mut net = vendor::net();
    let plain = with(login(), |it| it.server = Server { without_tls: true, ..Server::usual() });
    net.device.connect(&plain, Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("mqtts.heclouds.com".into(), 1883, false));
}

#[test]
fn the_longest_login_fits() {
    let (product, device, key) = ("P".repeat(20), "d".repeat(64), format!("{}/A==", "/".repeat(84)));
    let longest = Login {
        vendor: 2,
        product_id: Some(product.as_bytes()),
        device_name: Some(device.as_bytes()),
        device_secret: Some(key.as_bytes()),
        ..Login::default()
    };
    let mut net = vendor::net();
    assert_eq!(triple(&log_in(&mut net, &longest))[0], device);
}

#[test]
fn a_refused_login_is_told() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(5, false)]);
    net.tells([Told::Failed(Loss::Refused(Refusal::NotAuthorized))]);
}

/// The platform lets a device subscribe to ten topics.
#[test]
fn few_topics_are_subscribed_to() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    let filters: Vec<String> = filters(&mut net).into_iter().map(|(_, filter)| filter).collect();
    let wanted = ["property/post/reply", "event/post/reply", "property/set", "property/get", "service/+/invoke"];
    assert_eq!(filters, wanted.map(topic));
}

#[test]
fn each_property_is_wrapped_and_the_reply_is_told() {
    let mut net = online(&login());
    let now = net.now;
    let id = net.device.model().post_properties(r#"{"power":1, "a":{"value":[2]}}"#, Reply::Wanted, now).unwrap();
    let params = json!({"power": {"value": 1}, "a": {"value": {"value": [2]}}});
    let body = json!({"id": id.to_string(), "version": "1.0", "params": params});
    sends_json(&mut net, QoS::AtMostOnce, &topic("property/post"), body);
    net.arrives([down("property/post/reply", json!({"id": id.to_string(), "code": 200, "msg": "success"}))]);
    net.tells([Told::Reply { id, code: 200, message: "success".into() }]);
    let id = net.device.model().post_properties("{}", Reply::Wanted, now).unwrap();
    sends_json(
        &mut net,
        QoS::AtMostOnce,
        &topic("property/post"),
        json!({"id": id.to_string(), "version": "1.0", "params": {}}),
    );
    net.arrives([down("property/post/reply", json!({"id": id, "code": 2004, "msg": "属性不存在"}))]);
    net.tells([Told::Reply { id, code: 2004, message: "属性不存在".into() }]);
    let id = net.device.model().post_properties("{}", Reply::Wanted, now).unwrap();
    net.take_sent();
    net.wait(10_000);
    net.tells([Told::NoReply(id, NoReply::Overdue)]);
}

#[test]
fn a_reply_to_a_post_of_the_scripts_own_is_a_message_as_it_came() {
    let mut net = online(&login());
    // The words are decoded in place only for a post of the library's.
    let body = br#"{"id":"7","code":200,"msg":"\u5c5e\u6027\n"}"#;
    net.arrives([qos0(&topic("property/post/reply"), body)]);
    net.tells([message(&topic("property/post/reply"), body)]);
    let id = net.device.model().post_properties(r#"{"a":1}"#, Reply::Wanted, net.now).unwrap();
    let body = format!(r#"{{"id":"{id}","code":2409,"msg":"\u5c5e\u6027\n"}}"#);
    net.arrives([qos0(&topic("property/post/reply"), body.as_bytes())]);
    net.tells([Told::Reply { id, code: 2409, message: "属性\n".into() }]);
}

#[test]
fn an_event_is_wrapped_and_the_reply_is_told() {
    let mut net = online(&login());
    let id = net.device.model().post_event("hot", r#"{"celsius":91}"#, Reply::Wanted, net.now).unwrap();
    let params = json!({"hot": {"value": {"celsius": 91}}});
    let body = json!({"id": id.to_string(), "version": "1.0", "params": params});
    sends_json(&mut net, QoS::AtMostOnce, &topic("event/post"), body);
    net.arrives([down("event/post/reply", json!({"id": id.to_string(), "code": 200, "msg": "success"}))]);
    net.tells([Told::Reply { id, code: 200, message: "success".into() }]);
}

#[test]
fn what_the_platform_refuses_or_lacks_is_refused_here() {
    let mut net = online(&login());
    let long = format!(r#"{{"t":"{}"}}"#, "x".repeat(256 * 1024));
    let posted = net.device.model().post_properties(&long, Reply::Wanted, net.now);
    assert_eq!(posted, Err(PostError::Send(SendError::Payload)));
    assert_eq!(net.device.ntp().ask_time(), Err(PostError::NoService));
    net.sends([]);
}

#[test]
fn a_property_set_is_answered() {
    let mut net = online(&login());
    net.arrives([set("1"), set("2"), set("3")]);
    net.tells_and_waits(power("1"));
    net.tells_and_waits(power("2"));
    net.device.call().answer(-5, b"[1]").unwrap();
    net.tells_and_waits(power("3"));
    let later = net.device.call().answer_later().unwrap();
    let sent: Vec<_> = net.take_sent().iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let answer =
        |id: &str, code: i32, msg: &str| (topic("property/set_reply"), json!({"id": id, "code": code, "msg": msg}));
    assert_eq!(sent, [answer("1", 200, "success"), answer("2", -5, "failed")]);
    net.wait(3_000);
    net.device.call().reply(later, 0, b"{}").unwrap();
    let (to, body) = answer("3", 0, "failed");
    sends_json(&mut net, QoS::AtMostOnce, &to, body);
}

#[test]
fn a_service_is_answered_with_its_output() {
    let mut net = online(&login());
    net.arrives([invoke("1"), invoke("2"), invoke("3")]);
    net.tells_and_waits(blink("1"));
    let wrong = net.device.call().answer(200, b"3");
    assert!(matches!(wrong, Err(PostError::Json(_))), "{wrong:?}");
    net.device.call().answer(200, br#"{"blinked":3}"#).unwrap();
    net.tells_and_waits(blink("2"));
    let later = net.device.call().answer_later().unwrap();
    net.tells_and_waits(blink("3"));
    let sent: Vec<_> = net.take_sent().iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let answer = |id: &str, code: i32, msg: &str, data: Value| {
        (topic("service/blink/invoke_reply"), json!({"id": id, "code": code, "msg": msg, "data": data}))
    };
    assert_eq!(sent, [answer("1", 200, "success", json!({"blinked": 3})), answer("3", 200, "success", json!({}))]);
    net.device.call().reply(later, 1, br#"{"why":"dark"}"#).unwrap();
    let (to, body) = answer("2", 1, "failed", json!({"why": "dark"}));
    sends_json(&mut net, QoS::AtMostOnce, &to, body);
}

#[test]
fn a_query_is_a_call_whose_answer_is_properties() {
    let mut net = online(&login());
    net.arrives([down("property/get", json!({"id": "7", "version": "1.0", "params": ["power"]}))]);
    let params = r#"["power"]"#.into();
    net.tells_and_waits(Told::Service { id: "7".into(), service: "property.get".into(), params, synchronous: true });
    net.device.call().answer(200, br#"{"power":1}"#).unwrap();
    let answer = json!({"id": "7", "code": 200, "msg": "success", "data": {"power": 1}});
    sends_json(&mut net, QoS::AtMostOnce, &topic("property/get_reply"), answer);
}

#[test]
fn a_call_at_qos_1_is_acknowledged_after_its_answer() {
    let mut net = online(&login());
    let Packet::Publish(call) = invoke("1") else { panic!() };
    net.arrives([qos1(9, &call.topic, &call.payload)]);
    net.tells([blink("1")]);
    let sent = net.take_sent();
    assert!(matches!(&sent[..], [Packet::Publish(_), Packet::PubAck(_)]), "{sent:?}");
}

#[test]
fn what_is_no_call_is_a_message() {
    let mut net = online(&login());
    for (end, payload) in [
        ("property/set", "{"),
        ("property/set", "[]"),
        ("property/post/reply", "{}"),
        ("property/post/reply", r#"{"id":"x","code":200}"#),
        ("property/post/reply", r#"{"id":"1000001","code":"200"}"#),
        ("event/post/reply", r#"{"code":200}"#),
    ] {
        net.arrives([qos0(&topic(end), payload.as_bytes())]);
        net.tells([message(&topic(end), payload.as_bytes())]);
        net.sends([]);
    }
    // Another device's, and topics that the device has not subscribed to.
    for other in ["$sys/Ck2AF9QD2K/lamp2/thing/property/set", "$sys/Ck2AF9QD2K/lamp/thing/service/blink/other"] {
        net.arrives([qos0(other, br#"{"id":"1","params":{}}"#)]);
        net.tells([]);
        net.sends([]);
    }
}

/// What the platform sends.
fn examples() -> Vec<(&'static str, Value)> {
    vec![
        ("property/set", json!({"id": "1", "version": "1.0", "params": {"on": [1, "a"], "b": {}}})),
        ("property/get", json!({"id": "1", "version": "1.0", "params": ["on"]})),
        ("service/blink/invoke", json!({"id": "1", "version": "1.0", "params": {"a": 1}})),
        ("service/blink/invoke", json!({"id": 7})),
        ("property/post/reply", json!({"id": "5", "code": 200, "msg": "a"})),
        ("event/post/reply", json!({"id": "5", "code": 200, "msg": "a"})),
    ]
}

#[test]
fn any_message_does_no_harm() {
    let texts = &["id", "params", "code", "msg", "value", "version"];
    vendor::check_messages(&login(), topic, vendor::any_message(examples, texts));
}
