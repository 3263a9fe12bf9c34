//! What a device does with its new secret or token, and what stays of it in memory.

use aliyun_iot::clouds::aliyun::{LoginError, Way};
use aliyun_iot::device::{ConnectError, Device, LinkId, Options};
use aliyun_iot::mqtt::Buffers;

use super::{SECRET, answer, asking, identity, is_off, logging_in, registered, registration, response};
use crate::net::{DN, Net, PK, Told, aliyun_login, buffer, with};
use crate::packets::{ACCEPTED, Packet, connack, qos0};

#[test]
fn an_unlisted_device_gets_a_token_and_logs_in_with_it() {
    let (mut net, _) = logging_in(Way::MqttUnlisted);
    let data = identity(r#""clientId":"^1^9f3","deviceToken":"^1^16^abc""#);
    net.arrives([connack(ACCEPTED, false), qos0("/ext/regnwl", data.as_bytes())]);
    net.tells([Told::Registered { client_id: Some("^1^9f3".into()), secret: "^1^16^abc".into() }]);
    is_off(&mut net);

    let token = with(aliyun_login(), |it| {
        it.client_id = Some(b"^1^9f3");
        it.device_token = Some(b"^1^16^abc");
        it.device_secret = Some(b"");
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
        it.client_id = Some(b"id");
        it.device_token = Some(b"t");
    });
    for (credentials, error) in [
        (with(token, |it| it.client_id = None), ClientId),
        (with(token, |it| it.client_id = Some(b"a|b")), ClientId),
        (with(token, |it| it.device_token = Some(b"")), DeviceToken),
        (with(token, |it| it.device_token = Some(b"a b")), DeviceToken),
        (with(token, |it| it.device_token = Some(long.as_bytes())), DeviceToken),
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

/// The scratch memory and the receive buffer of a device that is gone.
fn left_behind(way: Way, end: impl FnOnce(&mut Device<'static>)) -> Vec<u8> {
    let memory = [(); 2].map(|()| Box::into_raw(vec![0; 2048].into_boxed_slice()));
    // SAFETY: nobody else uses the memory while the device has it.
    let [rx, scratch] = memory.map(|memory| unsafe { &mut *memory });
    let mut device = Device::new(Buffers { rx, tx: buffer(1024), subscriptions: buffer(64) }, 1);
    let now = aliyun_iot::time::Instant::from_millis(0);
    device
        .register()
        .begin(&with(registration(), |it| it.auth_type = Some(way.name().as_bytes())), scratch, now)
        .unwrap();
    let id = if way == Way::Https { LinkId::Http } else { LinkId::Session };
    device.link_up(id, 1, now);
    let data = identity(&format!(r#""deviceSecret":"{SECRET}""#));
    let whole = match id {
        LinkId::Http => response("200 OK", &answer(SECRET)),
        LinkId::Session => {
            let count = device.to_send(id).len();
            device.sent(id, count, now);
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
