//! Baidu's IoT Core: logins by the cloud's documents, and the envelope of this library on the topics of the usual template.

use aliyun_iot::alink::{PostError, Reply};
use aliyun_iot::clouds::vendor::{Login, LoginError};
use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::{Refusal, SendError};
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{Net, Told, message, with};
use crate::packets::{Packet, connack, packet_id, puback, qos0};
use crate::vendor::{self, filters, log_in, log_in_again, online, refused, set_clock, triple, unix_ms};

/// The device of the document's example (Akck4811r).
fn login() -> Login<'static> {
    Login {
        vendor: 5,
        instance_id: Some(b"abcd123"),
        device_name: Some(b"mydevice"),
        device_secret: Some(b"ImSeCrEt0I1M2jkl"),
        ..Login::default()
    }
}

#[cfg(feature = "md5")]
fn with_md5() -> Login<'static> {
    Login { sign_method: Some(b"md5"), ..login() }
}

const EVENTS: &str = "$iot/mydevice/events";
const MSG: &str = "$iot/mydevice/msg";

/// A message of the cloud's.
fn down(payload: Value) -> Packet {
    qos0(MSG, payload.to_string().as_bytes())
}

fn properties(id: &str, params: &str) -> Told {
    Told::Properties { id: id.into(), params: params.into() }
}

fn service(id: &str, service: &str, params: &str) -> Told {
    Told::Service { id: id.into(), service: service.into(), params: params.into(), synchronous: true }
}

/// The login of a device whose clock says so.
fn triple_at(login: &Login, unix_ms: u64) -> [String; 3] {
    let mut net = vendor::net();
    net.device.set_clock(unix_ms, net.now);
    net.device.connect(login, Options::default(), net.now).unwrap();
    net.link_up();
    let sent = net.take_sent();
    let [Packet::Connect(connect)] = &sent[..] else { panic!("{sent:?}") };
    triple(connect).map(String::from)
}

/// The document's two examples (Akck4811r).
#[test]
#[cfg(feature = "md5")]
fn the_logins_of_the_document() {
    assert_eq!(
        triple_at(&with_md5(), 1_583_826_857_999),
        triple_at(&with_md5(), 0),
        "2020, before this library: the clock is not set"
    );
    let zero = ["abcd123_mydevice", "thingidp@abcd123|mydevice|0|MD5", "22bc75231495220c7a2202fe15f7d286"];
    assert_eq!(triple_at(&with_md5(), 0), zero);
}

/// With SHA-256, by Python's `hashlib`; the first one is in LuatOS's unit test of `iotauth`, too.
#[test]
fn each_link_signs_the_time_if_it_is_known() {
    let password = "8b84e00accf874b07c1ac586830d211386294df1d2303d40d19c007c0e937af5";
    let user_name = |time: u64| format!("thingidp@abcd123|mydevice|{time}|SHA256");
    assert_eq!(triple_at(&login(), 0), ["abcd123_mydevice", &user_name(0), password]);
    let mut net = vendor::net();
    let password = "56cfaccee88e7596cadef2fc963c65aaf583c0a1858212305f43f3743b041a1a";
    let first = log_in(&mut net, &login());
    assert_eq!(triple(&first), ["abcd123_mydevice", &user_name(1_767_225_540), password]);
    net.wait(60_000);
    net.loses_link();
    net.take_sent();
    net.wait_for_link();
    let seconds = unix_ms(&net) / 1000;
    let again = log_in_again(&mut net);
    assert_eq!(triple(&again)[..2], ["abcd123_mydevice", &user_name(seconds)]);
    assert_ne!(triple(&again)[2], password);
}

#[test]
fn the_host_is_that_of_the_core_and_its_region() {
    for (change, server) in [
        ((|_| ()) as fn(&mut Login), ("abcd123.iot.gz.baidubce.com", 1884, true)),
        (|it| it.region = Some(b"bj"), ("abcd123.iot.bj.baidubce.com", 1884, true)),
        (|it| it.server.without_tls = true, ("abcd123.iot.gz.baidubce.com", 1883, false)),
    ] {
        let mut net = vendor::net();
        net.device.connect(&with(login(), change), Options::default(), net.now).unwrap();
        assert_eq!(net.server(), (server.0.into(), server.1, server.2));
    }
}

#[test]
fn a_login_with_a_certificate_has_neither_user_name_nor_password() {
    let login = with(login(), |it| (it.with_certificate, it.device_secret) = (true, None));
    let mut net = vendor::net();
    let connect = log_in(&mut net, &login);
    assert_eq!((connect.client_id.as_str(), &connect.login), ("abcd123_mydevice", &None));
    net.loses_link();
    net.take_sent();
    assert_eq!(log_in_again(&mut net).login, None);
    let own = with(login, |it| it.client_id = Some(b"own-id_1"));
    assert_eq!(log_in(&mut vendor::net(), &own).client_id, "own-id_1");
}

#[test]
fn each_wrong_field_is_named() {
    for (change, error) in [
        ((|it| it.instance_id = None) as fn(&mut Login), LoginError::InstanceId),
        (|it| it.instance_id = Some(b"a.b"), LoginError::InstanceId),
        (|it| it.device_name = None, LoginError::DeviceName),
        (|it| it.device_name = Some(b"a/b"), LoginError::DeviceName),
        (|it| it.device_name = Some(&[b'x'; 41]), LoginError::DeviceName),
        (|it| it.device_secret = None, LoginError::DeviceSecret),
        (|it| it.device_secret = Some(b"a b"), LoginError::DeviceSecret),
        (|it| it.device_secret = Some(&[b'x'; 65]), LoginError::DeviceSecret),
        (|it| it.client_id = Some(b"a.b"), LoginError::ClientId),
        (|it| it.client_id = Some(&[b'x'; 129]), LoginError::ClientId),
        (|it| it.sign_method = Some(b"sha1"), LoginError::SignMethod),
        (|it| it.sign_method = Some(b"hmacsha256"), LoginError::SignMethod),
        (|it| it.region = Some(b"a.b"), LoginError::Region),
        (|it| (it.with_certificate, it.server.without_tls) = (true, true), LoginError::Certificate),
        (|it| it.server.host = Some(b""), LoginError::Host),
    ] {
        assert_eq!(refused(with(login(), change), 60), error);
    }
    for keepalive in [0, 29, 1201] {
        assert_eq!(refused(login(), keepalive), LoginError::Keepalive);
    }
}

#[test]
fn the_longest_login_fits() {
    let login = with(login(), |it| {
        it.instance_id = Some(&[b'c'; 32]);
        it.device_name = Some(&[b'd'; 40]);
        it.device_secret = Some(&[b's'; 64]);
    });
    let mut net = vendor::net();
    let connect = log_in(&mut net, &login);
    assert_eq!(connect.login.unwrap().password.len(), 64);
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
fn its_own_topic_is_subscribed_to() {
    let mut net = vendor::net();
    net.device.connect(&login(), Options::default(), net.now).unwrap();
    vendor::connects(&mut net);
    net.arrives([connack(0, false)]);
    assert_eq!(filters(&mut net).into_iter().map(|(_, filter)| filter).collect::<Vec<_>>(), [MSG]);
}

/// Posts, and returns the id that the user gets and the message.
fn posts(net: &mut Net, event: Option<&str>, params: &str, reply: Reply, qos: QoS) -> (u32, u16, Value) {
    let id = match event {
        None => net.device.model().post_properties(params, reply, net.now),
        Some(event) => net.device.model().post_event(event, params, reply, net.now),
    };
    let packet = net.sends_one();
    let (topic, body) = vendor::json_of(&packet, qos);
    assert_eq!(topic, EVENTS);
    (id.unwrap(), if qos == QoS::AtLeastOnce { packet_id(&packet) } else { 0 }, body)
}

/// The cloud sends no reply: the message goes at QoS 1, and that it is acknowledged is the reply.
#[test]
fn a_post_is_answered_by_its_acknowledgement() {
    let mut net = online(&login());
    let mut ids = Vec::new();
    for (event, params, wanted) in [
        (None, r#" {"on":true, "t" : 1.5} "#, json!({"reported": {"on": true, "t": 1.5}})),
        (Some("hot"), r#"{"celsius":91}"#, json!({"event": "hot", "params": {"celsius": 91}})),
    ] {
        let (id, packet, mut body) = posts(&mut net, event, params, Reply::Wanted, QoS::AtLeastOnce);
        ids.push(body.as_object_mut().unwrap().remove("requestId").unwrap());
        assert_eq!(body, wanted);
        net.tells([]);
        net.arrives([puback(packet)]);
        net.tells([Told::Reply { id, code: 200, message: String::new() }]);
    }
    assert!(ids[0].is_string() && ids[0] != ids[1], "{ids:?}");
    let (_, _, body) = posts(&mut net, None, "{}", Reply::Ignored, QoS::AtMostOnce);
    assert_eq!(body["reported"], json!({}));
    net.tells([]);
}

/// What was not acknowledged goes again on the next link, and is reported then.
#[test]
fn nothing_is_lost_over_twenty_cuts() {
    let mut net = online(&login());
    for number in 0..20 {
        let (id, packet, body) =
            posts(&mut net, None, &format!(r#"{{"n":{number}}}"#), Reply::Wanted, QoS::AtLeastOnce);
        net.loses_link();
        net.take_told();
        net.take_sent();
        log_in_after_a_cut(&mut net, packet, &body);
        net.arrives([puback(packet)]);
        net.tells([Told::Reply { id, code: 200, message: String::new() }]);
    }
}

/// The device logs in again, and sends the message again.
#[track_caller]
fn log_in_after_a_cut(net: &mut Net, packet: u16, body: &Value) {
    net.wait_for_link();
    vendor::connects(net);
    net.arrives([connack(0, false)]);
    let (again, others): (Vec<_>, Vec<_>) =
        net.take_sent().into_iter().partition(|sent| matches!(sent, Packet::Publish(_)));
    let [Packet::Publish(publish)] = &again[..] else { panic!("{again:?}") };
    assert_eq!((publish.pkid, publish.dup, publish.qos), (packet, true, QoS::AtLeastOnce));
    assert_eq!(serde_json::from_slice::<Value>(&publish.payload).unwrap(), *body);
    let [subscribe @ Packet::Subscribe(_)] = &others[..] else { panic!("{others:?}") };
    net.arrives([crate::packets::suback(packet_id(subscribe), Some(1))]);
    net.take_told();
}

#[test]
fn a_set_and_a_call_are_answered() {
    let mut net = online(&login());
    net.arrives([
        down(json!({"requestId": "a1", "desired": {"on": true}})),
        down(json!({"requestId": 7, "service": "blink", "params": {"times": 3}})),
        down(json!({"service": "reset", "requestId": "a\"3"})),
        down(json!({"requestId": "a4", "desired": {}})),
    ]);
    net.tells_and_waits(properties("a1", r#"{"on":true}"#));
    net.device.call().answer(200, b"{}").unwrap();
    net.tells_and_waits(service("7", "blink", r#"{"times":3}"#));
    let wrong = net.device.call().answer(200, b"{");
    assert!(matches!(wrong, Err(PostError::Json(_))), "{wrong:?}");
    net.device.call().answer(-5, br#"{"blinked":3}"#).unwrap();
    net.tells_and_waits(service(r#"a\"3"#, "reset", "{}"));
    let later = net.device.call().answer_later().unwrap();
    // A call that nobody answers is answered for the user.
    net.tells([properties("a4", "{}")]);
    net.device.call().reply(later, 300, b"[1]").unwrap();
    let sent: Vec<_> = net.take_sent().iter().map(|packet| vendor::json_of(packet, QoS::AtMostOnce)).collect();
    let answer =
        |id: &str, code: i32, data: Value| (EVENTS.to_owned(), json!({"requestId": id, "code": code, "data": data}));
    let wanted = [
        answer("a1", 200, json!({})),
        answer("7", -5, json!({"blinked": 3})),
        answer("a4", 200, json!({})),
        answer("a\"3", 300, json!([1])),
    ];
    assert_eq!(sent, wanted);
}

#[test]
fn a_post_over_the_limit_is_refused() {
    let mut net = Net::with(crate::net::Sizes { subscriptions: 1024, tx: 1 << 17, ..Default::default() });
    set_clock(&mut net);
    log_in(&mut net, &login());
    let params = |size: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(size));
    let posted = net.device.model().post_properties(&params(32 * 1024), Reply::Wanted, net.now);
    assert_eq!(posted, Err(PostError::Send(SendError::Payload)));
    net.device.model().post_properties(&params(32_000), Reply::Wanted, net.now).unwrap();
    let too_much = net.device.publish("t", &[b'x'; 32_769], aliyun_iot::mqtt::Qos::AtMostOnce);
    assert_eq!(too_much, Err(SendError::Payload));
}

/// The cloud has neither.
#[test]
fn there_is_no_time_and_no_raw_data() {
    let mut net = online(&login());
    #[cfg(feature = "ntp")]
    assert_eq!(net.device.ntp().ask_time(), Err(PostError::NoService));
    #[cfg(feature = "raw")]
    assert_eq!(net.device.raw().post(b"x", Reply::Ignored, net.now).err(), Some(PostError::NoService));
    net.sends([]);
}

/// What is no call is the user's, as it came.
#[test]
fn other_messages_are_as_they_are() {
    let mut net = online(&login());
    for payload in [
        "hello",
        "",
        "{",
        "{}",
        r#"{"requestId":"1"}"#,
        r#"{"desired":{"a":1}}"#,
        r#"{"requestId":"1","desired":[]}"#,
        r#"{"requestId":["1"],"desired":{}}"#,
        r#"{"requestId":"1","service":7}"#,
        r#"{"requestId":"1","reported":{}}"#,
        "\u{fffd}",
    ] {
        net.arrives([qos0(MSG, payload.as_bytes())]);
        net.tells([message(MSG, payload.as_bytes())]);
        net.sends([]);
    }
    // Not on another topic.
    let call = br#"{"requestId":"1","desired":{}}"#;
    for topic in ["$iot/mydevice/msg/a", "$iot/mydevice/ms", "$iot/other/msg", "$iot/mydevice/user/a"] {
        net.arrives([qos0(topic, call)]);
        net.sends([]);
        assert!(net.take_told().iter().all(|told| matches!(told, Told::Message { .. })), "{topic}");
    }
}

/// What the cloud sends.
fn examples() -> Vec<(&'static str, Value)> {
    vec![
        ("", json!({"requestId": "a", "desired": {"on": [1, "a"], "b": {}}})),
        ("", json!({"requestId": 1, "service": "blink", "params": {"times": 3}})),
    ]
}

#[test]
fn any_message_does_no_harm() {
    let texts = &["requestId", "desired", "service", "params", "code"];
    vendor::check_messages(&login(), |_| MSG.into(), vendor::any_message(examples, texts));
}
