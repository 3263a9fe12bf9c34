//! The order of what happens.

use super::Device;
use super::event::Event;
use super::status::{Own, Status};
use crate::link::{LinkId, Loss};
use crate::mqtt::{Incoming, Message};
use crate::services::{Delivery, InUse, Pending, Services};
use crate::text::Text;
use crate::time::{Instant, earliest};

impl Device<'_> {
    /// When to call [`poll`](Self::poll) even if nothing arrives; `None` for never.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        if !self.statuses.is_empty() || self.requests.has_lost() || self.has_due() {
            return Some(now);
        }
        if self.link.is_closing() || self.has_reply() {
            return self.link.deadline();
        }
        let deadline = earliest(now, self.link.deadline(), self.session.deadline(now));
        let deadline = if Services::HAS_LINKS { earliest(now, deadline, self.http.deadline(now)) } else { deadline };
        if self.identity.is_none() {
            return deadline;
        }
        let deadline = earliest(now, deadline, self.requests.deadline(now));
        earliest(now, deadline, self.services.deadline(self.session.is_online(), now))
    }

    /// The next event, or `None` when all is done for now.
    ///
    /// The event before it is finished by this call: a QoS 1 message is acknowledged, a property set or a service call
    /// that was not answered (see [`call`](Self::call)) is answered with 200.
    #[cfg_attr(target_os = "none", inline(never))]
    pub fn poll(&mut self, now: Instant) -> Option<Event<'_>> {
        if self.session.is_idle(now) {
            return None;
        }
        self.finish(now);
        // What a lost link leaves without a reply is reported before the loss.
        if self.statuses.is_empty() || self.requests.has_lost() {
            // What has come in time counts, however late this is called.
            let found = if self.link.is_closing() { None } else { self.poll_http(now).or_else(|| self.find(now)) };
            if let Some(found) = found {
                return self.event_of(found);
            }
            if self.link.poll(now) {
                if self.link.is_closing() { self.shut() } else { self.lost(Loss::Timeout, now) }
            }
        }
        match self.statuses.pop_front() {
            Some(status) => Some(self.event_of_status(status)),
            None => {
                self.rest(now);
                self.take_reply().and_then(|found| self.event_of(found))
            }
        }
    }

    /// A poll has found nothing. So do those before the deadline, until something changes: see `Session::stir`.
    fn rest(&mut self, now: Instant) {
        if self.is_online() && !self.owns(LinkId::Http) {
            self.session.rest(self.deadline(now), now);
        }
    }

    fn event_of(&mut self, found: Found) -> Option<Event<'_>> {
        Some(match found {
            Found::Connected { again, session_present } => Event::Connected { again, session_present },
            Found::Delivered(packet_id) => Event::Delivered { packet_id },
            Found::Oversize { needed } => Event::Oversize { needed, dropped: self.dropped },
            Found::Message => {
                let Message { topic, payload, qos, dup, retain } = self.session.message()?;
                Event::Message { topic: Text::known(topic), payload, qos, dup, retain }
            }
            Found::Service(pending) => {
                self.session.stir();
                let message = match self.session.message_mut() {
                    Some((topic, payload)) => InUse { topic, payload },
                    None => InUse::default(),
                };
                Event::Service(self.services.event(pending, message))
            }
            Found::Answered { accepted: None } => Event::Unsubscribed { filter: self.session.filter() },
            Found::Answered { accepted: Some(accepted) } => {
                Event::Subscribed { filter: self.session.filter(), accepted }
            }
            Found::Http(pending) => {
                let (_, payload) = self.http.response();
                Event::Service(self.services.event(pending, InUse { topic: b"", payload }))
            }
            Found::HttpFailed(loss) => Event::Failed { link: LinkId::Http, loss },
        })
    }

    /// What the session tells of goes with it.
    fn event_of_status(&self, status: Status) -> Event<'_> {
        let (packet, topic) = self.session.suspect();
        match status {
            Status::Disconnected(loss) => Event::Disconnected(loss),
            Status::DisconnectedBehind(loss) => Event::DisconnectedBehind { loss, packet, topic },
            Status::GivenUp(packet_id) => Event::GivenUp { packet, topic, packet_id },
            Status::Failed(loss) => Event::Failed { link: LinkId::Session, loss },
            Status::Closed => Event::Closed,
        }
    }

    /// Lets go of the message in use.
    fn finish(&mut self, now: Instant) {
        self.finish_http();
        if Services::HAS_LINKS && matches!(self.own, Own::Reported) {
            self.drop_own_session();
        }
        if self.session.is_in_use() && !self.has_reply() {
            if let (services, Some(mut uplink), _) = self.parts() {
                services.finish(&mut uplink);
            }
            self.session.finish(now);
            if self.link.is_closing() {
                self.say_goodbye();
            }
        }
    }

    /// Steps the session until there is something for the user.
    #[cfg_attr(target_os = "none", inline(never))]
    fn find(&mut self, now: Instant) -> Option<Found> {
        if self.owns(LinkId::Session) {
            self.find_reply(now);
            return None;
        }
        loop {
            return Some(match self.session.poll(now) {
                Err(error) => {
                    self.lost(Loss::Peer(error), now);
                    return None;
                }
                Ok(None) => {
                    let (services, uplink, _) = self.parts();
                    Found::Service(services.poll(&mut uplink?, now)?)
                }
                Ok(Some(Incoming::Connected { session_present })) => {
                    self.link.online(now);
                    let again = core::mem::replace(&mut self.was_online, true);
                    Found::Connected { again, session_present }
                }
                Ok(Some(Incoming::Refused(refusal))) => {
                    self.lost(Loss::Refused(refusal), now);
                    return None;
                }
                Ok(Some(Incoming::Delivered(packet_id))) => Found::Delivered(packet_id),
                Ok(Some(Incoming::Oversize(needed))) => {
                    self.dropped = self.dropped.wrapping_add(1);
                    let (services, uplink, _) = self.parts();
                    let pending = uplink.and_then(|mut uplink| services.on_oversize(&mut uplink, needed));
                    self.session.drop_oversize(needed);
                    pending.map_or(Found::Oversize { needed }, Found::Service)
                }
                Ok(Some(Incoming::Answered { accepted })) => Found::Answered { accepted },
                Ok(Some(Incoming::Message)) => {
                    let Some(found) = self.deliver(now) else {
                        self.session.stir();
                        self.session.finish(now);
                        continue;
                    };
                    found
                }
            });
        }
    }

    /// Gives the message in use to the service that it is for. If there is none, the user gets whatever a subscription
    /// matches, and all that a cloud without services sends.
    fn deliver(&mut self, now: Instant) -> Option<Found> {
        let Message { topic, payload, .. } = self.session.message()?;
        let Some(identity) = &self.identity else { return Some(Found::Message) };
        match self.services.on_message(identity, &mut self.requests, topic, payload, now) {
            Delivery::Event(pending) => Some(Found::Service(pending)),
            Delivery::Other => self.session.wants(topic).then_some(Found::Message),
            Delivery::Used => None,
        }
    }
}

/// What [`Device::find`] found, without the texts of it.
pub(super) enum Found {
    Connected {
        again: bool,
        session_present: bool,
    },
    Delivered(u16),
    Oversize {
        needed: usize,
    },
    /// A message for the user.
    Message,
    Service(Pending),
    /// A subscription was granted or refused, or (`None`) taken back.
    Answered {
        accepted: Option<bool>,
    },
    /// The end of an exchange over HTTP.
    Http(Pending),
    /// An attempt at it has failed; another one follows.
    HttpFailed(Loss),
}
