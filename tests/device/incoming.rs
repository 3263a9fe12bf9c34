//! What arrives.

use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::mqtt::{PeerError, Qos};

use crate::net::{Net, Sizes, Told, message, message1, plain_login};
use crate::packets::{Packet, dup, encode, puback, qos0, qos1, qos2, retained};

#[test]
fn a_message_at_qos_1_is_acknowledged_only_after_the_user_has_had_it() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos1(7, "t", b"one"), qos1(8, "t", b"two")]);
    assert!(net.device.to_send(LinkId::Session).is_empty());
    net.tells_and_waits(message1("t", b"one"));
    assert!(net.device.to_send(LinkId::Session).is_empty(), "the user still has it");
    net.tells_and_waits(message1("t", b"two"));
    assert_eq!(net.device.to_send(LinkId::Session), encode(&puback(7)));
    assert_eq!(net.poll(), None);
    net.sends([puback(7), puback(8)]);
}

#[test]
fn a_message_at_qos_0_is_not_acknowledged() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos0("t", b"one")]);
    net.tells([message("t", b"one")]);
    net.sends([]);
}

#[test]
fn a_message_whose_link_is_lost_while_it_is_in_use_is_not_acknowledged() {
    let mut net = Net::online_plain(60, false);
    net.arrives([qos1(7, "t", b"one")]);
    net.tells_and_waits(message1("t", b"one"));
    net.link_lost(0);
    net.tells([Told::Disconnected(Loss::Link(0))]);
    net.log_in_again(true);
    net.sends([]);
    net.arrives([dup(qos1(7, "t", b"one"))]);
    let Told::Message { dup, .. } = net.take_told().remove(0) else { panic!() };
    assert!(dup);
    net.sends([puback(7)]);
}

#[test]
fn there_is_no_space_while_a_message_is_in_use_or_no_link_is_up() {
    let mut net = Net::online_plain(60, true);
    assert!(!net.device.space(LinkId::Session).is_empty());
    net.arrives([qos0("t", b"one")]);
    net.tells_and_waits(message("t", b"one"));
    assert!(net.device.space(LinkId::Session).is_empty());
    assert_eq!(net.poll(), None);
    assert!(!net.device.space(LinkId::Session).is_empty());
    net.link_lost(0);
    assert!(net.device.space(LinkId::Session).is_empty());
}

#[test]
fn flags_are_told() {
    let mut net = Net::online_plain(60, true);
    for (packet, told_qos, told_dup, told_retain) in [
        (retained(qos0("t", b"x")), Qos::AtMostOnce, false, true),
        (dup(qos1(1, "t", b"x")), Qos::AtLeastOnce, true, false),
        (dup(retained(qos1(1, "t", b"x"))), Qos::AtLeastOnce, true, true),
    ] {
        net.arrives([packet]);
        net.tells([Told::Message {
            topic: "t".into(),
            payload: b"x".into(),
            qos: told_qos,
            dup: told_dup,
            retain: told_retain,
        }]);
    }
}

#[test]
fn however_the_bytes_arrive_the_events_are_the_same() {
    let packets = [
        qos0("a/topic", b"zero"),
        qos1(3, "t", &[b'1'; 300]),
        Packet::PingResp,
        qos0("t", b""),
        dup(qos1(4, "t", b"\x00\xff")),
        puback(1),
        qos1(5, "t", b"last"),
    ];
    let mut seen = Vec::new();
    for gives in [1, 2, 3, 7, 50, 512, usize::MAX] {
        let mut net = Net::online_plain(60, true);
        net.device.publish("/a", b"", Qos::AtLeastOnce).unwrap();
        net.take_sent();
        net.gives = gives;
        net.arrive_bytes(&packets.iter().flat_map(encode).collect::<Vec<u8>>());
        seen.push((net.take_told(), net.take_sent()));
    }
    assert_eq!(seen[0].0.len(), 6);
    assert_eq!(seen[0].1, [puback(3), puback(4), puback(5)]);
    for other in &seen {
        assert_eq!(other, &seen[0]);
    }
}

#[test]
fn a_message_that_just_fits_the_buffer_is_taken_and_one_byte_more_is_oversize() {
    let fits = [b'x'; 512 - 3 - 3];
    let over = [b'x'; 512 - 3 - 3 + 1];
    for gives in [1, 100, usize::MAX] {
        let mut net = Net::online_plain(60, true);
        net.gives = gives;
        net.arrives([qos0("t", &fits)]);
        net.tells([message("t", &fits)]);
        net.arrives([qos0("t", &over), qos0("t", b"next")]);
        net.tells([Told::Oversize(513), message("t", b"next")]);
        net.sends([]);
    }
}

#[test]
fn an_oversize_message_at_qos_1_is_acknowledged_and_does_not_come_back() {
    for (gives, size) in [(1, 600), (100, 5_000), (usize::MAX, 100_000)] {
        let mut net = Net::online_plain(60, true);
        net.gives = gives;
        net.arrives([qos1(7, "t", &vec![b'x'; size]), qos1(8, "t", b"next")]);
        let needed = encode(&qos1(7, "t", &vec![b'x'; size])).len();
        net.tells([Told::Oversize(needed), message1("t", b"next")]);
        net.sends([puback(7), puback(8)]);
    }
}

#[test]
fn a_buffer_as_large_as_was_needed_takes_the_message() {
    let large = qos1(7, "t", &[b'x'; 2_000]);
    let mut net = Net::online_plain(60, true);
    net.arrives([large.clone()]);
    let Told::Oversize(needed) = net.take_told()[0] else { panic!() };
    let mut net = Net::with(Sizes { rx: needed, ..Sizes::default() });
    net.device.connect(&plain_login(), Options::default(), net.now).unwrap();
    net.log_in(false);
    net.take_told();
    net.arrives([large]);
    net.tells([message1("t", &[b'x'; 2_000])]);
}

#[test]
fn a_loss_in_the_middle_of_an_oversize_message_leaves_nothing_behind() {
    let mut net = Net::online_plain(60, true);
    net.arrive_bytes(&encode(&qos0("t", &[b'x'; 2_000]))[..1_000]);
    net.tells([Told::Oversize(2_006)]);
    net.loses_link();
    net.log_in_again(false);
    net.arrives([qos0("t", b"next")]);
    net.tells([message("t", b"next")]);
}

#[test]
fn a_loss_in_the_middle_of_a_message_leaves_nothing_behind() {
    let mut net = Net::online_plain(60, true);
    net.arrive_bytes(&encode(&qos0("t", b"half"))[..6]);
    net.tells([]);
    net.loses_link();
    net.log_in_again(false);
    net.arrives([qos0("t", b"next")]);
    net.tells([message("t", b"next")]);
}

#[test]
fn qos_2_from_the_server_is_refused() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos2(1, "t", b"x")]);
    net.tells([Told::Disconnected(Loss::Peer(PeerError::Qos2))]);
    net.sends([]);
}

#[test]
fn broken_packets_end_the_session() {
    for (bytes, error) in [
        (&b"\x30\xff\xff\xff\xff\x01"[..], PeerError::Length),
        (b"\x30\x03\x00\x05a", PeerError::Length),
        (b"\x32\x05\x00\x01a\x00\x00", PeerError::MessageIdentifier),
        (b"\x30\x03\x00\x01+", PeerError::Topic),
        (b"\x38\x03\x00\x01a", PeerError::Header),
        (b"\x82\x05\x00\x01\x00\x00\x00", PeerError::Header),
    ] {
        for gives in [1, usize::MAX] {
            let mut net = Net::online_plain(60, true);
            net.gives = gives;
            let mut arrived = 0;
            while arrived < bytes.len() && net.device.is_online() {
                let end = (arrived.saturating_add(gives)).min(bytes.len());
                net.arrive_bytes(&bytes[arrived..end]);
                arrived = end;
            }
            net.tells([Told::Disconnected(Loss::Peer(error))]);
        }
    }
}

#[test]
fn what_arrived_before_the_link_was_lost_is_still_told_if_it_was_polled_for() {
    let mut net = Net::online_plain(60, true);
    net.arrives([qos0("t", b"last words")]);
    net.pump();
    net.link_lost(0);
    net.tells([message("t", b"last words"), Told::Disconnected(Loss::Link(0))]);
}

#[test]
fn a_link_that_takes_nothing_holds_up_what_wants_answers_and_loses_none_of_it() {
    let mut net = Net::online_plain(60, true);
    net.takes = 0;
    let packets: Vec<u8> = (1..=40).flat_map(|id| encode(&qos1(id, "t", &[id as u8]))).collect();
    net.arrive_bytes(&packets);
    let held_up = net.take_told().len();
    assert!((1..40).contains(&held_up), "{held_up}");
    net.takes = usize::MAX;
    net.flush_and_stay();
    assert_eq!(net.due_in(), Some(0), "there is room again");
    net.pump();
    let told: Vec<Told> = (held_up as u8 + 1..=40).map(|id| message1("t", &[id])).collect();
    assert_eq!(net.take_told(), told, "without another byte or a later moment");
    let acknowledged: Vec<Packet> = (1..=40).map(puback).collect();
    assert_eq!(net.take_sent(), acknowledged);
}
