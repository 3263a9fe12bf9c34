//! Network time: asked when there is a session, answered with an error that is known, asked again when it is not.

use aliyun_iot::alink::PostError;
use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::SendError;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Told, plain_login};
use crate::packets::{Packet, qos0};

/// What the platform's clock says at the start of a test.
const START: u64 = 1_700_000_000_000;

fn topic(end: &str) -> String {
    format!("/ext/ntp/{PK}/{DN}/{end}")
}

/// The platform's clock.
fn clock(net: &Net) -> u64 {
    START + net.elapsed
}

/// The question that the device has sent, and nothing else: when it did, as it tells it.
#[track_caller]
fn question(net: &mut Net) -> String {
    let Packet::Publish(publish) = net.sends_one() else { panic!("no PUBLISH") };
    assert_eq!((publish.topic.as_str(), publish.qos), (topic("request").as_str(), mqttbytes::QoS::AtMostOnce));
    let body: Value = serde_json::from_slice(&publish.payload).unwrap();
    let (Some(sent), 1) = (body["deviceSendTime"].as_str(), body.as_object().unwrap().len()) else { panic!("{body}") };
    sent.to_owned()
}

fn answer(sent: &str, received: u64, answered: u64) -> Packet {
    let body = json!({
        "deviceSendTime": sent, "serverRecvTime": received.to_string(), "serverSendTime": answered.to_string(),
    });
    qos0(&topic("response"), body.to_string().as_bytes())
}

#[test]
fn the_time_is_asked_for_and_told() {
    let mut net = Net::online();
    net.device.ntp().ask_time().unwrap();
    let sent = question(&mut net);
    net.arrives([answer(&sent, START, START)]);
    net.tells([Told::Time { unix_ms: START, error_ms: 3 }]);
    net.sends([]);
    net.arrives([answer(&sent, START, START)]);
    net.tells([]);
}

proptest! {
    #[test]
    fn the_error_is_half_of_the_way_at_most(there in 0_u32..3_000, thought in 0_u32..3_000, back in 0_u32..3_000) {
        let mut net = Net::online();
        net.device.ntp().ask_time().unwrap();
        let sent = question(&mut net);
        net.advance(there);
        let received = clock(&net);
        net.advance(thought);
        let answered = clock(&net);
        net.advance(back);
        net.arrives([answer(&sent, received, answered)]);
        let told = net.take_told();
        let [Told::Time { unix_ms, error_ms }] = told[..] else { panic!("{told:?}") };
        let off = unix_ms.abs_diff(clock(&net));
        let half = u64::from((there + back).div_ceil(2));
        prop_assert!(off <= half, "{off} off");
        prop_assert!(off <= error_ms.into() && u64::from(error_ms) <= half + 3, "{error_ms}");
    }
}

#[test]
fn numbers_may_come_as_numbers() {
    let mut net = Net::online();
    net.device.ntp().ask_time().unwrap();
    let sent: u32 = question(&mut net).parse().unwrap();
    let body = json!({"deviceSendTime": sent, "serverRecvTime": START, "serverSendTime": START + 40});
    net.advance(100);
    net.arrives([qos0(&topic("response"), body.to_string().as_bytes())]);
    net.tells([Told::Time { unix_ms: START + 70, error_ms: 33 }]);
}

#[test]
fn what_is_asked_before_the_session_is_up_waits_for_it() {
    let mut net = Net::new();
    assert_eq!(net.device.ntp().ask_time(), Err(PostError::Send(SendError::NotConnected)));
    net.device.connect(&crate::net::aliyun_login(), Options::default(), net.now).unwrap();
    net.device.ntp().ask_time().unwrap();
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    let sent = question(&mut net);
    net.arrives([answer(&sent, START, START)]);
    net.tells([Told::Time { unix_ms: START, error_ms: 3 }]);
}

#[test]
fn one_answer_is_for_all_who_asked() {
    let mut net = Net::online();
    for _ in 0..3 {
        net.device.ntp().ask_time().unwrap();
    }
    let sent = question(&mut net);
    net.device.ntp().ask_time().unwrap();
    net.sends([]);
    net.arrives([answer(&sent, START, START)]);
    net.tells([Told::Time { unix_ms: START, error_ms: 3 }]);
    net.device.ntp().ask_time().unwrap();
    question(&mut net);
}

#[test]
fn a_question_without_an_answer_is_asked_five_times() {
    let mut net = Net::online();
    net.answers_pings = true;
    net.device.ntp().ask_time().unwrap();
    let first = question(&mut net);
    for _ in 0..4 {
        net.wait(9_999);
        net.sends([]);
        net.wait(1);
        question(&mut net);
    }
    net.wait(9_999);
    net.tells([]);
    net.wait(1);
    net.tells([Told::NoTime]);
    net.arrives([answer(&first, START, START)]);
    net.wait(60_000);
    net.tells([]);
    net.sends([]);
}

#[test]
fn only_the_answer_to_the_last_question_counts() {
    let mut net = Net::online();
    net.device.ntp().ask_time().unwrap();
    let first = question(&mut net);
    net.wait(10_000);
    let second = question(&mut net);
    net.advance(500);
    net.arrives([answer(&first, clock(&net), clock(&net))]);
    net.tells([]);
    net.arrives([answer(&second, clock(&net), clock(&net))]);
    let off_by = Told::Time { unix_ms: clock(&net) + 250, error_ms: 253 };
    net.tells([off_by]);
}

#[test]
fn a_question_is_asked_again_on_the_next_link() {
    let mut net = Net::online();
    net.wait(10_000);
    net.device.ntp().ask_time().unwrap();
    let first = question(&mut net);
    // Not right behind it.
    net.wait(5_000);
    net.link_lost(0);
    net.tells([Told::Disconnected(Loss::Link(0))]);
    net.log_in_again(false);
    let second = question(&mut net);
    net.arrives([answer(&first, START, START)]);
    net.tells([]);
    net.arrives([answer(&second, START, START)]);
    net.tells([Told::Time { unix_ms: START, error_ms: 3 }]);
}

#[test]
fn the_time_runs_from_when_the_question_has_left() {
    let mut net = Net::online();
    net.takes = 0;
    net.device.ntp().ask_time().unwrap();
    net.wait(9_000);
    net.takes = usize::MAX;
    question(&mut net);
    net.wait(9_999);
    net.sends([]);
    net.wait(1);
    question(&mut net);
}

#[test]
fn a_full_outbox_puts_the_question_off() {
    let mut net = Net::online();
    net.takes = 0;
    while net.device.publish("/a", b"x", aliyun_iot::mqtt::Qos::AtMostOnce).is_ok() {}
    net.device.ntp().ask_time().unwrap();
    net.wait(1_000);
    assert!(net.polls < 1_000, "{}", net.polls);
    net.takes = usize::MAX;
    net.take_sent();
    net.wait(100);
    question(&mut net);
}

#[test]
fn answers_that_are_none_are_ignored() {
    let mut net = Net::online();
    net.device.ntp().ask_time().unwrap();
    let sent = question(&mut net);
    let mut bodies =
        vec![String::new(), "{".into(), "[]".into(), "{}".into(), format!("{{\"deviceSendTime\":\"{sent}\"}}")];
    for wrong in ["-1", "x", "1.5", "", "99999999999999999999"] {
        bodies.push(json!({"deviceSendTime": sent, "serverRecvTime": wrong, "serverSendTime": "1"}).to_string());
        bodies.push(json!({"deviceSendTime": sent, "serverRecvTime": "1", "serverSendTime": wrong}).to_string());
    }
    for body in bodies {
        net.arrives([qos0(&topic("response"), body.as_bytes())]);
        net.tells([]);
    }
    net.arrives([qos0(&format!("/ext/ntp/{PK}/other/response"), b"{}")]);
    net.tells([]);
    // A platform whose clock jumps, or that tells what it likes, makes no panic.
    net.arrives([answer(&sent, 9_999_999_999_999_999_999, 0)]);
    net.tells([Told::Time { unix_ms: 0, error_ms: 3 }]);
}

#[test]
fn another_broker_has_no_clock() {
    let mut net = Net::new();
    net.device.connect(&plain_login(), Options::default(), net.now).unwrap();
    assert_eq!(net.device.ntp().ask_time(), Err(PostError::NoService));
}

#[test]
fn a_question_is_forgotten_when_the_device_closes() {
    let mut net = Net::online();
    net.device.ntp().ask_time().unwrap();
    question(&mut net);
    net.device.close(net.now);
    net.sends([Packet::Disconnect]);
    net.tells([Told::Closed]);
    net.connect(Options::default());
    net.sends([]);
}
