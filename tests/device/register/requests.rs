//! What goes out: server, form, login, and what cannot be asked for.

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::aliyun::{LoginError, Way};
use aliyun_iot::device::{ConnectError, LinkId, Options};
use aliyun_iot::mqtt::{Qos, SendError};
use aliyun_iot::services::register::RegisterError;

use super::{
    SCRATCH, SECRET, answer, asking, asking_with, begin, is_off, is_registering, logging_in, registered, registration,
    request, response, signature,
};
use crate::net::{DN, Net, PK, Told, aliyun_login, with};
use crate::packets::Packet;

#[test]
fn the_way_and_the_endpoint_follow_from_what_is_given() {
    let instance = with(registration(), |it| it.identity.instance_id = Some(b"iot-060a0b"));
    for (registration, way, endpoint) in [
        (registration(), Way::Https, "iot-auth.cn-shanghai.aliyuncs.com:443"),
        (
            with(registration(), |it| it.identity.region = Some(b"ap-southeast-1")),
            Way::Https,
            "iot-auth.ap-southeast-1.aliyuncs.com:443",
        ),
        (instance, Way::Mqtt, "iot-060a0b.mqtt.iothub.aliyuncs.com:8883"),
        (
            with(instance, |it| it.auth_type = Some(Way::MqttUnlisted.name().as_bytes())),
            Way::MqttUnlisted,
            "iot-060a0b.mqtt.iothub.aliyuncs.com:8883",
        ),
        (
            with(registration(), |it| it.auth_type = Some(Way::Mqtt.name().as_bytes())),
            Way::Mqtt,
            "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883",
        ),
        (
            with(registration(), |it| {
                it.server.host = Some(b"10.0.0.7");
                it.server.port = 8443;
            }),
            Way::Https,
            "10.0.0.7:8443",
        ),
    ] {
        assert_eq!(registration.way(), Some(way));
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
        let net =
            asking_with(SCRATCH, &with(registration(), |it| it.identity.device_name = Some(device_name.as_bytes())));
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
    let instance = with(registration(), |it| it.identity.instance_id = Some(b"iot-060a0b"));
    for (registration, expected) in [
        (
            with(registration(), |it| it.auth_type = Some(Way::Mqtt.name().as_bytes())),
            "securemode=2,authType=register,",
        ),
        (
            with(registration(), |it| it.auth_type = Some(Way::MqttUnlisted.name().as_bytes())),
            "securemode=2,authType=regnwl,",
        ),
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
        (with(registration(), |it| it.identity.product_key = Some(b"")), ProductKey),
        (with(registration(), |it| it.identity.device_name = Some(b"a/b")), DeviceName),
        (with(registration(), |it| it.product_secret = Some(b"")), ProductSecret),
        (with(registration(), |it| it.product_secret = Some(b"a b")), ProductSecret),
        (with(registration(), |it| it.identity.region = Some(b"x_y")), Region),
        (with(registration(), |it| it.identity.instance_id = Some(b"")), InstanceId),
        (with(registration(), |it| it.server.host = Some(b"a b")), Host),
        (with(registration(), |it| it.server.host = Some(long.as_bytes())), Host),
    ] {
        let mut net = Net::new();
        assert_eq!(begin(&mut net, &registration, SCRATCH), Err(RegisterError::Login(error.into())));
        is_off(&mut net);
    }
}

#[test]
fn one_registration_at_a_time() {
    let over_mqtt = with(registration(), |it| it.auth_type = Some(Way::Mqtt.name().as_bytes()));
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
    let over_mqtt = with(registration(), |it| it.auth_type = Some(Way::Mqtt.name().as_bytes()));
    let mut net = Net::online();
    assert_eq!(begin(&mut net, &over_mqtt, SCRATCH), Err(RegisterError::AlreadyConnected));
    assert!(net.device.is_online() && !is_registering(&mut net));
    let (mut net, _) = logging_in(Way::Mqtt);
    assert_eq!(net.device.connect(&aliyun_login(), Options::default(), net.now), Err(ConnectError::AlreadyConnected));
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
