//! The port's links: which connections are wanted, what became of them, and their bytes.

use super::Device;
use crate::link::{LinkId, LinkWanted, Loss};
use crate::services::Services;
use crate::text::Text;
use crate::time::Instant;

impl Device<'_> {
    /// The connection that the port should hold open now on link `id`.
    pub fn link(&self, id: LinkId) -> LinkWanted<'_> {
        match id {
            LinkId::Http if !Services::HAS_LINKS => LinkWanted::Closed,
            LinkId::Http => self.http.link(),
            LinkId::Session => match self.link.wanted() {
                Some(attempt) => LinkWanted::Open {
                    attempt,
                    host: Text::known(&self.endpoint.host),
                    port: self.endpoint.port,
                    tls: self.endpoint.tls,
                },
                None => LinkWanted::Closed,
            },
        }
    }

    /// The connection of `attempt` on link `id` is open: TCP and, if wanted, TLS are up.
    pub fn link_up(&mut self, id: LinkId, attempt: u16, now: Instant) {
        match id {
            LinkId::Http if Services::HAS_LINKS => self.http.link_up(attempt),
            LinkId::Session if self.link.wanted() == Some(attempt) && !self.link.is_closing() => {
                if self.account.is_kept() {
                    self.account.sign_again(&mut self.session, self.seed, now);
                }
                self.session.link_up(now);
            }
            _ => {}
        }
    }

    /// The connection of `attempt` on link `id` could not be opened or is gone. `code` is for the user's eyes, 0 for the
    /// end of the stream.
    pub fn link_lost(&mut self, id: LinkId, attempt: u16, code: i32, now: Instant) {
        match id {
            LinkId::Http if Services::HAS_LINKS => self.http.link_lost(attempt, code),
            LinkId::Session if self.link.wanted() == Some(attempt) => self.lost(Loss::Link(code), now),
            _ => {}
        }
    }

    /// All bytes that may be sent now on link `id`; empty if there are none. Give them to the link in one write. On the
    /// session's link they are all packets that wait one behind another, or the unsent rest of them. Until
    /// [`sent`](Self::sent) is called, later calls return the same bytes, and maybe more behind them.
    pub fn to_send(&mut self, id: LinkId) -> &[u8] {
        match id {
            LinkId::Http if !Services::HAS_LINKS => &[],
            LinkId::Http => self.http.to_send(),
            LinkId::Session => self.session.offer(),
        }
    }

    /// Link `id` has taken `count` bytes of [`to_send`](Self::to_send); they may end anywhere in a packet.
    pub fn sent(&mut self, id: LinkId, count: usize, now: Instant) {
        if id == LinkId::Http {
            if Services::HAS_LINKS {
                self.http.sent(count);
            }
            return;
        }
        self.session.sent(count, now);
        if self.link.is_closing() && self.session.is_drained() && !self.session.is_in_use() {
            self.link.linger(now);
        }
    }

    /// Where to put what arrives on link `id`. Empty while the link is not up, or an event is in use whose texts lie there:
    /// poll first.
    pub fn space(&mut self, id: LinkId) -> &mut [u8] {
        match id {
            LinkId::Http if !Services::HAS_LINKS => &mut [],
            LinkId::Http => self.http.space(),
            LinkId::Session => self.session.space(),
        }
    }

    /// `count` bytes have been put into [`space`](Self::space).
    pub fn received(&mut self, id: LinkId, count: usize, now: Instant) {
        if id == LinkId::Http {
            if Services::HAS_LINKS {
                self.http.received(count);
            }
            return;
        }
        self.session.received(count, now);
        if self.link.is_closing() {
            self.session.ignore_received();
        }
    }
}
