//! The end of a link.

use super::Device;
use super::status::Status;
use crate::link::{End, LinkId, Loss};
use crate::mqtt::{Cut, Refusal};
use crate::time::Instant;

impl Device<'_> {
    /// The session, or the attempt at one, has failed.
    pub(super) fn lost(&mut self, loss: Loss, now: Instant) {
        if self.has_reply() {
            // Nothing but the acknowledgement went with the link.
            self.link.stop();
            return;
        }
        let is_own = self.owns(LinkId::Session);
        let was_up = self.session.is_online() && !is_own;
        let cut = match loss {
            Loss::Link(code) if was_up && !self.link.is_closing() => self.session.cut(code == 0, now),
            _ => Cut::default(),
        };
        self.session.link_down();
        self.services_link_down();
        if self.link.is_closing() {
            self.shut();
            return;
        }
        if is_own && self.own_attempt_failed(loss) {
            return;
        }
        let end = match loss {
            Loss::Refused(refusal) if refusal != Refusal::Unavailable => End::Refused,
            Loss::Link(_) if cut.given_up.is_some() => End::GivenUp,
            Loss::Link(_) if cut.is_behind => End::Behind,
            Loss::Link(_) => End::Cut,
            _ => End::Failed,
        };
        let kicked = self.link.lost(now, end);
        self.report(match was_up {
            true if cut.is_behind => Status::DisconnectedBehind(loss),
            true => Status::Disconnected(loss),
            false => Status::Failed(loss),
        });
        if let Some(packet_id) = cut.given_up {
            self.report(Status::GivenUp(packet_id));
        }
        if kicked {
            self.report(Status::Failed(Loss::Kicked));
        }
    }
}
