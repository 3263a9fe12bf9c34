//! The port's link: which one is wanted, what became of it, and its bytes.

use super::Device;
use super::event::Loss;
use crate::clouds::Endpoint;
use crate::time::Instant;

/// What the device wants of the port's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkWanted<'a> {
    /// None: close it if it is open.
    Closed,
    /// This one: if the open one is of another attempt, close that and open this.
    Open {
        /// Number of the attempt.
        attempt: u16,
        /// Where to.
        endpoint: &'a Endpoint,
    },
}

impl Device<'_> {
    /// The link that the port should hold open now.
    pub fn link(&self) -> LinkWanted<'_> {
        match self.link.wanted() {
            Some(attempt) => LinkWanted::Open { attempt, endpoint: &self.endpoint },
            None => LinkWanted::Closed,
        }
    }

    /// The link of `attempt` is open: TCP and, if wanted, TLS are up.
    pub fn link_up(&mut self, attempt: u16, now: Instant) {
        if self.link.wanted() == Some(attempt) && !self.link.is_closing() {
            self.session.link_up(now);
        }
    }

    /// The link of `attempt` could not be opened or is gone; `code` is for the user's eyes, 0 for end of stream.
    pub fn link_lost(&mut self, attempt: u16, code: i32, now: Instant) {
        if self.link.wanted() == Some(attempt) && !self.ended(code) {
            self.lost(Loss::Link(code), now);
        }
    }

    /// The unsent rest of the next packet; empty if there is none. Give it to the link in one write.
    pub fn to_send(&self) -> &[u8] {
        self.session.to_send()
    }

    /// The link has taken `count` bytes of [`to_send`](Self::to_send).
    pub fn sent(&mut self, count: usize, now: Instant) {
        self.session.sent(count, now);
        if self.link.is_closing() && self.session.is_drained() && !self.session.is_in_use() {
            self.link.linger(now);
        }
    }

    /// Where to put what arrives. Empty while a message is in use or no link is up: poll first.
    pub fn space(&mut self) -> &mut [u8] {
        self.session.space()
    }

    /// `count` bytes have been put into [`space`](Self::space).
    pub fn received(&mut self, count: usize, now: Instant) {
        self.session.received(count, now);
        if self.link.is_closing() {
            self.session.ignore_received();
        }
    }
}
