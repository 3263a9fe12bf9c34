//! What waits to be sent, and what waits to be acknowledged.
//!
//! One buffer of the caller's, filled in order; each packet is gathered into it from its pieces, once. A QoS 1 PUBLISH
//! stays until its PUBACK, across any number of links; everything else goes when it has been sent, or with the link.

use heapless::Vec;

use super::Qos;
use super::suspects::{self, Sent, Suspects};
use crate::bytes::{close_gap, copy, put};
use crate::time::Instant;

/// QoS 1 messages that may wait for their PUBACK at a time.
pub const WINDOW: usize = 20;
/// Packets of all kinds that may be held at a time.
const RECORDS: usize = WINDOW + 12;
/// Records kept back from the user, so that the session can always acknowledge, answer and ping.
const RECORDS_KEPT_BACK: usize = 6;
/// Bytes kept back from the user for the same reason: an answer to a service (its topic is the longest part), a few
/// acknowledgements, a ping.
pub(crate) const BYTES_KEPT_BACK: usize = 384;
/// Records and bytes kept back even from answers: a PUBACK, a PINGREQ, a DISCONNECT.
const LAST_RECORDS: usize = 3;
const LAST_BYTES: usize = 4 + 2 + 2;

/// Who wants to send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    /// The user, who can be told to wait.
    User,
    /// An answer to the message in use, of a length that the user chooses.
    Answer,
    /// The session itself, which cannot wait.
    Session,
}

/// A packet could not be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// Too many packets wait already.
    Packets,
    /// The packet would fit an empty outbox, but not now.
    Bytes,
    /// The packet is larger than the outbox could ever hold: bytes of buffer that it would take.
    Never { needed: usize },
    /// The server has closed the link again and again behind such packets.
    GivenUp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Gone once sent.
    Once,
    /// A QoS 1 PUBLISH, kept until its PUBACK.
    Kept { packet_id: u16, sent: bool, acknowledged: bool },
    /// Waits for its last bytes before it, and what is behind it, can be sent.
    Streaming,
}

/// What keeps packets from being sent, on a session that is careful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Nothing.
    No,
    /// The server has not yet shown that the session lives.
    ByStart,
    /// It has not yet shown that it accepts the packet before the next one.
    ByPacket,
}

impl Kind {
    fn is_kept(self) -> bool {
        matches!(self, Self::Kept { .. })
    }
}

#[derive(Clone, Copy)]
struct Record {
    start: usize,
    length: usize,
    kind: Kind,
}

#[repr(C)]
pub(crate) struct Outbox<'b> {
    /// Whether packets of the user's go one at a time.
    pub(crate) is_careful: bool,
    pub(crate) held: Held,
    bytes: &'b mut [u8],
    used: usize,
    /// Index of the first record not wholly sent on this link.
    next: usize,
    /// How much of that record has been sent.
    progress: usize,
    /// Where the packet stood that was sent last, and its length; 0 if its bytes are not there any more.
    last: (usize, usize),
    pub(crate) suspects: Suspects,
    records: Vec<Record, RECORDS, u8>,
}

impl<'b> Outbox<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self {
            bytes,
            used: 0,
            records: Vec::new(),
            next: 0,
            progress: 0,
            is_careful: false,
            held: Held::No,
            last: (0, 0),
            suspects: Suspects::new(),
        }
    }

    /// Goes on in another buffer; on failure, the bytes that it would have to have: what is taken for sure to find room
    /// some time must find it there as well.
    pub(crate) fn move_to(&mut self, bytes: &'b mut [u8]) -> Result<(), usize> {
        let needed = self.bytes.len().max(self.used + BYTES_KEPT_BACK);
        if bytes.len() < needed {
            return Err(needed);
        }
        copy(bytes, self.bytes.get(..self.used).unwrap_or_default());
        self.bytes = bytes;
        self.last.1 = 0;
        Ok(())
    }

    /// Bytes of the buffer.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// QoS 1 messages that wait for their PUBACK.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.records.iter().filter(|record| record.kind.is_kept()).count()
    }

    /// Whether nothing waits to be sent.
    pub(crate) fn is_drained(&self) -> bool {
        self.next >= self.records.len()
    }

    /// Whether nothing waits to be sent, and no time is to end the care or a refusal.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.is_drained() && !self.is_careful && !self.suspects.refuse_any()
    }

    /// Whether `packet_id` names a message that waits here.
    pub(crate) fn holds(&self, packet_id: u16) -> bool {
        self.position(packet_id).is_some()
    }

    /// Whether the session has room to answer whatever comes in next, and for the rest of its life after that.
    pub(crate) fn can_answer(&self) -> bool {
        self.bytes.len() - self.used >= BYTES_KEPT_BACK - 64 && self.records.len() + 1 + LAST_RECORDS <= RECORDS
    }

    /// Queues a PUBLISH (MQTT 3.1.1, section 3.3), topic and payload gathered from their pieces.
    pub(crate) fn publish(
        &mut self,
        priority: Priority,
        topic: &[&[u8]],
        payload: &[&[u8]],
        qos: Qos,
        packet_id: u16,
    ) -> Result<(), Full> {
        self.put_publish(priority, topic, payload, qos, packet_id, 0)
    }

    /// Queues a PUBLISH at QoS 0 whose last `missing` bytes are still to be put where [`tail_mut`](Self::tail_mut) says.
    pub(crate) fn begin_publish(&mut self, topic: &[&[u8]], payload: &[&[u8]], missing: usize) -> Result<(), Full> {
        self.put_publish(Priority::User, topic, payload, Qos::AtMostOnce, 0, missing)
    }

    /// Queues a PUBLISH, or, if bytes are `missing`, begins one.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn put_publish(
        &mut self,
        priority: Priority,
        topic: &[&[u8]],
        payload: &[&[u8]],
        qos: Qos,
        packet_id: u16,
        missing: usize,
    ) -> Result<(), Full> {
        self.must_not_be_given_up(Sent::Publish, topic)?;
        let topic_length = gathered(topic);
        let identifier = packet_id.to_be_bytes();
        let (first, kind, identifier): (_, _, &[u8]) = match qos {
            Qos::AtMostOnce if missing > 0 => (0x30, Kind::Streaming, &[]),
            Qos::AtMostOnce => (0x30, Kind::Once, &[]),
            Qos::AtLeastOnce => (0x32, Kind::Kept { packet_id, sent: false, acknowledged: false }, &identifier),
        };
        let body = 2 + topic_length + identifier.len() + gathered(payload) + missing;
        let room = self.room(priority, kind, first, body)?;
        let room = put(room, &(topic_length as u16).to_be_bytes());
        let room = topic.iter().fold(room, |room, piece| put(room, piece));
        let room = put(room, identifier);
        payload.iter().fold(room, |room, piece| put(room, piece));
        Ok(())
    }

    /// The last `count` bytes of the packet that was begun.
    pub(crate) fn tail_mut(&mut self, count: usize) -> Option<&mut [u8]> {
        let record = self.records.iter().find(|record| record.kind == Kind::Streaming)?;
        let end = record.start + record.length;
        self.bytes.get_mut(end.checked_sub(count)?..end)
    }

    /// The packet that was begun is whole, or is not to be sent.
    pub(crate) fn end_publish(&mut self, is_whole: bool) {
        let Some(index) = self.records.iter().position(|record| record.kind == Kind::Streaming) else { return };
        if !is_whole {
            self.remove(index);
        } else if let Some(record) = self.records.get_mut(index) {
            record.kind = Kind::Once;
        }
    }

    /// Queues a SUBSCRIBE at QoS 0 (section 3.8) to a filter in pieces.
    pub(crate) fn subscribe_once(&mut self, packet_id: u16, filter: &[&[u8]]) -> Result<(), Full> {
        self.must_not_be_given_up(Sent::Subscribe, filter)?;
        let length = gathered(filter);
        let room = self.room(Priority::User, Kind::Once, 0x82, 2 + 2 + length + 1)?;
        let room = put(room, &packet_id.to_be_bytes());
        let room = put(room, &(length as u16).to_be_bytes());
        let room = filter.iter().fold(room, |room, piece| put(room, piece));
        put(room, &[0]);
        Ok(())
    }

    /// Queues a packet that is gone once sent: its first byte, and what follows the remaining length.
    pub(crate) fn control(&mut self, priority: Priority, first: u8, body: &[&[u8]]) -> Result<(), Full> {
        let room = self.room(priority, Kind::Once, first, gathered(body))?;
        body.iter().fold(room, |room, piece| put(room, piece));
        Ok(())
    }

    /// Whether such packets are taken.
    pub(crate) fn must_not_be_given_up(&self, kind: Sent, text: &[&[u8]]) -> Result<(), Full> {
        if self.suspects.refuses(kind, text) { Err(Full::GivenUp) } else { Ok(()) }
    }

    /// Queues a packet but for its body, for which it gives the room.
    #[inline]
    fn room(&mut self, priority: Priority, kind: Kind, first: u8, body: usize) -> Result<&mut [u8], Full> {
        let (records_kept_back, bytes_kept_back) = match priority {
            Priority::User => (RECORDS_KEPT_BACK, BYTES_KEPT_BACK),
            Priority::Answer => (LAST_RECORDS, LAST_BYTES),
            Priority::Session => (0, 0),
        };
        let length = 1 + remaining_length_size(body) + body;
        let wanted = length + bytes_kept_back;
        if wanted > self.bytes.len() || body > 0x0fff_ffff {
            return Err(Full::Never { needed: wanted });
        }
        if self.records.len() + records_kept_back >= RECORDS || (kind.is_kept() && self.unacknowledged() >= WINDOW) {
            return Err(Full::Packets);
        }
        let free = self.bytes.get_mut(self.used..).filter(|free| wanted <= free.len()).ok_or(Full::Bytes)?;
        self.records.push(Record { start: self.used, length, kind }).map_err(|_| Full::Packets)?;
        self.used += length;
        self.last.1 = 0;
        Ok(put_header(free, first, body))
    }

    /// The unsent rest of the next packet. One packet is one slice, and the slice does not change until something of
    /// it was [`sent`](Self::sent): TLS stacks that ask for a retry want to see the same bytes again.
    pub(crate) fn peek(&self) -> &[u8] {
        match self.records.get(self.next) {
            Some(Record { kind: Kind::Streaming, .. }) => &[],
            Some(record) if self.held == Held::No => {
                self.bytes.get(record.start + self.progress..record.start + record.length).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// `count` bytes of [`peek`](Self::peek) have been taken by the link. Returns the packet's first byte, or 0 if there
    /// is none.
    pub(crate) fn sent(&mut self, count: usize) -> u8 {
        let Some(&Record { start, length, kind }) = self.records.get(self.next) else { return 0 };
        let first = self.bytes.get(start).copied().unwrap_or_default();
        self.progress = self.progress.saturating_add(count);
        if self.progress < length {
            return first;
        }
        self.progress = 0;
        if self.is_careful && self.must_wait(kind) {
            self.held = Held::ByPacket;
        }
        match self.records.get_mut(self.next).map(|record| &mut record.kind) {
            Some(Kind::Kept { sent, acknowledged: false, .. }) => {
                *sent = true;
                self.next += 1;
            }
            _ if self.held != Held::No => self.next += 1,
            _ => {
                self.remove(self.next);
                // Its bytes stand until another packet is queued.
                self.last = (start, if self.is_drained() { length } else { 0 });
            }
        }
        first
    }

    /// Whether the next packet, now sent, has to wait until the server shows that it accepts it.
    fn must_wait(&self, kind: Kind) -> bool {
        let Some((packet, text)) = suspects::read(self.packet(self.next)) else { return false };
        match kind {
            // What is sent again may be what the link was closed for.
            Kind::Kept { sent: true, acknowledged, .. } => !acknowledged,
            _ => !self.suspects.trusts(suspects::hash(packet, &[text])),
        }
    }

    /// The next packet may go; if `is_shown`, since the server has shown that it accepts the one before.
    pub(crate) fn release(&mut self, is_shown: bool) {
        let is_held = self.held == Held::ByPacket;
        self.held = Held::No;
        let Some(at) = self.next.checked_sub(1).filter(|_| is_held) else { return };
        if let (true, Some((kind, text))) = (is_shown, suspects::read(self.packet(at))) {
            self.suspects.accept(suspects::hash(kind, &[text]));
        }
        if !self.records.get(at).is_some_and(|record| record.kind.is_kept()) {
            self.remove(at);
        }
    }

    /// Whether what is held is nothing that the server acknowledges.
    pub(crate) fn holds_message(&self) -> bool {
        self.packet(self.next.wrapping_sub(1)).first() == Some(&0x30)
    }

    /// Whether packets were sent on this link that wait for something, or one is under way.
    pub(crate) fn is_outstanding(&self) -> bool {
        self.progress > 0 || if self.is_careful { self.held == Held::ByPacket } else { self.next > 0 }
    }

    fn packet(&self, at: usize) -> &[u8] {
        let record = self.records.get(at);
        record.and_then(|record| self.bytes.get(record.start..record.start + record.length)).unwrap_or_default()
    }

    /// Where the packet is that goes out, or the one that was sent last.
    fn last_at(&self) -> usize {
        if self.progress > 0 { self.next } else { self.next.wrapping_sub(1) }
    }

    /// What was sent last, in part or as a whole, as far as that is known: its kind, and its topic or filter.
    pub(crate) fn last(&self) -> Option<(Sent, &[u8])> {
        let (start, length) = self.last;
        let packet = match self.progress == 0 && length > 0 {
            true => self.bytes.get(start..start + length).unwrap_or_default(),
            false => self.packet(self.last_at()),
        };
        suspects::read(packet)
    }

    /// The link was closed, or has broken off, right behind what was sent last, which has this `hash`. If that is given up
    /// now: its identifier, or 0.
    pub(crate) fn strike(&mut self, hash: u32, is_closed: bool, now: Instant) -> Option<u16> {
        let at = self.last_at();
        let packet_id = match self.records.get(at)?.kind {
            Kind::Kept { acknowledged: true, .. } => return None,
            Kind::Kept { packet_id, .. } => packet_id,
            _ => 0,
        };
        if !self.suspects.strike(hash, is_closed, packet_id > 0, now) {
            return None;
        }
        self.remove(at);
        Some(packet_id)
    }

    /// A PUBACK came for `packet_id`; `false` if no such message was ever sent, or it was acknowledged before.
    pub(crate) fn acknowledge(&mut self, packet_id: u16) -> bool {
        let Some(index) = self.position(packet_id) else { return false };
        let under_way = index == self.next && self.progress > 0;
        if index + 1 == self.next {
            self.release(true);
        }
        match self.records.get_mut(index).map(|record| &mut record.kind) {
            Some(Kind::Kept { sent: true, acknowledged, .. }) if !*acknowledged => *acknowledged = true,
            _ => return false,
        }
        if !under_way {
            self.remove(index);
        }
        true
    }

    /// A new link: what was kept is sent again, marked as a duplicate if it went out before (section 3.3.1.1), in the
    /// same order; the rest went with the old link.
    pub(crate) fn rewind(&mut self) {
        self.next = 0;
        self.progress = 0;
        self.held = Held::No;
        let mut index = 0;
        while let Some(record) = self.records.get(index) {
            match record.kind {
                Kind::Kept { sent, acknowledged: false, .. } => {
                    if let (true, Some(first)) = (sent, self.bytes.get_mut(record.start)) {
                        *first |= 0x08;
                    }
                    index += 1;
                }
                _ => self.remove(index),
            }
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.records.clear();
        (self.used, self.next, self.progress, self.last.1) = (0, 0, 0, 0);
        self.is_careful = false;
        self.held = Held::No;
        self.suspects = Suspects::new();
    }

    fn position(&self, wanted: u16) -> Option<usize> {
        self.records
            .iter()
            .position(|record| matches!(record.kind, Kind::Kept { packet_id, .. } if packet_id == wanted))
    }

    /// Takes a record out and closes the gap.
    #[inline]
    fn remove(&mut self, index: usize) {
        let Some(&Record { start, length, .. }) = self.records.get(index) else { return };
        if index < self.next {
            self.next -= 1;
        }
        // Mostly it is the last one, and leaves no gap.
        if start + length < self.used {
            close_gap(self.bytes.get_mut(start..self.used).unwrap_or_default(), length);
            let mut rest = self.records.get_mut(index..).unwrap_or_default();
            while let [record, behind @ ..] = rest {
                if let Some(next) = behind.first() {
                    *record = Record { start: next.start - length, ..*next };
                }
                rest = behind;
            }
        }
        self.used -= length;
        self.records.pop();
    }
}

/// Length of all pieces together.
pub(crate) fn gathered(pieces: &[&[u8]]) -> usize {
    pieces.iter().map(|piece| piece.len()).sum()
}

/// Bytes that the remaining length takes in the fixed header (section 2.2.3).
fn remaining_length_size(remaining: usize) -> usize {
    [1 << 7, 1 << 14, 1 << 21].iter().fold(1, |size, limit| size + usize::from(remaining >= *limit))
}

/// Writes the fixed header (section 2.2) to the front of `room`: first byte and remaining length. Returns what is left of
/// the room.
#[inline]
fn put_header(room: &mut [u8], first: u8, mut remaining: usize) -> &mut [u8] {
    let mut room = put(room, &[first]);
    loop {
        let byte = (remaining & 0x7f) as u8;
        remaining >>= 7;
        if remaining == 0 {
            return put(room, &[byte]);
        }
        room = put(room, &[byte | 0x80]);
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    fn publish(outbox: &mut Outbox, payload: &[u8], packet_id: u16) -> Result<(), Full> {
        let qos = if packet_id == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce };
        outbox.publish(Priority::User, &[b"t"], &[payload], qos, packet_id)
    }

    /// Sends all that waits, in chunks of `chunk` bytes, and returns the packets.
    fn drain(outbox: &mut Outbox, chunk: usize) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        while !outbox.is_drained() {
            let mut packet = Vec::new();
            let whole = outbox.peek().len();
            while packet.len() < whole {
                let piece: Vec<u8> = outbox.peek().iter().take(chunk).copied().collect();
                outbox.sent(piece.len());
                packet.extend(piece);
            }
            packets.push(packet);
        }
        packets
    }

    #[test]
    fn packets_are_what_another_codec_reads() {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        let long = [b'x'; 300];
        outbox.publish(Priority::User, &[b"/a/", b"b"], &[b"he", b"llo"], Qos::AtMostOnce, 0).unwrap();
        outbox.publish(Priority::User, &[b"/a"], &[&long], Qos::AtLeastOnce, 7).unwrap();
        let packets = drain(&mut outbox, 1000);
        for (packet, topic, payload) in [(&packets[0], "/a/b", &b"hello"[..]), (&packets[1], "/a", &long)] {
            match mqttrs::decode_slice(packet) {
                Ok(Some(mqttrs::Packet::Publish(publish))) => {
                    assert_eq!((publish.topic_name, publish.payload), (topic, payload));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn kept_messages_go_again_in_order_with_dup() {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        publish(&mut outbox, b"one", 1).unwrap();
        publish(&mut outbox, b"zero", 0).unwrap();
        publish(&mut outbox, b"two", 2).unwrap();
        assert_eq!(drain(&mut outbox, 3).len(), 3);
        publish(&mut outbox, b"three", 3).unwrap();
        publish(&mut outbox, b"lost", 0).unwrap();
        assert!(outbox.acknowledge(1));
        outbox.rewind();
        let again = drain(&mut outbox, 1);
        assert_eq!(again.len(), 2);
        assert!(again[0].ends_with(b"two") && again[0][0] == 0x3a, "sent before: DUP");
        assert!(again[1].ends_with(b"three") && again[1][0] == 0x32, "never sent: no DUP");
        assert!(outbox.acknowledge(3) && outbox.acknowledge(2) && !outbox.acknowledge(2));
        assert_eq!((outbox.used, outbox.records.len(), outbox.next), (0, 0, 0));
    }

    #[test]
    fn an_acknowledgement_in_the_middle_of_a_resend_waits_for_its_end() {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        publish(&mut outbox, b"one", 1).unwrap();
        drain(&mut outbox, 100);
        outbox.rewind();
        outbox.sent(2);
        assert!(outbox.acknowledge(1));
        assert_eq!(drain(&mut outbox, 100).len(), 1);
        assert!(outbox.records.is_empty());
    }

    #[test]
    fn a_message_never_sent_cannot_be_acknowledged() {
        let mut bytes = [0; 1024];
        let mut outbox = Outbox::new(&mut bytes);
        publish(&mut outbox, b"one", 1).unwrap();
        assert!(!outbox.acknowledge(1));
        assert_eq!(outbox.unacknowledged(), 1);
    }

    #[test]
    fn limits_tell_which() {
        let mut bytes = [0; BYTES_KEPT_BACK + 700];
        let mut outbox = Outbox::new(&mut bytes);
        assert_eq!(publish(&mut outbox, &[0; 800], 1), Err(Full::Never { needed: BYTES_KEPT_BACK + 808 }));
        publish(&mut outbox, &[0; 500], 1).unwrap();
        assert_eq!(publish(&mut outbox, &[0; 500], 2), Err(Full::Bytes));
        for packet_id in 2..=WINDOW as u16 {
            publish(&mut outbox, b"", packet_id).unwrap();
        }
        assert_eq!(publish(&mut outbox, b"", 99), Err(Full::Packets));
        assert!(outbox.can_answer(), "the session's own room is left");
        outbox.control(Priority::Session, 0xc0, &[]).unwrap();
    }
}
