//! Bytes that arrived, until they are whole packets.

use zeroize::Zeroize;

use super::packet::{PeerError, frame};
use crate::bytes::{close_gap, copy};

/// What stands at the front of the inbox.
pub(crate) enum Front<'a> {
    /// A whole packet.
    Packet(&'a [u8]),
    /// A packet too large for the buffer, of so many bytes in all; it is skipped as it arrives.
    Oversize(usize),
    /// Not enough yet.
    Nothing,
}

pub(crate) struct Inbox<'b> {
    bytes: &'b mut [u8],
    start: usize,
    end: usize,
    /// Bytes of an oversize packet that are still to come and to be dropped.
    skip: usize,
}

impl<'b> Inbox<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, start: 0, end: 0, skip: 0 }
    }

    /// Where to put what arrives next. What waits moves to the front if it fits into the gap there, or if nothing else makes
    /// space: so about as many bytes move as arrive, however small the packets and the reads are.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        let waiting = self.end - self.start;
        if self.start > 0 && (waiting <= self.start || self.end == self.bytes.len()) {
            close_gap(self.bytes.get_mut(..self.end).unwrap_or_default(), self.start);
            (self.start, self.end) = (0, waiting);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// `count` bytes were put into [`space`](Self::space).
    pub(crate) fn filled(&mut self, count: usize) {
        self.end = self.end.saturating_add(count).min(self.bytes.len());
        let dropped = self.skip.min(self.end - self.start);
        self.skip -= dropped;
        self.take(dropped);
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn front(&self) -> Result<Front<'_>, PeerError> {
        let waiting = self.bytes.get(self.start..self.end).unwrap_or_default();
        let Some(size) = frame(waiting)? else { return Ok(Front::Nothing) };
        if let Some(packet) = waiting.get(..size) {
            return Ok(Front::Packet(packet));
        }
        if size <= self.bytes.len() {
            return Ok(Front::Nothing);
        }
        // The topic and the packet identifier are looked at before the rest is dropped.
        let head = waiting.len();
        if head < self.bytes.len() { Ok(Front::Nothing) } else { Ok(Front::Oversize(size)) }
    }

    /// Whether nothing is here.
    pub(crate) fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Where the packet at the front starts in [`bytes_mut`](Self::bytes_mut).
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// The whole buffer.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        self.bytes
    }

    /// All that is here of the packet at the front.
    pub(crate) fn head(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Keeps `text` at the end of the buffer, behind its first `from` bytes, until something arrives; returns how much of
    /// it: nothing if there is no room.
    pub(crate) fn keep(&mut self, text: &[u8], from: usize) -> usize {
        let start = self.bytes.len().saturating_sub(text.len());
        match self.bytes.get_mut(start..).filter(|room| start >= from && room.len() == text.len()) {
            Some(room) => {
                copy(room, text);
                text.len()
            }
            None => 0,
        }
    }

    /// The `length` bytes that are kept.
    pub(crate) fn kept(&self, length: usize) -> &[u8] {
        self.bytes.get(self.bytes.len() - length..).unwrap_or_default()
    }

    /// Drops everything and overwrites it.
    pub(crate) fn wipe(&mut self) {
        self.bytes.zeroize();
        self.clear();
    }

    /// Drops the first `size` bytes, of which some may not have arrived yet.
    pub(crate) fn take(&mut self, size: usize) {
        let here = size.min(self.end - self.start);
        self.skip += size - here;
        self.start += here;
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end, self.skip) = (0, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::vec::Vec;
    use std::{iter, vec};

    use proptest::prelude::*;

    use super::*;

    fn arrive(inbox: &mut Inbox, bytes: &[u8]) {
        let space = inbox.space();
        space[..bytes.len()].copy_from_slice(bytes);
        inbox.filled(bytes.len());
    }

    #[test]
    fn single_bytes_become_packets() {
        let mut buffer = [0; 8];
        let mut inbox = Inbox::new(&mut buffer);
        for round in 0..5 {
            for (position, byte) in [0x40, 2, 0, 7].into_iter().enumerate() {
                assert!(matches!(inbox.front(), Ok(Front::Nothing)), "{round} {position}");
                arrive(&mut inbox, &[byte]);
            }
            assert!(matches!(inbox.front(), Ok(Front::Packet([0x40, 2, 0, 7]))));
            inbox.take(4);
        }
    }

    #[test]
    fn what_is_too_large_is_dropped_to_its_last_byte() {
        let mut buffer = [0; 8];
        let mut inbox = Inbox::new(&mut buffer);
        arrive(&mut inbox, &[0x30, 18, 0, 1, b'a', 1, 2, 3]);
        let Ok(Front::Oversize(20)) = inbox.front() else { panic!() };
        inbox.take(20);
        for _ in 0..11 {
            arrive(&mut inbox, b"x");
        }
        arrive(&mut inbox, &[b'x', 0xd0, 0]);
        assert!(matches!(inbox.front(), Ok(Front::Packet([0xd0, 0]))));
    }

    #[test]
    fn a_short_rest_moves_and_a_long_one_waits_for_a_full_buffer() {
        let mut buffer = [0; 32];
        let mut inbox = Inbox::new(&mut buffer);
        let puback = [0x40, 2, 0, 7];
        arrive(&mut inbox, &puback);
        arrive(&mut inbox, &[0x30, 20, 0, 1, b'a', 1]);
        inbox.take(4);
        assert_eq!((inbox.space().len(), inbox.start()), (22, 4), "a rest of 6 bytes does not fit into the gap");
        arrive(&mut inbox, &[2; 21]);
        inbox.take(22);
        assert_eq!((inbox.space().len(), inbox.start()), (27, 0), "5 bytes behind a gap of 26");
        arrive(&mut inbox, &puback);
        assert_eq!(inbox.head(), [&[2; 5][..], &puback].concat());
    }

    /// A PUBLISH on the topic `t` of `size` bytes in all, the last of which tell its `number`.
    fn publish(size: usize, number: usize) -> Vec<u8> {
        let length = size - if size < 130 { 2 } else { 3 };
        let length = if length < 128 { vec![length as u8] } else { vec![length as u8 | 0x80, (length >> 7) as u8] };
        let mut packet = [&[0x30], &*length, &[0, 1, b't']].concat();
        packet.extend((packet.len()..size).map(|at| (at * 7 + number) as u8));
        packet
    }

    proptest! {
        /// Packets of any size, read in pieces of any size and taken at any time, are as they were sent.
        #[test]
        fn what_is_read_in_pieces_is_what_was_sent(
            capacity in 8..200_usize,
            sizes in proptest::collection::vec(prop_oneof![Just(5), 5..40_usize, 5..130_usize, 140..400_usize], 1..30),
            reads in proptest::collection::vec((1..200_usize, 0..4_usize), 1..50),
        ) {
            let packets: Vec<_> = sizes.iter().enumerate().map(|(number, size)| publish(*size, number)).collect();
            let mut to_come: VecDeque<u8> = packets.concat().into();
            let mut expected = packets.iter();
            let mut buffer = vec![0; capacity];
            let mut inbox = Inbox::new(&mut buffer);
            let mut taken = 0;
            // At the end all is taken, however much is read.
            let reads = reads.into_iter().chain(iter::repeat((usize::MAX, usize::MAX)));
            for (read, take) in reads {
                let count = inbox.space().len().min(read).min(to_come.len());
                let bytes: Vec<u8> = to_come.drain(..count).collect();
                arrive(&mut inbox, &bytes);
                for _ in 0..take {
                    match inbox.front().unwrap() {
                        Front::Packet(packet) => {
                            prop_assert_eq!(packet, expected.next().unwrap());
                            taken += packet.len();
                            let size = packet.len();
                            inbox.take(size);
                        }
                        Front::Oversize(size) => {
                            let packet = expected.next().unwrap();
                            prop_assert!(size > capacity);
                            prop_assert_eq!(size, packet.len());
                            prop_assert_eq!(inbox.head(), &packet[..inbox.head().len()]);
                            taken += size;
                            inbox.take(size);
                        }
                        Front::Nothing => {
                            // Whole packets are taken, so the next one has space.
                            prop_assert!(to_come.is_empty() || !inbox.space().is_empty());
                            break;
                        }
                    }
                }
                if take > 3 && to_come.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(expected.next(), None);
            prop_assert!(inbox.is_empty());
            prop_assert_eq!(taken, packets.concat().len());
        }
    }
}
