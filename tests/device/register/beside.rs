//! A registration beside a session.

use aliyun_iot::clouds::aliyun::Registration;
use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::mqtt::Qos;

use super::{
    SCRATCH, SECRET, answer, asking, begin, is_off, is_registering, registered, registration, request, response,
};
use crate::net::{DN, Net, Sizes, Told, message1, subscribed, with};
use crate::packets::{Packet, puback, qos1};

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
    with(registration(), |it| it.identity.device_name = Some(b"dev02"))
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
