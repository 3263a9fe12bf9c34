//! What the user sends.

use aliyun_iot::device::{LinkId, Options};
use aliyun_iot::mqtt::{Qos, SendError, WINDOW};

use crate::net::{Net, Sizes, Told, aliyun_login, buffer};
use crate::packets::{Packet, connack, dup, encode, puback, qos0, qos1};

const ONCE: Qos = Qos::AtMostOnce;
const SURE: Qos = Qos::AtLeastOnce;

#[test]
fn messages_at_qos_0_go_at_once_in_one_slice() {
    let mut net = Net::online();
    assert_eq!(net.device.publish("/a/b", b"hello", ONCE), Ok(0));
    assert_eq!(net.device.to_send(LinkId::Session), b"\x30\x0b\x00\x04/a/bhello", "no poll is needed");
    assert_eq!(net.device.publish("/a/c", b"", ONCE), Ok(0));
    assert_eq!(net.device.to_send(LinkId::Session), b"\x30\x0b\x00\x04/a/bhello\x30\x06\x00\x04/a/c");
    net.sends([qos0("/a/b", b"hello"), qos0("/a/c", b"")]);
    assert_eq!(net.device.unacknowledged(), 0);
}

#[test]
fn a_message_at_qos_0_needs_a_session() {
    let mut net = Net::new();
    let refused = |net: &mut Net| {
        assert_eq!(net.device.publish("/a", b"", ONCE), Err(SendError::NotConnected));
    };
    refused(&mut net);
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    refused(&mut net);
    net.log_in(false);
    refused(&mut net);
    net.take_told();
    net.device.publish("/a", b"lost with the link", ONCE).unwrap();
    net.link_lost(0);
    refused(&mut net);
    net.take_told();
    net.log_in_again(false);
    net.sends([]);
}

#[test]
fn a_device_at_rest_keeps_nothing() {
    let mut net = Net::new();
    assert_eq!(net.device.publish("/a", b"", SURE), Err(SendError::NotConnected));
}

#[test]
fn topics_are_checked() {
    let mut net = Net::online_plain(60, true);
    let long = "x".repeat(65_536);
    for topic in ["", "/a/+", "/a/#", "a\0b", &long] {
        for qos in [ONCE, SURE] {
            assert_eq!(net.device.publish(topic, b"", qos), Err(SendError::Topic), "{:.5}", topic);
        }
    }
    net.sends([]);
}

#[test]
fn a_message_at_qos_1_is_delivered_when_the_server_says_so() {
    let mut net = Net::online();
    assert_eq!(net.device.publish("/a", b"one", SURE), Ok(1));
    assert_eq!(net.device.publish("/a", b"two", SURE), Ok(2));
    net.sends([qos1(1, "/a", b"one"), qos1(2, "/a", b"two")]);
    assert_eq!(net.device.unacknowledged(), 2);
    net.arrives([puback(2)]);
    net.tells([Told::Delivered(2)]);
    net.arrives([puback(1)]);
    net.tells([Told::Delivered(1)]);
    assert_eq!(net.device.unacknowledged(), 0);
}

#[test]
fn packet_identifiers_are_never_0_nor_in_use() {
    let mut net = Net::online();
    assert_eq!(net.device.publish("/a", b"stays", SURE), Ok(1));
    net.take_sent();
    for round in 0..70_000_u32 {
        let id = net.device.publish("/a", b"", SURE).unwrap();
        assert!(id > 1, "{id} in round {round}");
        net.take_sent();
        net.arrives([puback(id)]);
        net.take_told();
    }
}

#[test]
fn the_window_holds_20_and_opens_with_each_acknowledgement() {
    let mut net = Net::online();
    for id in 1..=20 {
        assert_eq!(net.device.publish("/a", b"x", SURE), Ok(id));
    }
    assert_eq!(WINDOW, 20);
    assert_eq!(net.device.publish("/a", b"x", SURE), Err(SendError::Full));
    assert_eq!(net.device.publish("/a", b"x", ONCE), Ok(0), "QoS 0 needs no window");
    assert_eq!(net.take_sent().len(), 21);
    assert_eq!(net.device.publish("/a", b"x", SURE), Err(SendError::Full), "sent is not delivered");
    net.arrives([puback(7)]);
    net.tells([Told::Delivered(7)]);
    assert!(net.device.publish("/a", b"x", SURE).is_ok());
    assert_eq!(net.device.publish("/a", b"x", SURE), Err(SendError::Full));
    assert_eq!(net.device.unacknowledged(), 20);
}

#[test]
fn a_full_buffer_says_so_and_has_room_again_once_sent() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    net.takes = 0;
    while net.device.publish("/a", &[b'x'; 100], ONCE).is_ok() {}
    assert_eq!(net.device.publish("/a", &[b'x'; 100], ONCE), Err(SendError::Full));
    net.takes = 1;
    net.pump();
    assert_eq!(net.device.publish("/a", &[b'x'; 100], ONCE), Ok(0));
}

#[test]
fn a_message_too_large_says_exactly_what_it_needs() {
    for (qos, size) in [(ONCE, 2_000), (SURE, 2_000), (SURE, 20_000)] {
        let payload = vec![b'x'; size];
        let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
        let Err(SendError::TooLarge { needed }) = net.device.publish("/a", &payload, qos) else { panic!() };
        let mut one_less = Net::online_with(Sizes { tx: needed - 1, ..Sizes::default() });
        assert_eq!(one_less.device.publish("/a", &payload, qos), Err(SendError::TooLarge { needed }));
        let mut exact = Net::online_with(Sizes { tx: needed, ..Sizes::default() });
        assert!(exact.device.publish("/a", &payload, qos).is_ok());
        assert!(matches!(exact.sends_one(), Packet::Publish(publish) if publish.payload == payload));
    }
}

#[test]
fn what_is_published_offline_goes_with_the_next_session() {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    for id in 1..=3 {
        assert_eq!(net.device.publish("/a", &[b'0' + id as u8], SURE), Ok(id));
    }
    net.log_in(false);
    net.sends([qos1(1, "/a", b"1"), qos1(2, "/a", b"2"), qos1(3, "/a", b"3")]);
}

#[test]
fn what_is_not_acknowledged_is_resent_in_order_with_dup_only_if_it_was_sent_before() {
    for session_present in [false, true] {
        let mut net = Net::online_kept();
        for payload in [b"1", b"2", b"3"] {
            net.device.publish("/a", payload, SURE).unwrap();
        }
        net.take_sent();
        net.arrives([puback(2)]);
        net.tells([Told::Delivered(2)]);
        net.takes = 0;
        net.device.publish("/a", b"4", SURE).unwrap();
        net.device.publish("/a", b"gone", ONCE).unwrap();
        net.loses_link();
        net.device.publish("/a", b"5", SURE).unwrap();
        net.takes = usize::MAX;
        net.log_in_again(session_present);
        net.sends([dup(qos1(1, "/a", b"1")), dup(qos1(3, "/a", b"3")), qos1(4, "/a", b"4"), qos1(5, "/a", b"5")]);
        net.loses_link();
        net.log_in_again(session_present);
        let all = [(1, b"1"), (3, b"3"), (4, b"4"), (5, b"5")];
        net.sends(all.map(|(id, payload)| dup(qos1(id, "/a", payload))));
        net.arrives(all.map(|(id, _)| puback(id)));
        net.tells(all.map(|(id, _)| Told::Delivered(id)));
        net.loses_link();
        net.log_in_again(session_present);
        net.sends([]);
    }
}

#[test]
fn a_message_sent_in_part_starts_over_without_dup() {
    let mut net = Net::online();
    net.device.publish("/a", b"in pieces", SURE).unwrap();
    let whole = net.device.to_send(LinkId::Session).to_vec();
    net.device.sent(LinkId::Session, 5, net.now);
    assert_eq!(net.device.to_send(LinkId::Session), &whole[5..]);
    net.answers_pings = true;
    net.link_lost(0);
    net.take_told();
    net.log_in_again(false);
    net.sends([qos1(1, "/a", b"in pieces")]);
}

#[test]
fn any_split_of_the_writes_gives_the_same_bytes() {
    for takes in 1..40 {
        let mut net = Net::online();
        net.takes = takes;
        net.device.publish("/a", b"one", SURE).unwrap();
        net.device.publish("/a", b"zero", ONCE).unwrap();
        net.device.publish("/a", &[b'2'; 200], SURE).unwrap();
        net.sends([qos1(1, "/a", b"one"), qos0("/a", b"zero"), qos1(2, "/a", &[b'2'; 200])]);
        net.loses_link();
        net.log_in_again(false);
        net.sends([dup(qos1(1, "/a", b"one")), dup(qos1(2, "/a", &[b'2'; 200]))]);
    }
}

#[test]
fn the_slice_stays_the_same_while_other_things_happen() {
    let mut net = Net::online();
    net.device.publish("/a", b"one", SURE).unwrap();
    net.device.publish("/a", b"two", SURE).unwrap();
    net.take_sent();
    net.takes = 0;
    net.device.publish("/a", b"three", SURE).unwrap();
    let before = net.device.to_send(LinkId::Session).to_vec();
    net.device.publish("/a", b"four", SURE).unwrap();
    net.arrives([puback(1), puback(2)]);
    net.tells([Told::Delivered(1), Told::Delivered(2)]);
    let after = net.device.to_send(LinkId::Session);
    assert!(after.starts_with(&before), "TLS wants to see the same bytes when it tries again");
    assert!(after.ends_with(b"four"), "and what was published meanwhile behind them");
    net.takes = usize::MAX;
    net.sends([qos1(3, "/a", b"three"), qos1(4, "/a", b"four")]);
}

#[test]
fn an_acknowledgement_in_the_middle_of_a_resend_does_not_cut_the_packet() {
    let mut net = Net::online_kept();
    net.device.publish("/a", b"one", SURE).unwrap();
    net.device.publish("/a", b"two", SURE).unwrap();
    net.take_sent();
    net.loses_link();
    net.log_in_again(true);
    assert_eq!(net.take_sent().len(), 2);
    net.loses_link();
    net.takes = 0;
    net.wait_for_link();
    net.takes = usize::MAX;
    net.link_up();
    assert!(matches!(net.sends_one(), Packet::Connect(_)));
    net.takes = 0;
    net.arrives([connack(0, true)]);
    net.take_told();
    let whole = net.device.to_send(LinkId::Session).to_vec();
    net.device.sent(LinkId::Session, 4, net.now);
    net.arrives([puback(1)]);
    net.tells([Told::Delivered(1)]);
    assert_eq!(net.device.to_send(LinkId::Session), &whole[4..]);
    net.device.sent(LinkId::Session, encode(&dup(qos1(1, "/a", b"one"))).len() - 4, net.now);
    assert_eq!(net.device.unacknowledged(), 1);
    net.takes = usize::MAX;
    net.sends([dup(qos1(2, "/a", b"two"))]);
}

#[test]
fn an_acknowledgement_before_a_resend_leaves_what_the_port_was_given() {
    let mut net = Net::online_kept();
    for payload in [b"1", b"2", b"3"] {
        net.device.publish("/a", payload, SURE).unwrap();
    }
    net.is_about_to_send_again();
    let before = net.device.to_send(LinkId::Session).to_vec();
    net.arrives([puback(2)]);
    net.tells([Told::Delivered(2)]);
    assert_eq!(net.device.to_send(LinkId::Session), before, "a TLS library may hold these bytes already");
    net.takes = usize::MAX;
    net.sends([dup(qos1(1, "/a", b"1")), dup(qos1(2, "/a", b"2")), dup(qos1(3, "/a", b"3"))]);
    net.arrives([puback(1), puback(2), puback(3)]);
    net.tells([Told::Delivered(1), Told::Delivered(3)]);
    net.loses_link();
    net.log_in_again(true);
    net.sends([]);
}

#[test]
fn an_acknowledgement_of_nothing_is_ignored_and_counted() {
    for id in [1, 9] {
        let mut net = Net::online();
        net.takes = 0;
        net.device.publish("/a", b"not sent yet", SURE).unwrap();
        net.arrives([puback(id)]);
        net.tells([]);
        assert_eq!((net.device.unacknowledged(), net.device.unknown_acks()), (1, 1), "it is kept");
        net.takes = usize::MAX;
        net.sends([qos1(1, "/a", b"not sent yet")]);
        net.arrives([puback(1)]);
        net.tells([Told::Delivered(1)]);
    }
}

#[test]
fn a_message_is_delivered_once() {
    let mut net = Net::online_kept();
    net.device.publish("/a", b"one", SURE).unwrap();
    net.is_about_to_send_again();
    net.device.sent(LinkId::Session, 4, net.now);
    net.arrives([puback(1), puback(1)]);
    net.tells([Told::Delivered(1)]);
    assert_eq!(net.device.unknown_acks(), 1);
}

#[test]
fn the_buffer_can_be_moved_with_all_that_waits_in_it() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    net.device.publish("/a", b"one", SURE).unwrap();
    net.take_sent();
    net.device.publish("/a", b"two", SURE).unwrap();
    net.device.sent(LinkId::Session, 3, net.now);
    let rest = net.device.to_send(LinkId::Session).to_vec();
    let large = [b'x'; 3_000];
    let Err(SendError::TooLarge { needed }) = net.device.publish("/a", &large, SURE) else { panic!() };
    assert_eq!(net.device.move_tx(buffer(needed + 100)), Ok(()));
    assert_eq!(net.device.to_send(LinkId::Session), rest, "in the middle of a packet");
    net.device.sent(LinkId::Session, rest.len(), net.now);
    let id = net.device.publish("/a", &large, SURE).unwrap();
    net.sends([qos1(id, "/a", &large)]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([dup(qos1(1, "/a", b"one")), dup(qos1(2, "/a", b"two")), dup(qos1(id, "/a", &large))]);
}

#[test]
fn a_buffer_too_small_to_work_with_is_not_moved_into() {
    let mut net = Net::online();
    net.device.publish("/a", &[b'x'; 500], SURE).unwrap();
    net.take_sent();
    // What is taken for sure to find room some time, a long filter say, has to find it there as well.
    for size in [0, 100, 600, 1024, 4095] {
        assert_eq!(net.device.move_tx(buffer(size)), Err(4096), "{size}");
    }
    assert_eq!(net.device.move_tx(buffer(4096)), Ok(()));
    net.arrives([
        qos1(7, "/sys/a1B2c3D4e5F/dev01/thing/service/property/set", br#"{"id":"1","params":{}}"#),
        puback(1),
    ]);
    assert_eq!(net.take_told().len(), 2);
    assert_eq!(net.take_sent().len(), 2, "the answer and the acknowledgement");
}
