//! The session itself: which packet may come when, and what it does.

use super::buffers::Buffers;
use super::careful::{Careful, Cut};
use super::connect::{Connect, Refusal};
use super::inbox::{Front, Inbox};
use super::keepalive::Keepalive;
use super::message::{InUse, Message};
use super::outbox::{BYTES_KEPT_BACK, Outbox, Priority};
use super::packet::{self, PeerError, Qos, decode};
use super::send_error::SendError;
use super::subscriptions::{Answered, FILTER_MAX, Request, Subscriptions, is_filter};
use super::suspects::Sent;
use crate::bytes::copy;
use crate::text::Text;
use crate::time::Instant;

/// What a SUBSCRIBE has beside its filter, in bytes: three of header, the packet identifier, a length, a QoS.
const AROUND_FILTER: usize = 3 + 2 + 2 + 1;

/// The longest time that polls may find nothing: half of what the clock allows.
const QUIET_MAX_MS: u32 = 1 << 30;

/// What came in, for the caller.
pub(crate) enum Incoming {
    /// CONNACK with code 0.
    Connected { session_present: bool },
    /// CONNACK with another code.
    Refused(Refusal),
    /// A PUBLISH; [`Session::message`] has it until [`Session::finish`].
    Message,
    /// A PUBLISH larger than the receive buffer, in bytes; it has been dropped (and acknowledged, if it asked for it).
    Oversize(usize),
    /// A PUBACK for this packet identifier.
    Delivered(u16),
    /// A SUBACK with yes or no, or an UNSUBACK (`None`); [`Session::filter`] names the filter until the next poll.
    Answered { accepted: Option<bool> },
}

/// What became of the packet at the front of the inbox.
enum Progress {
    /// It is not whole yet, or there is no space for an answer.
    Waits,
    /// It has been handled, and nobody above needs to know.
    Handled,
    /// It is for the caller.
    Incoming(Incoming),
}

#[derive(Clone, Copy)]
enum Phase {
    /// No link.
    Off,
    /// CONNECT goes out, of which so many bytes have gone; CONNACK is awaited.
    Connecting { sent: usize },
    /// CONNACK has come.
    Online,
}

/// Where the packets stand that the subscriptions ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Requests {
    /// All are in the outbox.
    Sent,
    /// Some found no space there.
    HeldUp,
    /// There may be space again.
    Due,
}

/// What lives and dies with one link.
#[repr(C)]
struct Link {
    phase: Phase,
    requests: Requests,
    /// Whether polls before `quiet_until` find nothing, as long as nothing arrives.
    is_quiet: bool,
    keepalive: Keepalive,
    /// The message in use, at the front of the inbox.
    in_use: Option<InUse>,
    quiet_until: Instant,
}

/// One MQTT session. All but `link` outlives the links.
// In the order of C: what is used often comes before what is large, since instructions for the first bytes are shorter.
#[repr(C)]
pub(crate) struct Session<'b> {
    link: Link,
    is_clean: bool,
    offline_queue: u8,
    /// Whether the filter at `answered` is forgotten once the user has seen the answer: the server refused it, or the user
    /// removed it.
    is_over: bool,
    packet_ids: PacketIds,
    inbox: Inbox<'b>,
    careful: Careful,
    /// Where the filter stands that was answered last.
    answered: usize,
    /// Acknowledgements that named nothing under way, since the login was configured.
    unknown_acks: u32,
    subscriptions: Subscriptions<'b>,
    outbox: Outbox<'b>,
    connect: Connect,
}

impl<'b> Session<'b> {
    #[inline(always)] // Or it is made on the stack first, and copied.
    pub(crate) fn new(buffers: Buffers<'b>) -> Self {
        let keepalive = Keepalive::new();
        Self {
            inbox: Inbox::new(buffers.rx),
            outbox: Outbox::new(buffers.tx),
            subscriptions: Subscriptions::new(buffers.subscriptions),
            connect: Connect::new(),
            is_clean: true,
            offline_queue: 0,
            packet_ids: PacketIds { last: 0, next_in_use: 0 },
            careful: Careful::new(),
            link: Link {
                phase: Phase::Off,
                keepalive,
                in_use: None,
                requests: Requests::Sent,
                is_quiet: false,
                quiet_until: Instant::from_millis(0),
            },
            answered: 0,
            is_over: false,
            unknown_acks: 0,
        }
    }

    /// Sets how to log in from now on. The cloud writes its fields into the packet that is returned, and finishes it.
    /// `keepalive` is in seconds, 0 for none. While there is no session, another QoS 1 message is accepted if fewer than
    /// `offline_queue` wait.
    pub(crate) fn configure(&mut self, keepalive: u16, is_clean: bool, offline_queue: u8) -> &mut Connect {
        (self.is_clean, self.offline_queue, self.unknown_acks) = (is_clean, offline_queue, 0);
        self.link.keepalive.configure(keepalive);
        self.connect.begin(keepalive, is_clean);
        &mut self.connect
    }

    /// Has the same login be written again, for the next link.
    pub(crate) fn sign_again(&mut self) -> &mut Connect {
        self.connect.begin_again();
        &mut self.connect
    }

    /// Acknowledges the message in use, if it asks for that, and keeps it in use.
    pub(crate) fn acknowledge_in_use(&mut self) {
        if let Some(InUse { packet_id, .. }) = &mut self.link.in_use {
            let packet_id = core::mem::take(packet_id);
            if packet_id > 0 {
                self.acknowledge(packet_id);
            }
        }
    }

    /// Drops what has arrived, and overwrites it.
    pub(crate) fn wipe_received(&mut self) {
        self.link.in_use = None;
        self.inbox.wipe();
    }

    /// Forgets the login, the window and the subscriptions.
    pub(crate) fn reset(&mut self) {
        self.connect.forget();
        self.outbox.clear();
        self.subscriptions.clear();
        self.link_down();
    }

    pub(crate) fn link_up(&mut self, now: Instant) {
        if self.is_off() {
            self.link.phase = Phase::Connecting { sent: 0 };
            self.link.keepalive.link_up(now);
        }
    }

    pub(crate) fn link_down(&mut self) {
        self.link.phase = Phase::Off;
        self.link.keepalive.link_down();
        self.link.in_use = None;
        self.link.requests = Requests::Sent;
        self.link.is_quiet = false;
        self.careful.link_down();
        self.inbox.clear();
        self.outbox.rewind();
    }

    /// The link of the session was cut, or, if `is_closed`, the server has closed it. Returns what that says of the packets
    /// that were sent.
    pub(crate) fn cut(&mut self, is_closed: bool, now: Instant) -> Cut {
        let Self { outbox, subscriptions, inbox, .. } = self;
        let in_use = self.link.in_use.as_ref().map_or(0, |in_use| in_use.end);
        self.careful.cut(outbox, subscriptions, inbox, in_use, is_closed, now)
    }

    /// See [`Careful::suspect`].
    pub(crate) fn suspect(&self) -> (Sent, Text<'_>) {
        self.careful.suspect(&self.inbox)
    }

    pub(crate) fn is_online(&self) -> bool {
        matches!(self.link.phase, Phase::Online)
    }

    fn is_off(&self) -> bool {
        matches!(self.link.phase, Phase::Off)
    }

    /// Whether nothing waits to be sent.
    pub(crate) fn is_drained(&self) -> bool {
        self.outbox.is_drained() && self.link.keepalive.is_drained()
    }

    /// See [`Outbox::move_to`].
    pub(crate) fn move_tx(&mut self, bytes: &'b mut [u8]) -> Result<(), usize> {
        self.retry_requests();
        self.outbox.move_to(bytes)
    }

    /// QoS 1 messages that wait for their PUBACK.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.outbox.unacknowledged()
    }

    /// Acknowledgements that named nothing under way.
    pub(crate) fn unknown_acks(&self) -> u32 {
        self.unknown_acks
    }

    // ---- What the user sends ----

    /// Queues a PUBLISH; returns its packet identifier, or 0 at QoS 0. At QoS 1 it is kept over links until acknowledged.
    pub(crate) fn publish(&mut self, topic: &[u8], payload: &[u8], qos: Qos) -> Result<u16, SendError> {
        if topic.len() > usize::from(u16::MAX) {
            return Err(SendError::Topic);
        }
        if !self.is_online() {
            if qos == Qos::AtMostOnce || self.offline_queue == 0 {
                return Err(SendError::NotConnected);
            }
            if self.outbox.unacknowledged() >= usize::from(self.offline_queue) {
                return Err(SendError::Full);
            }
        }
        let packet_id = match qos {
            Qos::AtMostOnce => 0,
            Qos::AtLeastOnce => self.packet_ids.next(&self.outbox, &self.subscriptions),
        };
        copy(self.outbox.publish(Priority::User, &[topic], payload.len(), qos, packet_id)?, payload);
        Ok(packet_id)
    }

    /// Queues a PUBLISH at QoS 0 whose payload of `length` bytes is still to come; until [`end_publish`](Self::end_publish)
    /// nothing is sent behind it.
    pub(crate) fn begin_publish(&mut self, topic: &[&[u8]], length: usize) -> Result<(), SendError> {
        Ok(self.outbox.begin_publish(topic, length)?)
    }

    /// See [`Outbox::tail_mut`].
    pub(crate) fn tail_mut(&mut self, count: usize) -> Option<&mut [u8]> {
        self.outbox.tail_mut(count)
    }

    /// See [`Outbox::end_publish`].
    pub(crate) fn end_publish(&mut self, is_whole: bool) {
        self.outbox.end_publish(is_whole);
    }

    /// Bytes of the send buffer.
    pub(crate) fn tx_size(&self) -> usize {
        self.outbox.size()
    }

    /// Subscribes for the life of this link, at QoS 0; no event reports the answer.
    pub(crate) fn subscribe_once(&mut self, filter: &[&[u8]; 3]) -> Result<(), SendError> {
        let packet_id = self.packet_ids.next(&self.outbox, &self.subscriptions);
        self.outbox.subscribe_once(packet_id, filter)?;
        self.subscriptions.requested_untracked();
        Ok(())
    }

    /// Wants what matches `filter`, now and after each reconnect.
    pub(crate) fn subscribe(&mut self, filter: &str, qos: Qos) -> Result<(), SendError> {
        self.filter_fits(filter)?;
        self.outbox.must_not_be_given_up(Sent::Subscribe, &[filter.as_bytes()])?;
        self.subscriptions.want(filter, qos).map_err(|needed| SendError::TooLarge { needed })?;
        self.request_subscriptions();
        Ok(())
    }

    /// Wants no more of it.
    pub(crate) fn unsubscribe(&mut self, filter: &str) -> Result<(), SendError> {
        self.filter_fits(filter)?;
        self.subscriptions.drop(filter).map_err(|needed| SendError::TooLarge { needed })?;
        self.request_subscriptions();
        Ok(())
    }

    /// Queues a DISCONNECT (section 3.14).
    pub(crate) fn disconnect(&mut self) {
        if self.is_online() {
            self.outbox.is_careful = false;
            self.outbox.release(false);
            // If there is no space, the link is closed without it, which the server accepts as well.
            let _ = self.outbox.control(Priority::Session, 0xe0, &[]);
        }
    }

    /// Whether `filter` is one that can be asked for.
    pub(crate) fn filter_fits(&self, filter: &str) -> Result<(), SendError> {
        if filter.len() > FILTER_MAX {
            return Err(SendError::FilterTooLong);
        }
        if !is_filter(filter.as_bytes()) {
            return Err(SendError::Topic);
        }
        // A request that never finds space would hold up all others.
        let needed = AROUND_FILTER + filter.len() + BYTES_KEPT_BACK;
        if needed > self.outbox.size() { Err(SendError::TooLarge { needed }) } else { Ok(()) }
    }

    // ---- Bytes ----

    /// All bytes that may be sent now, for the port to write.
    pub(crate) fn offer(&mut self) -> &[u8] {
        match self.link.phase {
            Phase::Off => &[],
            Phase::Connecting { sent } => self.connect.rest(sent),
            Phase::Online if self.link.keepalive.is_drained() => self.outbox.offer(),
            Phase::Online => self.link.keepalive.to_send(),
        }
    }

    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn sent(&mut self, count: usize, now: Instant) {
        match &mut self.link.phase {
            Phase::Off => return,
            Phase::Connecting { sent } => *sent = sent.saturating_add(count),
            Phase::Online if self.link.keepalive.ping_sent(count) => {}
            Phase::Online => self.outbox.sent(count, |first| self.careful.sent(first, now)),
        }
        self.retry_requests();
        self.link.keepalive.sent(now);
    }

    fn retry_requests(&mut self) {
        if self.link.requests == Requests::HeldUp {
            self.link.requests = Requests::Due;
        }
    }

    /// Room for what arrives.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.is_off() || self.link.in_use.is_some() { &mut [] } else { self.inbox.space() }
    }

    pub(crate) fn received(&mut self, count: usize, now: Instant) {
        if count > 0 && !self.is_off() {
            self.inbox.filled(count);
            self.link.keepalive.received(now);
        }
    }

    /// Drops what has arrived and is not in use: nobody waits for it any more.
    pub(crate) fn ignore_received(&mut self) {
        if self.link.in_use.is_none() {
            self.inbox.clear();
        }
    }

    // ---- Progress ----

    /// When to poll again, if nothing else happens.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        if !self.is_off() && (self.link.requests == Requests::Due || self.has_packet()) {
            return Some(now);
        }
        if !self.is_online() {
            return None;
        }
        self.link.keepalive.deadline(self.careful.fence(&self.outbox), self.outbox.is_drained())
    }

    /// Polls find nothing for `wait` milliseconds as long as nothing arrives. That holds only if nothing is under way that
    /// could shorten the wait: what the user publishes and receives makes it longer.
    pub(crate) fn rest(&mut self, wait: u32, now: Instant) {
        let Self { outbox, link, .. } = self;
        link.is_quiet = outbox.is_at_rest() && link.keepalive.is_at_rest();
        link.quiet_until = now.after(wait.min(QUIET_MAX_MS));
    }

    /// A poll may find something: what [`rest`](Self::rest) has said is void.
    pub(crate) fn stir(&mut self) {
        self.link.is_quiet = false;
    }

    /// Before which moment polls find nothing.
    #[cfg(test)]
    pub(crate) fn quiet_until(&self) -> Option<Instant> {
        let is_quiet = self.link.is_quiet && self.link.in_use.is_none();
        assert!(!(is_quiet && self.is_over), "the next poll has a filter to forget");
        (is_quiet && self.inbox.is_empty() && self.link.requests == Requests::Sent).then_some(self.link.quiet_until)
    }

    /// Whether a poll finds nothing now. The message in use, which is no service's as long as nothing stirs, is finished.
    pub(crate) fn is_idle(&mut self, now: Instant) -> bool {
        if !self.link.is_quiet {
            return false;
        }
        self.finish(now);
        self.inbox.is_empty() && self.link.requests == Requests::Sent && !now.reached(self.link.quiet_until)
    }

    /// Whether there is a packet that can be handled, now that there is space for an answer.
    fn has_packet(&self) -> bool {
        self.link.in_use.is_none() && !matches!(self.inbox.front(), Ok(Front::Nothing)) && self.outbox.can_answer()
    }

    /// Sends what the subscriptions still ask for, as far as there is space: at once, so that what is published next
    /// does not overtake it.
    fn request_subscriptions(&mut self) {
        if !self.is_online() {
            return;
        }
        let Self { subscriptions, outbox, packet_ids, .. } = self;
        let mut from = 0;
        while let Some(Request { at, qos }) = subscriptions.next_request(from) {
            let packet_id = packet_ids.next(outbox, subscriptions);
            let (first, qos) = match qos {
                Some(qos) => (0x82, &[qos as u8][..]),
                None => (0xa2, &[][..]),
            };
            let filter = subscriptions.filter_at(at);
            let length = (filter.len() as u16).to_be_bytes();
            if outbox.control(Priority::User, first, &[&packet_id.to_be_bytes(), &length, filter, qos]).is_err() {
                self.link.requests = Requests::HeldUp;
                return;
            }
            subscriptions.requested(at, packet_id);
            from = at;
        }
        self.link.requests = Requests::Sent;
    }

    /// Takes one step; to be called until it returns `None`.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn poll(&mut self, now: Instant) -> Result<Option<Incoming>, PeerError> {
        self.outbox.suspects.poll(now);
        if self.is_off() || self.link.in_use.is_some() {
            return Ok(None);
        }
        if core::mem::take(&mut self.is_over) {
            self.subscriptions.forget_over(self.answered);
        }
        loop {
            match self.next_packet()? {
                Progress::Incoming(incoming) => return Ok(Some(incoming)),
                Progress::Handled => {}
                Progress::Waits => break,
            }
        }
        if self.is_online() {
            let fence = self.careful.fence(&self.outbox);
            self.link.keepalive.poll(fence, self.outbox.is_drained(), now)?;
            self.careful.poll(&mut self.outbox, now);
        }
        if self.link.requests == Requests::Due {
            self.request_subscriptions();
        }
        Ok(None)
    }

    /// Handles the packet at the front.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn next_packet(&mut self) -> Result<Progress, PeerError> {
        // A server that begins with something else is known by its first byte: its next ones may never come.
        if !self.is_online() && self.inbox.head().first().is_some_and(|first| *first != packet::CONNACK) {
            return match self.inbox.front() {
                Err(error) if error != PeerError::Qos2 => Err(error),
                _ => Err(PeerError::Order),
            };
        }
        let packet = match self.inbox.front()? {
            Front::Nothing => return Ok(Progress::Waits),
            // What comes in may want an answer: wait until there is space for one.
            _ if !self.outbox.make_room_to_answer() => {
                // What is to be sent before must not wait for what comes in.
                self.outbox.release(false);
                return Ok(Progress::Waits);
            }
            Front::Oversize(size) => {
                match packet::identifier(self.inbox.head()) {
                    Ok(Some(packet_id)) => self.acknowledge(packet_id),
                    // A topic longer than the buffer hides the identifier: such a message is not acknowledged.
                    Ok(None) | Err(PeerError::Length) => {}
                    Err(error) => return Err(error),
                }
                return Ok(Progress::Incoming(Incoming::Oversize(size)));
            }
            Front::Packet(packet) => packet,
        };
        let (first, size) = (packet.first().copied().unwrap_or_default(), packet.len());
        let decoded = decode(packet)?;
        let incoming = match (self.link.phase, decoded) {
            (Phase::Connecting { sent }, packet::Incoming::Connack { session_present, code })
                if self.connect.rest(sent).is_empty() =>
            {
                // A server keeps nothing for a clean session (section 3.2.2.2).
                if session_present && self.is_clean {
                    return Err(PeerError::ReturnCode);
                }
                self.inbox.take(size);
                return Ok(Progress::Incoming(self.connack(session_present, code)));
            }
            (Phase::Connecting { .. }, _) | (_, packet::Incoming::Connack { .. }) => return Err(PeerError::Order),
            (_, packet::Incoming::Publish { topic, payload, packet_id }) => {
                let end = self.inbox.start() + size;
                let payload = end - payload.len();
                let topic_end = payload - if packet_id.is_some() { 2 } else { 0 };
                let topic = topic_end - topic.len();
                let packet_id = packet_id.unwrap_or_default();
                self.link.in_use = Some(InUse { topic, payload, end, packet_id, first });
                return Ok(Progress::Incoming(Incoming::Message));
            }
            (_, packet::Incoming::Puback { packet_id }) => {
                if self.outbox.acknowledge(packet_id) {
                    self.retry_requests();
                    Some(Incoming::Delivered(packet_id))
                } else {
                    self.unknown_acks = self.unknown_acks.wrapping_add(1);
                    None
                }
            }
            (_, packet::Incoming::Suback { packet_id, accepted }) => self.subscription(packet_id, Some(accepted)),
            (_, packet::Incoming::Unsuback { packet_id }) => self.subscription(packet_id, None),
            (_, packet::Incoming::Pingresp) => {
                self.careful.answered();
                if self.link.keepalive.answered() {
                    self.accepted();
                }
                None
            }
        };
        self.inbox.take(size);
        Ok(incoming.map_or(Progress::Handled, Progress::Incoming))
    }

    /// A SUBACK came, or an UNSUBACK if `accepted` is `None`. Out of line it costs 300 bytes: docs/budgets.md.
    #[inline(always)]
    fn subscription(&mut self, packet_id: u16, accepted: Option<bool>) -> Option<Incoming> {
        // A request waits alone for its answer.
        self.accepted();
        match self.subscriptions.answered(self.answered, packet_id, accepted) {
            Answered::Changed(at) => {
                (self.answered, self.is_over) = (at, accepted != Some(true));
                self.link.is_quiet = false;
                Some(Incoming::Answered { accepted })
            }
            // The user has made another request since: the answer to that one is on its way.
            Answered::Overtaken => None,
            Answered::Unknown => {
                self.unknown_acks = self.unknown_acks.wrapping_add(1);
                None
            }
        }
    }

    /// The server has shown that it accepts what was sent.
    fn accepted(&mut self) {
        self.outbox.release(true);
        self.retry_requests();
    }

    fn connack(&mut self, session_present: bool, code: u8) -> Incoming {
        let refusal = match code {
            0 => {
                self.link.phase = Phase::Online;
                self.careful.online(&mut self.outbox, self.link.keepalive.last_received());
                self.subscriptions.rewind(session_present);
                // The records behind those that it has forgotten stand elsewhere now.
                self.answered = 0;
                self.link.requests = Requests::Due;
                return Incoming::Connected { session_present };
            }
            1 => Refusal::ProtocolVersion,
            2 => Refusal::ClientIdentifier,
            3 => Refusal::Unavailable,
            4 => Refusal::Credentials,
            _ => Refusal::NotAuthorized,
        };
        Incoming::Refused(refusal)
    }

    /// The message in use, if there is one.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn message(&mut self) -> Option<Message<'_, 'b>> {
        let Self { inbox, subscriptions: filters, link: Link { in_use: Some(in_use), .. }, .. } = self else {
            return None;
        };
        let (topic, payload) = in_use.split(inbox.bytes_mut())?;
        Some(Message { topic, payload, filters, first: in_use.first })
    }

    /// Has `write` answer the message in use, if there is one: its topic and its payload.
    pub(crate) fn respond<E>(
        &mut self,
        write: impl FnOnce(&[u8], &[u8], &mut Sender<'_, 'b>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self { inbox, outbox, link: Link { in_use: Some(in_use), .. }, .. } = self else { return Ok(()) };
        match in_use.split(inbox.bytes_mut()) {
            Some((topic, payload)) => {
                write(topic, payload, &mut Sender { outbox, priority: Priority::Answer, packet_id: 0 })
            }
            None => Ok(()),
        }
    }

    /// What sends a message of a service.
    pub(crate) fn sender(&mut self) -> Result<Sender<'_, 'b>, SendError> {
        match self.link.phase {
            Phase::Online => Ok(Sender { outbox: &mut self.outbox, priority: Priority::User, packet_id: 0 }),
            _ => Err(SendError::NotConnected),
        }
    }

    /// What sends a message of a service at QoS 1.
    pub(crate) fn sender_with_packet_id(&mut self) -> Result<Sender<'_, 'b>, SendError> {
        let packet_id = self.packet_ids.next(&self.outbox, &self.subscriptions);
        Ok(Sender { packet_id, ..self.sender()? })
    }

    /// Whether the packet that is too large, that [`Incoming::Oversize`] reports, is on the topic of these two pieces.
    pub(crate) fn oversize_is_on(&self, pieces: [&[u8]; 2]) -> bool {
        packet::is_on(self.inbox.head(), pieces)
    }

    /// Drops it, as it arrives.
    pub(crate) fn drop_oversize(&mut self, size: usize) {
        self.inbox.take(size);
    }

    /// Whether there is a message in use.
    pub(crate) fn is_in_use(&self) -> bool {
        self.link.in_use.is_some()
    }

    /// The user has taken the message in use: acknowledge it and let go of it.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn finish(&mut self, now: Instant) {
        if let Some(InUse { end, packet_id, .. }) = self.link.in_use.take() {
            // Nothing could be read meanwhile: what has come since then is on its way.
            self.link.keepalive.received(now);
            if packet_id > 0 {
                self.acknowledge(packet_id);
            }
            self.inbox.take(end - self.inbox.start());
        }
    }

    fn acknowledge(&mut self, packet_id: u16) {
        // There is space: `can_answer` was asked before the message was handed out.
        let _ = self.outbox.control(Priority::Session, 0x40, &[&packet_id.to_be_bytes()]);
    }

    /// The filter that was answered last.
    pub(crate) fn filter(&self) -> Text<'_> {
        // It was a `str` when it was subscribed to.
        Text::known(self.subscriptions.filter_at(self.answered))
    }
}

/// Gives each request and each message at QoS 1 its packet identifier.
struct PacketIds {
    last: u16,
    /// The next identifier in use behind `last`, or 0, which is none.
    next_in_use: u16,
}

impl PacketIds {
    /// One that names nothing under way.
    #[cfg_attr(target_os = "none", inline(never))]
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn next(&mut self, outbox: &Outbox, subscriptions: &Subscriptions) -> u16 {
        loop {
            self.last = self.last.wrapping_add(1);
            if self.last != self.next_in_use {
                return self.last;
            }
            // All identifiers come from here: those before the next one in use stay free until they are reached.
            let after = self.last.wrapping_add(1);
            let nearer = |a: u16, b: u16| if b.wrapping_sub(after) < a.wrapping_sub(after) { b } else { a };
            let in_use = outbox.packet_ids().fold(0, nearer);
            self.next_in_use = subscriptions.packet_ids().fold(in_use, nearer);
        }
    }
}

/// Sends what services say.
pub(crate) struct Sender<'s, 'b> {
    outbox: &'s mut Outbox<'b>,
    priority: Priority,
    /// That of the message at QoS 1; 0 at QoS 0.
    pub(crate) packet_id: u16,
}

impl Sender<'_, '_> {
    /// Queues a message. Returns the space that begins with the place of its payload of `length` bytes, to be filled at once.
    pub(crate) fn begin(&mut self, topic: &[&[u8]], length: usize) -> Result<&mut [u8], SendError> {
        Ok(self.outbox.publish(self.priority, topic, length, Qos::AtMostOnce, 0)?)
    }

    /// The same at QoS 1, if the sender has a packet identifier.
    pub(crate) fn begin_with_packet_id(&mut self, topic: &[&[u8]], length: usize) -> Result<&mut [u8], SendError> {
        match self.packet_id {
            0 => self.begin(topic, length),
            packet_id => Ok(self.outbox.publish(self.priority, topic, length, Qos::AtLeastOnce, packet_id)?),
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // There may be a device's new secret in it.
        self.inbox.wipe();
    }
}
