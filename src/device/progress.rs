//! The order of what happens.

use super::status::{Own, Status};
use super::{Device, Event, Listener};
use crate::alink::Requests;
use crate::clouds::vendor::Account;
use crate::link::{LinkId, Loss};
use crate::mqtt::Incoming;
use crate::services::{Delivery, Services};
use crate::text::Text;
use crate::time::{Earliest, Instant, note};

impl Device<'_> {
    /// When to call [`poll`](Self::poll) even if nothing arrives; `None` for never.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        match self.wait(now) {
            u32::MAX => None,
            wait => Some(now.after(wait)),
        }
    }

    /// The same in milliseconds from now on; `u32::MAX` for never.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn wait(&self, now: Instant) -> u32 {
        if !self.statuses.is_empty() || self.requests.has_lost() || self.has_due() {
            return 0;
        }
        let mut earliest = Earliest::after(now);
        note(self.link.deadline(), &mut earliest);
        if !self.link.is_closing() && !self.has_reply() {
            note(self.session.deadline(now), &mut earliest);
            if self.session.is_online() {
                note(self.account.renewal(), &mut earliest);
            }
            if Services::HAS_LINKS {
                note(self.http.deadline(now), &mut earliest);
            }
            if self.identity.is_some() {
                note(self.requests.deadline(now), &mut earliest);
                self.services.deadline(self.session.is_online(), now, &mut earliest);
            }
        }
        earliest.wait
    }

    /// Gives the next event to `report`, and returns what that returns; `None` when all is done for now. The texts and bytes
    /// of the event live until then.
    ///
    /// The event before it is finished by this call: a QoS 1 message is acknowledged, a property set or a service call
    /// that was not answered (see [`call`](Self::call)) is answered with 200.
    pub fn poll<R>(&mut self, now: Instant, mut report: impl FnMut(Event<'_>) -> R) -> Option<R> {
        let mut result = None;
        self.report_next(now, &mut |event: Event<'_>| result = Some(report(event)));
        result
    }

    /// Reports the next event. Returns whether there was one.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn report_next(&mut self, now: Instant, listener: &mut impl Listener) -> bool {
        if self.account.is_kept() {
            self.account.advance(now);
        }
        if self.session.is_idle(now) {
            return false;
        }
        self.finish(now);
        // What a lost link leaves without a reply is reported before the loss.
        if self.statuses.is_empty() || self.requests.has_lost() {
            // What has come in time counts, however late this is called.
            if !self.link.is_closing() && (self.poll_http(now, listener) || self.find(now, listener)) {
                return true;
            }
            if self.account.renewal().is_some_and(|renewal| self.session.is_online() && now.reached(renewal)) {
                self.lost(Loss::Renewal, now);
            } else if self.link.poll(now) {
                if self.link.is_closing() { self.shut() } else { self.lost(Loss::Timeout, now) }
            }
        }
        match self.statuses.pop_front() {
            Some(status) => self.report_status(status, listener),
            None => {
                self.rest(now);
                return self.report_reply(listener);
            }
        }
        true
    }

    /// A poll has found nothing. So do those before the deadline, until something changes: see `Session::stir`.
    fn rest(&mut self, now: Instant) {
        if self.is_online() && !self.owns(LinkId::Http) {
            self.session.rest(self.wait(now), now);
        }
    }

    fn report_status(&self, status: Status, listener: &mut impl Listener) {
        // The session knows what was sent before its end.
        let (packet, topic) = self.session.suspect();
        match status {
            Status::Disconnected(loss) => listener.on_event(Event::Disconnected(loss)),
            Status::DisconnectedBehind(loss) => listener.on_event(Event::DisconnectedBehind { loss, packet, topic }),
            Status::GivenUp(packet_id) => listener.on_event(Event::GivenUp { packet, topic, packet_id }),
            Status::Failed(loss) => listener.on_event(Event::Failed { link: LinkId::Session, loss }),
            Status::Closed => listener.on_event(Event::Closed),
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

    /// Steps the session until there is something for the user, and reports it.
    #[cfg_attr(target_os = "none", inline(never))]
    fn find(&mut self, now: Instant, listener: &mut impl Listener) -> bool {
        if self.owns(LinkId::Session) {
            self.find_reply(now);
            return false;
        }
        loop {
            match self.session.poll(now) {
                Err(error) => {
                    self.lost(Loss::Peer(error), now);
                    return false;
                }
                Ok(None) => {
                    let (services, Some(mut uplink), _) = self.parts() else { return false };
                    return services.poll(&mut uplink, now, listener);
                }
                Ok(Some(Incoming::Connected { session_present })) => {
                    self.link.online(now);
                    let again = core::mem::replace(&mut self.was_online, true);
                    listener.on_event(Event::Connected { again, session_present });
                }
                Ok(Some(Incoming::Refused(refusal))) => {
                    self.lost(Loss::Refused(refusal), now);
                    return false;
                }
                Ok(Some(Incoming::Delivered(packet_id))) => {
                    if !self.services.on_delivered(packet_id, listener) {
                        listener.on_event(Event::Delivered { packet_id });
                    }
                }
                Ok(Some(Incoming::Oversize(needed))) => {
                    self.dropped = self.dropped.wrapping_add(1);
                    let (services, uplink, _) = self.parts();
                    let is_reported =
                        uplink.is_some_and(|mut uplink| services.on_oversize(&mut uplink, needed, listener));
                    self.session.drop_oversize(needed);
                    if !is_reported {
                        listener.on_event(Event::Oversize { needed, dropped: self.dropped });
                    }
                }
                Ok(Some(Incoming::Answered { accepted })) => {
                    let filter = self.session.filter();
                    match accepted {
                        Some(accepted) => listener.on_event(Event::Subscribed { filter, accepted }),
                        None => listener.on_event(Event::Unsubscribed { filter }),
                    }
                }
                Ok(Some(Incoming::Message)) => {
                    if !self.deliver(now, listener) {
                        self.session.stir();
                        self.session.finish(now);
                        continue;
                    }
                }
            }
            return true;
        }
    }

    /// Gives the message in use to the service that it is for. If there is none, the user gets whatever a subscription
    /// matches, and all that a cloud without services sends. Returns whether it was reported.
    fn deliver(&mut self, now: Instant, listener: &mut impl Listener) -> bool {
        let Some(message) = self.session.message() else { return false };
        let topic = message.topic;
        if let Some(identity) = &self.identity {
            let Self { services, requests, account, .. } = self;
            let delivery = if account.is_kept() {
                read_message(account, services, requests, topic, message.payload, now, listener)
            } else {
                services.on_message(identity, requests, topic, message.payload, now, listener)
            };
            match delivery {
                Delivery::Reported => {
                    self.session.stir();
                    return true;
                }
                Delivery::Other if message.filters.cover(topic) => {}
                _ => return false,
            }
        }
        let (qos, dup, retain) = (message.qos(), message.is_dup(), message.is_retained());
        listener.on_event(Event::Message { topic: Text::known(topic), payload: message.payload, qos, dup, retain });
        true
    }
}

/// Gives a message of a vendor cloud to the service that it is for.
#[inline(never)]
fn read_message(
    account: &Account,
    services: &mut Services,
    requests: &mut Requests,
    topic: &[u8],
    payload: &mut [u8],
    now: Instant,
    listener: &mut impl Listener,
) -> Delivery {
    match account.vendor().and_then(|(brand, login)| brand.read(&login, topic, payload)) {
        Some(received) => services.on_received(received, requests, now, listener),
        None => Delivery::Other,
    }
}
