//! The links that a service has of its own: the HTTP link, or a session that is not the user's.
//!
//! In a build whose services have no such links, [`Services::HAS_LINKS`] is false and nothing of this is linked.

use super::status::Own;
use super::{Device, Event, Listener};
use crate::http::Progress;
use crate::link::{LinkId, Loss};
use crate::mqtt::{Incoming, Message};
use crate::services::Services;
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
        Services::HAS_LINKS && matches!(self.own, Own::Ended)
    }

    /// Whether [`poll`](Self::poll) has something to do at once.
    pub(super) fn has_due(&self) -> bool {
        Services::HAS_LINKS
            && match self.own {
                // Nothing of a response is left behind for longer than its event is in use.
                Own::Nothing => self.http.has_ended(),
                Own::Ended => self.may_report(),
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
                    Some(Ok(())) => {
                        self.session.acknowledge_in_use();
                        self.own = Own::Ended;
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

    fn on_message(&mut self) -> Option<Result<(), Loss>> {
        let names = self.identity.as_ref()?.names();
        let Message { topic, payload, .. } = self.session.message()?;
        self.services.on_reply(topic, names, payload)
    }

    /// An attempt at the session has failed. Returns whether it was the last one.
    pub(super) fn own_attempt_failed(&mut self, loss: Loss) -> bool {
        // There may be half a reply.
        self.session.wipe_received();
        if !self.services.on_attempt_failed(loss) {
            return false;
        }
        self.link.stop();
        self.session.reset();
        self.own = Own::Ended;
        true
    }

    /// Reports the end of the session, once it may be reported.
    pub(super) fn report_reply(&mut self, listener: &mut impl Listener) -> bool {
        if !self.has_reply() || !self.may_report() {
            return false;
        }
        self.link.stop();
        let payload = self.session.message().map_or(&mut [][..], |message| message.payload);
        self.services.report_end(payload, listener);
        self.services.close_link();
        self.own = Own::Reported;
        true
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

    /// Makes the next step of a request over HTTP. Returns whether it has reported an event.
    pub(super) fn poll_http(&mut self, now: Instant, listener: &mut impl Listener) -> bool {
        if !Services::HAS_LINKS {
            return false;
        }
        let following = self.services.following();
        let reply = match (self.http.poll(now, following.is_some()), following) {
            (None, _) => return false,
            (Some(Progress::Failed(loss)), _) => Err(loss),
            (Some(Progress::Response { status: 200..=299 }), Some(following)) => {
                match self.http.follow(&following, now) {
                    Err(loss) => Err(loss),
                    Ok(()) => {
                        self.services.followed();
                        return false;
                    }
                }
            }
            (Some(Progress::Response { status }), _) => {
                let (note, body) = self.http.response();
                self.services.on_response(status, note, body)
            }
        };
        if let Err(loss) = reply
            && !self.services.on_attempt_failed(loss)
        {
            self.http.again(now);
            listener.on_event(Event::Failed { link: LinkId::Http, loss });
            return true;
        }
        self.services.report_end(self.http.response().1, listener);
        self.services.close_link();
        self.http.stop();
        true
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
