//! The reader of packets against `mqttrs`, a codec of another origin: wherever they differ, the difference stands in a
//! list.

use std::{format, panic, string::String, vec, vec::Vec};

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::PeerError;
use super::packet::{Incoming, decode, frame};

/// What a reader makes of bytes.
#[derive(Clone, Debug, PartialEq)]
enum Reading<E> {
    Packet(String),
    Incomplete,
    Refused(E),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Error,
    Panic,
}

fn ours(bytes: &[u8]) -> Reading<PeerError> {
    let size = match frame(bytes) {
        Ok(Some(size)) if size <= bytes.len() => size,
        Ok(_) => return Reading::Incomplete,
        Err(error) => return Reading::Refused(error),
    };
    Reading::Packet(match decode(&bytes[..size]) {
        Ok(Incoming::Connack { session_present, code }) => format!("connack {session_present} {code}"),
        Ok(Incoming::Publish { topic, payload, packet_id }) => {
            let first = bytes[0] & 0x0f;
            format!("publish {topic:?} {payload:?} {packet_id:?} {} {}", first & 8 != 0, first & 1 != 0)
        }
        Ok(Incoming::Puback { packet_id }) => format!("puback {packet_id}"),
        Ok(Incoming::Suback { packet_id, accepted }) => format!("suback {packet_id} {accepted}"),
        Ok(Incoming::Unsuback { packet_id }) => format!("unsuback {packet_id}"),
        Ok(Incoming::Pingresp) => "pingresp".into(),
        Err(error) => return Reading::Refused(error),
    })
}

fn theirs(bytes: &[u8]) -> Reading<Fault> {
    use mqttrs::{Packet, QosPid, SubscribeReturnCodes};
    let packet = match panic::catch_unwind(|| mqttrs::decode_slice(bytes)) {
        Err(_) => return Reading::Refused(Fault::Panic),
        Ok(Err(_)) => return Reading::Refused(Fault::Error),
        Ok(Ok(None)) => return Reading::Incomplete,
        Ok(Ok(Some(packet))) => packet,
    };
    Reading::Packet(match packet {
        Packet::Connack(connack) => format!("connack {} {}", connack.session_present, connack.code as u8),
        Packet::Publish(publish) => {
            let packet_id = match publish.qospid {
                QosPid::AtMostOnce => None,
                QosPid::AtLeastOnce(pid) | QosPid::ExactlyOnce(pid) => Some(pid.get()),
            };
            let (topic, payload) = (publish.topic_name.as_bytes(), publish.payload);
            format!("publish {topic:?} {payload:?} {packet_id:?} {} {}", publish.dup, publish.retain)
        }
        Packet::Puback(pid) => format!("puback {}", pid.get()),
        Packet::Suback(suback) => {
            let refused = suback.return_codes.first() == Some(&SubscribeReturnCodes::Failure);
            format!("suback {} {}", suback.pid.get(), !refused)
        }
        Packet::Unsuback(pid) => format!("unsuback {}", pid.get()),
        Packet::Pingresp => "pingresp".into(),
        other => format!("{other:?}"),
    })
}

/// Each difference that there may be. In all of them the packet is refused here; there is none that `mqttrs` refuses and
/// that is taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// `mqttrs` waits for the whole packet before it refuses.
    RefusedFromItsHeaderOn,
    /// A type that only a client sends, or flags of a packet of QoS 2 that are wrong.
    NotForClients,
    /// QoS 2 is never subscribed to, nor granted.
    QosTwo,
    /// Section 3.3.1.1.
    DupAtQosZero,
    /// Section 2.2.3, table 2.4.
    LengthLongerThanItNeeds,
    /// An acknowledgement of more bytes than it has, or a SUBACK of several filters.
    LengthOfAnotherPacket,
    /// `mqttrs` reads on in what follows a packet that is too short.
    ReadBeyondItsEnd,
    /// `mqttrs` panics on a packet that is too short.
    Panic,
    /// Empty, or with a wildcard or a NUL.
    Topic,
    /// Reserved flags of CONNACK, or a kept session beside a refusal.
    ReturnCode,
}

fn difference(bytes: &[u8], ours: &Reading<PeerError>, theirs: &Reading<Fault>) -> Option<Difference> {
    use Difference::*;
    let Reading::Refused(error) = ours else { return None };
    let first = bytes[0];
    Some(match (error, theirs) {
        (_, Reading::Incomplete) => RefusedFromItsHeaderOn,
        (_, Reading::Refused(Fault::Panic)) => Panic,
        (PeerError::Header, _) if matches!(first >> 4, 1 | 5..=8 | 10 | 12 | 14) => NotForClients,
        (PeerError::Qos2, Reading::Packet(_)) if matches!(first >> 4, 3 | 5..=7 | 9) => QosTwo,
        (PeerError::Header, Reading::Packet(_)) if first & 0xfe == 0x38 => DupAtQosZero,
        (PeerError::Length, Reading::Packet(_)) => {
            let end = 1 + bytes.iter().skip(1).position(|byte| byte & 0x80 == 0)?;
            match (first >> 4, bytes[end]) {
                (_, 0) if end > 1 => LengthLongerThanItNeeds,
                (2 | 4 | 9 | 11, length) if length > 2 => LengthOfAnotherPacket,
                (13, 1..) => LengthOfAnotherPacket,
                (2 | 3 | 4 | 9 | 11, _) => ReadBeyondItsEnd,
                _ => return None,
            }
        }
        (PeerError::Topic, Reading::Packet(_)) => Topic,
        (PeerError::ReturnCode, Reading::Packet(_)) => ReturnCode,
        _ => return None,
    })
}

/// Something like a packet, with something like an error in it, and something behind it.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let packet = prop_oneof![
        Just(b"\x20\x02\x00\x00".to_vec()),
        Just(b"\x20\x02\x01\x00".to_vec()),
        Just(b"\x40\x02\x12\x34".to_vec()),
        Just(b"\x90\x03\x00\x05\x01".to_vec()),
        Just(b"\xb0\x02\xff\xff".to_vec()),
        Just(b"\xd0\x00".to_vec()),
        Just(b"\x30\x05\x00\x03a/b".to_vec()),
        Just(b"\x34\x05\x00\x01a\x00\x09".to_vec()),
        Just(b"\x3b\x09\x00\x03\xe4\xba\x91\x00\x07hi".to_vec()),
        Just([b"\x31\x84\x01\x00\x02ab".to_vec(), vec![b'+'; 128]].concat()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"\x00\x01\x02\x03\x7f\x80\x81+#".to_vec())];
    let change = (0_usize..3, any::<prop::sample::Index>(), byte);
    (packet, prop::collection::vec(change, 0..4), prop::collection::vec(any::<u8>(), 0..6)).prop_map(
        |(mut bytes, changes, tail)| {
            for (what, at, byte) in changes {
                let at = at.index(bytes.len() + 1).min(if bytes.len() > 20 { 9 } else { usize::MAX });
                match what {
                    0 if at < bytes.len() => bytes[at] = byte,
                    1 if at < bytes.len() => drop(bytes.remove(at)),
                    _ => bytes.insert(at, byte),
                }
            }
            bytes.extend(tail);
            bytes
        },
    )
}

#[test]
fn whatever_the_two_readers_make_of_a_packet_stands_in_the_list() {
    let usual = panic::take_hook();
    panic::set_hook(std::boxed::Box::new(move |info| {
        // What `mqttrs` says when it panics is of no interest.
        if !info.location().is_some_and(|location| location.file().contains("mqttrs")) {
            usual(info);
        }
    }));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = bytes();
    let (mut seen, mut same) = (Vec::new(), 0);
    for _ in 0..50_000 {
        let bytes = strategy.new_tree(&mut runner).unwrap().current();
        let (ours, theirs) = (ours(&bytes), theirs(&bytes));
        match (&ours, &theirs) {
            (Reading::Packet(a), Reading::Packet(b)) if a == b => same += 1,
            (Reading::Incomplete, Reading::Incomplete) | (Reading::Refused(_), Reading::Refused(Fault::Error)) => {}
            _ => match difference(&bytes, &ours, &theirs) {
                Some(difference) if seen.contains(&difference) => {}
                Some(difference) => seen.push(difference),
                None => panic!("{bytes:02x?}: {ours:?}, but {theirs:?}"),
            },
        }
    }
    assert!(same > 1_000, "{same} packets were read");
    seen.sort();
    use Difference::*;
    let all = [
        RefusedFromItsHeaderOn,
        NotForClients,
        QosTwo,
        DupAtQosZero,
        LengthLongerThanItNeeds,
        LengthOfAnotherPacket,
        ReadBeyondItsEnd,
        Panic,
        Topic,
        ReturnCode,
    ];
    assert_eq!(seen, all, "a difference that is none any more");
}
