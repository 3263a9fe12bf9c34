//! One device's life: ties login, link, session and thing model together.

mod event;
#[cfg(feature = "register")]
mod register;
#[cfg(not(feature = "register"))]
#[path = "device/unregistered.rs"]
mod register;

use heapless::Deque;

#[cfg(feature = "plain")]
use crate::clouds::plain;
use crate::clouds::{CredentialsError, Endpoint, Login, aliyun};
use crate::link::{CONNECT_TIMEOUT_MS, End, Link};
pub use crate::mqtt::Buffers;
use crate::mqtt::{
    Connect, Cut, Incoming, LoginTooLong, Message, PeerError, Priority, Qos, Refusal, SendError, Session, WINDOW,
    is_topic_name,
};
#[cfg(feature = "upload")]
use crate::thing::{File, UploadError};
use crate::thing::{MESSAGE, Meaning, News, PostError, Thing, take_string};
use crate::time::{Instant, earliest};
pub use event::{Event, Loss};
#[cfg(feature = "register")]
pub use register::{REGISTER_TRIES, RESPONSE_MAX};

/// Seconds of keepalive that Alibaba's platform takes (help.aliyun.com document 73742).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// How the session is kept.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Seconds after which a quiet link is tested (MQTT 3.1.1, section 3.1.2.10). Alibaba's platform takes 30 to 1200;
    /// 0 switches it off on other brokers.
    pub keepalive: u16,
    /// Whether the server starts afresh at each login, or keeps QoS 1 messages and subscriptions in between.
    pub clean_session: bool,
    /// Milliseconds that DNS, TCP, TLS and the MQTT handshake may take together.
    pub connect_timeout: u32,
    /// QoS 1 messages that may wait, sent before or not, for [`Device::publish`] to take another one while there is no
    /// session; [`WINDOW`] at most, and what fits the send buffer. 0: without a session none is taken.
    pub offline_queue: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self { keepalive: 60, clean_session: true, connect_timeout: CONNECT_TIMEOUT_MS, offline_queue: WINDOW as u8 }
    }
}

/// A connect that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The login cannot be used.
    Credentials(CredentialsError),
    /// The device is connected, or connecting, already.
    AlreadyConnected,
}

impl From<CredentialsError> for ConnectError {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

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

/// What the user is told of beside what comes in; the session knows the rest.
#[derive(Clone, Copy)]
enum Status {
    Disconnected(Loss),
    DisconnectedBehind(Loss),
    GivenUp(u16),
    Failed(Loss),
    Closed,
    #[cfg(feature = "register")]
    RegistrationRefused(u16),
    #[cfg(feature = "register")]
    RegistrationFailed(Loss),
}

/// One device.
///
/// It does nothing by itself: call [`poll`](Self::poll) until it returns `None` whenever bytes have arrived, the link
/// has changed or the [`deadline`](Self::deadline) is reached, then send what [`to_send`](Self::to_send) gives.
pub struct Device<'b> {
    session: Session<'b>,
    link: Link,
    endpoint: Endpoint,
    thing: Option<Thing>,
    statuses: Deque<Status, 4>,
    seed: u32,
    was_online: bool,
    /// Messages larger than the receive buffer, since `connect`.
    dropped: u32,
    #[cfg(feature = "register")]
    registration: register::Phase,
    /// If the message in use wants an answer that it has not got yet: the code of the one that it gets otherwise.
    unanswered: Option<i32>,
}

impl<'b> Device<'b> {
    /// A device at rest. `seed` is any random number: it spreads reconnects of many devices in time.
    ///
    /// `buffers.tx` should have at least 1 KiB: 384 bytes of it are kept for the session's own packets.
    pub fn new(buffers: Buffers<'b>, seed: u32) -> Self {
        Self {
            session: Session::new(buffers),
            link: Link::new(seed),
            endpoint: Endpoint::none(),
            thing: None,
            statuses: Deque::new(),
            seed,
            was_online: false,
            dropped: 0,
            #[cfg(feature = "register")]
            registration: register::Phase::idle(),
            unanswered: None,
        }
    }

    /// Connects to Alibaba Cloud IoT Platform, and again whenever the session is lost, until [`close`](Self::close).
    pub fn connect(
        &mut self,
        credentials: &aliyun::Credentials,
        options: Options,
        now: Instant,
    ) -> Result<(), ConnectError> {
        self.must_be_off()?;
        if !KEEPALIVE.contains(&options.keepalive) {
            return Err(CredentialsError::Keepalive.into());
        }
        credentials.find(&mut self.endpoint)?;
        let thing = Thing::new(credentials.product_key, credentials.device_name, self.seed);
        let session = &mut self.session;
        session.reset();
        let Options { keepalive, clean_session, offline_queue, .. } = options;
        credentials
            .login(|login| write_login(login, session.configure(keepalive, clean_session, offline_queue)))
            .map_err(|LoginTooLong| CredentialsError::ClientId)?;
        self.start(thing, options.connect_timeout, now);
        Ok(())
    }

    /// Connects to any MQTT 3.1.1 broker: the same session, without a thing model.
    #[cfg(feature = "plain")]
    pub fn connect_plain(
        &mut self,
        credentials: &plain::Credentials,
        options: Options,
        now: Instant,
    ) -> Result<(), ConnectError> {
        self.must_be_off()?;
        credentials.find(&mut self.endpoint)?;
        if credentials.client_id.is_empty() && !options.clean_session {
            return Err(CredentialsError::ClientId.into());
        }
        let session = &mut self.session;
        session.reset();
        let Options { keepalive, clean_session, offline_queue, .. } = options;
        credentials
            .login(|login| write_login(login, session.configure(keepalive, clean_session, offline_queue)))?
            .map_err(|LoginTooLong| CredentialsError::Password)?;
        self.start(None, options.connect_timeout, now);
        Ok(())
    }

    fn must_be_off(&mut self) -> Result<(), ConnectError> {
        self.forget_answer();
        if self.link.is_off() && !self.is_registering() { Ok(()) } else { Err(ConnectError::AlreadyConnected) }
    }

    fn start(&mut self, thing: Option<Thing>, connect_timeout: u32, now: Instant) {
        self.thing = thing;
        self.was_online = false;
        self.dropped = 0;
        self.unanswered = None;
        self.link.start(connect_timeout, now);
    }

    /// Sends what waits and a DISCONNECT, waits for the server to close the link, and stays off. Takes two seconds at
    /// most and ends with [`Event::Closed`]; `false` if the device is off already.
    pub fn close(&mut self, now: Instant) -> bool {
        // Over HTTP the answer to a registration may be here when the link is gone.
        if self.link.is_off() && !self.is_registering() {
            return false;
        }
        if self.has_answer() {
            self.shut();
            return true;
        }
        if !self.link.is_closing() {
            #[cfg(feature = "upload")]
            self.cancel_upload();
            self.link.closing(now);
            // Nothing may follow a DISCONNECT (MQTT 3.1.1, section 3.14.4): a message in use is finished first.
            if !self.session.is_in_use() {
                self.say_goodbye();
            }
        }
        true
    }

    fn say_goodbye(&mut self) {
        if self.session.is_online() {
            self.session.disconnect();
        } else {
            self.shut();
        }
    }

    fn shut(&mut self) {
        self.link.stop();
        self.drop_registration();
        self.session.reset();
        self.unanswered = None;
        self.tell(Status::Closed);
    }

    /// Whether [`connect`](Self::connect) was called, and not [`close`](Self::close).
    pub fn is_started(&self) -> bool {
        !self.link.is_off() && !self.link.is_closing() && !self.is_registering()
    }

    /// Whether the session is up.
    pub fn is_online(&self) -> bool {
        self.session.is_online() && self.is_started()
    }

    /// QoS 1 messages that wait for their acknowledgement, of [`WINDOW`] at most.
    pub fn unacknowledged(&self) -> usize {
        self.session.unacknowledged()
    }

    /// Acknowledgements since [`connect`](Self::connect) that named no packet under way. They are ignored: a server that
    /// sends them is at fault, but what was sent stays in order.
    pub fn unknown_acks(&self) -> u32 {
        self.session.unknown_acks()
    }

    // ---- What the user sends ----

    /// Goes on with another send buffer, with what waits in the present one; on failure nothing has moved, and the bytes
    /// are told that it would have to have: no fewer than the present one.
    pub fn move_tx(&mut self, tx: &'b mut [u8]) -> Result<(), usize> {
        self.session.move_tx(tx)
    }

    fn must_be_started(&self) -> Result<(), SendError> {
        if self.is_started() { Ok(()) } else { Err(SendError::NotConnected) }
    }

    /// Publishes. At QoS 0 the message goes now or not at all, and 0 is returned; at QoS 1 it is kept, over any number
    /// of links, until [`Event::Delivered`] tells its packet identifier, which is returned. A topic that Alibaba's
    /// platform is known not to take from this device is refused.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> Result<u16, SendError> {
        self.must_be_started()?;
        if !is_topic_name(topic.as_bytes()) {
            return Err(SendError::Topic);
        }
        match &mut self.thing {
            Some(thing) => thing.publish_own(&mut self.session, topic, payload, qos),
            None => self.session.publish(Priority::User, &[topic.as_bytes()], &[payload], qos),
        }
    }

    /// Subscribes to a topic filter of at most [`FILTER_MAX`](crate::mqtt::FILTER_MAX) bytes, now and after each
    /// reconnect; [`Event::Subscribed`] tells the server's answer.
    pub fn subscribe(&mut self, filter: &str, qos: Qos) -> Result<(), SendError> {
        self.must_be_started()?;
        if let Some(thing) = &self.thing {
            self.session.filter_fits(filter)?;
            thing.check_topic(filter)?;
        }
        self.session.subscribe(filter, qos)
    }

    /// Takes a subscription back; [`Event::Unsubscribed`] tells when the server has done so.
    pub fn unsubscribe(&mut self, filter: &str) -> Result<(), SendError> {
        self.must_be_started()?;
        self.session.unsubscribe(filter)
    }

    fn thing(&mut self) -> Result<(&mut Thing, &mut Session<'b>), PostError> {
        self.must_be_started().map_err(PostError::Send)?;
        self.thing.as_mut().map(|thing| (thing, &mut self.session)).ok_or(PostError::NoThing)
    }

    /// Posts properties: a JSON object of identifiers and values. Returns the id that [`Event::Reply`] will carry.
    pub fn post_properties(&mut self, params: &str) -> Result<u32, PostError> {
        let (thing, session) = self.thing()?;
        thing.post_properties(session, params)
    }

    /// Posts an event: its identifier, and a JSON object of output parameters. Returns the id of the reply.
    pub fn post_event(&mut self, event: &str, params: &str) -> Result<u32, PostError> {
        let (thing, session) = self.thing()?;
        thing.post_event(session, event, params)
    }

    /// Posts raw data.
    pub fn post_raw(&mut self, data: &[u8]) -> Result<(), PostError> {
        let (thing, session) = self.thing()?;
        thing.post_raw(session, data)
    }

    /// Answers the [`Event::Properties`], [`Event::Service`] or [`Event::CallRaw`] that [`poll`](Self::poll) returned
    /// last. `data` is a JSON value; for `CallRaw` any bytes, which go without the code, and nothing at all if the code is
    /// not 200 and there are no bytes: the platform sees a time-out. Without this call the next `poll` answers 200 and
    /// `{}`; after one that failed, its code and `{}`.
    pub fn answer(&mut self, code: i32, data: &[u8]) -> Result<(), PostError> {
        match (&self.thing, &mut self.unanswered) {
            (Some(thing), Some(otherwise)) => {
                *otherwise = code;
                thing.answer(&mut self.session, code, data)?;
                self.unanswered = None;
                Ok(())
            }
            _ => Err(PostError::Send(SendError::NotConnected)),
        }
    }

    /// Leaves the answer to [`reply`](Self::reply), and returns the topic that it asks for; `None` if there is nothing to
    /// answer.
    pub fn answer_later(&mut self) -> Option<&[u8]> {
        self.unanswered.take()?;
        self.session.message().map(|message| message.topic)
    }

    /// Answers what was left with [`answer_later`](Self::answer_later), as [`answer`](Self::answer) does: `topic` as it
    /// was returned there, `id` as the event told it, or `None` for [`Event::CallRaw`]. Synchronous calls want their
    /// answer within 8 s.
    pub fn reply(&mut self, topic: &[u8], id: Option<&str>, code: i32, data: &[u8]) -> Result<(), PostError> {
        let (thing, session) = self.thing()?;
        thing.reply(session, topic, id, code, data)
    }

    /// Asks the platform for the time; before the session is up, as soon as it is. [`Event::Time`] brings the answer, to
    /// this question and to those asked meanwhile.
    #[cfg(feature = "ntp")]
    pub fn ask_time(&mut self) -> Result<(), PostError> {
        self.thing()?.0.ask_time();
        Ok(())
    }

    /// Begins to upload a file, in blocks of `block` bytes ([`BLOCK`](crate::thing::BLOCK)), as soon as the session is
    /// up. [`Event::UploadBlock`] asks for one block after another, also for one that it has asked for before; at the
    /// end comes [`Event::Uploaded`], [`Event::UploadFailed`] or [`Event::Closed`]. A lost link only interrupts it.
    #[cfg(feature = "upload")]
    pub fn upload(&mut self, file: File, block: u32) -> Result<(), UploadError> {
        if !self.is_started() {
            return Err(UploadError::NotConnected);
        }
        let thing = self.thing.as_mut().ok_or(UploadError::NoThing)?;
        thing.upload(&self.session, file, block, self.seed)
    }

    /// Where the bytes go of the block that [`Event::UploadBlock`] told last: it is in the send buffer, and holds up
    /// what is queued behind it. `None` if it is not wanted any more.
    #[cfg(feature = "upload")]
    pub fn upload_block(&mut self) -> Option<&mut [u8]> {
        self.thing.as_ref()?.upload_block(&mut self.session)
    }

    /// All of [`upload_block`](Self::upload_block) has been written: send it.
    #[cfg(feature = "upload")]
    pub fn upload_filled(&mut self, now: Instant) {
        if let Some(thing) = &mut self.thing {
            thing.upload_filled(&mut self.session, now);
        }
    }

    /// Gives the upload up, if there is one; no event follows.
    #[cfg(feature = "upload")]
    pub fn cancel_upload(&mut self) {
        if let Some(thing) = &mut self.thing {
            thing.cancel_upload(&mut self.session);
        }
    }

    // ---- The link ----

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

    /// When to call [`poll`](Self::poll) even if nothing arrives; `None` for never.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        if !self.statuses.is_empty() || self.has_ended() {
            return Some(now);
        }
        if self.link.is_closing() || self.has_answer() {
            return self.link.deadline();
        }
        let deadline = earliest(now, self.link.deadline(), self.session.deadline(now));
        match &self.thing {
            Some(thing) if self.session.is_online() => earliest(now, deadline, thing.deadline(now)),
            _ => deadline,
        }
    }

    // ---- Progress ----

    /// The next event, or `None` when all is done for now.
    ///
    /// The event before it is finished by this call: a QoS 1 message is acknowledged, a property set or a service call
    /// that was not [`answer`](Self::answer)ed is answered with 200.
    pub fn poll(&mut self, now: Instant) -> Option<Event<'_>> {
        self.finish(now);
        if self.statuses.is_empty() {
            // What has come in time counts, however late this is called.
            let found = if self.link.is_closing() { None } else { self.find(now) };
            if let Some(found) = found {
                return self.event_of(found);
            }
            if self.link.poll(now) {
                if self.link.is_closing() { self.shut() } else { self.lost(Loss::Timeout, now) }
            }
        }
        let status = self.statuses.pop_front()?;
        Some(self.event_of_status(status))
    }

    fn event_of(&mut self, found: Found) -> Option<Event<'_>> {
        Some(match found {
            Found::Connected { again, session_present } => Event::Connected { again, session_present },
            Found::Delivered(packet_id) => Event::Delivered { packet_id },
            Found::Oversize { needed, raw_reply } => Event::Oversize { needed, dropped: self.dropped, raw_reply },
            Found::Message(interest) => return self.event_of_message(interest),
            Found::News(news) => return self.event_of_news(news),
            Found::Answered { accepted: None } => Event::Unsubscribed { filter: self.session.filter() },
            Found::Answered { accepted: Some(accepted) } => {
                Event::Subscribed { filter: self.session.filter(), accepted }
            }
            Found::Answer => return self.event_of_answer(),
        })
    }

    /// What the session tells of goes with it.
    fn event_of_status(&self, status: Status) -> Event<'_> {
        let (packet, topic) = self.session.suspect();
        match status {
            Status::Disconnected(loss) => Event::Disconnected(loss),
            Status::DisconnectedBehind(loss) => Event::DisconnectedBehind { loss, packet, topic },
            Status::GivenUp(packet_id) => Event::GivenUp { packet, topic, packet_id },
            Status::Failed(loss) => Event::Failed(loss),
            Status::Closed => Event::Closed,
            #[cfg(feature = "register")]
            Status::RegistrationRefused(code) => Event::RegistrationRefused { code: code.into(), message: "" },
            #[cfg(feature = "register")]
            Status::RegistrationFailed(loss) => Event::RegistrationFailed(loss),
        }
    }

    /// Lets go of the message in use.
    fn finish(&mut self, now: Instant) {
        self.forget_answer();
        if let Some(code) = self.unanswered {
            // There is room: the session asks for it before it hands a message out. If the topic is too long even for
            // that, the platform sees a time-out, as it would of a device that is gone.
            let _ = self.answer(code, b"{}");
            self.unanswered = None;
        }
        if self.session.is_in_use() && !self.has_answer() {
            self.session.finish(now);
            if self.link.is_closing() {
                self.say_goodbye();
            }
        }
    }

    /// Steps the session until there is something for the user.
    fn find(&mut self, now: Instant) -> Option<Found> {
        if self.has_answer() {
            return self.use_answer();
        }
        if self.session.is_request() {
            return self.find_response(now);
        }
        loop {
            return Some(match self.session.poll(now) {
                Err(error) => {
                    self.lost(Loss::Peer(error), now);
                    return None;
                }
                Ok(None) => {
                    let news = self.thing.as_mut()?.poll(&mut self.session, now)?;
                    Found::News(news)
                }
                // What counts is the answer.
                Ok(Some(Incoming::Connected { .. })) if self.way().is_some() => continue,
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
                Ok(Some(Incoming::Oversize(_))) if self.way().is_some() => {
                    self.lost(Loss::Peer(PeerError::AnswerTooLarge), now);
                    return None;
                }
                Ok(Some(Incoming::Oversize(needed))) => {
                    self.dropped = self.dropped.wrapping_add(1);
                    let raw_reply = self.thing.as_ref().is_some_and(|thing| thing.is_oversize_raw_reply(&self.session));
                    self.session.drop_oversize(needed);
                    Found::Oversize { needed, raw_reply }
                }
                Ok(Some(Incoming::Answered { accepted })) => Found::Answered { accepted },
                Ok(Some(Incoming::Message)) => {
                    if let Some(way) = self.way() {
                        return self.find_answer(way, now);
                    }
                    if let Some(news) = self.hear(now) {
                        self.session.finish(now);
                        #[cfg(feature = "upload")]
                        if news == News::Nothing {
                            continue;
                        }
                        return Some(Found::News(news));
                    }
                    let interest = self.interest();
                    if interest != Interest::None {
                        return Some(Found::Message(interest));
                    }
                    self.session.finish(now);
                    continue;
                }
            });
        }
    }

    /// What the message in use tells a service that waits for it.
    fn hear(&mut self, now: Instant) -> Option<News> {
        let message = self.session.message()?;
        self.thing.as_mut()?.hear(message.topic, message.payload, now)
    }

    fn event_of_news(&self, news: News) -> Option<Event<'_>> {
        match news {
            #[cfg(feature = "ntp")]
            News::Time { unix_ms, error_ms } => Some(Event::Time { unix_ms, error_ms }),
            #[cfg(feature = "ntp")]
            News::NoTime => Some(Event::NoTime),
            #[cfg(feature = "upload")]
            News::Block { offset, length } => Some(Event::UploadBlock { offset, length }),
            #[cfg(feature = "upload")]
            News::Uploaded => Some(Event::Uploaded { id: self.thing.as_ref()?.upload_id() }),
            #[cfg(feature = "upload")]
            News::NotUploaded(code) => Some(Event::UploadFailed { code }),
            #[cfg(feature = "upload")]
            News::Nothing => None,
        }
    }

    /// What of the message in use concerns the user.
    fn interest(&self) -> Interest {
        let Self { session, thing: Some(thing), .. } = self else { return Interest::Message };
        let Some(message) = session.message() else { return Interest::None };
        match thing.read(message.topic, message.payload) {
            Meaning::Reply { id, code } if thing.issued(id) => return Interest::Reply { id, code },
            Meaning::Reply { .. } | Meaning::Nothing | Meaning::Other => {}
            _ => return Interest::Meaning,
        }
        // What the user has subscribed to is handed over whatever it is.
        if session.wants(message.topic) { Interest::Message } else { Interest::None }
    }

    fn event_of_message(&mut self, interest: Interest) -> Option<Event<'_>> {
        if let Interest::Reply { id, code } = interest {
            let payload = self.session.payload();
            let payload = self.session.received_bytes_mut().get_mut(payload)?;
            return Some(Event::Reply { id, code, message: take_string(payload, MESSAGE).unwrap_or_default() });
        }
        let Message { topic, payload, qos, dup, retain } = self.session.message()?;
        let meaning = match (&self.thing, interest) {
            (Some(thing), Interest::Meaning) => thing.read(topic, payload),
            _ => Meaning::Other,
        };
        let is_call =
            matches!(meaning, Meaning::SetProperties { .. } | Meaning::CallService { .. } | Meaning::CallRaw { .. });
        self.unanswered = is_call.then_some(200);
        Some(match meaning {
            Meaning::SetProperties { id, params } => Event::Properties { id, params },
            Meaning::CallService { id, service, params, synchronous } => {
                Event::Service { id, service, params, synchronous }
            }
            Meaning::CallRaw { id, name } => Event::CallRaw { id, name, payload },
            Meaning::Raw => Event::Raw(payload),
            Meaning::RawReply => Event::RawReply(payload),
            Meaning::Reply { .. } | Meaning::Nothing | Meaning::Other => {
                // The session has looked at it.
                let topic = core::str::from_utf8(topic).unwrap_or_default();
                Event::Message { topic, payload, qos, dup, retain }
            }
        })
    }

    /// The session, or the attempt at one, has failed.
    fn lost(&mut self, loss: Loss, now: Instant) {
        if self.has_answer() {
            // Nothing but the acknowledgement went with the link.
            self.link.stop();
            return;
        }
        let was_up = self.session.is_online() && self.way().is_none();
        let cut = match loss {
            Loss::Link(code) if was_up && !self.link.is_closing() => self.session.cut(code == 0, now),
            _ => Cut::default(),
        };
        self.session.link_down();
        if let Some(thing) = &mut self.thing {
            thing.link_down();
        }
        self.unanswered = None;
        if self.link.is_closing() {
            self.shut();
            return;
        }
        if self.attempt_failed(loss) {
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
        self.tell(match was_up {
            true if cut.is_behind => Status::DisconnectedBehind(loss),
            true => Status::Disconnected(loss),
            false => Status::Failed(loss),
        });
        if let Some(packet_id) = cut.given_up {
            self.tell(Status::GivenUp(packet_id));
        }
        if kicked {
            self.tell(Status::Failed(Loss::Kicked));
        }
    }

    #[inline(never)]
    fn tell(&mut self, status: Status) {
        // Four hold all that can happen between two polls.
        let _ = self.statuses.push_back(status);
    }
}

/// Writes `login` into the CONNECT packet.
fn write_login(login: Login<'_>, connect: &mut Connect) -> Result<(), LoginTooLong> {
    connect.client_id(login.client_id);
    if let Some(name) = login.user_name {
        connect.user_name(name);
    }
    if let Some(password) = login.password {
        connect.password(password);
    }
    connect.finish()
}

/// What of a message concerns the user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Interest {
    /// Nothing.
    None,
    /// What it means for the thing model.
    Meaning,
    /// The reply to a post.
    Reply { id: u32, code: i32 },
    /// The message as it is.
    Message,
}

/// What [`Device::find`] found, without the borrow.
enum Found {
    Connected {
        again: bool,
        session_present: bool,
    },
    Delivered(u16),
    Oversize {
        needed: usize,
        raw_reply: bool,
    },
    Message(Interest),
    News(News),
    /// A subscription was granted or refused, or (`None`) taken back.
    Answered {
        accepted: Option<bool>,
    },
    /// The answer to a registration.
    #[cfg_attr(not(feature = "register"), allow(dead_code))]
    Answer,
}
