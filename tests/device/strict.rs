//! What a server may not send under MQTT 3.1.1, and how the link ends for it: with a reason, however the bytes arrive.
//!
//! Names such as [MQTT-2.2.2-2] are those of the standard's normative statements (OASIS MQTT Version 3.1.1, appendix B).

use aliyun_iot::device::{LinkId, Loss};
use aliyun_iot::mqtt::PeerError::{
    self, Header, Length, MessageIdentifier, Order, PacketIdentifier, Qos2, ReturnCode, Topic,
};
use aliyun_iot::mqtt::Qos;

use crate::net::{Net, Told, kept, message, message1, plain_login, subscribed};
use crate::packets::{Packet, connack, encode, puback, qos0, qos1, suback, unsuback};

/// Chunks in which the same bytes arrive.
const CHUNKS: [usize; 5] = [1, 2, 3, 7, usize::MAX];

/// Bytes arrive in chunks until there are none or the device gives the link up; what the user is told of them.
fn told_of(net: &mut Net, bytes: &[u8], chunk: usize) -> Vec<Told> {
    let mut rest = bytes;
    while !rest.is_empty() {
        net.pump();
        let space = net.device.space(LinkId::Session);
        if space.is_empty() {
            break;
        }
        let count = rest.len().min(space.len()).min(chunk);
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        net.device.received(LinkId::Session, count, net.now);
    }
    net.take_told()
}

/// On a kept session: PUBLISH 1, SUBSCRIBE 2 and UNSUBSCRIBE 3 wait for their acknowledgements.
fn busy() -> Net {
    let mut net = Net::online_plain(60, false);
    assert_eq!(net.device.publish("/a", b"", Qos::AtLeastOnce), Ok(1));
    net.device.subscribe("/b", Qos::AtLeastOnce).unwrap();
    net.device.unsubscribe("/c").unwrap();
    assert_eq!(net.take_sent().len(), 3);
    net
}

/// What may come at that point, and what the user is told of it.
fn good() -> (Vec<u8>, Vec<Told>) {
    let packets = [qos0("t", b"before"), Packet::PingResp, qos1(9, "t/u", b"")];
    (packets.iter().flat_map(encode).collect(), vec![message("t", b"before"), message1("t/u", b"")])
}

const IN_SESSION: &[(&str, &[u8], PeerError)] = &[
    // The fixed header (section 2.2).
    ("type 0 is forbidden (table 2.1)", b"\x00\x00", Header),
    ("type 15 is forbidden (table 2.1)", b"\xf0\x00", Header),
    ("CONNECT goes the other way (table 2.1)", b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00", Header),
    ("SUBSCRIBE goes the other way (table 2.1)", b"\x82\x06\x00\x01\x00\x01a\x00", Header),
    ("UNSUBSCRIBE goes the other way (table 2.1)", b"\xa2\x05\x00\x01\x00\x01a", Header),
    ("PINGREQ goes the other way (table 2.1)", b"\xc0\x00", Header),
    ("DISCONNECT goes the other way (table 2.1)", b"\xe0\x00", Header),
    ("flags of PUBACK [MQTT-2.2.2-2]", b"\x41\x02\x00\x01", Header),
    ("flags of SUBACK [MQTT-2.2.2-2]", b"\x92\x03\x00\x02\x01", Header),
    ("flags of UNSUBACK [MQTT-2.2.2-2]", b"\xb8\x02\x00\x03", Header),
    ("flags of PINGRESP [MQTT-2.2.2-2]", b"\xd4\x00", Header),
    ("flags of CONNACK [MQTT-2.2.2-2]", b"\x21\x02\x00\x00", Header),
    ("DUP with QoS 0 [MQTT-3.3.1-2]", b"\x38\x03\x00\x01a", Header),
    ("DUP and retain with QoS 0 [MQTT-3.3.1-2]", b"\x39\x03\x00\x01a", Header),
    ("QoS 3 [MQTT-3.3.1-4]", b"\x36\x05\x00\x01a\x00\x01", Header),
    ("QoS 3 as duplicate [MQTT-3.3.1-4]", b"\x3e\x05\x00\x01a\x00\x01", Header),
    ("QoS 2, which was granted to no subscription [MQTT-3.8.4-6]", b"\x34\x05\x00\x01a\x00\x01", Qos2),
    ("QoS 2, a duplicate, to be kept", b"\x3d\x05\x00\x01a\x00\x01", Qos2),
    ("PUBREL with the flags of another packet [MQTT-3.6.1-1]", b"\x60\x02\x00\x01", Header),
    ("PUBREC for a message at QoS 1 (section 4.3.2)", b"\x50\x02\x00\x01", Qos2),
    ("PUBREL without QoS 2 (section 4.3.3)", b"\x62\x02\x00\x01", Qos2),
    ("PUBCOMP for a message at QoS 1 (section 4.3.2)", b"\x70\x02\x00\x01", Qos2),
    ("another protocol", b"HTTP/1.1 400 Bad Request\r\n\r\n", Header),
    ("a TLS alert on a plain port", b"\x15\x03\x01\x00\x02\x02\x28", Header),
    // The remaining length (section 2.2.3, and that of each packet).
    ("five bytes of length (section 2.2.3)", b"\x30\xff\xff\xff\xff\x01", Length),
    ("a length longer than it needs (table 2.4)", b"\x30\x83\x00\x00\x01a", Length),
    ("an empty length of two bytes (table 2.4)", b"\xd0\x80\x00", Length),
    ("a SUBACK that is a PUBLISH if its length is misread", b"\x90\x83\x00\x00\x01a", Length),
    ("a PUBACK of 0 bytes (section 3.4.1)", b"\x40\x00", Length),
    ("a PUBACK of 3 bytes (section 3.4.1)", b"\x40\x03\x00\x01\x00", Length),
    ("a SUBACK without a return code [MQTT-3.8.4-5]", b"\x90\x02\x00\x02", Length),
    ("a SUBACK with two return codes for one filter [MQTT-3.8.4-5]", b"\x90\x04\x00\x02\x00\x00", Length),
    ("an UNSUBACK of 3 bytes (section 3.11.1)", b"\xb0\x03\x00\x03\x00", Length),
    ("a PINGRESP of 1 byte (section 3.13)", b"\xd0\x01\x00", Length),
    ("a CONNACK of 3 bytes (section 3.2.1)", b"\x20\x03\x00\x00\x00", Length),
    ("a PUBLISH without a topic [MQTT-3.3.2-1]", b"\x30\x00", Length),
    ("a PUBLISH without a whole length of topic [MQTT-3.3.2-1]", b"\x30\x01\x00", Length),
    ("a topic longer than its packet [MQTT-3.3.2-1]", b"\x30\x03\x00\x02a", Length),
    ("no packet identifier at QoS 1 [MQTT-2.3.1-1]", b"\x32\x03\x00\x01a", Length),
    ("half a packet identifier at QoS 1 [MQTT-2.3.1-1]", b"\x32\x04\x00\x01a\x00", Length),
    // Topic names (sections 1.5.3, 3.3.2, 4.7).
    ("an empty topic [MQTT-4.7.3-1]", b"\x30\x02\x00\x00", Length),
    ("an empty topic and a payload [MQTT-4.7.3-1]", b"\x30\x03\x00\x00a", Topic),
    ("a topic with + [MQTT-3.3.2-2]", b"\x30\x05\x00\x03a/+", Topic),
    ("a topic with # [MQTT-3.3.2-2]", b"\x30\x05\x00\x03a/#", Topic),
    ("a topic with NUL [MQTT-4.7.3-2]", b"\x30\x05\x00\x03a\0b", Topic),
    ("a topic with a surrogate [MQTT-1.5.3-1]", b"\x30\x05\x00\x03\xed\xa0\x80", Topic),
    ("a topic with an overlong NUL [MQTT-1.5.3-1]", b"\x30\x04\x00\x02\xc0\x80", Topic),
    ("a topic that ends in a character [MQTT-1.5.3-1]", b"\x30\x04\x00\x02a\xe4", Topic),
    ("a topic beyond U+10FFFF [MQTT-1.5.3-1]", b"\x30\x06\x00\x04\xf4\x90\x80\x80", Topic),
    // Packet identifiers (section 2.3.1).
    ("PUBLISH 0 [MQTT-2.3.1-1]", b"\x32\x05\x00\x01a\x00\x00", MessageIdentifier),
    ("PUBACK 0 [MQTT-2.3.1-6]", b"\x40\x02\x00\x00", PacketIdentifier),
    ("SUBACK 0 [MQTT-2.3.1-7]", b"\x90\x03\x00\x00\x01", PacketIdentifier),
    ("UNSUBACK 0 [MQTT-2.3.1-7]", b"\xb0\x02\x00\x00", PacketIdentifier),
    // Return codes (section 3.9.3).
    ("QoS 2 granted, which was not asked for (section 3.9.3)", b"\x90\x03\x00\x02\x02", Qos2),
    ("a reserved return code [MQTT-3.9.3-2]", b"\x90\x03\x00\x02\x03", ReturnCode),
    ("a reserved return code [MQTT-3.9.3-2]", b"\x90\x03\x00\x02\x81", ReturnCode),
    // Order (section 3.2).
    ("a second CONNACK (section 3.2)", b"\x20\x02\x00\x00", Order),
    ("a refusal after a CONNACK (section 3.2)", b"\x20\x02\x00\x05", Order),
];

#[test]
fn what_a_server_may_not_send_ends_the_link_with_a_reason() {
    let (before, told_before) = good();
    for &(name, bytes, error) in IN_SESSION {
        for prefix in [&[][..], &before] {
            for chunk in CHUNKS {
                let mut net = busy();
                // What follows is for nobody: the link is given up.
                let stream = [prefix, bytes, &encode(&qos0("t", b"after"))].concat();
                let mut told = told_of(&mut net, &stream, chunk);
                assert_eq!(told.pop(), Some(Told::Disconnected(Loss::Peer(error))), "{name}, by {chunk}");
                if !prefix.is_empty() {
                    assert_eq!(told[..2], told_before, "{name}, by {chunk}");
                }
                assert!(!told.contains(&message("t", b"after")), "{name}, by {chunk}");
                assert_eq!(net.attempt(), None, "{name}: the link is not wanted any more");
                assert!(net.due_in().is_some(), "{name}: it connects again");
            }
        }
    }
}

/// Acknowledgements that name nothing under way. A broker that sends them is at fault, but none of them changes what is kept:
/// to give the link up for them would have the device connect and send again without end.
const UNKNOWN: &[(&str, &[u8], u32)] = &[
    ("PUBACK of what was never sent [MQTT-2.3.1-6]", b"\x40\x02\x00\x04", 1),
    ("PUBACK of the largest identifier", b"\x40\x02\xff\xff", 1),
    ("PUBACK of a SUBSCRIBE [MQTT-2.3.1-6]", b"\x40\x02\x00\x02", 1),
    ("PUBACK of an UNSUBSCRIBE [MQTT-2.3.1-6]", b"\x40\x02\x00\x03", 1),
    ("SUBACK of what was never sent [MQTT-3.8.4-2]", b"\x90\x03\x00\x04\x01", 1),
    ("SUBACK with a refusal of what was never sent", b"\x90\x03\x00\x04\x80", 1),
    ("SUBACK of a PUBLISH [MQTT-3.8.4-2]", b"\x90\x03\x00\x01\x01", 1),
    ("SUBACK of an UNSUBSCRIBE [MQTT-3.8.4-2]", b"\x90\x03\x00\x03\x01", 1),
    ("UNSUBACK of what was never sent [MQTT-3.10.4-4]", b"\xb0\x02\x00\x04", 1),
    ("UNSUBACK of a SUBSCRIBE [MQTT-3.10.4-4]", b"\xb0\x02\x00\x02", 1),
    ("UNSUBACK of a PUBLISH [MQTT-3.10.4-4]", b"\xb0\x02\x00\x01", 1),
    ("one of each", b"\x40\x02\x00\x04\x90\x03\x00\x04\x01\xb0\x02\x00\x04", 3),
];

#[test]
fn an_acknowledgement_that_names_nothing_is_ignored_and_counted() {
    for &(name, bytes, count) in UNKNOWN {
        for chunk in CHUNKS {
            let mut net = busy();
            assert_eq!(told_of(&mut net, bytes, chunk), [], "{name}, by {chunk}");
            assert_eq!((net.device.unknown_acks(), net.device.unacknowledged()), (count, 1), "{name}");
            // What waits still has its own answers, each of which counts once.
            let answers = [puback(1), suback(2, Some(1)), unsuback(3)];
            let twice: Vec<u8> = answers.iter().chain(&answers).flat_map(encode).collect();
            let told = [Told::Delivered(1), subscribed("/b", true), Told::Unsubscribed("/c".into())];
            assert_eq!(told_of(&mut net, &twice, chunk), told, "{name}, by {chunk}");
            assert_eq!((net.device.unknown_acks(), net.device.unacknowledged()), (count + 3, 0), "{name}");
            assert!(net.device.is_online(), "{name}");
        }
    }
}

#[test]
fn the_count_of_unknown_acknowledgements_begins_with_each_connect() {
    let mut net = busy();
    net.arrives([puback(7)]);
    net.tells([]);
    net.loses_link();
    net.log_in_again(true);
    assert_eq!(net.device.unknown_acks(), 1, "links do not matter");
    net.device.close(net.now);
    net.pump();
    net.take_told();
    assert_eq!(net.device.unknown_acks(), 1);
    net.device.connect(&plain_login(), kept(), net.now).unwrap();
    assert_eq!(net.device.unknown_acks(), 0);
}

const HANDSHAKE: &[(&str, bool, &[u8], PeerError)] = &[
    ("PUBLISH before CONNACK [MQTT-3.2.0-1]", true, b"\x30\x03\x00\x01a", Order),
    ("PUBACK before CONNACK [MQTT-3.2.0-1]", true, b"\x40\x02\x00\x01", Order),
    ("SUBACK before CONNACK [MQTT-3.2.0-1]", true, b"\x90\x03\x00\x01\x00", Order),
    ("UNSUBACK before CONNACK [MQTT-3.2.0-1]", true, b"\xb0\x02\x00\x01", Order),
    ("PINGRESP before CONNACK [MQTT-3.2.0-1]", true, b"\xd0\x00", Order),
    ("a kept session that was to be clean [MQTT-3.2.2-1]", true, b"\x20\x02\x01\x00", ReturnCode),
    ("a kept session with a refusal [MQTT-3.2.2-4]", false, b"\x20\x02\x01\x04", ReturnCode),
    ("reserved flags of CONNACK (section 3.2.2.1)", false, b"\x20\x02\x02\x00", ReturnCode),
    ("reserved flags of CONNACK (section 3.2.2.1)", false, b"\x20\x02\x80\x00", ReturnCode),
    ("a return code that is reserved (table 3.1)", false, b"\x20\x02\x00\x06", ReturnCode),
    ("a return code that is reserved (table 3.1)", false, b"\x20\x02\x00\xff", ReturnCode),
    ("a CONNACK of 1 byte (section 3.2.1)", false, b"\x20\x01\x00", Length),
    ("another protocol", true, b"SSH-2.0-OpenSSH_9.2\r\n", Header),
    ("a greeting that looks like a long PUBLISH", true, b"220 mail.test ESMTP\r\n", Order),
    ("a greeting that looks like a PUBREC", true, b"Password: ", Order),
    ("QoS 2 before CONNACK [MQTT-3.2.0-1]", true, b"\x34\x05\x00\x01a\x00\x01", Order),
];

#[test]
fn what_a_server_may_not_send_before_the_session_is_up_ends_the_attempt_with_a_reason() {
    for &(name, clean, bytes, error) in HANDSHAKE {
        for chunk in CHUNKS {
            let mut net = handshaking(clean);
            let stream = [bytes, &encode(&connack(0, false))].concat();
            assert_eq!(told_of(&mut net, &stream, chunk), [Told::Failed(Loss::Peer(error))], "{name}, by {chunk}");
            assert_eq!(net.attempt(), None, "{name}");
        }
    }
}

#[test]
fn an_answer_to_a_connect_that_is_still_on_its_way_out_ends_the_attempt() {
    let mut net = Net::new();
    net.device.connect(&plain_login(), kept(), net.now).unwrap();
    net.takes = 0;
    net.link_up();
    assert_eq!(told_of(&mut net, &encode(&connack(0, false)), 1), [Told::Failed(Loss::Peer(Order))]);
}

fn handshaking(clean: bool) -> Net {
    let mut net = Net::new();
    let options = aliyun_iot::device::Options { clean_session: clean, ..kept() };
    net.device.connect(&plain_login(), options, net.now).unwrap();
    net.link_up();
    assert!(matches!(net.sends_one(), Packet::Connect(_)));
    net
}

#[test]
fn what_a_server_may_send_is_taken_however_it_arrives() {
    let longest = "x".repeat(300);
    let odd = [
        // U+FEFF is a character like others [MQTT-1.5.3-3]; control and private characters may come (section 1.5.3).
        qos0("\u{feff}t", b"byte order mark"),
        qos0("\u{1}\u{7f}\u{fffe}\u{10ffff}", b""),
        qos0("/", b"\x00\xff\xc0\x80"),
        qos0(&longest, b""),
        qos0("$SYS/x", b""),
    ];
    let stream: Vec<u8> = [connack(0, false), qos0("t", b"a"), qos1(65_535, "t", b"b"), Packet::PingResp]
        .iter()
        .chain(&odd)
        .chain(&[puback(1), suback(2, None), qos1(1, "t", b"c")])
        .flat_map(encode)
        .collect();
    let told = |chunk| {
        let mut net = handshaking(false);
        net.device.publish("/a", b"", Qos::AtLeastOnce).unwrap();
        // The CONNACK on its own, so that the device has sent what is acknowledged then.
        let mut told = told_of(&mut net, &stream[..4], chunk);
        net.device.subscribe("/b", Qos::AtLeastOnce).unwrap();
        net.take_sent();
        told.extend(told_of(&mut net, &stream[4..], chunk));
        assert!(net.device.is_online(), "by {chunk}");
        (told, net.take_sent())
    };
    let (whole, sent) = told(usize::MAX);
    assert_eq!(whole.len(), 11);
    assert_eq!(whole[8..10], [Told::Delivered(1), subscribed("/b", false)]);
    assert_eq!(sent, [puback(65_535), puback(1)]);
    for chunk in CHUNKS {
        assert_eq!(told(chunk), (whole.clone(), sent.clone()), "by {chunk}");
    }
}

#[test]
fn an_answer_that_the_user_has_overtaken_is_known_but_one_more_is_not() {
    let mut net = Net::online_plain(60, true);
    net.device.subscribe("/a", Qos::AtLeastOnce).unwrap();
    net.device.unsubscribe("/a").unwrap();
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    assert_eq!(net.take_sent().len(), 3);
    net.arrives([suback(1, Some(1)), unsuback(2), suback(3, Some(0))]);
    net.tells([subscribed("/a", true)]);
    assert_eq!(net.device.unknown_acks(), 0);
    net.arrives([suback(1, Some(1))]);
    net.tells([]);
    assert_eq!(net.device.unknown_acks(), 1);
}

#[test]
fn an_answer_that_the_last_link_owed_is_unknown_on_the_next() {
    let mut net = Net::online_plain(60, true);
    net.device.subscribe("/a", Qos::AtLeastOnce).unwrap();
    net.device.subscribe("/a", Qos::AtMostOnce).unwrap();
    assert_eq!(net.take_sent().len(), 2);
    net.loses_link();
    net.log_in_again(false);
    assert_eq!(net.take_sent().len(), 1);
    net.arrives([suback(1, Some(1)), suback(3, Some(0))]);
    net.tells([subscribed("/a", true)]);
    assert_eq!(net.device.unknown_acks(), 1);
}
