//! Registration: three ways to ask for a secret, and what becomes of each answer.

mod acknowledgements;
mod answers;
mod attempts;
mod beside;
mod requests;
mod secrets;
#[cfg(all(feature = "tencent", feature = "onenet", feature = "huawei"))]
mod vendors;

use aliyun_iot::clouds::aliyun::{Registration, Way};
use aliyun_iot::device::{LinkId, Loss};
use aliyun_iot::mqtt::Refusal;
use aliyun_iot::services::register::{RegisterError, TRIES};
use hmac::{Hmac, Mac};

use crate::net::{DN, Net, PK, Sizes, Told, buffer, with};
use crate::packets::Packet;

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
    begin(&mut net, &with(registration(), |it| it.auth_type = Some(way.name().as_bytes())), 0).unwrap();
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

/// Each attempt fails as `fail` has it fail, and is reported as `loss`; the last one ends it.
#[track_caller]
fn is_tried_again(way: Way, loss: Loss, mut fail: impl FnMut(&mut Net)) {
    let mut net = Net::with(Sizes { rx: 1024, ..Sizes::default() });
    begin(&mut net, &with(registration(), |it| it.auth_type = Some(way.name().as_bytes())), SCRATCH).unwrap();
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
