//! Keepalive (section 3.1.2.10): when is a PINGREQ sent, and when does a link count as dead?

use super::PeerError;
use crate::time::Instant;

/// Section 3.12.
const PINGREQ: [u8; 2] = [0xc0, 0];

/// The quiet times of one link, and the PINGREQ that is under way on it.
#[repr(C)]
pub(super) struct Keepalive {
    /// Bytes of the PINGREQ that are still to be sent.
    ping_left: u8,
    /// Whether the PINGRESP shows that the server accepts what was sent before.
    is_fence: bool,
    /// 0 for none.
    interval_ms: u32,
    last_sent: Instant,
    last_received: Instant,
    ping_sent: Option<Instant>,
}

impl Keepalive {
    pub(super) const fn new() -> Self {
        let zero = Instant::from_millis(0);
        Self { interval_ms: 0, last_sent: zero, last_received: zero, ping_sent: None, ping_left: 0, is_fence: false }
    }

    /// Sets the interval, in seconds.
    pub(super) fn configure(&mut self, seconds: u16) {
        self.interval_ms = u32::from(seconds) * 1000;
    }

    pub(super) fn link_up(&mut self, now: Instant) {
        (self.last_sent, self.last_received) = (now, now);
    }

    pub(super) fn link_down(&mut self) {
        (self.ping_sent, self.ping_left, self.is_fence) = (None, 0, false);
    }

    pub(super) fn sent(&mut self, now: Instant) {
        self.last_sent = now;
    }

    pub(super) fn received(&mut self, now: Instant) {
        self.last_received = now;
    }

    pub(super) fn last_received(&self) -> Instant {
        self.last_received
    }

    /// The unsent rest of the PINGREQ.
    pub(super) fn to_send(&self) -> &[u8] {
        PINGREQ.get(PINGREQ.len() - usize::from(self.ping_left)..).unwrap_or_default()
    }

    /// Whether a PINGREQ goes out, of which `count` bytes have been sent now.
    pub(super) fn ping_sent(&mut self, count: usize) -> bool {
        if self.ping_left == 0 {
            return false;
        }
        self.ping_left = self.ping_left.saturating_sub(count as u8);
        true
    }

    /// Whether no PINGREQ waits to be sent.
    pub(super) fn is_drained(&self) -> bool {
        self.ping_left == 0
    }

    /// Whether no PINGRESP is awaited.
    pub(super) fn is_at_rest(&self) -> bool {
        self.ping_sent.is_none()
    }

    /// A PINGRESP has come. Returns whether it shows that the server accepts what was sent before.
    pub(super) fn answered(&mut self) -> bool {
        self.ping_sent = None;
        core::mem::take(&mut self.is_fence)
    }

    /// When the next PINGREQ is due, or, if one was sent, when the link counts as dead. `fence` is when a careful session
    /// needs one; `is_idle` says that nothing waits to be sent.
    pub(super) fn deadline(&self, fence: Option<Instant>, is_idle: bool) -> Option<Instant> {
        if let (Some(_), None) = (fence, self.ping_sent) {
            return fence;
        }
        if self.interval_ms == 0 {
            return None;
        }
        let patience = self.interval_ms / 2;
        Some(match self.ping_sent {
            // The answer may be behind what comes in meanwhile.
            Some(at) => at.or_later(self.last_received).after(patience),
            None if is_idle => {
                self.last_sent.after(self.quiet_ms()).or_earlier(self.last_received.after(self.interval_ms))
            }
            // A PINGREQ would have to wait. What is before it shows as much, as long as it makes progress.
            None => self.last_received.after(self.quiet_ms()).or_later(self.last_sent).after(patience),
        })
    }

    /// A PINGREQ is due when nothing has been sent for so long, or when nothing has been received for an interval. The
    /// lead before the interval's end, a quarter and 5 s at most, allows for the server's own clock. The receiving side
    /// has no lead: a device that posts shortly before the interval ends waits for that reply, without a PINGREQ. With the
    /// patience of half an interval for the answer, a dead link is found within 1.5 intervals.
    fn quiet_ms(&self) -> u32 {
        self.interval_ms - (self.interval_ms / 4).min(5_000)
    }

    /// Starts a PINGREQ when one is due, and gives up a link that does not answer. The first arguments are those of
    /// [`deadline`](Self::deadline).
    pub(super) fn poll(&mut self, fence: Option<Instant>, is_idle: bool, now: Instant) -> Result<(), PeerError> {
        if !self.deadline(fence, is_idle).is_some_and(|deadline| now.reached(deadline)) {
            return Ok(());
        }
        self.is_fence = fence.is_some();
        if self.ping_sent.is_some() || !(self.is_fence || is_idle) {
            return Err(PeerError::Silence);
        }
        // It goes before what is queued: the port has seen nothing of that, as it is held or not there.
        self.ping_left = PINGREQ.len() as u8;
        self.ping_sent = Some(now);
        Ok(())
    }
}
