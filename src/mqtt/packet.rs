//! The edge of the MQTT 3.1.1 codec: what a server may send, checked before `mqttrs` reads it.
//!
//! `mqttrs` decodes what is well formed, but reads past short packets (a panic) and lets flags and lengths through that
//! MQTT 3.1.1 forbids; so [`frame`] and [`decode`] admit only packets whose type, flags and lengths are right. Outgoing
//! packets are gathered straight into the outbox (see [`super::outbox`]): `mqttrs` would want each payload in one
//! piece, each topic filter in a 256-byte array on the stack, and copies byte by byte.

use mqttrs::{ConnectReturnCode, Packet, QosPid, SubscribeReturnCodes, decode_slice};

/// Quality of service of a message (MQTT 3.1.1, section 4.3). The platforms here refuse QoS 2, so there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qos {
    /// QoS 0.
    #[default]
    AtMostOnce,
    /// QoS 1.
    AtLeastOnce,
}

/// Why the server's bytes were not MQTT 3.1.1. The link is dropped (section 4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum PeerError {
    /// A packet type that a server never sends, or reserved flag bits set (section 2.2).
    Header = 0,
    /// A remaining length of over four bytes, or one that does not fit the packet (sections 2.2.3, 3.x).
    Length = 1,
    /// A topic name that is empty, not UTF-8, or has a wildcard or a NUL (sections 1.5.3, 4.7.3).
    Topic = 2,
    /// A packet identifier of 0 (section 2.3.1), or an acknowledgement of a packet that was never sent.
    PacketIdentifier = 3,
    /// A CONNACK with reserved bits or an unknown return code (section 3.2.2).
    Connack = 4,
    /// A packet before CONNACK, or a second CONNACK (section 3.2).
    Order = 5,
    /// No PINGRESP within half a keepalive (section 3.1.2.10): the link is dead.
    Silence = 6,
}

/// A packet that a server may send, well formed.
pub(super) enum Incoming<'a> {
    Connack { session_present: bool, code: ConnectReturnCode },
    Publish { topic: &'a str, payload: &'a [u8], packet_id: Option<u16> },
    Puback { packet_id: u16 },
    Suback { packet_id: u16, accepted: bool },
    Unsuback { packet_id: u16 },
    Pingresp,
}

/// The size of the first packet in `bytes`, once its fixed header is there.
pub(super) fn frame(bytes: &[u8]) -> Result<Option<usize>, PeerError> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    // CONNACK, PUBACK, SUBACK, UNSUBACK, PINGRESP; PUBLISH with QoS 0 or 1, and DUP only with QoS 1 (section 3.3.1).
    if !matches!(first, 0x20 | 0x40 | 0x90 | 0xb0 | 0xd0 | 0x30..=0x33 | 0x3a | 0x3b) {
        return Err(PeerError::Header);
    }
    let mut length = 0;
    for (position, &byte) in rest.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            let fits = match first {
                0x20 | 0x40 | 0xb0 => length == 2,
                0x90 => length == 3,
                0xd0 => length == 0,
                _ => length >= 3,
            };
            return if fits { Ok(Some(2 + position + length)) } else { Err(PeerError::Length) };
        }
    }
    if rest.len() < 4 { Ok(None) } else { Err(PeerError::Length) }
}

/// Reads one whole packet, whose size [`frame`] told.
pub(super) fn decode(packet: &[u8]) -> Result<Incoming<'_>, PeerError> {
    if packet.first().is_some_and(|first| first >> 4 == 3) {
        identifier(packet)?;
    }
    match decode_slice(packet) {
        Ok(Some(Packet::Publish(publish))) => {
            let topic = publish.topic_name;
            if topic.is_empty() || topic.bytes().any(|byte| matches!(byte, 0 | b'+' | b'#')) {
                return Err(PeerError::Topic);
            }
            let packet_id = match publish.qospid {
                QosPid::AtMostOnce => None,
                QosPid::AtLeastOnce(pid) | QosPid::ExactlyOnce(pid) => Some(pid.get()),
            };
            Ok(Incoming::Publish { topic, payload: publish.payload, packet_id })
        }
        Ok(Some(Packet::Connack(connack))) => {
            // Bit 0 tells of a kept session, the others are reserved (section 3.2.2.1).
            if packet.get(2).is_none_or(|flags| *flags > 1) {
                return Err(PeerError::Connack);
            }
            Ok(Incoming::Connack { session_present: connack.session_present, code: connack.code })
        }
        Ok(Some(Packet::Puback(pid))) => Ok(Incoming::Puback { packet_id: pid.get() }),
        Ok(Some(Packet::Suback(suback))) => Ok(Incoming::Suback {
            packet_id: suback.pid.get(),
            accepted: matches!(suback.return_codes.first(), Some(SubscribeReturnCodes::Success(_))),
        }),
        Ok(Some(Packet::Unsuback(pid))) => Ok(Incoming::Unsuback { packet_id: pid.get() }),
        Ok(Some(Packet::Pingresp)) => Ok(Incoming::Pingresp),
        Ok(_) => Err(PeerError::Header),
        Err(mqttrs::Error::InvalidPid) => Err(PeerError::PacketIdentifier),
        Err(mqttrs::Error::InvalidConnectReturnCode(_)) => Err(PeerError::Connack),
        Err(mqttrs::Error::InvalidString(_)) => Err(PeerError::Topic),
        Err(_) => Err(PeerError::Length),
    }
}

/// The packet identifier of the PUBLISH that starts with `head`, which holds its topic at least; `None` at QoS 0.
pub(super) fn identifier(head: &[u8]) -> Result<Option<u16>, PeerError> {
    let header = 2 + head.iter().skip(1).take(3).take_while(|byte| **byte & 0x80 != 0).count();
    let Some([high, low, rest @ ..]) = head.get(header..) else { return Err(PeerError::Length) };
    let topic = usize::from(u16::from_be_bytes([*high, *low]));
    if head.first().is_some_and(|first| first & 0b0110 == 0) {
        return if rest.len() < topic { Err(PeerError::Length) } else { Ok(None) };
    }
    match rest.get(topic..) {
        Some([0, 0, ..]) => Err(PeerError::PacketIdentifier),
        Some([high, low, ..]) => Ok(Some(u16::from_be_bytes([*high, *low]))),
        _ => Err(PeerError::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(packet: &[u8]) -> Result<(), PeerError> {
        let size = frame(packet)?.expect("a whole header");
        assert_eq!(size, packet.len());
        decode(packet).map(|_| ())
    }

    #[test]
    fn well_formed_packets_pass() {
        for packet in [
            &[0x20, 2, 1, 0][..],
            &[0x20, 2, 0, 5],
            &[0x30, 3, 0, 1, b'a'],
            &[0x3b, 6, 0, 1, b'a', 0, 1, b'!'],
            &[0x40, 2, 0, 1],
            &[0x90, 3, 0, 1, 0x80],
            &[0xb0, 2, 0xff, 0xff],
            &[0xd0, 0],
        ] {
            assert_eq!(read(packet), Ok(()), "{packet:02x?}");
        }
    }

    #[test]
    fn what_a_server_may_not_send_is_named() {
        use PeerError::*;
        for (packet, error) in [
            (&[0x10, 0][..], Header),               // CONNECT
            (&[0x34, 5, 0, 1, b'a', 0, 1], Header), // QoS 2
            (&[0x38, 3, 0, 1, b'a'], Header),       // DUP with QoS 0
            (&[0x41, 2, 0, 1], Header),             // reserved flags
            (b"HTTP/1.1", Header),
            (&[0x20, 3, 0, 0, 0], Length),
            (&[0x30, 3, 0, 2, b'a'], Length),
            (&[0x32, 3, 0, 1, b'a'], Length), // no room for the packet identifier
            (&[0x30, 0x80, 0x80, 0x80, 0x80, 1], Length),
            (&[0x30, 3, 0, 1, b'#'], Topic),
            (&[0x30, 3, 0, 1, 0xff], Topic),
            (&[0x30, 3, 0, 0, b'a'], Topic),
            (&[0x32, 5, 0, 1, b'a', 0, 0], PacketIdentifier),
            (&[0x40, 2, 0, 0], PacketIdentifier),
            (&[0x20, 2, 2, 0], Connack),
            (&[0x20, 2, 0, 6], Connack),
        ] {
            assert_eq!(read(packet), Err(error), "{packet:02x?}");
        }
    }

    #[test]
    fn a_header_in_pieces_is_waited_for() {
        assert_eq!(frame(&[]), Ok(None));
        assert_eq!(frame(&[0x30]), Ok(None));
        assert_eq!(frame(&[0x30, 0x80, 0x80]), Ok(None));
        assert_eq!(frame(&[0x30, 0x80, 0x80, 1]), Ok(Some(4 + 16_384)));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            if let Ok(Some(size)) = frame(&bytes) {
                if let Some(packet) = bytes.get(..size) {
                    let _ = decode(packet);
                }
            }
        }
    }
}
