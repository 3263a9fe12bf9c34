//! The end, as the user wants it.

use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::link::{CLOSE_TIMEOUT_MS, LINGER_MS};
use aliyun_iot::mqtt::{Qos, SendError};

use crate::net::{DN, Net, PK, Told, aliyun_login, message1, plain_login};
use crate::packets::{Packet, puback, qos0, qos1};

#[test]
fn close_sends_what_waits_and_says_goodbye() {
    let mut net = Net::online();
    net.takes = 7;
    net.device.publish("/a", b"one", Qos::AtMostOnce).unwrap();
    net.device.publish("/a", b"two", Qos::AtLeastOnce).unwrap();
    assert!(net.device.close(net.now));
    assert!(!net.device.is_online() && !net.device.is_started());
    net.sends([qos0("/a", b"one"), qos1(1, "/a", b"two"), Packet::Disconnect]);
    net.tells([Told::Closed]);
    assert_eq!((net.attempt(), net.due_in(), net.elapsed), (None, None, 0));
    assert!(net.device.to_send(LinkId::Session).is_empty() && net.device.space(LinkId::Session).is_empty());
    assert_eq!(net.device.unacknowledged(), 0);
}

#[test]
fn a_server_that_does_not_close_the_link_is_waited_for_a_moment() {
    let mut net = Net::online();
    net.closes = false;
    net.device.publish("/a", b"last", Qos::AtLeastOnce).unwrap();
    net.device.close(net.now);
    net.sends([qos1(1, "/a", b"last"), Packet::Disconnect]);
    net.tells([]);
    net.arrives([puback(1)]);
    net.tells([]);
    assert!(!net.device.space(LinkId::Session).is_empty(), "what still comes is read, lest it reset the connection");
    assert_eq!(net.wait_for_news(), LINGER_MS);
    net.tells([Told::Closed]);
}

#[test]
fn a_device_at_rest_cannot_be_closed() {
    let mut net = Net::new();
    assert!(!net.device.close(net.now));
    net.tells([]);
    net.connect(Options::default());
    assert!(net.device.close(net.now));
    assert!(net.device.close(net.now), "it is still on its way");
    net.tells([Told::Closed]);
    assert!(!net.device.close(net.now));
    net.tells([]);
}

#[test]
fn a_stuck_link_holds_the_end_up_for_two_seconds_at_most() {
    let mut net = Net::online();
    net.takes = 0;
    net.device.publish("/a", b"stuck", Qos::AtMostOnce).unwrap();
    net.device.close(net.now);
    net.tells([]);
    assert!(net.attempt().is_some());
    assert_eq!(net.wait_for_news(), CLOSE_TIMEOUT_MS);
    assert_eq!(CLOSE_TIMEOUT_MS, 2_000);
    net.tells([Told::Closed]);
    assert_eq!((net.attempt(), net.due_in()), (None, None));
}

#[test]
fn what_arrives_on_a_stuck_link_that_closes_is_nobodys_business() {
    let mut net = Net::online();
    net.device.subscribe("/a", Qos::AtLeastOnce).unwrap();
    net.take_sent();
    net.wait(54_500);
    net.takes = 0;
    net.device.close(net.now);
    net.arrives([qos1(1, "/a", b"late")]);
    net.tells([]);
    assert_eq!(net.due_in(), Some(2_000), "not even a ping");
    net.wait(2_000);
    net.tells([Told::Closed]);
}

#[test]
fn a_link_lost_on_the_way_is_an_end_as_well() {
    let mut net = Net::online();
    net.takes = 0;
    net.device.close(net.now);
    net.pump();
    net.link_lost(104);
    net.tells([Told::Closed]);
    assert_eq!(net.due_in(), None);
}

#[test]
fn close_without_a_session_is_immediate() {
    let opening = |_: &mut Net| {};
    let shaking_hands = |net: &mut Net| net.link_up();
    let waiting = |net: &mut Net| {
        net.pump();
        net.link_lost(1);
        net.tells([Told::Failed(Loss::Link(1))]);
    };
    for arrange in [opening, shaking_hands, waiting] {
        let mut net = Net::new();
        net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
        arrange(&mut net);
        net.take_sent();
        net.device.close(net.now);
        assert_eq!(net.attempt(), None);
        net.tells([Told::Closed]);
        net.sends([]);
        net.wait(1_000_000);
        net.tells([]);
    }
}

#[test]
fn nothing_is_taken_any_more_once_it_closes() {
    let mut net = Net::online();
    net.takes = 0;
    net.device.close(net.now);
    assert_eq!(net.device.publish("/a", b"", Qos::AtMostOnce), Err(SendError::NotConnected));
    assert_eq!(net.device.publish("/a", b"", Qos::AtLeastOnce), Err(SendError::NotConnected));
    assert_eq!(net.device.subscribe("/a", Qos::AtLeastOnce), Err(SendError::NotConnected));
    net.takes = usize::MAX;
    net.sends([Packet::Disconnect]);
}

#[test]
fn after_a_close_it_connects_anew_and_remembers_nothing() {
    let mut net = Net::online();
    net.device.subscribe("/a", Qos::AtLeastOnce).unwrap();
    net.device.publish("/a", b"unacknowledged", Qos::AtLeastOnce).unwrap();
    net.take_sent();
    let first = net.attempt();
    net.device.close(net.now);
    net.tells([Told::Closed]);
    net.sends([Packet::Disconnect]);
    net.device.connect(&plain_login(), Options::default(), net.now).unwrap();
    assert_eq!(net.server().0, "broker.test");
    assert_ne!(net.attempt(), first, "the port must not take the old link for the new one");
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    net.sends([]);
    net.device.close(net.now);
    net.tells([Told::Closed]);
    net.take_sent();
    net.connect(Options::default());
}

#[test]
fn connecting_right_after_close_needs_another_link() {
    let mut net = Net::online();
    let first = net.attempt().unwrap();
    net.device.close(net.now);
    net.flush_and_stay();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    assert_ne!(net.attempt().unwrap(), first);
    net.device.link_lost(LinkId::Session, first, 0, net.now);
    net.sends([Packet::Disconnect]);
    net.log_in(false);
    net.pump();
    assert!(net.device.is_online());
}

#[test]
fn close_while_a_message_is_in_use_acknowledges_it_before_the_goodbye() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos1(7, "t", b"stop"), qos1(8, "t", b"more")]);
    net.tells_and_waits(message1("t", b"stop"));
    assert!(net.device.close(net.now));
    net.sends([puback(7), Packet::Disconnect]);
    net.tells([Told::Closed]);
}

#[test]
fn close_while_a_call_is_in_use_answers_it_before_the_goodbye() {
    let call = qos1(7, &format!("/sys/{PK}/{DN}/thing/service/stop"), br#"{"id":"1","params":{}}"#);
    for answers in [false, true] {
        let mut net = Net::online();
        net.arrives([call.clone()]);
        assert!(matches!(net.poll(), Some(Told::Service { .. })));
        assert!(net.device.close(net.now));
        if answers {
            net.device.call().answer(200, b"{}").unwrap();
        }
        let sent = net.take_sent();
        assert!(matches!(&sent[0], Packet::Publish(answer) if answer.topic.ends_with("/stop_reply")), "{sent:?}");
        assert_eq!(sent[1..], [puback(7), Packet::Disconnect]);
        net.tells([Told::Closed]);
    }
}

#[test]
fn a_port_that_sends_before_it_polls_closes_in_the_same_order() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos1(7, "t", b"stop")]);
    net.tells_and_waits(message1("t", b"stop"));
    net.device.publish("t", b"bye", Qos::AtMostOnce).unwrap();
    net.device.close(net.now);
    net.flush_and_stay();
    net.sends([qos0("t", b"bye"), puback(7), Packet::Disconnect]);
    net.tells([Told::Closed]);
}

#[test]
fn close_while_a_loss_is_being_told() {
    let mut net = Net::online();
    net.link_lost(9);
    net.tells_and_waits(Told::Disconnected(Loss::Link(9)));
    net.device.close(net.now);
    net.tells([Told::Closed]);
    assert_eq!((net.attempt(), net.due_in()), (None, None));
}
