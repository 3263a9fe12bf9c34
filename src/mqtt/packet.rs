//! What a server may send under MQTT 3.1.1, read from its bytes.
//!
//! A client is sent six kinds of packet, all but PUBLISH of a fixed size. [`frame`] admits only those whose type, flags
//! and length are right, so that [`decode`] has little left to say no to. Outgoing packets are gathered straight into the
//! outbox, see [`super::outbox`].
//!
//! The codec `mqttrs` is not used here but in the tests, as an independent reader and writer: its decoder reads past
//! short packets (a panic), takes flags and lengths that the standard forbids, and holds 1.3 kB of stack for each packet;
//! its encoder copies byte by byte from payloads in one piece.

use crate::text::find_not_utf8;

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
    /// A remaining length of over four bytes or of more than it needs (section 2.2.3, table 2.4), or one that does not
    /// fit the packet (sections 3.x).
    Length = 1,
    /// A topic name that is empty, not UTF-8, or has a wildcard or a NUL (sections 1.5.3, 4.7.3).
    Topic = 2,
    /// An acknowledgement of the packet identifier 0, which no packet has (section 2.3.1).
    PacketIdentifier = 3,
    /// A CONNACK or SUBACK with reserved bits, an unknown return code, or a kept session where there can be none
    /// (sections 3.2.2, 3.9.3).
    ReturnCode = 4,
    /// A packet before CONNACK, or a second CONNACK (section 3.2).
    Order = 5,
    /// No PINGRESP within half a keepalive (section 3.1.2.10): the link is dead.
    Silence = 6,
    /// A packet that only QoS 2 has, or a subscription granted at QoS 2: neither was asked for (sections 3.8.4, 4.3.3).
    Qos2 = 9,
    /// A PUBLISH with the packet identifier 0 (section 2.3.1).
    MessageIdentifier = 10,
}

/// A packet that a server may send, well formed.
pub(super) enum Incoming<'a> {
    Connack { session_present: bool, code: u8 },
    Publish { topic: &'a [u8], payload: &'a [u8], packet_id: Option<u16> },
    Puback { packet_id: u16 },
    Suback { packet_id: u16, accepted: bool },
    Unsuback { packet_id: u16 },
    Pingresp,
}

/// The first byte of a CONNACK, and so of all that a server sends (section 3.2).
pub(super) const CONNACK: u8 = 0x20;

/// The size of the first packet in `bytes`, once its fixed header is there.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(super) fn frame(bytes: &[u8]) -> Result<Option<usize>, PeerError> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    let fixed = match first {
        // PUBLISH with QoS 0 or 1, and DUP only with QoS 1 (section 3.3.1).
        0x30..=0x33 | 0x3a | 0x3b => None,
        // CONNACK, PUBACK, UNSUBACK; SUBACK; PINGRESP.
        CONNACK | 0x40 | 0xb0 => Some(2),
        0x90 => Some(3),
        0xd0 => Some(0),
        // PUBLISH with QoS 2, PUBREC, PUBREL, PUBCOMP.
        0x34 | 0x35 | 0x3c | 0x3d | 0x50 | 0x62 | 0x70 => return Err(PeerError::Qos2),
        _ => return Err(PeerError::Header),
    };
    let mut length = 0;
    for (position, &byte) in rest.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            let fits = fixed.map_or(length >= 3, |fixed| length == fixed);
            return if fits && (byte != 0 || position == 0) {
                Ok(Some(2 + position + length))
            } else {
                Err(PeerError::Length)
            };
        }
    }
    if rest.len() < 4 { Ok(None) } else { Err(PeerError::Length) }
}

/// Reads one whole packet, whose size [`frame`] told.
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(super) fn decode(packet: &[u8]) -> Result<Incoming<'_>, PeerError> {
    match *packet {
        [0x30..=0x3f, ..] => publish(packet),
        [0x20, _, flags, code] => {
            // Bit 0 tells of a kept session, which a refusal has not; the others are reserved (section 3.2.2).
            if flags > 1 || code > 5 || flags != 0 && code != 0 {
                return Err(PeerError::ReturnCode);
            }
            Ok(Incoming::Connack { session_present: flags == 1, code })
        }
        [0x40, _, high, low] => Ok(Incoming::Puback { packet_id: packet_identifier(high, low)? }),
        [0xb0, _, high, low] => Ok(Incoming::Unsuback { packet_id: packet_identifier(high, low)? }),
        [0x90, _, high, low, code] => match code {
            0..=1 | 0x80 => Ok(Incoming::Suback { packet_id: packet_identifier(high, low)?, accepted: code != 0x80 }),
            2 => Err(PeerError::Qos2),
            _ => Err(PeerError::ReturnCode),
        },
        _ => Ok(Incoming::Pingresp),
    }
}

/// Reads a PUBLISH (section 3.3).
#[cfg_attr(not(target_os = "none"), inline(always))]
fn publish(packet: &[u8]) -> Result<Incoming<'_>, PeerError> {
    let (topic, rest) = topic(packet)?;
    if !is_topic_name(topic) {
        return Err(PeerError::Topic);
    }
    match (is_qos1(packet), rest) {
        (false, payload) => Ok(Incoming::Publish { topic, payload, packet_id: None }),
        (true, [high, low, payload @ ..]) => {
            Ok(Incoming::Publish { topic, payload, packet_id: Some(message_identifier(*high, *low)?) })
        }
        (true, _) => Err(PeerError::Length),
    }
}

/// Whether `name` may name a topic: a text without wildcards and NUL (sections 1.5.3, 4.7.1, 4.7.3).
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn is_topic_name(name: &[u8]) -> bool {
    !cfg!(target_os = "none") && is_plain(name) || is_name(name)
}

/// Whether a name of 16 to 64 bytes has ASCII only, and neither a wildcard nor a NUL: computers have instructions for so
/// many bytes at a time.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn is_plain(name: &[u8]) -> bool {
    match name.len() {
        16..32 => are_both_ends_plain::<16>(name),
        32..=64 => are_both_ends_plain::<32>(name),
        _ => false,
    }
}

/// The same of the first and the last `N` bytes, which may overlap.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn are_both_ends_plain<const N: usize>(name: &[u8]) -> bool {
    // `+` and `#` differ in the bit 8 only; what is not ASCII is negative.
    let is_wrong = |byte: u8| u8::from((byte as i8) < 1) | u8::from(byte | 8 == b'+');
    let (Some(first), Some(last)) = (name.first_chunk::<N>(), name.last_chunk::<N>()) else { return false };
    let mut marks = [0; N];
    for (mark, (a, b)) in marks.iter_mut().zip(first.iter().zip(last)) {
        *mark = is_wrong(*a) | is_wrong(*b);
    }
    marks == [0; N]
}

#[cfg_attr(not(target_os = "none"), inline(never))]
fn is_name(name: &[u8]) -> bool {
    // As good as all are ASCII, and seen to be so in a few instructions a word; the last word may overlap the one before.
    if let Some(last) = name.last_chunk::<WORD>() {
        let mut words = name.chunks_exact(WORD).map(|word| word.try_into().unwrap_or_default());
        if suspicious(*last) == 0 && words.all(|word| suspicious(word) == 0) {
            return true;
        }
    }
    let is_forbidden = |byte: &u8| matches!(byte, 0 | b'+' | b'#');
    !name.is_empty() && !name.iter().any(is_forbidden) && find_not_utf8(name).is_none()
}

const WORD: usize = size_of::<usize>();

/// 0 if a word has bytes of ASCII only, and neither a wildcard nor a NUL.
fn suspicious(word: [u8; WORD]) -> usize {
    const ONES: usize = usize::MAX / 0xff;
    let word = usize::from_ne_bytes(word);
    // `+` and `#` differ in the bit 8 only: both are 0 here.
    let wildcards = (word | (0x08 * ONES)) ^ (0x2b * ONES);
    // Taking one from each byte sets the highest bit of those that are 0.
    (word | word.wrapping_sub(ONES) | wildcards.wrapping_sub(ONES)) & (0x80 * ONES)
}

/// The packet identifier of the PUBLISH that starts with `head`, which holds its topic at least; `None` at QoS 0.
pub(super) fn identifier(head: &[u8]) -> Result<Option<u16>, PeerError> {
    match (is_qos1(head), topic(head)?.1) {
        (false, _) => Ok(None),
        (true, [high, low, ..]) => message_identifier(*high, *low).map(Some),
        (true, _) => Err(PeerError::Length),
    }
}

/// Whether the PUBLISH that starts with `head` is on the topic of these two pieces, as far as `head` goes.
pub(super) fn is_on(head: &[u8], [first, second]: [&[u8]; 2]) -> bool {
    let Some([high, low, rest @ ..]) = head.get(header(head)..) else { return false };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let seen = rest.get(..length).unwrap_or(rest);
    let (before, behind) = seen.split_at_checked(first.len()).unwrap_or((seen, b""));
    length == first.len() + second.len() && first.starts_with(before) && second.starts_with(behind)
}

/// The size of the fixed header, as far as it is here.
fn header(packet: &[u8]) -> usize {
    match *packet {
        [] | [_] => packet.len(),
        [_, last, ..] if last < 0x80 => 2,
        [_, _, last, ..] if last < 0x80 => 3,
        [_, _, _, last, ..] if last < 0x80 => 4,
        _ => 5,
    }
}

fn is_qos1(packet: &[u8]) -> bool {
    packet.first().is_some_and(|first| first & 0b0010 != 0)
}

fn packet_identifier(high: u8, low: u8) -> Result<u16, PeerError> {
    match u16::from_be_bytes([high, low]) {
        0 => Err(PeerError::PacketIdentifier),
        identifier => Ok(identifier),
    }
}

fn message_identifier(high: u8, low: u8) -> Result<u16, PeerError> {
    packet_identifier(high, low).map_err(|_| PeerError::MessageIdentifier)
}

/// The topic name of a PUBLISH, and what follows it.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn topic(packet: &[u8]) -> Result<(&[u8], &[u8]), PeerError> {
    match packet.get(header(packet)..) {
        Some([high, low, rest @ ..]) => {
            rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low]))).ok_or(PeerError::Length)
        }
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
    fn acknowledgements_of_another_codec_are_read() {
        let pid = mqttrs::Pid::try_from(0x1234).unwrap();
        let mut bytes = [0; 8];
        for (packet, is) in [
            (mqttrs::Packet::Puback(pid), 0x40),
            (mqttrs::Packet::Unsuback(pid), 0xb0),
            (mqttrs::Packet::Pingresp, 0xd0),
        ] {
            let size = mqttrs::encode_slice(&packet, &mut bytes).unwrap();
            assert_eq!((bytes[0], read(&bytes[..size])), (is, Ok(())));
        }
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
            (&[0x10, 0][..], Header), // CONNECT
            (&[0x34, 5, 0, 1, b'a', 0, 1], Qos2),
            (&[0x62, 2, 0, 1], Qos2),
            (&[0x90, 3, 0, 1, 2], Qos2),
            (&[0x38, 3, 0, 1, b'a'], Header), // DUP with QoS 0
            (&[0x41, 2, 0, 1], Header),       // reserved flags
            (b"HTTP/1.1", Header),
            (&[0x20, 3, 0, 0, 0], Length),
            (&[0x30, 3, 0, 2, b'a'], Length),
            (&[0x32, 3, 0, 1, b'a'], Length), // no room for the packet identifier
            (&[0x30, 0x80, 0x80, 0x80, 0x80, 1], Length),
            (&[0x30, 3, 0, 1, b'#'], Topic),
            (&[0x30, 3, 0, 1, 0xff], Topic),
            (&[0x30, 3, 0, 0, b'a'], Topic),
            (&[0x32, 5, 0, 1, b'a', 0, 0], MessageIdentifier),
            (&[0x40, 2, 0, 0], PacketIdentifier),
            (&[0x20, 2, 2, 0], ReturnCode),
            (&[0x20, 2, 0, 6], ReturnCode),
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
        fn a_topic_name_has_no_wildcard_at_any_place(name in "[a-z/中]{1,40}", at in 0..40_usize, wrong in "[+#\\x00]") {
            proptest::prop_assert!(is_topic_name(name.as_bytes()));
            let at = (0..=name.len()).filter(|at| name.is_char_boundary(*at)).cycle().nth(at).unwrap();
            let bad = std::format!("{}{wrong}{}", &name[..at], &name[at..]);
            proptest::prop_assert!(!is_topic_name(bad.as_bytes()));
        }

        #[test]
        fn what_another_codec_writes_is_read(
            topic_name in "[^+#\\x00]{1,40}",
            payload in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
            packet_id: Option<core::num::NonZeroU16>,
            retain: bool,
        ) {
            let qospid = match packet_id {
                Some(id) => mqttrs::QosPid::AtLeastOnce(mqttrs::Pid::try_from(id.get()).unwrap()),
                None => mqttrs::QosPid::AtMostOnce,
            };
            let publish =
                mqttrs::Publish { dup: false, qospid, retain, topic_name: &topic_name, payload: &payload };
            let mut bytes = [0; 600];
            let size = mqttrs::encode_slice(&publish.into(), &mut bytes).unwrap();
            proptest::prop_assert_eq!(frame(&bytes), Ok(Some(size)));
            let Ok(Incoming::Publish { topic, payload: read, packet_id: id }) = decode(&bytes[..size]) else { panic!() };
            proptest::prop_assert_eq!((topic, read, id), (topic_name.as_bytes(), &*payload, packet_id.map(|id| id.get())));
        }

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
