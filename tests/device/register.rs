//! Registration: three ways to ask for a secret, and what becomes of each answer.

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::aliyun::{LoginError, Registration, Way};
use aliyun_iot::device::{ConnectError, Device, LinkId, Loss, Options, RESPONSE_MAX};
use aliyun_iot::mqtt::{Buffers, Qos, Refusal, SendError};
use aliyun_iot::services::register::{RegisterError, TRIES};
use hmac::{Hmac, Mac};

use crate::net::{DN, Net, PK, Sizes, Told, aliyun_login, buffer, message1, subscribed, with};
use crate::packets::{ACCEPTED, Packet, connack, puback, qos0, qos1};

/// Made up, as all secrets here.
const PS: &str = "psecret0123456789";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const TRY_AGAIN: Told = Told::HttpFailed(Loss::Refused(Refusal::Unavailable));
/// Bytes of scratch memory, enough for all but the largest responses.
const SCRATCH: usize = 2048;

fn registration() -> Registration<'static> {
    Registration::new(PK, DN, PS)
}

/// Begins a registration.
#[track_caller]
fn begin(net: &mut Net, registration: &Registration, scratch: usize) -> Result<(), RegisterError> {
    let now = net.now;
    net.device.register().begin(registration, buffer(scratch), now)
}

fn is_registering(net: &mut Net) -> bool {
    net.device.register().is_under_way()
}

/// A registration that has sent its request over HTTP.
fn asking_with(scratch: usize, registration: &Registration) -> Net {
    let mut net = Net::new();
    net.on = LinkId::Http;
    begin(&mut net, registration, scratch).unwrap();
    net.link_up();
    net
}

fn asking() -> Net {
    asking_with(SCRATCH, &registration())
}

/// A registration that has sent its login over MQTT.
fn logging_in(way: Way) -> (Net, mqttbytes::v4::Connect) {
    let mut net = Net::new();
    begin(&mut net, &with(registration(), |it| it.way = Some(way)), 0).unwrap();
    net.link_up();
    let Packet::Connect(connect) = net.sends_one() else { panic!() };
    (net, connect)
}

fn request(net: &Net) -> (Vec<String>, String) {
    let text = String::from_utf8(net.request.clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split("\r\n").map(Into::into).collect(), body.into())
}

fn identity(rest: &str) -> String {
    format!(r#"{{"productKey":"{PK}","deviceName":"{DN}",{rest}}}"#)
}

fn answer(secret: &str) -> String {
    let data = identity(&format!(r#""deviceSecret":"{secret}""#));
    format!(r#"{{"code":200,"data":{data},"message":"success"}}"#)
}

fn response(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nServer: x\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn registered() -> Told {
    Told::Registered { client_id: None, secret: SECRET.into() }
}

fn signature(random: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(PS.as_bytes()).unwrap();
    mac.update(format!("deviceName{DN}productKey{PK}random{random}").as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02X}")).collect()
}

#[track_caller]
fn is_off(net: &mut Net) {
    net.pump();
    assert!(!is_registering(net) && !net.device.is_started());
    assert_eq!((net.attempt(), net.due_in()), (None, None));
    for id in LinkId::ALL {
        assert!(net.device.to_send(id).is_empty() && net.device.space(id).is_empty());
    }
}

// ---- What goes out ----

#[test]
fn the_way_and_the_endpoint_follow_from_what_is_given() {
    let instance = with(registration(), |it| it.identity.instance_id = Some("iot-060a0b"));
    for (registration, way, endpoint) in [
        (registration(), Way::Https, "iot-auth.cn-shanghai.aliyuncs.com:443"),
        (
            with(registration(), |it| it.identity.region = Some("ap-southeast-1")),
            Way::Https,
            "iot-auth.ap-southeast-1.aliyuncs.com:443",
        ),
        (instance, Way::Mqtt, "iot-060a0b.mqtt.iothub.aliyuncs.com:8883"),
        (
            with(instance, |it| it.way = Some(Way::MqttUnlisted)),
            Way::MqttUnlisted,
            "iot-060a0b.mqtt.iothub.aliyuncs.com:8883",
        ),
        (
            with(registration(), |it| it.way = Some(Way::Mqtt)),
            Way::Mqtt,
            "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883",
        ),
        (
            with(registration(), |it| {
                it.server.host = Some("10.0.0.7");
                it.server.port = Some(8443);
            }),
            Way::Https,
            "10.0.0.7:8443",
        ),
    ] {
        assert_eq!(registration.way(), way);
        let mut net = Net::new();
        begin(&mut net, &registration, SCRATCH).unwrap();
        net.on = if way == Way::Https { LinkId::Http } else { LinkId::Session };
        let (host, port, tls) = net.server();
        assert_eq!((format!("{host}:{port}"), tls), (endpoint.to_owned(), true));
    }
}

#[test]
fn over_https_a_signed_form_is_posted() {
    for device_name in [DN, "a:b@c"] {
        let net = asking_with(SCRATCH, &with(registration(), |it| it.identity.device_name = device_name));
        let (head, body) = request(&net);
        assert_eq!(head[0], "POST /auth/register/device HTTP/1.1");
        for line in [
            "Host: iot-auth.cn-shanghai.aliyuncs.com",
            "Content-Type: application/x-www-form-urlencoded",
            "Connection: close",
            &format!("Content-Length: {}", body.len()),
        ] {
            assert!(head.iter().any(|found| found == line), "{line}: {head:?}");
        }
        let fields: Vec<(&str, &str)> = body.split('&').map(|field| field.split_once('=').unwrap()).collect();
        let [pk, dn, random, sign, method] = fields[..] else { panic!("{fields:?}") };
        assert_eq!(pk, ("productKey", PK));
        assert_eq!(dn, ("deviceName", if device_name == DN { DN } else { "a%3Ab%40c" }));
        assert_eq!((random.0, sign.0, method), ("random", "sign", ("signMethod", "hmacsha256")));
        if device_name == DN {
            assert_eq!(sign.1, signature(random.1));
        }
    }
}

/// The published vector of `register.rs`'s sources, with the random number that is signed there.
#[test]
fn the_signature_is_the_platforms() {
    assert_eq!(signature("123456"), "40DCC0740FF9325F0D7AF0BCC2AD322C39B97A31DE610B6AD385395C7CA29DF9");
}

#[test]
fn over_mqtt_the_login_says_what_is_asked_for() {
    let instance = with(registration(), |it| it.identity.instance_id = Some("iot-060a0b"));
    for (registration, expected) in [
        (with(registration(), |it| it.way = Some(Way::Mqtt)), "securemode=2,authType=register,"),
        (with(registration(), |it| it.way = Some(Way::MqttUnlisted)), "securemode=2,authType=regnwl,"),
        (instance, "securemode=2,authType=register,instanceId=iot-060a0b,"),
    ] {
        let mut net = Net::new();
        begin(&mut net, &registration, 0).unwrap();
        net.link_up();
        let Packet::Connect(connect) = net.sends_one() else { panic!() };
        let (id, options) = connect.client_id.strip_suffix('|').unwrap().split_once('|').unwrap();
        assert_eq!(id, format!("{PK}.{DN}"));
        let option = |name| options.split(',').find_map(|option| option.strip_prefix(name)).unwrap().to_owned();
        for wanted in expected.split_terminator(',') {
            assert_eq!(option(wanted), "", "{options}");
        }
        let login = connect.login.unwrap();
        assert_eq!(login.username, format!("{DN}&{PK}"));
        assert_eq!(login.password, signature(&option("random=")));
        assert!(connect.clean_session && connect.keep_alive == 60);
    }
}

#[test]
fn each_registration_has_a_random_number_of_its_own() {
    let mut net = asking();
    let first = request(&net).1;
    net.device.close(net.now);
    net.tells([Told::Closed]);
    net.advance(1);
    begin(&mut net, &registration(), SCRATCH).unwrap();
    net.link_up();
    assert_ne!(request(&net).1, first);
}

#[test]
fn what_cannot_be_used_is_named() {
    use LoginError::*;
    let long = "x".repeat(254);
    for (registration, error) in [
        (with(registration(), |it| it.identity.product_key = ""), ProductKey),
        (with(registration(), |it| it.identity.device_name = "a/b"), DeviceName),
        (with(registration(), |it| it.product_secret = ""), ProductSecret),
        (with(registration(), |it| it.product_secret = "a b"), ProductSecret),
        (with(registration(), |it| it.identity.region = Some("x_y")), Region),
        (with(registration(), |it| it.identity.instance_id = Some("")), InstanceId),
        (with(registration(), |it| it.server.host = Some("a b")), Host),
        (with(registration(), |it| it.server.host = Some(&long)), Host),
        (with(registration(), |it| it.server.port = Some(0)), Port),
    ] {
        let mut net = Net::new();
        assert_eq!(begin(&mut net, &registration, SCRATCH), Err(RegisterError::Login(error)));
        is_off(&mut net);
    }
}

#[test]
fn one_registration_at_a_time() {
    let over_mqtt = with(registration(), |it| it.way = Some(Way::Mqtt));
    for mut net in [asking(), logging_in(Way::Mqtt).0] {
        for another in [registration(), over_mqtt] {
            assert_eq!(begin(&mut net, &another, SCRATCH), Err(RegisterError::AlreadyConnected));
        }
        assert!(is_registering(&mut net) && !net.device.is_started() && !net.device.is_online());
        assert_eq!(net.device.publish("/a", b"x", Qos::AtLeastOnce), Err(SendError::NotConnected));
        assert!(net.device.model().post_properties("{}", Reply::Wanted, net.now).is_err());
    }
}

#[test]
fn over_mqtt_a_registration_needs_the_session() {
    let over_mqtt = with(registration(), |it| it.way = Some(Way::Mqtt));
    let mut net = Net::online();
    assert_eq!(begin(&mut net, &over_mqtt, SCRATCH), Err(RegisterError::AlreadyConnected));
    assert!(net.device.is_online() && !is_registering(&mut net));
    let (mut net, _) = logging_in(Way::Mqtt);
    assert_eq!(net.device.connect(&aliyun_login(), Options::default(), net.now), Err(ConnectError::AlreadyConnected));
}

// ---- Answers ----

#[test]
fn over_https_a_secret_comes_back_however_the_response_is_cut() {
    let body = answer(SECRET);
    let (one, two) = body.split_at(30);
    // The empty line after the last chunk is not waited for.
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n",
        one.len(),
        two.len()
    );
    for whole in [response("200 OK", &body), chunked.into_bytes()] {
        for gives in [usize::MAX, 100, 7, 1] {
            let mut net = asking();
            net.gives = gives;
            net.arrive_bytes(&whole);
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
}

#[test]
fn a_response_may_end_with_the_link() {
    let mut net = asking();
    net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n\r\n{}", answer(SECRET)).as_bytes());
    net.tells([]);
    net.link_lost(0);
    assert_eq!(net.attempt(), None);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn over_mqtt_a_secret_is_pushed() {
    for qos in [0, 1] {
        let (mut net, _) = logging_in(Way::Mqtt);
        net.arrives([connack(ACCEPTED, false)]);
        net.tells([]);
        assert!(is_registering(&mut net) && !net.device.is_online());
        // What is not the answer is of no interest.
        net.arrives([qos0("/ext/regnwl", b"{}"), qos0("/ext/error", b"{}")]);
        let data = identity(&format!(r#""deviceSecret":"{SECRET}""#));
        net.arrives([if qos == 0 {
            qos0("/ext/register", data.as_bytes())
        } else {
            qos1(5, "/ext/register", data.as_bytes())
        }]);
        net.tells([registered()]);
        is_off(&mut net);
    }
}

/// A registration over MQTT whose answer, at QoS 1, is here while the link takes nothing.
fn answered_on_a_stuck_link() -> Net {
    let (mut net, _) = logging_in(Way::Mqtt);
    net.arrives([connack(ACCEPTED, false)]);
    net.takes = 0;
    net.arrives([qos1(5, "/ext/register", identity(&format!(r#""deviceSecret":"{SECRET}""#)).as_bytes())]);
    net.tells([]);
    assert!(is_registering(&mut net) && !net.device.is_started() && !net.device.is_online());
    assert!(net.device.space(LinkId::Session).is_empty(), "nothing may move the answer");
    assert!(net.due_in().unwrap() > 5_000, "there is nothing to do but to wait for the link");
    net
}

#[test]
fn over_mqtt_the_answer_is_acknowledged_before_the_link_is_closed() {
    for (way, topic, rest) in [
        (Way::Mqtt, "/ext/register", format!(r#""deviceSecret":"{SECRET}""#)),
        (Way::MqttUnlisted, "/ext/regnwl", r#""clientId":"^1^9f3","deviceToken":"^1^16^abc""#.into()),
    ] {
        for gives in [usize::MAX, 1, 7] {
            let (mut net, _) = logging_in(way);
            net.gives = gives;
            // Another message first: each has an acknowledgement of its own.
            net.arrives([
                connack(ACCEPTED, false),
                qos1(4, "/ext/other", b"x"),
                qos1(5, topic, identity(&rest).as_bytes()),
            ]);
            assert!(matches!(net.take_told()[..], [Told::Registered { .. }]), "{way:?}");
            net.sends([puback(4), puback(5)]);
            is_off(&mut net);
        }
    }
}

#[test]
fn the_secret_is_told_when_its_acknowledgement_has_left() {
    let mut net = answered_on_a_stuck_link();
    net.takes = 3;
    net.sends([puback(5)]);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn a_link_that_does_not_take_the_acknowledgement_does_not_keep_the_secret() {
    let mut net = answered_on_a_stuck_link();
    net.link_lost(104);
    net.tells([registered()]);
    is_off(&mut net);

    let mut net = answered_on_a_stuck_link();
    net.wait(10_000);
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn a_registration_can_be_given_up_with_its_answer_at_hand() {
    let mut net = answered_on_a_stuck_link();
    assert_eq!(begin(&mut net, &registration(), SCRATCH), Err(RegisterError::AlreadyConnected));
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}

#[test]
fn an_answer_that_is_not_taken_is_not_acknowledged() {
    let (mut net, _) = logging_in(Way::Mqtt);
    net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/register", b"{}")]);
    net.tells([Told::Failed(Loss::Answer)]);
    net.sends([]);
}

#[test]
fn only_a_string_is_a_secret() {
    for value in
        ["null", "true", "123456", r#"{"a":"s"}"#, r#"["s"]"#, r#""""#, r#""a b""#, r#""a\u0007b""#, r#""\u00e9""#]
    {
        let data = identity(&format!(r#""deviceSecret":{value}"#));
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(&response("200 OK", &format!(r#"{{"code":200,"data":{data}}}"#)));
        });
        is_tried_again(Way::Mqtt, Loss::Answer, |net| {
            net.link_up();
            net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/register", data.as_bytes())]);
        });
        for token in [
            format!(r#""clientId":"^1^9f3","deviceToken":{value}"#),
            format!(r#""deviceToken":"t","clientId":{value}"#),
        ] {
            is_tried_again(Way::MqttUnlisted, Loss::Answer, |net| {
                net.link_up();
                net.arrives([connack(ACCEPTED, false), qos0("/ext/regnwl", identity(&token).as_bytes())]);
            });
        }
    }
}

#[test]
fn escapes_in_an_answer_are_undone() {
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", &answer(r#"a\/b\"c\\d\u0065"#)));
    net.tells([Told::Registered { client_id: None, secret: r#"a/b"c\de"#.into() }]);
    is_off(&mut net);
    let (mut net, _) = logging_in(Way::MqttUnlisted);
    let data = identity(r#""clientId":"\/1\u005e","deviceToken":"a\/b\"""#);
    net.arrives([connack(ACCEPTED, false), qos1(5, "/ext/regnwl", data.as_bytes())]);
    net.tells([Told::Registered { client_id: Some("/1^".into()), secret: r#"a/b""#.into() }]);
    is_off(&mut net);
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", r#"{"code":6288,"message":"\u5df2\u6fc0\u6d3b: \"dev\/01\""}"#));
    net.tells([Told::RegistrationRefused { code: 6288, message: "已激活: \"dev/01\"".into() }]);
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", r#"{"message":null,"code":6288}"#));
    net.tells([Told::RegistrationRefused { code: 6288, message: String::new() }]);
}

#[test]
fn interim_responses_before_the_answer_are_passed_over() {
    for before in
        ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"]
    {
        for gives in [usize::MAX, 7, 1] {
            let mut net = asking();
            net.gives = gives;
            net.arrive_bytes(&[before.as_bytes(), &response("200 OK", &answer(SECRET))].concat());
            net.tells([registered()]);
            is_off(&mut net);
        }
    }
    // Without end they are too much.
    let mut net = asking_with(8192, &registration());
    net.arrive_while_it_lives(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(400));
    net.tells([Told::HttpFailed(Loss::AnswerTooLarge)]);
}

#[test]
fn a_length_told_in_two_ways_is_no_answer() {
    let body = answer(SECRET);
    let (length, less) = (body.len(), body.len() - 1);
    for headers in [
        format!("Content-Length: {length}\r\nContent-Length: {less}"),
        format!("Content-Length: {length}, {less}"),
        format!("Content-Length: +{length}"),
        format!("Content-Length: 0x{length:x}"),
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked".into(),
    ] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{body}").as_bytes());
        });
    }
    for headers in
        [format!("Content-Length: {length}\r\nContent-Length: {length}"), format!("Content-Length: {length}, {length}")]
    {
        let mut net = asking();
        net.arrive_bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{body}").as_bytes());
        net.tells([registered()]);
    }
}

#[test]
fn an_unlisted_device_gets_a_token_and_logs_in_with_it() {
    let (mut net, _) = logging_in(Way::MqttUnlisted);
    let data = identity(r#""clientId":"^1^9f3","deviceToken":"^1^16^abc""#);
    net.arrives([connack(ACCEPTED, false), qos0("/ext/regnwl", data.as_bytes())]);
    net.tells([Told::Registered { client_id: Some("^1^9f3".into()), secret: "^1^16^abc".into() }]);
    is_off(&mut net);

    let token = with(aliyun_login(), |it| {
        it.client_id = Some("^1^9f3");
        it.device_token = Some("^1^16^abc");
        it.device_secret = "";
    });
    net.device.connect(&token, Options::default(), net.now).unwrap();
    net.link_up();
    let Packet::Connect(connect) = net.sends_one() else { panic!() };
    assert!(
        connect.client_id.starts_with("^1^9f3|securemode=-2,authType=connwl,_ss=1,ext=1,_v="),
        "{}",
        connect.client_id
    );
    assert!(!connect.client_id.contains("signmethod"));
    let login = connect.login.unwrap();
    assert_eq!((login.username, login.password), (format!("{DN}&{PK}"), "^1^16^abc".into()));
}

#[test]
fn a_token_needs_its_client_identifier() {
    use LoginError::*;
    let long = "t".repeat(129);
    let token = with(aliyun_login(), |it| {
        it.client_id = Some("id");
        it.device_token = Some("t");
    });
    for (credentials, error) in [
        (with(token, |it| it.client_id = None), ClientId),
        (with(token, |it| it.client_id = Some("a|b")), ClientId),
        (with(token, |it| it.device_token = Some("")), DeviceToken),
        (with(token, |it| it.device_token = Some("a b")), DeviceToken),
        (with(token, |it| it.device_token = Some(&long)), DeviceToken),
    ] {
        let mut net = Net::new();
        let refused = net.device.connect(&credentials, Options::default(), net.now);
        assert_eq!(refused, Err(ConnectError::Login(error.into())));
    }
}

#[test]
fn the_device_can_connect_at_once() {
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", &answer(SECRET)));
    net.tells_and_waits(registered());
    // As a callback does, before the event is finished.
    net.on = LinkId::Session;
    net.connect(Options::default());
}

// ---- Refusals are not tried again ----

#[test]
fn the_platforms_refusal_is_told_in_its_words() {
    let refusal = r#"{"code":6288,"data":null,"message":"device has been activated"}"#;
    let mut net = asking();
    net.arrive_bytes(&response("200 OK", refusal));
    net.tells([Told::RegistrationRefused { code: 6288, message: "device has been activated".into() }]);
    is_off(&mut net);
}

#[test]
fn a_status_that_is_a_refusal_is_told() {
    for (status, code) in [("301 Moved", 301), ("403 Forbidden", 403), ("404 Not Found", 404)] {
        let mut net = asking();
        net.arrive_bytes(&response(status, "<html>"));
        net.tells([Told::RegistrationRefused { code, message: String::new() }]);
        is_off(&mut net);
    }
}

#[test]
fn a_refused_login_is_told() {
    for (code, refusal) in [(2, Refusal::ClientIdentifier), (4, Refusal::Credentials), (5, Refusal::NotAuthorized)] {
        let (mut net, _) = logging_in(Way::Mqtt);
        net.arrives([connack(code, false)]);
        net.tells([Told::RegistrationFailed(Loss::Refused(refusal))]);
        is_off(&mut net);
    }
}

// ---- What may go better next time is tried again, so many times ----

/// Each attempt fails as `fail` has it fail, and is told as `loss`; the last one ends it.
#[track_caller]
fn is_tried_again(way: Way, loss: Loss, mut fail: impl FnMut(&mut Net)) {
    let mut net = Net::with(Sizes { rx: 1024, ..Sizes::default() });
    begin(&mut net, &with(registration(), |it| it.way = Some(way)), SCRATCH).unwrap();
    let failed = if way == Way::Https { Told::HttpFailed } else { Told::Failed };
    net.on = if way == Way::Https { LinkId::Http } else { LinkId::Session };
    let start = net.elapsed;
    for attempt in 1..=TRIES {
        net.wait_for_link();
        fail(&mut net);
        if attempt < TRIES {
            net.tells([failed(loss)]);
            assert!(is_registering(&mut net));
        }
    }
    net.tells([Told::RegistrationFailed(loss)]);
    assert!(net.elapsed - start <= 65_000, "{} ms", net.elapsed - start);
    is_off(&mut net);
}

#[test]
fn a_link_that_fails_is_tried_again() {
    for way in [Way::Https, Way::Mqtt, Way::MqttUnlisted] {
        is_tried_again(way, Loss::Link(113), |net| net.link_lost(113));
        is_tried_again(way, Loss::Link(104), |net| {
            net.link_up();
            net.link_lost(104);
        });
        is_tried_again(way, Loss::Link(0), |net| {
            net.link_up();
            net.link_lost(0);
        });
        is_tried_again(way, Loss::Timeout, |net| {
            net.link_up();
            net.wait(10_000);
        });
    }
}

#[test]
fn a_response_that_is_cut_off_is_asked_for_again() {
    let whole = response("200 OK", &answer(SECRET));
    for length in [1, 20, 60, whole.len() - 1] {
        is_tried_again(Way::Https, Loss::Link(0), |net| {
            net.link_up();
            net.arrive_bytes(&whole[..length]);
            net.link_lost(0);
        });
    }
}

#[test]
fn an_answer_that_is_none_is_asked_for_again() {
    for body in ["", "[]", "{}", "hello", r#"{"code":200}"#, &answer(""), &answer(&"x".repeat(65))] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(&response("200 OK", body));
        });
        is_tried_again(Way::Mqtt, Loss::Answer, |net| {
            net.link_up();
            net.arrives([connack(ACCEPTED, false), qos0("/ext/register", body.as_bytes())]);
        });
    }
    for garbage in [&b"\x20\x02\x00\x00"[..], b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"] {
        is_tried_again(Way::Https, Loss::Answer, |net| {
            net.link_up();
            net.arrive_bytes(garbage);
        });
    }
}

#[test]
fn a_server_with_a_fault_of_its_own_is_asked_again() {
    for status in ["500 Internal Server Error", "502 Bad Gateway", "503 x", "429 x", "408 x"] {
        is_tried_again(Way::Https, Loss::Refused(Refusal::Unavailable), |net| {
            net.link_up();
            net.arrive_bytes(&response(status, "<html>"));
        });
    }
    is_tried_again(Way::Mqtt, Loss::Refused(Refusal::Unavailable), |net| {
        net.link_up();
        net.arrives([connack(3, false)]);
    });
}

#[test]
fn an_answer_that_is_too_large_is_told() {
    let too_large = Loss::AnswerTooLarge;
    is_tried_again(Way::Https, too_large, |net| {
        net.link_up();
        net.arrive_while_it_lives(&response("200 OK", &"x".repeat(2000)));
    });
    is_tried_again(Way::Mqtt, too_large, |net| {
        net.link_up();
        net.arrives([connack(ACCEPTED, false)]);
        net.arrive_while_it_lives(&crate::packets::encode(&qos0("/ext/register", &[b'x'; 2000])));
    });
    // A large buffer has no say in it.
    let mut net = asking_with(100_000, &registration());
    net.arrive_bytes(&response("200 OK", &"x".repeat(90_000))[..RESPONSE_MAX]);
    net.tells([Told::HttpFailed(too_large)]);
}

#[test]
fn a_later_attempt_may_succeed() {
    let mut net = asking();
    net.link_lost(113);
    net.tells([Told::HttpFailed(Loss::Link(113))]);
    net.wait_for_link();
    net.link_up();
    net.arrive_bytes(&response("503 x", ""));
    net.tells([TRY_AGAIN]);
    net.wait_for_link();
    net.link_up();
    assert!(request(&net).0[0].starts_with("POST "));
    net.arrive_bytes(&response("200 OK", &answer(SECRET)));
    net.tells([registered()]);
    is_off(&mut net);
}

#[test]
fn it_can_be_given_up() {
    let mut net = asking();
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
    let mut net = asking();
    net.link_lost(113);
    net.tells([Told::HttpFailed(Loss::Link(113))]);
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}

#[test]
fn nothing_is_due_while_half_a_response_is_there() {
    let mut net = asking();
    let whole = response("200 OK", &answer(SECRET));
    net.arrive_bytes(&whole[..whole.len() / 2]);
    net.pump();
    assert!(net.due_in().unwrap() > 9_000);
}

/// The scratch memory and the receive buffer of a device that is gone.
fn left_behind(way: Way, end: impl FnOnce(&mut Device<'static>)) -> Vec<u8> {
    let memory = [(); 2].map(|()| Box::into_raw(vec![0; 2048].into_boxed_slice()));
    // SAFETY: nobody else uses the memory while the device has it.
    let [rx, scratch] = memory.map(|memory| unsafe { &mut *memory });
    let mut device = Device::new(Buffers { rx, tx: buffer(1024), subscriptions: buffer(64) }, 1);
    let now = aliyun_iot::time::Instant::from_millis(0);
    device.register().begin(&with(registration(), |it| it.way = Some(way)), scratch, now).unwrap();
    let id = if way == Way::Https { LinkId::Http } else { LinkId::Session };
    device.link_up(id, 1, now);
    let data = identity(&format!(r#""deviceSecret":"{SECRET}""#));
    let whole = match id {
        LinkId::Http => response("200 OK", &answer(SECRET)),
        LinkId::Session => {
            device.sent(id, device.to_send(id).len(), now);
            [&b"\x20\x02\x00\x00"[..], &crate::packets::encode(&qos0("/ext/register", data.as_bytes()))].concat()
        }
    };
    device.space(id)[..whole.len()].copy_from_slice(&whole);
    device.received(id, whole.len(), now);
    assert!(device.poll(now, |_| ()).is_some());
    end(&mut device);
    drop(device);
    // SAFETY: never freed, and the device that had it is gone.
    memory.map(|memory| unsafe { &*memory }).concat()
}

#[test]
fn the_secret_is_overwritten_once_it_was_told() {
    let now = aliyun_iot::time::Instant::from_millis(0);
    for way in [Way::Https, Way::Mqtt] {
        for memory in [
            left_behind(way, |device| assert!(device.poll(now, |_| ()).is_none())),
            left_behind(way, |device| device.connect(&aliyun_login(), Options::default(), now).unwrap()),
            left_behind(way, |_| {}),
        ] {
            assert!(!memory.windows(8).any(|bytes| SECRET.as_bytes().starts_with(bytes)));
        }
    }
}

#[test]
fn too_much_to_do_is_tried_again_wherever_the_platform_says_so() {
    for code in [429, 500] {
        let mut net = asking();
        net.arrive_bytes(&response("200 OK", &format!(r#"{{"code":{code},"message":"busy"}}"#)));
        net.tells([TRY_AGAIN]);
        assert!(is_registering(&mut net));
        net.wait_for_link();
        net.link_up();
        net.arrive_bytes(&response("200 OK", &answer(SECRET)));
        net.tells([registered()]);
    }
}

#[test]
fn it_can_be_closed_when_the_server_has_closed_already() {
    let mut net = asking();
    net.link_lost(0);
    assert!(is_registering(&mut net));
    assert!(net.device.close(net.now));
    net.tells([Told::Closed]);
    is_off(&mut net);
}

// ---- Beside a session ----

/// A device with a session, and a registration that has sent its request.
fn both() -> Net {
    let mut net = Net::online_with(Sizes { rx: 512, ..Sizes::default() });
    net.device.subscribe("/a", Qos::AtLeastOnce).unwrap();
    net.take_sent();
    net.arrives([Packet::SubAck(mqttbytes::v4::SubAck::new(
        1,
        vec![mqttbytes::v4::SubscribeReasonCode::Success(mqttbytes::QoS::AtLeastOnce)],
    ))]);
    net.tells([subscribed("/a", true)]);
    begin(&mut net, &other_device(), SCRATCH).unwrap();
    net.on_link(LinkId::Http, Net::link_up);
    net.tells([]);
    net
}

/// A registration of another device of the product.
fn other_device() -> Registration<'static> {
    with(registration(), |it| it.identity.device_name = "dev02")
}

fn answer_for_the_other() -> Vec<u8> {
    response("200 OK", &answer(SECRET).replace(DN, "dev02"))
}

#[track_caller]
fn session_works(net: &mut Net) {
    assert!(net.device.is_online() && net.device.is_started());
    let packet_id = net.device.publish("/up", b"x", Qos::AtLeastOnce).unwrap();
    assert!(matches!(net.sends_one(), Packet::Publish(_)));
    net.arrives([puback(packet_id), qos1(9, "/a", b"down")]);
    net.tells([Told::Delivered(packet_id), message1("/a", b"down")]);
    net.sends([puback(9)]);
}

#[track_caller]
fn registration_ends_well(net: &mut Net) {
    assert!(is_registering(net));
    net.on_link(LinkId::Http, |net| net.arrive_bytes(&answer_for_the_other()));
    net.tells([registered()]);
    assert!(!is_registering(net));
    assert_eq!(net.on_link(LinkId::Http, |net| net.attempt()), None);
}

#[test]
fn a_connected_device_can_register_another_one() {
    let mut net = both();
    session_works(&mut net);
    let (head, body) = request(&net);
    assert_eq!(head[0], "POST /auth/register/device HTTP/1.1");
    assert!(body.contains("deviceName=dev02&"), "{body}");
    // Half a response does not stand in the way of the session's messages, nor they in its.
    let whole = answer_for_the_other();
    let (half, rest) = whole.split_at(whole.len() / 2);
    net.on_link(LinkId::Http, |net| net.arrive_bytes(half));
    session_works(&mut net);
    net.on_link(LinkId::Http, |net| net.arrive_bytes(rest));
    net.tells([registered()]);
    assert!(!is_registering(&mut net));
    session_works(&mut net);
    // And once more.
    begin(&mut net, &other_device(), SCRATCH).unwrap();
    net.on_link(LinkId::Http, Net::link_up);
    registration_ends_well(&mut net);
    session_works(&mut net);
}

#[test]
fn an_answer_for_the_connected_device_is_none_for_another_one() {
    let mut net = both();
    net.on_link(LinkId::Http, |net| net.arrive_bytes(&response("200 OK", &answer(SECRET))));
    net.tells([Told::HttpFailed(Loss::Answer)]);
    session_works(&mut net);
}

#[test]
fn a_message_in_use_and_a_response_in_use_do_not_meet() {
    let mut net = both();
    net.arrives([qos1(9, "/a", b"down")]);
    net.tells_and_waits(message1("/a", b"down"));
    assert!(net.device.space(LinkId::Session).is_empty());
    assert!(!net.device.space(LinkId::Http).is_empty());
    net.on_link(LinkId::Http, |net| net.arrive_bytes(&answer_for_the_other()));
    net.tells_and_waits(registered());
    net.pump();
    net.sends([puback(9)]);
    session_works(&mut net);
}

#[test]
fn the_end_of_the_session_is_none_of_the_registration() {
    let mut net = both();
    net.wait(1_000);
    net.link_lost(104);
    net.tells([Told::Disconnected(Loss::Link(104))]);
    registration_ends_well(&mut net);
    net.log_in_again(false);
    assert!(matches!(net.sends_one(), Packet::Subscribe(_)));
}

#[test]
fn the_end_of_the_registrations_link_is_none_of_the_session() {
    let mut net = both();
    for code in [104, 0, 113, 104] {
        net.on_link(LinkId::Http, |net| net.link_lost(code));
        net.tells([Told::HttpFailed(Loss::Link(code))]);
        session_works(&mut net);
        net.answers_pings = true;
        net.on_link(LinkId::Http, |net| {
            net.wait_for_link();
            net.link_up();
        });
    }
    net.on_link(LinkId::Http, |net| net.link_lost(5));
    net.tells([Told::RegistrationFailed(Loss::Link(5))]);
    assert!(!is_registering(&mut net));
    session_works(&mut net);
}

#[test]
fn a_device_can_connect_while_it_registers() {
    let mut net = asking();
    net.on = LinkId::Session;
    net.connect(Options::default());
    net.on_link(LinkId::Http, |net| net.arrive_bytes(&response("200 OK", &answer(SECRET))));
    net.tells([registered()]);
    assert!(net.device.is_online());
    net.tells([]);
}

#[test]
fn close_ends_both() {
    let mut net = both();
    net.device.close(net.now);
    assert!(!is_registering(&mut net));
    assert_eq!(net.on_link(LinkId::Http, |net| net.attempt()), None);
    net.tells([Told::Closed]);
    net.sends([Packet::Disconnect]);
    is_off(&mut net);
}

#[test]
fn reports_about_one_link_are_not_taken_for_the_other() {
    let mut net = both();
    let attempts = LinkId::ALL.map(|id| net.on_link(id, |net| net.attempt().unwrap()));
    // Attempts are numbered by link.
    assert_eq!(attempts, [1, 1]);
    net.device.sent(LinkId::Http, 10_000, net.now);
    net.device.received(LinkId::Http, 0, net.now);
    session_works(&mut net);
    registration_ends_well(&mut net);
    net.device.link_lost(LinkId::Http, 1, 104, net.now);
    net.device.link_up(LinkId::Http, 1, net.now);
    net.tells([]);
    session_works(&mut net);
}

#[test]
fn a_scratch_buffer_that_is_too_small_is_told_with_what_is_needed() {
    for mut net in [Net::new(), Net::online()] {
        let Err(RegisterError::TooLarge { needed }) = begin(&mut net, &registration(), 0) else { panic!() };
        assert!((1_200..1_500).contains(&needed), "{needed}");
        // The random number in the request has up to ten digits.
        for size in [1, 300, needed - 10] {
            let Err(RegisterError::TooLarge { needed: again }) = begin(&mut net, &registration(), size) else {
                panic!()
            };
            assert_eq!(again, needed);
        }
        assert!(!is_registering(&mut net));
        assert_eq!(net.on_link(LinkId::Http, |net| net.attempt()), None);
        begin(&mut net, &registration(), needed).unwrap();
        net.on_link(LinkId::Http, |net| {
            net.link_up();
            net.arrive_bytes(&response("200 OK", &answer(SECRET)));
        });
        net.tells([registered()]);
    }
}
