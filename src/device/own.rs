//! The links that a service has of its own: the HTTP link, or a session that is not the user's.
//!
//! In a build whose services have no such links, [`Services::HAS_LINKS`] is false and nothing of this is linked.

use super::Device;
use super::progress::Found;
use super::status::Own;
use crate::http::Progress;
use crate::link::{LinkId, Loss};
use crate::mqtt::Incoming;
use crate::services::{Pending, Reply, Services};
use crate::time::Instant;

impl Device<'_> {
    /// Whether link `id` is a service's alone.
    pub(super) fn owns(&self, id: LinkId) -> bool {
        Services::HAS_LINKS && self.services.own_link() == Some(id)
    }

    /// Ends what a service has under way on a link of its own, a registration, without an event. If the end has been
    /// reported, its texts are gone. The memory of an exchange is the caller's again.
    pub fn cancel_request(&mut self) {
        if self.owns(LinkId::Session) {
            self.link.stop();
        }
        self.drop_own_session();
        self.drop_http();
        self.finish_http();
    }

    // ---- A session ----

    /// Whether a session of a service's own has ended, and its event has not been reported.
    pub(super) fn has_reply(&self) -> bool {
        Services::HAS_LINKS && matches!(self.own, Own::Ended(_))
    }

    /// Whether [`poll`](Self::poll) has something to do at once.
    pub(super) fn has_due(&self) -> bool {
        Services::HAS_LINKS
            && match self.own {
                // Nothing of a response is left behind for longer than its event is in use.
                Own::Nothing => self.http.has_ended(),
                Own::Ended(_) => self.may_report(),
                Own::Reported => true,
            }
    }

    /// A reply at QoS 1 is acknowledged before the link is closed (MQTT 3.1.1, section 4.3.2). A link that does not take the
    /// acknowledgement does not keep the reply from the user.
    fn may_report(&self) -> bool {
        self.session.is_drained() || self.link.is_off()
    }

    /// Looks for the reply to the service.
    #[cold]
    #[inline(never)]
    pub(super) fn find_reply(&mut self, now: Instant) {
        while !self.has_reply() {
            let loss = match self.session.poll(now) {
                Ok(None) => return,
                Ok(Some(Incoming::Message)) => match self.on_message() {
                    None => {
                        self.session.finish(now);
                        continue;
                    }
                    Some(Ok(pending)) => {
                        self.session.acknowledge_in_use();
                        self.own = Own::Ended(pending);
                        return;
                    }
                    Some(Err(loss)) => loss,
                },
                Ok(Some(Incoming::Refused(refusal))) => Loss::Refused(refusal),
                Ok(Some(Incoming::Oversize(_))) => Loss::AnswerTooLarge,
                Ok(Some(_)) => continue,
                Err(error) => Loss::Peer(error),
            };
            self.lost(loss, now);
            return;
        }
    }

    fn on_message(&mut self) -> Option<Result<Pending, Loss>> {
        let names = self.identity.as_ref()?.names();
        let (topic, payload) = self.session.message_mut()?;
        self.services.on_reply(Reply::Message { topic, names, payload })
    }

    /// An attempt at the session has failed. Returns whether it was the last one.
    pub(super) fn own_attempt_failed(&mut self, loss: Loss) -> bool {
        // There may be half a reply.
        self.session.wipe_received();
        let Some(pending) = self.services.on_attempt_failed(loss) else { return false };
        self.link.stop();
        self.session.reset();
        self.own = Own::Ended(pending);
        true
    }

    /// The event that ends the session, once it may be reported.
    pub(super) fn take_reply(&mut self) -> Option<Found> {
        if !self.has_reply() || !self.may_report() {
            return None;
        }
        self.link.stop();
        self.services.close_link();
        match core::mem::replace(&mut self.own, Own::Reported) {
            Own::Ended(pending) => Some(Found::Service(pending)),
            _ => None,
        }
    }

    /// Ends the session, and leaves nothing of it behind.
    pub(super) fn drop_own_session(&mut self) {
        if Services::HAS_LINKS && (self.owns(LinkId::Session) || matches!(self.own, Own::Reported)) {
            if !matches!(self.own, Own::Reported) {
                self.services.close_link();
            }
            self.own = Own::Nothing;
            self.session.wipe_received();
            self.session.reset();
        }
    }

    // ---- HTTP ----

    /// Makes the next step of a request over HTTP.
    pub(super) fn poll_http(&mut self, now: Instant) -> Option<Found> {
        if !Services::HAS_LINKS {
            return None;
        }
        let reply = match self.http.poll(now)? {
            Progress::Failed(loss) => Err(loss),
            Progress::Response { status } => {
                let (note, body) = self.http.response();
                self.services.on_reply(Reply::Response { status, note, body }).unwrap_or(Err(Loss::Answer))
            }
        };
        let pending = match reply {
            Ok(pending) => pending,
            Err(loss) => match self.services.on_attempt_failed(loss) {
                Some(pending) => pending,
                None => {
                    self.http.again(now);
                    return Some(Found::HttpFailed(loss));
                }
            },
        };
        self.services.close_link();
        self.http.stop();
        Some(Found::Http(pending))
    }

    /// Lets go of an exchange whose end has been reported.
    pub(super) fn finish_http(&mut self) {
        if Services::HAS_LINKS && self.http.has_ended() {
            self.http.finish();
        }
    }

    /// Ends an exchange that is under way. Returns whether there was one.
    pub(super) fn drop_http(&mut self) -> bool {
        let was_under_way = self.owns(LinkId::Http);
        if was_under_way {
            self.services.close_link();
            self.http.finish();
        }
        was_under_way
    }
}
