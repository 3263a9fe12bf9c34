//! What waits to be sent, and what waits to be acknowledged.
//!
//! One buffer of the caller's, filled in order; each packet is gathered into it from its pieces, once. A QoS 1 PUBLISH
//! stays until its PUBACK, across any number of links; everything else goes when it has been sent, or with the link.

use super::Qos;
use super::suspects::{self, Sent, Suspects};
use crate::bytes::{close_gap, copy, put};
use crate::time::Instant;

/// QoS 1 messages that may wait for their PUBACK at a time.
pub const WINDOW: usize = 20;
/// Packets of all kinds that may be held at a time.
const RECORDS: u8 = WINDOW as u8 + 12;
/// Records kept back from the user, so that the session can always acknowledge, answer and ping.
const RECORDS_KEPT_BACK: u8 = 6;
/// Bytes kept back from the user for the same reason: an answer to a service (its topic is the longest part), a few
/// acknowledgements, a ping.
pub(crate) const BYTES_KEPT_BACK: usize = 384;
/// What has to be free of it before a message is handed out, which may want an answer.
const ANSWER_BYTES: usize = BYTES_KEPT_BACK - 64;
/// Records and bytes kept back even from answers: a PUBACK, a PINGREQ, a DISCONNECT.
const LAST_RECORDS: u8 = 3;
const LAST_BYTES: usize = 4 + 2 + 2;
/// The longest packet behind its fixed header (section 2.2.3).
const BODY_MAX: usize = 0x0fff_ffff;

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

/// Where a packet stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is removed. Its bytes are free as soon as a packet needs them.
    Gone,
    /// It is removed when it is sent.
    Once,
    /// A QoS 1 PUBLISH that was never sent.
    New,
    /// A QoS 1 PUBLISH that was sent, on this link or an earlier one.
    Sent,
    /// A QoS 1 PUBLISH whose PUBACK came before the port had sent it again.
    Acknowledged,
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

impl State {
    /// Whether the packet is kept until its PUBACK.
    fn is_kept(self) -> bool {
        matches!(self, Self::New | Self::Sent | Self::Acknowledged)
    }
}

/// A packet. It starts where the one before it ends.
#[derive(Clone, Copy)]
struct Record {
    length: u32,
    /// 0 if the server acknowledges nothing.
    packet_id: u16,
    state: State,
}

// The ring's indices wrap at 256.
const _: () = assert!(256 % RECORDS as usize == 0);

const NO_RECORD: Record = Record { length: 0, packet_id: 0, state: State::Gone };

/// Packets lie one behind another in `bytes`, so that a run of them is one write. A packet stays where it is until
/// [`compact`](Self::compact) needs the bytes of the removed ones.
#[repr(C)]
pub(crate) struct Outbox<'b> {
    /// Whether packets of the user's go one at a time.
    pub(crate) is_careful: bool,
    pub(crate) held: Held,
    /// Whether the port has bytes from [`offer`](Self::offer). It may write them while another thread publishes, so a publish
    /// moves nothing then.
    is_offered: bool,
    /// Packets that are not removed.
    count: u8,
    /// Those that wait for their PUBACK.
    kept: u8,
    /// The first record, the first one that is not wholly sent on this link, and the end of the records: indices of the
    /// ring, modulo 256.
    head: u8,
    next: u8,
    tail: u8,
    bytes: &'b mut [u8],
    /// Where the last packet ends.
    used: usize,
    /// Where the next packet starts.
    at: usize,
    /// Bytes of that packet that were sent.
    progress: usize,
    /// Where the bytes end that may be sent: at the packet that waits for its last bytes, or at `used`.
    ready: usize,
    /// Bytes of packets that are not removed.
    live: usize,
    /// Length of the packet that was sent last, which lies before `at`; 0 if its bytes are not there any more.
    last: usize,
    pub(crate) suspects: Suspects,
    /// A ring.
    records: [Record; RECORDS as usize],
}

impl<'b> Outbox<'b> {
    #[inline(always)] // Or it is made on the stack first, and copied.
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self {
            bytes,
            used: 0,
            at: 0,
            progress: 0,
            ready: 0,
            live: 0,
            last: 0,
            records: [NO_RECORD; RECORDS as usize],
            head: 0,
            next: 0,
            tail: 0,
            count: 0,
            kept: 0,
            is_offered: false,
            is_careful: false,
            held: Held::No,
            suspects: Suspects::new(),
        }
    }

    /// Goes on in another buffer; on failure, the bytes that it would have to have: what is taken for sure to find room
    /// some time must find it there as well.
    pub(crate) fn move_to(&mut self, bytes: &'b mut [u8]) -> Result<(), usize> {
        self.compact();
        let needed = self.bytes.len().max(self.used + BYTES_KEPT_BACK);
        if bytes.len() < needed {
            return Err(needed);
        }
        copy(bytes, self.bytes.get(..self.used).unwrap_or_default());
        self.bytes = bytes;
        Ok(())
    }

    /// Bytes of the buffer.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// QoS 1 messages that wait for their PUBACK.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.kept.into()
    }

    /// Whether nothing waits to be sent.
    pub(crate) fn is_drained(&self) -> bool {
        self.next == self.tail
    }

    /// Whether nothing waits to be sent, and no time is to end the care or a refusal.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.is_drained() && !self.is_careful && !self.suspects.refuse_any()
    }

    /// Packet identifiers of the messages that wait for their PUBACK, and maybe others.
    pub(crate) fn packet_ids(&self) -> impl Iterator<Item = u16> {
        self.records.iter().map(|record| record.packet_id)
    }

    /// Whether the session has room to answer whatever comes in next, and for the rest of its life after that.
    pub(crate) fn can_answer(&self) -> bool {
        self.has_room(self.live, self.count)
    }

    /// The same, and that room is in one piece.
    pub(crate) fn make_room_to_answer(&mut self) -> bool {
        if !self.has_room(self.used, self.slots()) {
            self.compact();
        }
        self.can_answer()
    }

    fn has_room(&self, used: usize, records: u8) -> bool {
        self.bytes.len() - used >= ANSWER_BYTES && records + 1 + LAST_RECORDS <= RECORDS
    }

    /// Queues a PUBLISH at QoS 0 whose payload of `length` bytes is put later where [`tail_mut`](Self::tail_mut) says.
    pub(crate) fn begin_publish(&mut self, topic: &[&[u8]], length: usize) -> Result<(), Full> {
        // Until it is whole no publish may move it, so no gap may be left for one to close.
        self.compact();
        let ready = self.ready;
        self.publish(Priority::User, topic, length, Qos::AtMostOnce, 0)?;
        self.ready = ready;
        Ok(())
    }

    /// Queues a PUBLISH (MQTT 3.1.1, section 3.3) on a topic in pieces. Returns the space that begins with the place of its
    /// payload of `length` bytes, which the caller fills at once.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn publish(
        &mut self,
        priority: Priority,
        topic: &[&[u8]],
        length: usize,
        qos: Qos,
        packet_id: u16,
    ) -> Result<&mut [u8], Full> {
        self.must_not_be_given_up(Sent::Publish, topic)?;
        let topic_length = gathered(topic);
        let (first, state, identifier) = match qos {
            Qos::AtMostOnce => (0x30, State::Once, 0),
            Qos::AtLeastOnce => (0x32, State::New, 2),
        };
        let body = 2 + topic_length + identifier + length;
        let room = self.room(priority, state, packet_id, first, body)?;
        let room = put(room, &(topic_length as u16).to_be_bytes());
        let room = topic.iter().fold(room, |room, piece| put(room, piece));
        Ok(if identifier > 0 { put(room, &packet_id.to_be_bytes()) } else { room })
    }

    /// The index of the packet that was begun, and where it ends.
    fn begun(&self) -> Option<(u8, usize)> {
        let (mut index, mut end) = (self.next, self.at);
        while index != self.tail {
            let start = end;
            end += self.record(index).length as usize;
            if start == self.ready {
                return Some((index, end));
            }
            index = index.wrapping_add(1);
        }
        None
    }

    /// The last `count` bytes of the packet that was begun.
    pub(crate) fn tail_mut(&mut self, count: usize) -> Option<&mut [u8]> {
        let (_, end) = self.begun()?;
        self.bytes.get_mut(end.checked_sub(count)?..end)
    }

    /// The packet that was begun is whole, or is not to be sent.
    pub(crate) fn end_publish(&mut self, is_whole: bool) {
        let Some((index, _)) = self.begun() else { return };
        if !is_whole {
            self.remove(index);
        }
        self.ready = self.used;
    }

    /// Queues a SUBSCRIBE at QoS 0 (section 3.8) to a filter in pieces.
    pub(crate) fn subscribe_once(&mut self, packet_id: u16, filter: &[&[u8]; 3]) -> Result<(), Full> {
        self.must_not_be_given_up(Sent::Subscribe, filter)?;
        let length = gathered(filter) as u16;
        let [first, second, third] = filter;
        let body: [&[u8]; 6] = [&packet_id.to_be_bytes(), &length.to_be_bytes(), first, second, third, &[0]];
        self.control(Priority::User, 0x82, &body)
    }

    /// Queues a packet that is gone once sent: its first byte, and what follows the remaining length.
    pub(crate) fn control(&mut self, priority: Priority, first: u8, body: &[&[u8]]) -> Result<(), Full> {
        let room = self.room(priority, State::Once, 0, first, gathered(body))?;
        body.iter().fold(room, |room, piece| put(room, piece));
        Ok(())
    }

    /// Whether such packets are taken.
    pub(crate) fn must_not_be_given_up(&self, kind: Sent, text: &[&[u8]]) -> Result<(), Full> {
        if self.suspects.refuses(kind, text) { Err(Full::GivenUp) } else { Ok(()) }
    }

    /// Queues a packet but for its body, for which it gives the room.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn room(
        &mut self,
        priority: Priority,
        state: State,
        packet_id: u16,
        first: u8,
        body: usize,
    ) -> Result<&mut [u8], Full> {
        let (records_kept_back, bytes_kept_back) = match priority {
            Priority::User => (RECORDS_KEPT_BACK, BYTES_KEPT_BACK),
            Priority::Answer => (LAST_RECORDS, LAST_BYTES),
            Priority::Session => (0, 0),
        };
        let length = 1 + remaining_length_size(body) + body;
        let wanted = length + bytes_kept_back;
        if self.head == self.tail {
            (self.used, self.at, self.ready, self.last) = (0, 0, 0, 0);
        }
        let is_full = state.is_kept() && usize::from(self.kept) >= WINDOW;
        if is_full
            || body > BODY_MAX
            || self.slots() + records_kept_back >= RECORDS
            || wanted > self.bytes.len() - self.used
        {
            self.make_room(wanted, records_kept_back, is_full, body)?;
        }
        self.kept += u8::from(state.is_kept());
        self.count += 1;
        self.live += length;
        let start = self.used;
        self.used += length;
        // Nothing behind a packet that was begun can be sent.
        if self.ready == start {
            self.ready = self.used;
        }
        let index = self.tail;
        self.tail = index.wrapping_add(1);
        self.set(index, Record { length: length as u32, packet_id, state });
        Ok(put_header(self.bytes.get_mut(start..).unwrap_or_default(), first, body))
    }

    /// Too few records or bytes are left behind the last packet, or the window `is_full`, or a packet is too large.
    #[cold]
    #[cfg_attr(not(target_os = "none"), inline(never))]
    fn make_room(&mut self, wanted: usize, records_kept_back: u8, is_full: bool, body: usize) -> Result<(), Full> {
        if wanted > self.bytes.len() || body > BODY_MAX {
            return Err(Full::Never { needed: wanted });
        }
        if is_full || self.count + records_kept_back >= RECORDS {
            return Err(Full::Packets);
        }
        // What the port writes, or a service fills, stays where it is.
        if wanted > self.bytes.len() - self.live || self.is_offered || self.is_streaming() {
            return Err(Full::Bytes);
        }
        self.compact();
        Ok(())
    }

    /// All bytes that may be sent now, for the port to write: the unsent rest of the next packet and those behind it, or of
    /// that packet alone if the session is careful. Until something of them was [`sent`](Self::sent) they stay the same, as
    /// TLS stacks that ask for a retry need it; more may follow them.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn offer(&mut self) -> &[u8] {
        let (mut from, mut end) = (self.at + self.progress, self.end());
        if from >= end {
            self.is_offered = false;
            return &[];
        }
        let dead = self.used - self.live;
        // A publish cannot close the gaps from now on.
        if dead > 0
            && (self.is_offered || dead > self.bytes.len() - self.used || self.slots() - self.count > RECORDS / 4)
        {
            self.compact();
            (from, end) = (self.at + self.progress, self.end());
        }
        self.is_offered = true;
        self.bytes.get(from..end).unwrap_or_default()
    }

    /// Where the bytes end that may be sent now.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn end(&self) -> usize {
        match self.held {
            Held::No if self.is_careful => self.ready.min(self.at + self.record(self.next).length as usize),
            Held::No => self.ready,
            _ => 0,
        }
    }

    /// `count` bytes of [`offer`](Self::offer) have been taken by the link. Calls `each` with the first byte of each packet
    /// of which some were sent.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn sent(&mut self, count: usize, mut each: impl FnMut(u8)) {
        self.is_offered = false;
        if !cfg!(target_os = "none") && self.is_next_alone(count) {
            self.next_is_gone(&mut each);
            return;
        }
        let mut count = count.min(self.end().saturating_sub(self.at + self.progress));
        while count > 0 {
            each(self.bytes.get(self.at).copied().unwrap_or_default());
            let record = self.record(self.next);
            let length = record.length as usize;
            let rest = length - self.progress;
            if count < rest {
                self.progress += count;
                return;
            }
            count -= rest;
            self.progress = 0;
            if self.is_careful && self.must_wait(record.state) {
                self.held = Held::ByPacket;
            }
            let (index, start) = (self.next, self.at);
            self.next = index.wrapping_add(1);
            self.at += length;
            self.last = length;
            match record.state {
                State::New | State::Sent => {
                    // A duplicate, if it is sent again (section 3.3.1.1).
                    if let Some(first) = self.bytes.get_mut(start) {
                        *first |= 0x08;
                    }
                    self.set(index, Record { state: State::Sent, ..record });
                }
                _ if self.held == Held::No => self.remove(index),
                _ => {}
            }
        }
    }

    /// Whether all that waits is one packet, of which nothing is kept, and the link has taken it as a whole: most messages
    /// at QoS 0 go so, and computers are quicker if they are asked for first.
    #[inline(always)]
    fn is_next_alone(&self, count: usize) -> bool {
        self.record(self.next).state == State::Once
            && !self.is_careful
            && self.progress == 0
            && self.next.wrapping_add(1) == self.tail
            && self.ready == self.used
            && count == self.ready.wrapping_sub(self.at)
    }

    /// It is sent.
    #[inline(always)]
    fn next_is_gone(&mut self, each: &mut impl FnMut(u8)) {
        each(self.bytes.get(self.at).copied().unwrap_or_default());
        self.last = self.used - self.at;
        self.at = self.used;
        self.live -= self.last;
        self.count -= 1;
        self.set(self.next, Record { length: self.last as u32, ..NO_RECORD });
        if self.head == self.next {
            self.head = self.tail;
        }
        self.next = self.tail;
    }

    /// Whether the next packet, now sent, has to wait until the server shows that it accepts it.
    #[cfg_attr(not(target_os = "none"), cold)]
    fn must_wait(&self, state: State) -> bool {
        let Some((packet, text)) = suspects::read(self.from(self.at)) else { return false };
        match state {
            // What is sent again may be what the link was closed for.
            State::Sent => true,
            State::Acknowledged => false,
            _ => !self.suspects.trusts(suspects::hash(packet, &[text])),
        }
    }

    /// The next packet may go; if `is_shown`, since the server has shown that it accepts the one before.
    #[cfg_attr(not(target_os = "none"), inline)]
    pub(crate) fn release(&mut self, is_shown: bool) {
        if core::mem::replace(&mut self.held, Held::No) != Held::ByPacket {
            return;
        }
        if let (true, Some((kind, text))) = (is_shown, suspects::read(self.from(self.at - self.last))) {
            self.suspects.accept(suspects::hash(kind, &[text]));
        }
        let held = self.next.wrapping_sub(1);
        if self.record(held).state == State::Once {
            self.remove(held);
        }
    }

    /// Whether what is held is nothing that the server acknowledges.
    pub(crate) fn holds_message(&self) -> bool {
        self.from(self.at - self.last).first() == Some(&0x30)
    }

    /// Whether packets were sent on this link that wait for something, or one is under way.
    pub(crate) fn is_outstanding(&self) -> bool {
        self.progress > 0 || if self.is_careful { self.held == Held::ByPacket } else { self.next != self.head }
    }

    /// What was sent last, in part or as a whole, as far as that is known: its kind, and its topic or filter.
    pub(crate) fn last(&self) -> Option<(Sent, &[u8])> {
        match (self.progress, self.last) {
            (0, 0) => None,
            (0, last) => suspects::read(self.from(self.at - last)),
            _ => suspects::read(self.from(self.at)),
        }
    }

    /// The link was closed, or has broken off, right behind what was sent last, which has this `hash`. If that is given up
    /// now: its identifier, or 0.
    pub(crate) fn strike(&mut self, hash: u32, is_closed: bool, now: Instant) -> Option<u16> {
        let index = self.next.wrapping_sub(u8::from(self.progress == 0));
        let Record { state, packet_id, .. } = self.record(index);
        if state == State::Acknowledged || !self.suspects.strike(hash, is_closed, packet_id > 0, now) {
            return None;
        }
        self.remove(index);
        // The packet may be one of those that are still to be sent, among which there is no gap.
        self.rewind();
        Some(packet_id)
    }

    /// A PUBACK came for `packet_id`; `false` if no such message was ever sent, or it was acknowledged before.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn acknowledge(&mut self, packet_id: u16) -> bool {
        let mut index = self.head;
        let record = loop {
            if index == self.tail {
                return false;
            }
            let record = self.record(index);
            if record.packet_id == packet_id && record.state.is_kept() {
                break record;
            }
            index = index.wrapping_add(1);
        };
        let is_last = index.wrapping_add(1) == self.next;
        if is_last {
            self.release(true);
        }
        if record.state != State::Sent {
            return false;
        }
        if index.wrapping_sub(self.head) < self.next.wrapping_sub(self.head) {
            if is_last {
                self.last = 0;
            }
            self.remove(index);
        } else {
            // The port may have begun to send it again, and the bytes that it was given must not change.
            self.set(index, Record { state: State::Acknowledged, ..record });
        }
        true
    }

    /// A new link: what was kept is sent again in the same order; the rest went with the old link.
    pub(crate) fn rewind(&mut self) {
        self.next = self.head;
        (self.progress, self.last, self.ready) = (0, 0, self.used);
        (self.held, self.is_offered) = (Held::No, false);
        let mut index = self.head;
        while index != self.tail {
            if matches!(self.record(index).state, State::Once | State::Acknowledged) {
                self.remove(index);
            }
            index = index.wrapping_add(1);
        }
        self.compact();
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        (self.used, self.at, self.progress, self.ready, self.live, self.last) = (0, 0, 0, 0, 0, 0);
        (self.head, self.next, self.tail, self.count, self.kept, self.is_offered) = (0, 0, 0, 0, 0, false);
        self.is_careful = false;
        self.held = Held::No;
        self.suspects = Suspects::new();
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    #[cfg_attr(target_os = "none", inline(never))]
    fn record(&self, index: u8) -> Record {
        self.records.get(usize::from(index % RECORDS)).copied().unwrap_or(NO_RECORD)
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn set(&mut self, index: u8, to: Record) {
        if let Some(record) = self.records.get_mut(usize::from(index % RECORDS)) {
            *record = to;
        }
    }

    /// All bytes of the buffer from there on.
    fn from(&self, start: usize) -> &[u8] {
        self.bytes.get(start..).unwrap_or_default()
    }

    /// Records in use, with those of removed packets between others.
    fn slots(&self) -> u8 {
        self.tail.wrapping_sub(self.head)
    }

    /// Whether a packet was begun.
    fn is_streaming(&self) -> bool {
        self.ready < self.used
    }

    /// Removes a packet. Its bytes stay, for [`last`](Self::last), until they are needed.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn remove(&mut self, index: u8) {
        let record = self.record(index);
        self.kept -= u8::from(record.state.is_kept());
        self.count -= 1;
        self.live -= record.length as usize;
        self.set(index, Record { state: State::Gone, ..record });
        while self.head != self.next && self.record(self.head).state == State::Gone {
            self.head = self.head.wrapping_add(1);
        }
        // The next publish cannot close the gap.
        if self.is_offered || self.is_streaming() {
            self.compact();
        }
    }

    /// Closes all gaps, of bytes and of records: mostly when a packet needs the space, so that its cost is spread over many.
    #[inline(never)]
    #[cold]
    fn compact(&mut self) {
        if self.record(self.next.wrapping_sub(1)).state == State::Gone {
            self.last = 0;
        }
        // Records of removed packets at the front are gone; their bytes are not.
        let (mut from, mut index) = (self.used, self.tail);
        while index != self.head {
            index = index.wrapping_sub(1);
            from -= self.record(index).length as usize;
        }
        let (mut to, mut slot) = (0, self.head);
        let (next, ready) = (self.next, self.ready);
        loop {
            if index == next {
                (self.next, self.at) = (slot, to);
            }
            if from == ready {
                self.ready = to;
            }
            if index == self.tail {
                break;
            }
            let record = self.record(index);
            let end = from + record.length as usize;
            if record.state != State::Gone {
                close_gap(self.bytes.get_mut(to..end).unwrap_or_default(), from - to);
                self.set(slot, record);
                to += record.length as usize;
                slot = slot.wrapping_add(1);
            }
            from = end;
            index = index.wrapping_add(1);
        }
        (self.used, self.tail) = (to, slot);
    }
}

/// Length of all pieces together.
fn gathered(pieces: &[&[u8]]) -> usize {
    pieces.iter().map(|piece| piece.len()).sum()
}

/// Bytes that the remaining length takes in the fixed header (section 2.2.3).
fn remaining_length_size(remaining: usize) -> usize {
    match remaining {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        _ => 4,
    }
}

/// Writes the fixed header (section 2.2) to the front of `room`: first byte and remaining length. Returns what is left of
/// the room.
#[cfg_attr(not(target_os = "none"), inline(always))]
fn put_header(room: &mut [u8], first: u8, mut remaining: usize) -> &mut [u8] {
    let mut places = room.iter_mut();
    let mut put = |byte| {
        if let Some(place) = places.next() {
            *place = byte;
        }
    };
    put(first);
    while remaining >= 0x80 {
        put(remaining as u8 | 0x80);
        remaining >>= 7;
    }
    put(remaining as u8);
    places.into_slice()
}

#[cfg(test)]
mod tests;
