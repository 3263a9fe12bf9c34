//! A connection as a port has it for one of the device's links: it follows what the device wants, and moves bytes.

use aliyun_iot::device::{Device, LinkId, LinkWanted};
use aliyun_iot::time::Instant;

pub(crate) struct Connection {
    link: LinkId,
    /// The attempt that it is open for, or being opened.
    attempt: Option<u16>,
    is_up: bool,
}

impl Connection {
    pub(crate) fn new(link: LinkId) -> Self {
        Self { link, attempt: None, is_up: false }
    }

    /// Whether it is open or being opened.
    pub(crate) fn is_wanted(&self) -> bool {
        self.attempt.is_some()
    }

    pub(crate) fn is_up(&self) -> bool {
        self.is_up
    }

    /// Closes, and begins to open again, as the device wants; whether there was anything to do.
    pub(crate) fn follow(&mut self, device: &Device) -> bool {
        let wanted = match device.link(self.link) {
            LinkWanted::Open { attempt, .. } => Some(attempt),
            LinkWanted::Closed => None,
        };
        let differs = wanted != self.attempt;
        if differs {
            (self.attempt, self.is_up) = (wanted, false);
        }
        differs
    }

    /// It is open now.
    #[track_caller]
    pub(crate) fn up(&mut self, device: &mut Device, now: Instant) {
        self.is_up = true;
        device.link_up(self.link, self.attempt.expect("no link is wanted"), now);
    }

    /// It is lost, or could not be opened.
    #[track_caller]
    pub(crate) fn lose(&mut self, device: &mut Device, code: i32, now: Instant) {
        self.is_up = false;
        device.link_lost(self.link, self.attempt.take().expect("there is no link to lose"), code, now);
    }

    /// At most so many of the bytes that the device wants to send; they are sent.
    pub(crate) fn take(&self, device: &mut Device, most: usize, now: Instant) -> Vec<u8> {
        if !self.is_up {
            return Vec::new();
        }
        let waiting = device.to_send(self.link);
        let taken = waiting[..waiting.len().min(most)].to_vec();
        if !taken.is_empty() {
            device.sent(self.link, taken.len(), now);
        }
        taken
    }

    /// As many of these bytes arrive as the device has space for; how many.
    pub(crate) fn give(&self, device: &mut Device, bytes: &[u8], now: Instant) -> usize {
        let space = device.space(self.link);
        let count = bytes.len().min(space.len());
        space[..count].copy_from_slice(&bytes[..count]);
        if count > 0 {
            device.received(self.link, count, now);
        }
        count
    }
}
