//! MQTT packets, and a strict reading of what the device sends.

use mqttbytes::QoS;
pub(crate) use mqttbytes::v4::Packet;
use mqttbytes::v4::{
    ConnAck, ConnectReturnCode, PubAck, Publish, SubAck, Subscribe, SubscribeFilter, SubscribeReasonCode, UnsubAck,
    Unsubscribe,
};

pub(crate) const ACCEPTED: u8 = 0;

pub(crate) fn connack(code: u8, session_present: bool) -> Packet {
    let code = match code {
        0 => ConnectReturnCode::Success,
        1 => ConnectReturnCode::RefusedProtocolVersion,
        2 => ConnectReturnCode::BadClientId,
        3 => ConnectReturnCode::ServiceUnavailable,
        4 => ConnectReturnCode::BadUserNamePassword,
        _ => ConnectReturnCode::NotAuthorized,
    };
    Packet::ConnAck(ConnAck::new(code, session_present))
}

pub(crate) fn qos0(topic: &str, payload: &[u8]) -> Packet {
    Packet::Publish(Publish::new(topic, QoS::AtMostOnce, payload))
}

pub(crate) fn qos1(packet_id: u16, topic: &str, payload: &[u8]) -> Packet {
    let mut publish = Publish::new(topic, QoS::AtLeastOnce, payload);
    publish.pkid = packet_id;
    Packet::Publish(publish)
}

pub(crate) fn qos2(packet_id: u16, topic: &str, payload: &[u8]) -> Packet {
    let mut publish = Publish::new(topic, QoS::ExactlyOnce, payload);
    publish.pkid = packet_id;
    Packet::Publish(publish)
}

/// The same message, marked as a duplicate.
pub(crate) fn dup(packet: Packet) -> Packet {
    let Packet::Publish(mut publish) = packet else { panic!("only a PUBLISH may be a duplicate") };
    publish.dup = true;
    Packet::Publish(publish)
}

/// The same message, kept by the server.
pub(crate) fn retained(packet: Packet) -> Packet {
    let Packet::Publish(mut publish) = packet else { panic!("only a PUBLISH may be retained") };
    publish.retain = true;
    Packet::Publish(publish)
}

pub(crate) fn puback(packet_id: u16) -> Packet {
    Packet::PubAck(PubAck::new(packet_id))
}

pub(crate) fn subscribe(packet_id: u16, filter: &str, qos: u8) -> Packet {
    let filter = SubscribeFilter { path: filter.into(), qos: mqttbytes::qos(qos).unwrap() };
    let mut subscribe = Subscribe::new_many([filter]);
    subscribe.pkid = packet_id;
    Packet::Subscribe(subscribe)
}

/// The answer to a SUBSCRIBE: the QoS granted, or `None` for a refusal.
pub(crate) fn suback(packet_id: u16, granted: Option<u8>) -> Packet {
    let code = match granted {
        Some(qos) => SubscribeReasonCode::Success(mqttbytes::qos(qos).unwrap()),
        None => SubscribeReasonCode::Failure,
    };
    Packet::SubAck(SubAck::new(packet_id, vec![code]))
}

pub(crate) fn unsubscribe(packet_id: u16, filter: &str) -> Packet {
    let mut unsubscribe = Unsubscribe::new(filter);
    unsubscribe.pkid = packet_id;
    Packet::Unsubscribe(unsubscribe)
}

pub(crate) fn unsuback(packet_id: u16) -> Packet {
    Packet::UnsubAck(UnsubAck::new(packet_id))
}

/// The packet identifier of a SUBSCRIBE, an UNSUBSCRIBE or a PUBLISH.
pub(crate) fn packet_id(packet: &Packet) -> u16 {
    match packet {
        Packet::Subscribe(subscribe) => subscribe.pkid,
        Packet::Unsubscribe(unsubscribe) => unsubscribe.pkid,
        Packet::Publish(publish) => publish.pkid,
        other => panic!("{other:?} has none to tell"),
    }
}

pub(crate) fn encode(packet: &Packet) -> Vec<u8> {
    let mut bytes = bytes::BytesMut::new();
    let written = match packet {
        Packet::Connect(packet) => packet.write(&mut bytes),
        Packet::ConnAck(packet) => packet.write(&mut bytes),
        Packet::Publish(packet) => packet.write(&mut bytes),
        Packet::PubAck(packet) => packet.write(&mut bytes),
        Packet::Subscribe(packet) => packet.write(&mut bytes),
        Packet::SubAck(packet) => packet.write(&mut bytes),
        Packet::Unsubscribe(packet) => packet.write(&mut bytes),
        Packet::UnsubAck(packet) => packet.write(&mut bytes),
        Packet::PingReq => mqttbytes::v4::PingReq.write(&mut bytes),
        Packet::PingResp => mqttbytes::v4::PingResp.write(&mut bytes),
        Packet::Disconnect => mqttbytes::v4::Disconnect.write(&mut bytes),
        other => panic!("neither side sends {other:?}"),
    };
    written.unwrap();
    bytes.to_vec()
}

/// Takes the first packet out of `bytes`, if it is there as a whole.
#[track_caller]
pub(crate) fn split(bytes: &mut Vec<u8>) -> Option<Packet> {
    match mqttbytes::check(bytes.iter(), 1 << 20) {
        Ok(header) => Some(decode(&bytes.drain(..header.frame_length()).collect::<Vec<u8>>())),
        Err(mqttbytes::Error::InsufficientBytes(_)) => None,
        Err(error) => panic!("{error:?}: {bytes:02x?}"),
    }
}

/// Reads exactly one packet, and is as strict as can be: written again it must be the same bytes, so no reserved flag
/// is set and no length is off.
#[track_caller]
pub(crate) fn decode(bytes: &[u8]) -> Packet {
    let mut stream = bytes::BytesMut::from(bytes);
    let packet = mqttbytes::v4::read(&mut stream, 1 << 20).unwrap_or_else(|error| panic!("{error:?}: {bytes:02x?}"));
    assert!(stream.is_empty(), "more than one packet: {bytes:02x?}");
    assert_eq!(encode(&packet), bytes, "{packet:?}");
    packet
}
