//! Idle costs nothing: between two deadlines there is nothing to do.

use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::mqtt::Qos;

use crate::net::{Net, Told, aliyun_login};
use crate::packets::{Packet, connack};

/// Polls each 10 ms until the deadline: nothing happens, and the deadline stays where it is.
#[track_caller]
fn nothing_is_due_before_the_deadline(net: &mut Net) {
    net.pump();
    net.take_told();
    let mut due = net.due_in().expect("nothing is ever due");
    assert!(due > 0);
    while due > 10 {
        net.advance(10);
        due -= 10;
        assert_eq!(net.poll(), None);
        assert!(net.device.to_send(LinkId::Session).is_empty());
        assert_eq!(net.due_in(), Some(due));
    }
}

#[test]
fn nothing_is_due_between_deadlines() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    net.pump();
    nothing_is_due_before_the_deadline(&mut net);

    let mut net = Net::online();
    nothing_is_due_before_the_deadline(&mut net);
    net.wait_until_due();
    net.sends([Packet::PingReq]);
    nothing_is_due_before_the_deadline(&mut net);

    let mut net = Net::online();
    net.loses_link();
    nothing_is_due_before_the_deadline(&mut net);

    let mut net = Net::online();
    net.takes = 0;
    net.device.close(net.now);
    net.pump();
    assert_eq!(net.due_in(), Some(2_000));
    for _ in 0..199 {
        net.advance(10);
        assert_eq!(net.poll(), None);
    }
    assert_eq!(net.due_in(), Some(10));
}

#[test]
fn an_idle_hour_costs_two_polls_a_ping() {
    let mut net = Net::online();
    net.answers_pings = true;
    net.pump();
    let before = net.polls;
    net.wait(3_600_000);
    assert_eq!(net.pings.len(), 3_600 / 55);
    let polls = net.polls - before;
    assert!(polls <= 3 * net.pings.len() + 3, "{polls} polls for {} pings", net.pings.len());
}

#[test]
fn a_day_without_a_server_costs_a_few_polls_an_attempt() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    let mut attempts = 0_usize;
    while net.elapsed < 24 * 3_600_000 {
        net.pump();
        net.link_lost(113);
        net.tells([Told::Failed(Loss::Link(113))]);
        net.wait_for_link();
        attempts += 1;
    }
    assert!((1_440..2 * 1_440 + 10).contains(&attempts), "{attempts} attempts");
    assert!(net.polls <= 6 * attempts, "{} polls", net.polls);
}

#[test]
fn news_is_due_at_once() {
    let mut net = Net::online();
    net.link_lost(0);
    assert_eq!(net.due_in(), Some(0));
    net.tells([Told::Disconnected(Loss::Link(0))]);
    assert!(net.due_in().unwrap() > 0);
    net.device.close(net.now);
    assert_eq!(net.due_in(), Some(0));
}

#[test]
fn the_clock_may_start_anywhere_and_wrap() {
    for start in [0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX - 60_000, u32::MAX] {
        let mut net = Net::new();
        net.now = aliyun_iot::time::Instant::from_millis(start);
        net.connect(Options::default());
        net.answers_pings = true;
        net.wait(600_000);
        assert_eq!(
            net.pings,
            [55_000, 110_000, 165_000, 220_000, 275_000, 330_000, 385_000, 440_000, 495_000, 550_000]
        );
        net.device.publish("/a", b"", Qos::AtLeastOnce).unwrap();
        net.take_sent();
        net.loses_link();
        assert!(net.wait_for_link() <= 1_000);
        net.link_up();
        net.take_sent();
        net.arrives([connack(0, false)]);
        assert_eq!(net.take_sent().len(), 1);
    }
}
