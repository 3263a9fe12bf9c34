//! One direction of a TCP connection: nothing is lost or reordered in it, but it may take its time, stop, or break off.

use std::collections::VecDeque;

use super::random::Random;

/// Bytes that are taken before those under way have arrived: the sender's buffer.
const BUFFER: usize = 4096;
/// The first wait for an acknowledgement (RFC 6298 allows 1 s; Linux waits 200 ms), which doubles with each loss.
const RETRANSMISSION_MS: u64 = 200;

/// What the network is like now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    /// Milliseconds from end to end.
    pub(super) delay: u64,
    /// Segments lost, in percent; each is sent again later, and what comes after it waits.
    pub(super) loss: u64,
    /// Bytes of a segment.
    pub(super) segment: usize,
}

impl Weather {
    pub(super) const FAIR: Self = Self { delay: 30, loss: 0, segment: 1400 };

    /// Milliseconds that one segment takes, whatever is lost of it.
    pub(super) fn passage(&self, random: &mut Random) -> u64 {
        let (mut ms, mut wait) = (self.delay, RETRANSMISSION_MS.max(2 * self.delay));
        while random.happens(self.loss) {
            ms += wait;
            wait = (wait * 2).min(120_000);
        }
        ms
    }
}

#[derive(Default)]
pub(super) struct Pipe {
    under_way: VecDeque<(u64, Vec<u8>)>,
    /// Nothing arrives any more, and nobody says so.
    pub(super) dead: bool,
    /// Nothing arrives before this moment.
    pub(super) stalled_until: u64,
    /// Bytes after which the connection breaks off, and the moment at which it has.
    pub(super) breaks_after: Option<usize>,
    pub(super) broken_at: Option<u64>,
}

impl Pipe {
    /// How many bytes the sender could give now.
    pub(super) fn room(&self) -> usize {
        BUFFER.saturating_sub(self.under_way.iter().map(|(_, segment)| segment.len()).sum())
    }

    pub(super) fn send(&mut self, now: u64, mut bytes: &[u8], weather: &Weather, random: &mut Random) {
        if let Some(left) = &mut self.breaks_after {
            bytes = &bytes[..bytes.len().min(*left)];
            *left -= bytes.len();
        }
        for segment in bytes.chunks(weather.segment) {
            let last = self.under_way.back().map_or(0, |(at, _)| *at);
            self.under_way.push_back(((now + weather.passage(random)).max(last), segment.to_vec()));
        }
        if self.breaks_after == Some(0) && self.broken_at.is_none() {
            self.broken_at = Some(self.under_way.back().map_or(now, |(at, _)| *at));
        }
    }

    /// When the next byte arrives.
    pub(super) fn next(&self) -> Option<u64> {
        let (at, _) = self.under_way.front().filter(|_| !self.dead)?;
        Some((*at).max(self.stalled_until))
    }

    /// What has arrived, `most` bytes at most.
    pub(super) fn arrived(&mut self, now: u64, most: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < most && self.next().is_some_and(|at| at <= now) {
            let Some((_, segment)) = self.under_way.front_mut() else { break };
            let count = segment.len().min(most - bytes.len());
            bytes.extend(segment.drain(..count));
            if segment.is_empty() {
                self.under_way.pop_front();
            }
        }
        bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }
}
