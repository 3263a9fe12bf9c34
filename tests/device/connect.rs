//! Logging in: what is asked of the port, what the server is told, and what is made of its answer.

use aliyun_iot::clouds::{aliyun, plain};
use aliyun_iot::device::{ConnectError, LinkId, Loss, Options};
use aliyun_iot::mqtt::{PeerError, Refusal};

use crate::net::{DN, Net, PK, Told, aliyun_login, kept, plain_login, with};
use crate::packets::{ACCEPTED, Packet, connack, qos0};

/// A device whose link is up and whose CONNECT has gone out.
fn handshaking() -> Net {
    handshaking_with(Options::default())
}

fn handshaking_with(options: Options) -> Net {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), options, net.now).unwrap();
    net.link_up();
    assert!(matches!(net.sends_one(), Packet::Connect(_)));
    net
}

#[test]
fn a_device_at_rest_wants_nothing() {
    let mut net = Net::new();
    net.wait(1_000_000);
    assert_eq!((net.attempt(), net.due_in()), (None, None));
    assert!(!net.device.is_started() && !net.device.is_online());
    assert!(net.device.space(LinkId::Session).is_empty() && net.device.to_send(LinkId::Session).is_empty());
}

#[test]
fn the_endpoint_follows_from_the_credentials() {
    for (credentials, host, port, tls) in [
        (aliyun_login(), "a1B2c3D4e5F.iot-as-mqtt.cn-shanghai.aliyuncs.com", 1883, true),
        (
            with(aliyun_login(), |it| {
                it.identity.region = Some(b"ap-southeast-1");
                it.server.without_tls = true;
            }),
            "a1B2c3D4e5F.iot-as-mqtt.ap-southeast-1.aliyuncs.com",
            1883,
            false,
        ),
        (
            with(aliyun_login(), |it| it.identity.instance_id = Some(b"iot-060a0b")),
            "iot-060a0b.mqtt.iothub.aliyuncs.com",
            8883,
            true,
        ),
        (
            with(aliyun_login(), |it| {
                it.server.host = Some(b"10.0.0.7");
                it.server.port = 2883;
            }),
            "10.0.0.7",
            2883,
            true,
        ),
    ] {
        let mut net = Net::new();
        net.device.connect(&credentials, Options::default(), net.now).unwrap();
        assert_eq!(net.server(), (host.to_owned(), port, tls));
    }
}

#[test]
fn connect_carries_the_signed_login() {
    let mut net = Net::new();
    let credentials = with(aliyun_login(), |it| it.timestamp = 2_524_608_000_000);
    net.device
        .connect(&credentials, Options { keepalive: 300, clean_session: false, ..Options::default() }, net.now)
        .unwrap();
    net.link_up();
    let Packet::Connect(connect) = net.sends_one() else { panic!() };
    assert_eq!((connect.keep_alive, connect.clean_session, connect.last_will), (300, false, None));
    let login = connect.login.unwrap();
    assert_eq!(login.username, format!("{DN}&{PK}"));
    // Computed with Python's hmac over `clientId..deviceName..productKey..timestamp..`.
    assert_eq!(login.password, "1BA83B7A3200015ECEAABFB5E7FA0B1E43C0F87B8D72D64AC2AB9EC9BDE8676C");

    let (id, rest) = connect.client_id.split_once('|').unwrap();
    assert_eq!(id, format!("{PK}.{DN}"));
    let mut keys: Vec<&str> = rest.strip_suffix('|').unwrap().split(',').collect();
    keys.retain(|key| !key.starts_with("_v="));
    keys.sort_unstable();
    assert_eq!(keys, ["_ss=1", "ext=1", "securemode=2", "signmethod=hmacsha256", "timestamp=2524608000000"]);
}

#[test]
fn connect_to_another_broker_carries_the_login_as_given() {
    for (user_name, password) in [(Some(&b"user"[..]), Some(&b"pass"[..])), (None, None)] {
        let mut net = Net::new();
        let credentials = with(plain_login(), |it| {
            it.user_name = user_name;
            it.password = password;
        });
        net.device.connect(&credentials, Options { keepalive: 0, ..Options::default() }, net.now).unwrap();
        assert_eq!(net.server(), ("broker.test".to_owned(), 1883, false));
        net.link_up();
        let Packet::Connect(connect) = net.sends_one() else { panic!() };
        assert_eq!((connect.client_id.as_str(), connect.keep_alive, connect.clean_session), ("me", 0, true));
        let login = connect.login.map(|login| (login.username, login.password));
        assert_eq!(login, user_name.map(|user| (String::from_utf8_lossy(user).into_owned(), "pass".to_owned())));
    }
}

#[test]
fn the_session_is_up_once_the_server_accepts() {
    for session_present in [false, true] {
        let mut net = handshaking_with(kept());
        assert!(net.device.is_started() && !net.device.is_online());
        net.arrives([connack(ACCEPTED, session_present)]);
        net.tells([Told::Connected { again: false, session_present }]);
        assert!(net.device.is_online());
    }
}

#[test]
fn after_a_loss_it_connects_again_by_itself() {
    let mut net = Net::online_kept();
    let first = net.attempt();
    net.wait(40_000);
    net.loses_link();
    assert!(net.device.is_started() && !net.device.is_online());
    assert_eq!(net.attempt(), None, "not at once");
    let waited = net.wait_for_link();
    assert!((500..=1_000).contains(&waited), "{waited} ms");
    assert_ne!(net.attempt(), first);
    net.log_in(true);
    net.tells([Told::Connected { again: true, session_present: true }]);
}

#[test]
fn a_link_that_cannot_be_opened_is_tried_again_ever_more_slowly() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    let mut bound = 1_000;
    for _ in 0..12 {
        net.pump();
        net.link_lost(-2);
        net.tells([Told::Failed(Loss::Link(-2))]);
        let waited = net.wait_for_link();
        assert!((bound / 2..=bound).contains(&waited), "{waited} ms of {bound}");
        bound = (bound * 2).min(60_000);
    }
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
}

#[test]
fn a_refusal_is_told_and_tried_again_slowly_unless_the_server_was_only_busy() {
    for (code, refusal, soon) in [
        (1, Refusal::ProtocolVersion, false),
        (2, Refusal::ClientIdentifier, false),
        (3, Refusal::Unavailable, true),
        (4, Refusal::Credentials, false),
        (5, Refusal::NotAuthorized, false),
    ] {
        let mut net = handshaking();
        net.arrives([connack(code, false)]);
        net.tells([Told::Failed(Loss::Refused(refusal))]);
        let waited = net.wait_for_link();
        if soon {
            assert!(waited <= 1_000, "{refusal:?}: {waited} ms");
        } else {
            assert!((150_000..=300_000).contains(&waited), "{refusal:?}: {waited} ms");
        }
        net.log_in(false);
        net.tells([Told::Connected { again: false, session_present: false }]);
    }
}

#[test]
fn an_attempt_has_ten_seconds_whatever_it_waits_for() {
    let link_opens = |net: &mut Net| net.link_up();
    let link_is_slow = |net: &mut Net| {
        net.wait(9_000);
        net.link_up();
    };
    let link_never_opens = |_: &mut Net| {};
    for act in [link_opens, link_is_slow, link_never_opens] {
        let mut net = Net::new();
        net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
        act(&mut net);
        net.wait_for_news();
        assert_eq!(net.elapsed, 10_000);
        assert_eq!(net.attempt(), None);
        net.tells([Told::Failed(Loss::Timeout)]);
        assert!(net.wait_for_link() <= 1_000);
    }
}

#[test]
fn a_server_that_is_not_mqtt_is_left_at_once() {
    for answer in
        [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x03\x00\x02\x02\x46"]
    {
        let mut net = handshaking();
        net.arrive_bytes(answer);
        net.tells([Told::Failed(Loss::Peer(PeerError::Header))]);
        assert_eq!((net.attempt(), net.elapsed), (None, 0));
    }
}

#[test]
fn nothing_may_come_before_the_connack() {
    let mut net = handshaking();
    net.arrives([qos0("t", b"early"), connack(ACCEPTED, false)]);
    net.tells([Told::Failed(Loss::Peer(PeerError::Order))]);
    assert_eq!(net.attempt(), None);
}

#[test]
fn a_connack_may_not_come_before_the_connect() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    net.takes = 0;
    net.link_up();
    net.arrives([connack(ACCEPTED, false)]);
    net.tells([Told::Failed(Loss::Peer(PeerError::Order))]);
}

#[test]
fn a_second_connack_ends_the_session() {
    let mut net = Net::online();
    net.arrives([connack(ACCEPTED, false)]);
    net.tells([Told::Disconnected(Loss::Peer(PeerError::Order))]);
    assert_eq!(net.attempt(), None);
}

#[test]
fn connack_and_what_follows_may_arrive_in_one_piece() {
    let mut net = Net::new();
    net.device.connect(&plain_login(), kept(), net.now).unwrap();
    net.link_up();
    net.arrives([connack(ACCEPTED, true), qos0("t", b"kept")]);
    net.tells([Told::Connected { again: false, session_present: true }, crate::net::message("t", b"kept")]);
}

#[test]
fn what_is_said_of_an_old_attempt_is_ignored() {
    let mut net = Net::online();
    let old = net.attempt().unwrap();
    net.loses_link();
    // The port is late with its news.
    net.device.link_lost(LinkId::Session, old, 5, net.now);
    net.device.link_up(LinkId::Session, old, net.now);
    net.tells([]);
    net.wait_for_link();
    let new = net.attempt().unwrap();
    net.device.link_up(LinkId::Session, old, net.now);
    assert!(net.device.to_send(LinkId::Session).is_empty(), "the new link is not up");
    net.log_in(false);
    net.tells([Told::Connected { again: true, session_present: false }]);
    net.device.link_lost(LinkId::Session, old, 5, net.now);
    net.device.link_lost(LinkId::Session, new.wrapping_add(1), 5, net.now);
    net.tells([]);
    assert!(net.device.is_online());
}

#[test]
fn word_that_the_link_is_up_counts_once() {
    let mut net = Net::online();
    net.device.link_up(LinkId::Session, net.attempt().unwrap(), net.now);
    net.sends([]);
    assert!(net.device.is_online());
}

#[test]
fn wrong_credentials_are_named() {
    use aliyun::LoginError::*;
    let usual = aliyun_login();
    let long = "x".repeat(65);
    for (credentials, error) in [
        (with(usual, |it| it.identity.product_key = Some(b"")), ProductKey),
        (with(usual, |it| it.identity.product_key = Some(b"a b")), ProductKey),
        (with(usual, |it| it.identity.product_key = Some(&long.as_bytes()[..21])), ProductKey),
        (with(usual, |it| it.identity.device_name = Some(b"a/b")), DeviceName),
        (with(usual, |it| it.identity.device_name = Some(&long.as_bytes()[..33])), DeviceName),
        (with(usual, |it| it.device_secret = Some(b"")), DeviceSecret),
        (with(usual, |it| it.device_secret = Some(long.as_bytes())), DeviceSecret),
        (with(usual, |it| it.identity.region = Some(b"cn_shanghai")), Region),
        (with(usual, |it| it.identity.instance_id = Some(b"")), InstanceId),
        (with(usual, |it| it.server.host = Some(b"a b")), Host),
        (with(usual, |it| it.client_id = Some(b"a|b")), ClientId),
    ] {
        let mut net = Net::new();
        let refused = net.device.connect(&credentials, Options::default(), net.now);
        assert_eq!(refused, Err(ConnectError::Login(error.into())));
        assert_eq!((net.attempt(), net.due_in()), (None, None), "{error:?}");
        net.connect(Options::default());
    }
}

#[test]
fn wrong_credentials_for_another_broker_are_named() {
    use plain::LoginError::*;
    let usual = plain_login();
    let long = [b'x'; 600];
    for (credentials, clean_session, error) in [
        (with(usual, |it| it.server.host = Some(b"")), true, Host),
        (with(usual, |it| it.client_id = Some(b"")), false, ClientId),
        (with(usual, |it| it.client_id = Some(b"a\0b")), true, ClientId),
        (with(usual, |it| it.client_id = Some(b"a\xff")), true, ClientId),
        (with(usual, |it| it.user_name = Some(b"\xffb")), true, UserName),
        (with(usual, |it| it.user_name = Some(b"a\0b")), true, UserName),
        (with(usual, |it| it.user_name = None), true, UserName),
        (with(usual, |it| it.password = Some(&long)), true, TooLong),
    ] {
        let mut net = Net::new();
        let options = Options { clean_session, ..Options::default() };
        let refused = net.device.connect(&credentials, options, net.now);
        assert_eq!(refused, Err(ConnectError::Login(error.into())));
        assert_eq!((net.attempt(), net.due_in()), (None, None), "{error:?}");
    }
}

#[test]
fn the_platform_takes_a_keepalive_of_30_to_1200_seconds() {
    for (keepalive, taken) in [(0, false), (29, false), (30, true), (1200, true), (1201, false)] {
        let mut net = Net::new();
        let result = net.device.connect(&aliyun_login(), Options { keepalive, ..Options::default() }, net.now);
        let wrong = Err(ConnectError::Login(aliyun::LoginError::Keepalive.into()));
        assert_eq!(result, if taken { Ok(()) } else { wrong }, "{keepalive}");
    }
}

#[test]
fn one_connect_at_a_time() {
    let mut net = handshaking();
    let again = |net: &mut Net| {
        let now = net.now;
        let other = net.device.connect(&plain_login(), Options::default(), now);
        assert_eq!(net.device.connect(&aliyun_login(), Options::default(), now), other);
        other
    };
    assert_eq!(again(&mut net), Err(ConnectError::AlreadyConnected), "while it shakes hands");
    net.arrives([connack(ACCEPTED, false)]);
    net.pump();
    assert_eq!(again(&mut net), Err(ConnectError::AlreadyConnected), "while it is online");
    net.link_lost(0);
    assert_eq!(again(&mut net), Err(ConnectError::AlreadyConnected), "while it waits");
}

#[test]
fn what_has_come_in_time_counts_however_late_the_device_is_polled() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    net.link_up();
    net.take_sent();
    net.arrives([connack(ACCEPTED, false)]);
    net.advance(20_000);
    net.tells([Told::Connected { again: false, session_present: false }]);
    assert!(net.device.is_online());
}
