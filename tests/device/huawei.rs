//! Huawei Cloud IoTDA: logins, properties, commands, events and the time, as the platform's documents have them.

use aliyun_iot::alink::{PostError, Reply};
use aliyun_iot::clouds::Server;
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{ConnectError, Loss, Options};
use aliyun_iot::mqtt::Refusal;
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{Net, Sizes, Told, message, with};
use crate::packets::{Packet, connack, dup, packet_id, puback, qos0, qos1};
use crate::vendor::{self, filters, log_in, log_in_again, online, refused, sends_json, set_clock, triple};

const ID: &str = "6203cc94c7fb24029b110408_88888888";

fn login() -> Login<'static> {
    Login {
        vendor: 3,
        product_id: Some(b"6203cc94c7fb24029b110408"),
        device_name: Some(b"88888888"),
        device_secret: Some(b"12345678"),
        instance_id: Some(b"a1b2c3"),
        service_id: Some(b"Lamp"),
        ..Login::default()
    }
}

fn topic(end: &str) -> String {
    format!("$oc/devices/{ID}/sys/{end}")
}

/// A message of the platform's.
fn down(end: &str, payload: Value) -> Packet {
    qos0(&topic(end), payload.to_string().as_bytes())
}

fn service(id: &str, service: &str, params: &str) -> Told {
    Told::Service { id: id.into(), service: service.into(), params: params.into(), synchronous: true }
}

fn properties(id: &str, params: &str) -> Told {
    Told::Properties { id: id.into(), params: params.into() }
}

/// The passwords are Python's `hmac.new(hour, secret, "sha256").hexdigest()`.
#[test]
fn each_link_signs_the_hour_in_utc() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("a1b2c3.iotda-device.cn-north-4.myhuaweicloud.com".into(), 8883, true));
    drop(net);
    let mut net = vendor::net();
    let password = "61751af8e4fa34d5673298fb00a3122d127f955c264dc663b7da0935a0ac0036";
    assert_eq!(triple(&log_in(&mut net, &login())), [&format!("{ID}_0_1_2025123123"), ID, password]);
    net.wait(60_000);
    net.loses_link();
    net.take_sent();
    let password = "425c02694bc8251b7584ff5eec43bf11057e5f6574efd6890a0542252f2be62d";
    assert_eq!(triple(&log_in_again(&mut net)), [&format!("{ID}_0_1_2026010100"), ID, password]);
}

#[test]
fn the_device_id_may_be_given_as_a_whole() {
    let mut net = vendor::net();
    let login = with(login(), |it| (it.product_id, it.device_name) = (None, Some(ID.as_bytes())));
    let connect = log_in(&mut net, &login);
    assert_eq!(triple(&connect)[..2], [&format!("{ID}_0_1_2025123123"), ID]);
    net.arrives([down("commands/request_id=1", json!({"command_name": "on"}))]);
    net.tells([service("1", "on", "{}")]);
}

#[test]
fn a_certificate_takes_the_place_of_the_password() {
    // Nothing is signed, so the clock need not be known.
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Default::default() });
    let login = with(login(), |it| (it.device_secret, it.with_certificate) = (None, true));
    net.device.connect(&login, Options::default(), net.now).unwrap();
    net.link_up();
    let sent = net.take_sent();
    let [Packet::Connect(connect)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(triple(connect), [&format!("{ID}_0_0_1970010100"), ID, ""]);
}

#[test]
fn the_topics_of_requests_are_subscribed_to() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    let filters: Vec<String> = filters(&mut net).into_iter().map(|(_, filter)| filter).collect();
    assert_eq!(filters, ["commands/#", "properties/set/#", "properties/get/#", "events/down"].map(topic));
}

#[test]
fn each_wrong_field_is_named() {
    let long = "x".repeat(129);
    for (change, error) in [
        ((|it| it.product_id = Some(b"a/b")) as fn(&mut Login), LoginError::ProductId),
        (|it| it.product_id = Some(b""), LoginError::ProductId),
        (|it| it.device_name = None, LoginError::DeviceName),
        (|it| it.device_name = Some(b"a+b"), LoginError::DeviceName),
        (|it| it.device_secret = None, LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b"a b"), LoginError::DeviceSecret),
        (|it| it.sign_method = Some(b"sm3"), LoginError::SignMethod),
        (|it| it.region = Some(b"cn_north"), LoginError::Region),
        (|it| it.instance_id = None, LoginError::InstanceId),
        (|it| it.instance_id = Some(b"a.b"), LoginError::InstanceId),
        (|it| it.service_id = Some(b""), LoginError::ServiceId),
        (|it| it.service_id = Some(b"a\"b"), LoginError::ServiceId),
        (|it| it.service_id = Some(b"\xff"), LoginError::ServiceId),
        (|it| it.server.host = Some(b"a b"), LoginError::Host),
    ] {
        assert_eq!(refused(with(login(), change), 60), error);
    }
    let too_long = with(login(), |it| (it.product_id, it.device_name) = (None, Some(long.as_bytes())));
    assert_eq!(refused(too_long, 60), LoginError::DeviceName);
    for keepalive in [0, 29, 1201] {
        assert_eq!(refused(login(), keepalive), LoginError::Keepalive);
    }
    let mut net = Net::with(Sizes { subscriptions: 1024, ..Default::default() });
    let unset = net.device.connect(&login(), Options::default(), net.now);
    assert_eq!(unset.err(), Some(ConnectError::Login(LoginError::Clock.into())));
    net.device.set_clock(1_000_000_000_000, net.now);
    let old = net.device.connect(&login(), Options::default(), net.now);
    assert_eq!(old.err(), Some(ConnectError::Login(LoginError::Clock.into())));
    set_clock(&mut net);
    let here = with(login(), |it| {
        it.instance_id = None;
        it.server = Server { host: Some(b"127.0.0.1"), port: 0, without_tls: true };
        it.service_id = Some("灯_?'#().,&%@!-$".as_bytes());
    });
    net.device.connect(&here, Options::default(), net.now).unwrap();
    assert_eq!(net.server(), ("127.0.0.1".into(), 1883, false));
}

#[test]
fn a_refused_login_is_told() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(4, false)]);
    net.tells([Told::Failed(Loss::Refused(Refusal::Credentials))]);
}

#[test]
fn properties_go_to_the_service_of_the_login_and_their_puback_is_the_reply() {
    let mut net = online(&login());
    let id = net.device.model().post_properties(r#"{"on":true, "level":2.5}"#, Reply::Wanted, net.now).unwrap();
    let packet = net.sends_one();
    let body = json!({"services": [{"service_id": "Lamp", "properties": {"on": true, "level": 2.5}}]});
    assert_eq!(vendor::json_of(&packet, QoS::AtLeastOnce), (topic("properties/report"), body));
    net.arrives([puback(packet_id(&packet))]);
    net.tells([Told::Reply { id, code: 200, message: String::new() }]);
}

#[test]
fn a_post_that_needs_no_reply_goes_at_qos_0() {
    let mut net = online(&login());
    net.device.model().post_properties(r#"{"on":1}"#, Reply::Ignored, net.now).unwrap();
    let body = json!({"services": [{"service_id": "Lamp", "properties": {"on": 1}}]});
    sends_json(&mut net, QoS::AtMostOnce, &topic("properties/report"), body);
    net.wait(20_000);
    net.tells([]);
}

#[test]
fn a_post_survives_a_lost_link() {
    let mut net = online(&login());
    let id = net.device.model().post_properties(r#"{"on":1}"#, Reply::Wanted, net.now).unwrap();
    let sent = net.sends_one();
    net.loses_link();
    net.wait_for_link();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    let again = net.take_sent();
    assert!(again.contains(&dup(sent.clone())), "{again:?}");
    net.arrives([puback(packet_id(&sent))]);
    net.tells([
        Told::Connected { again: true, session_present: false },
        Told::Reply { id, code: 200, message: String::new() },
    ]);
}

#[test]
fn properties_without_a_service_are_refused() {
    let mut net = online(&with(login(), |it| it.service_id = None));
    let posted = net.device.model().post_properties(r#"{"on":1}"#, Reply::Wanted, net.now);
    assert_eq!(posted, Err(PostError::ServiceId));
    let posted = net.device.model().post_properties("[1]", Reply::Wanted, net.now);
    assert!(matches!(posted, Err(PostError::Json(_))), "{posted:?}");
    net.sends([]);
}

#[test]
fn an_event_goes_as_a_message() {
    let mut net = online(&login());
    let id = net.device.model().post_event("hot", r#"{"celsius":91}"#, Reply::Wanted, net.now).unwrap();
    let packet = net.sends_one();
    let (sent_to, body) = vendor::json_of(&packet, QoS::AtLeastOnce);
    assert_eq!(
        (sent_to, &body["name"], &body["content"]),
        (topic("messages/up"), &json!("hot"), &json!({"celsius": 91}))
    );
    assert!(body["id"].as_str().unwrap().parse::<u32>().is_ok(), "{body}");
    net.arrives([puback(packet_id(&packet))]);
    net.tells([Told::Reply { id, code: 200, message: String::new() }]);
}

#[test]
fn a_set_of_the_logins_service_is_flat() {
    let mut net = online(&login());
    let set = json!({"object_device_id": ID, "services": [{"service_id": "Lamp", "properties": {"on": 1}}]});
    net.arrives([down("properties/set/request_id=abc-1", set)]);
    net.tells_and_waits(properties("abc-1", r#"{"on":1}"#));
    net.device.call().answer(200, b"{}").unwrap();
    sends_json(
        &mut net,
        QoS::AtMostOnce,
        &topic("properties/set/response/request_id=abc-1"),
        json!({"result_code": 0}),
    );
}

#[test]
fn any_other_set_is_as_it_came() {
    let several = json!({"services": [
        {"service_id": "Lamp", "properties": {"on": 1}}, {"service_id": "Fan", "properties": {"speed": 3}},
    ]});
    let other = json!({"services": [{"service_id": "Fan", "properties": {"speed": 3}}]});
    let flat = json!({"services": [{"service_id": "Lamp", "properties": {"on": 1}}]});
    let nameless = with(login(), |it| it.service_id = None);
    for (login, set) in [(login(), several), (login(), other), (nameless, flat)] {
        let mut net = online(&login);
        net.arrives([down("properties/set/request_id=7", set.clone())]);
        net.tells([properties("7", &set.to_string())]);
        // Nobody answered.
        sends_json(
            &mut net,
            QoS::AtMostOnce,
            &topic("properties/set/response/request_id=7"),
            json!({"result_code": 0}),
        );
    }
}

#[test]
fn a_set_can_be_refused_and_answered_later() {
    let mut net = online(&login());
    let set = json!({"services": [{"service_id": "Lamp", "properties": {"on": 1}}]});
    net.arrives([down("properties/set/request_id=1", set.clone()), down("properties/set/request_id=2", set)]);
    net.tells_and_waits(properties("1", r#"{"on":1}"#));
    net.device.call().answer(-5, b"{}").unwrap();
    net.tells_and_waits(properties("2", r#"{"on":1}"#));
    let later = net.device.call().answer_later().unwrap();
    sends_json(&mut net, QoS::AtMostOnce, &topic("properties/set/response/request_id=1"), json!({"result_code": -5}));
    net.wait(3_000);
    net.device.call().reply(later, 400, b"{}").unwrap();
    sends_json(&mut net, QoS::AtMostOnce, &topic("properties/set/response/request_id=2"), json!({"result_code": 400}));
}

#[test]
fn a_command_is_answered_with_its_output() {
    let mut net = online(&login());
    let command = json!({"service_id": "Lamp", "command_name": "blink", "paras": {"times": 3}});
    let at = |id: u8| down(&format!("commands/request_id={id}"), command.clone());
    net.arrives([at(1), at(2), at(3)]);
    net.tells_and_waits(service("1", "blink", r#"{"times":3}"#));
    let wrong = net.device.call().answer(200, b"3");
    assert!(matches!(wrong, Err(PostError::Json(_))), "{wrong:?}");
    net.device.call().answer(200, br#"{"blinked":3}"#).unwrap();
    let answer = json!({"result_code": 0, "paras": {"blinked": 3}});
    net.flush_and_stay();
    net.tells_and_waits(service("2", "blink", r#"{"times":3}"#));
    let later = net.device.call().answer_later().unwrap();
    net.tells_and_waits(service("3", "blink", r#"{"times":3}"#));
    let sent = net.take_sent();
    let sent: Vec<_> = sent.iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let to = |id: u8| topic(&format!("commands/response/request_id={id}"));
    assert_eq!(sent, [(to(1), answer), (to(3), json!({"result_code": 0, "paras": {}}))]);
    net.device.call().reply(later, 1, br#"{"why":"dark"}"#).unwrap();
    sends_json(&mut net, QoS::AtMostOnce, &to(2), json!({"result_code": 1, "paras": {"why": "dark"}}));
}

#[test]
fn a_query_is_a_call_whose_answer_is_properties() {
    let mut net = online(&login());
    let query = json!({"object_device_id": ID, "service_id": "Fan"});
    net.arrives([down("properties/get/request_id=q", query.clone())]);
    net.tells_and_waits(service("q", "property.get", &query.to_string()));
    net.device.call().answer(200, br#"{"speed":3}"#).unwrap();
    let answer = json!({"services": [{"service_id": "Fan", "properties": {"speed": 3}}]});
    let to = topic("properties/get/response/request_id=q");
    sends_json(&mut net, QoS::AtMostOnce, &to, answer);
    // Without a service, that of the login; nobody answers.
    net.arrives([down("properties/get/request_id=q", json!({}))]);
    net.tells([service("q", "property.get", "{}")]);
    sends_json(&mut net, QoS::AtMostOnce, &to, json!({"services": [{"service_id": "Lamp", "properties": {}}]}));
    // A refusal is no answer.
    net.arrives([down("properties/get/request_id=q", json!({}))]);
    net.tells_and_waits(service("q", "property.get", "{}"));
    net.device.call().answer(500, b"{}").unwrap();
    net.sends([]);
}

#[test]
fn a_request_at_qos_1_is_acknowledged_after_its_answer() {
    let mut net = online(&login());
    net.arrives([qos1(9, &topic("commands/request_id=1"), br#"{"command_name":"on","paras":{}}"#)]);
    net.tells([service("1", "on", "{}")]);
    let sent = net.take_sent();
    assert!(matches!(&sent[..], [Packet::Publish(_), Packet::PubAck(_)]), "{sent:?}");
}

#[cfg(feature = "ntp")]
#[test]
fn the_time_is_asked_for_and_told() {
    let mut net = online(&login());
    net.device.ntp().ask_time().unwrap();
    let (to, body) = vendor::json_of(&net.sends_one(), QoS::AtMostOnce);
    assert_eq!(to, topic("events/up"));
    let sent = body["services"][0]["paras"]["device_send_time"].as_u64().unwrap();
    assert!(sent.abs_diff(vendor::unix_ms(&net)) < 50 * 86_400_000, "{sent}");
    let question = json!({"services": [{
        "service_id": "$time_sync", "event_type": "time_sync_request", "paras": {"device_send_time": sent},
    }]});
    assert_eq!(body, question);
    net.advance(100);
    let there = vendor::unix_ms(&net);
    net.advance(30);
    let answer = |sent: u64| {
        let paras = json!({"device_send_time": sent, "server_recv_time": there, "server_send_time": there + 30});
        let time = json!({"service_id": "$time_sync", "event_type": "time_sync_response", "paras": paras});
        down("events/down", json!({"object_device_id": ID, "services": [{"service_id": "$ota"}, time]}))
    };
    net.advance(100);
    // An answer to another question.
    net.arrives([answer(sent ^ 1), answer(sent)]);
    net.tells([Told::Time { unix_ms: vendor::unix_ms(&net), error_ms: 103 }]);
}

#[test]
fn a_request_for_a_device_behind_this_one_is_no_call() {
    let mut net = online(&login());
    let child = json!({"object_device_id": "child", "command_name": "on", "paras": {}});
    net.arrives([down("commands/request_id=1", child.clone())]);
    net.tells([message(&topic("commands/request_id=1"), child.to_string().as_bytes())]);
    net.sends([]);
}

#[test]
fn garbage_is_no_call() {
    let mut net = online(&login());
    for (end, payload) in [
        ("commands/request_id=1", "{"),
        ("commands/request_id=1", "{}"),
        ("commands/request_id=1", r#"{"command_name":1}"#),
        ("commands/request_id=1", r#"{"command_name":"on","object_device_id":7}"#),
        ("commands/response/request_id=1", r#"{"command_name":"on"}"#),
        ("commands/x", r#"{"command_name":"on"}"#),
        ("properties/set/request_id=1", r#"{"services":{}}"#),
        ("properties/set/request_id=1", r#"{"services":[]}"#),
        ("properties/set/request_id=1", r#"{"services":[1]}"#),
        ("properties/set/request_id=1", "\u{fffd}"),
        ("properties/get/request_id=1", "[]"),
        ("events/down", "{}"),
        ("events/down", r#"{"services":[7]}"#),
        ("events/down", r#"{"services":[{"service_id":"$ota","event_type":"version_query","paras":{}}]}"#),
    ] {
        net.arrives([qos0(&topic(end), payload.as_bytes())]);
        net.tells([message(&topic(end), payload.as_bytes())]);
        net.sends([]);
    }
    // Another device's.
    net.arrives([qos0("$oc/devices/other/sys/commands/request_id=1", br#"{"command_name":"on"}"#)]);
    net.tells([]);
}

/// What the platform sends.
fn examples() -> Vec<(&'static str, Value)> {
    let paras = json!({"device_send_time": 1, "server_recv_time": 2, "server_send_time": 3});
    let time = json!({"service_id": "$time_sync", "event_type": "time_sync_response", "paras": paras});
    let [lamp, fan] = ["Lamp", "Fan"].map(|id| json!({"service_id": id, "properties": {"on": [1, "a"], "b": {}}}));
    vec![
        (
            "commands/request_id=1",
            json!({"object_device_id": ID, "service_id": "Lamp", "command_name": "on", "paras": {"a": 1}}),
        ),
        ("properties/set/request_id=2", json!({"object_device_id": ID, "services": [lamp]})),
        ("properties/set/request_id=3", json!({"services": [lamp, fan]})),
        ("properties/get/request_id=4", json!({"service_id": "Lamp"})),
        ("events/down", json!({"services": [time]})),
    ]
}

#[test]
fn any_message_does_no_harm() {
    let texts = &["Lamp", "service_id", "services", "properties", "paras", "command_name", "object_device_id", ID];
    vendor::check_messages(&login(), topic, vendor::any_message(examples, texts));
}
