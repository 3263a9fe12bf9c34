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

    /// Room for what arrives next; what is at the front moves to make it.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.start > 0 {
            close_gap(self.bytes.get_mut(..self.end).unwrap_or_default(), self.start);
            self.end -= self.start;
            self.start = 0;
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

    /// Where the packet at the front starts in [`bytes`](Self::bytes).
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// The whole buffer.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// As [`bytes`](Self::bytes), to be worked on in place.
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
}
