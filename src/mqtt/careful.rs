//! The careful session: did the server close the link because of a packet of the user's?
//!
//! The outbox holds back the packets of a careful session, and `suspects.rs` counts the strikes of each topic. This file
//! decides when a session is careful, and for how long.

use super::inbox::Inbox;
use super::outbox::{Held, Outbox};
use super::subscriptions::Subscriptions;
use super::suspects::{self, Sent};
use crate::text::Text;
use crate::time::Instant;

/// A link that is cut within so many milliseconds of a packet of the user's may have been closed for it.
const SOON_MS: u32 = 5_000;
/// A session is careful for so long at least, and at most; else for twice the time after which the one before was cut.
const CAREFUL_MS: u32 = 10_000;
const CAREFUL_MAX_MS: u32 = 600_000;
/// A PINGREQ follows a packet without acknowledgement after so long. The server answers it when it has dealt with the
/// packet. The wait gives a server that closes the link time to do so, and its end of the stream time to arrive.
const FENCE_MS: u32 = 250;
/// A PINGREQ follows a packet that the server is to acknowledge after so long.
const FENCE_ACKNOWLEDGED_MS: u32 = 5_000;

/// What the end of a link says of the packets that were sent on it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cut {
    /// The link ended right behind a packet of the user's.
    pub(crate) is_behind: bool,
    /// The packet is given up, as its last strike has been counted: its identifier, or 0.
    pub(crate) given_up: Option<u16>,
}

pub(super) struct Careful {
    online_at: Instant,
    /// When a packet of the user's was sent last.
    user_sent: Instant,
    /// Whether a message at QoS 0 was sent since the server last showed that the session lives.
    is_loose: bool,
    /// Whether the server has to show that a careful session lives before a packet of the user's is sent: two sessions
    /// were cut in a row, which may have another reason.
    doubts_session: bool,
    /// For how long the session is careful.
    duration_ms: u32,
    /// The packet that the last link ended behind, and the length of its text in the inbox.
    suspect: (Sent, u16),
}

impl Careful {
    pub(super) const fn new() -> Self {
        let zero = Instant::from_millis(0);
        Self {
            online_at: zero,
            user_sent: zero,
            is_loose: false,
            doubts_session: false,
            duration_ms: 0,
            suspect: (Sent::Publish, 0),
        }
    }

    /// The server has accepted the login.
    pub(super) fn online(&mut self, outbox: &mut Outbox, at: Instant) {
        (self.online_at, self.user_sent) = (at, at);
        if outbox.is_careful {
            if self.doubts_session {
                outbox.held = Held::ByStart;
            }
            outbox.suspects.distrust();
        }
    }

    pub(super) fn link_down(&mut self) {
        self.is_loose = false;
    }

    /// Bytes of a packet that begins with `first` have been sent.
    pub(super) fn sent(&mut self, first: u8, now: Instant) {
        if Sent::of(first).is_some() {
            self.user_sent = now;
            self.is_loose |= first == 0x30;
        }
    }

    /// A PINGRESP has come.
    pub(super) fn answered(&mut self) {
        self.is_loose = false;
    }

    /// When a PINGREQ has to follow what was sent, so that its answer shows that the server accepts that.
    pub(super) fn fence(&self, outbox: &Outbox) -> Option<Instant> {
        let wait = match outbox.held {
            Held::No => return None,
            Held::ByStart => 0,
            Held::ByPacket if outbox.holds_message() => FENCE_MS,
            Held::ByPacket => FENCE_ACKNOWLEDGED_MS,
        };
        Some(self.user_sent.after(wait))
    }

    /// Ends the care on a link when it has lasted long enough.
    pub(super) fn poll(&self, outbox: &mut Outbox, now: Instant) {
        if now.since(self.online_at) >= self.duration_ms && outbox.held == Held::No {
            outbox.is_careful = false;
        }
    }

    /// The link of the session was cut, or, if `is_closed`, the server has closed it. The text of the packet behind which
    /// that happened is kept in the inbox behind its first `in_use` bytes, which the user may still read.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn cut(
        &mut self,
        outbox: &mut Outbox,
        subscriptions: &mut Subscriptions,
        inbox: &mut Inbox,
        in_use: usize,
        is_closed: bool,
        now: Instant,
    ) -> Cut {
        let lasted = now.since(self.online_at);
        let is_outstanding =
            outbox.is_outstanding() || !outbox.is_careful && (self.is_loose || subscriptions.are_under_way());
        if !is_outstanding || now.since(self.user_sent) >= SOON_MS {
            outbox.is_careful &= lasted < CAREFUL_MS;
            return Cut::default();
        }
        let (kind, text) = outbox.last().unwrap_or((Sent::Publish, b""));
        self.suspect = (kind, inbox.keep(text, in_use) as u16);
        let hash = suspects::hash(kind, &[text]);
        // No topic and no filter is empty.
        let is_struck = outbox.is_careful && !text.is_empty();
        let given_up = if is_struck { outbox.strike(hash, is_closed, now) } else { None };
        if given_up.is_some() && kind != Sent::Publish {
            subscriptions.give_up(inbox.kept(self.suspect.1.into()));
        }
        self.doubts_session = outbox.is_careful;
        outbox.is_careful = true;
        self.duration_ms = lasted.saturating_mul(2).clamp(CAREFUL_MS, CAREFUL_MAX_MS);
        Cut { is_behind: true, given_up }
    }

    /// The packet that the last link ended behind, until the next link is up: its kind, and its topic or filter. The text
    /// is empty if it is not known.
    pub(super) fn suspect<'i>(&self, inbox: &'i Inbox) -> (Sent, Text<'i>) {
        let (kind, length) = self.suspect;
        (kind, Text::read(inbox.kept(length.into())).unwrap_or_default())
    }
}
