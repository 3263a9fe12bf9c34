//! The session itself: which packet may come when, and what it does.

use heapless::Vec;
use zeroize::Zeroize;

use super::inbox::{Front, Inbox};
use super::message::{InUse, Message};
use super::outbox::{BYTES_KEPT_BACK, Claim, Full, Held, Outbox, gathered};
use super::packet::{self, PeerError, Qos, decode};
use super::subscriptions::{Answered, FILTER_MAX, Request, Subscriptions, is_filter};
use super::suspects::{self, Sent};
use super::{Buffers, SendError};
use crate::clouds::Login;
use crate::time::Instant;

/// Longest CONNECT packet, in bytes. The longest that Alibaba's platform takes from us is 290.
const CONNECT_MAX: usize = 512;

/// What a SUBSCRIBE has beside its filter, in bytes: three of header, the packet identifier, a length, a QoS.
const AROUND_FILTER: usize = 3 + 2 + 2 + 1;

/// A link that is cut within so many milliseconds of a packet of the user's may have been closed for it.
const SOON_MS: u32 = 5_000;
/// A session is careful for so long at least, and at most; else for twice the time after which the one before was cut.
const CAREFUL_MS: u32 = 10_000;
const CAREFUL_MAX_MS: u32 = 600_000;
/// What is not acknowledged is followed by a PINGREQ after so long, which the server answers when it has dealt with that;
/// not at once, for a server that closes to have time for it, and for its end of the stream to be seen.
const FENCE_MS: u32 = 250;
/// What the server is to acknowledge is followed by one after so long.
const FENCE_ACKNOWLEDGED_MS: u32 = 5_000;
/// Section 3.12.
const PINGREQ: [u8; 2] = [0xc0, 0];

/// A login that makes a CONNECT of over 512 bytes.
pub(crate) struct LoginTooLong;

/// The server said no (section 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// 1: the server does not speak MQTT 3.1.1.
    ProtocolVersion = 1,
    /// 2: the client identifier is not allowed.
    ClientIdentifier = 2,
    /// 3: the server is not available; Alibaba also says so of a keepalive out of range.
    Unavailable = 3,
    /// 4: bad user name or password; a wrong secret ends here.
    Credentials = 4,
    /// 5: not authorised.
    NotAuthorized = 5,
}

/// What came in, for the rooms above.
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

/// What the end of a link says of what was sent.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cut {
    /// It came right behind a packet of the user's.
    pub(crate) is_behind: bool,
    /// It was the last that was tolerated: the packet is given up; its identifier, or 0.
    pub(crate) given_up: Option<u16>,
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
    /// Some found no room there.
    HeldUp,
    /// There may be room again.
    Due,
}

pub(crate) struct Session<'b> {
    inbox: Inbox<'b>,
    outbox: Outbox<'b>,
    subscriptions: Subscriptions<'b>,
    /// The CONNECT packet, made once: it holds the only secret here, and not the one that signed it.
    connect: Vec<u8, CONNECT_MAX>,
    /// Whether it is no CONNECT but an HTTP request.
    is_request: bool,
    keepalive_ms: u32,
    is_clean: bool,
    offline_queue: u8,
    phase: Phase,
    last_packet_id: u16,
    last_sent: Instant,
    last_received: Instant,
    ping_sent: Option<Instant>,
    /// Bytes of the PINGREQ that are still to be sent.
    ping_left: u8,
    /// Whether its answer shows that the server accepts what was sent before.
    is_fence: bool,
    online_at: Instant,
    /// When something of the user's was sent last.
    user_sent: Instant,
    /// Whether a message at QoS 0 was sent since the server last showed that it lives.
    is_loose: bool,
    /// Whether the server has to show that a careful session lives before something of the user's is sent: two were cut
    /// in a row, which may have another reason.
    doubts_session: bool,
    /// For how long the session is careful.
    careful_ms: u32,
    /// What the last cut came right behind, and the length of its text in the inbox.
    told: (Sent, usize),
    /// The message in use, at the front of the inbox.
    in_use: Option<InUse>,
    requests: Requests,
    /// Where the filter stands that was answered last.
    answered: usize,
    /// Whether it is forgotten once the user has been told: it was refused, or taken back.
    is_over: bool,
    /// Acknowledgements that named nothing under way, since the login was configured.
    unknown_acks: u32,
}

impl<'b> Session<'b> {
    pub(crate) fn new(buffers: Buffers<'b>) -> Self {
        let zero = Instant::from_millis(0);
        Self {
            inbox: Inbox::new(buffers.rx),
            outbox: Outbox::new(buffers.tx),
            subscriptions: Subscriptions::new(buffers.subscriptions),
            connect: Vec::new(),
            is_request: false,
            keepalive_ms: 0,
            is_clean: true,
            offline_queue: 0,
            phase: Phase::Off,
            last_packet_id: 0,
            last_sent: zero,
            last_received: zero,
            ping_sent: None,
            ping_left: 0,
            is_fence: false,
            online_at: zero,
            user_sent: zero,
            is_loose: false,
            doubts_session: false,
            careful_ms: 0,
            told: (Sent::Publish, 0),
            in_use: None,
            requests: Requests::Sent,
            answered: 0,
            is_over: false,
            unknown_acks: 0,
        }
    }

    /// Says how to log in from now on (section 3.1). `keepalive` is in seconds, 0 for none; while there is no session
    /// another QoS 1 message is taken if fewer than `offline_queue` wait.
    pub(crate) fn configure(
        &mut self,
        login: &Login,
        keepalive: u16,
        clean: bool,
        offline_queue: u8,
    ) -> Result<(), LoginTooLong> {
        let password = login.password.is_some().then_some(login.password.as_slice());
        let fields = [Some(login.client_id), login.user_name, password];
        let body: usize = fields.iter().flatten().map(|field| 2 + gathered(field)).sum();
        let mut flags = u8::from(clean) << 1;
        flags |= u8::from(login.user_name.is_some()) << 7;
        flags |= u8::from(login.password.is_some()) << 6;
        let remaining = 10 + body;
        let [low, high] = [(remaining & 0x7f) as u8, (remaining >> 7) as u8];
        let [k0, k1] = keepalive.to_be_bytes();

        self.forget_login();
        let mut put = |bytes: &[u8]| self.connect.extend_from_slice(bytes).map_err(|_| LoginTooLong);
        if high == 0 { put(&[0x10, low]) } else { put(&[0x10, low | 0x80, high]) }?;
        put(&[0, 4, b'M', b'Q', b'T', b'T', 4, flags, k0, k1])?;
        for field in fields.into_iter().flatten() {
            put(&(gathered(field) as u16).to_be_bytes())?;
            field.iter().try_for_each(|piece| put(piece))?;
        }
        self.keepalive_ms = u32::from(keepalive) * 1000;
        self.is_clean = clean;
        self.offline_queue = offline_queue;
        self.unknown_acks = 0;
        Ok(())
    }

    /// Has `pieces` go out at the next link instead of a login: what comes back is for
    /// [`received_so_far`](Self::received_so_far), and this session does not poll.
    #[cfg(feature = "register")]
    pub(crate) fn configure_request(&mut self, request: [&[&[u8]]; 2]) -> Result<(), LoginTooLong> {
        self.forget_login();
        self.is_request = true;
        let mut pieces = request.into_iter().flatten();
        pieces.try_for_each(|piece| self.connect.extend_from_slice(piece)).map_err(|_| LoginTooLong)
    }

    /// Whether this is no session, but a request.
    pub(crate) fn is_request(&self) -> bool {
        self.is_request
    }

    /// What has come in answer to the request, and whether there is no room for more.
    #[cfg(feature = "register")]
    pub(crate) fn received_so_far(&mut self) -> (&mut [u8], bool) {
        let is_full = self.inbox.space().is_empty();
        (self.inbox.head_mut(), is_full)
    }

    /// What has come, and is not taken yet.
    #[cfg(feature = "register")]
    pub(crate) fn received_bytes(&self) -> &[u8] {
        self.inbox.head()
    }

    /// As [`received_bytes`](Self::received_bytes), to be worked on in place.
    pub(crate) fn received_bytes_mut(&mut self) -> &mut [u8] {
        self.inbox.head_mut()
    }

    /// Where in these bytes the payload of the message in use stands.
    pub(crate) fn payload(&self) -> core::ops::Range<usize> {
        self.in_use.as_ref().map_or(0..0, |in_use| in_use.payload..in_use.size)
    }

    /// Acknowledges the message in use, if it asks for that, and keeps it in use.
    #[cfg(feature = "register")]
    pub(crate) fn acknowledge_in_use(&mut self) {
        if let Some(packet_id) = self.in_use.as_mut().and_then(|in_use| in_use.packet_id.take()) {
            self.acknowledge(packet_id);
        }
    }

    /// Drops what has arrived, and overwrites it.
    #[cfg(feature = "register")]
    pub(crate) fn wipe_received(&mut self) {
        self.in_use = None;
        self.inbox.wipe();
    }

    /// Forgets the login, the window and the subscriptions.
    pub(crate) fn reset(&mut self) {
        self.forget_login();
        self.outbox.clear();
        self.subscriptions.clear();
        self.link_down();
    }

    fn forget_login(&mut self) {
        self.is_request = false;
        // Wiping leaves the length as it is.
        self.connect.zeroize();
        self.connect.clear();
    }

    pub(crate) fn link_up(&mut self, now: Instant) {
        if !self.is_off() {
            return;
        }
        self.phase = Phase::Connecting { sent: 0 };
        (self.last_sent, self.last_received) = (now, now);
    }

    pub(crate) fn link_down(&mut self) {
        self.phase = Phase::Off;
        self.inbox.clear();
        self.outbox.rewind();
        self.ping_sent = None;
        (self.ping_left, self.is_fence, self.is_loose) = (0, false, false);
        self.in_use = None;
        self.requests = Requests::Sent;
    }

    /// The link of the session was cut, or, if `is_closed`, the server has closed it: what does that say of what was sent?
    pub(crate) fn cut(&mut self, is_closed: bool, now: Instant) -> Cut {
        let Self { outbox, inbox, .. } = self;
        let lasted = now.since(self.online_at);
        let is_outstanding =
            outbox.is_outstanding() || !outbox.is_careful && (self.is_loose || self.subscriptions.are_under_way());
        if !is_outstanding || now.since(self.user_sent) >= SOON_MS {
            outbox.is_careful &= lasted < CAREFUL_MS;
            return Cut::default();
        }
        let (kind, text) = outbox.last().unwrap_or((Sent::Publish, b""));
        // The user may still look at the message in use.
        let from = self.in_use.as_ref().map_or(0, |in_use| in_use.size);
        self.told = (kind, inbox.keep(text, from));
        let hash = suspects::hash(kind, &[text]);
        // No topic and no filter is empty.
        let is_struck = outbox.is_careful && !text.is_empty();
        let given_up = if is_struck { outbox.strike(hash, is_closed, now) } else { None };
        if given_up.is_some() && kind != Sent::Publish {
            self.subscriptions.forget(inbox.kept(self.told.1));
        }
        self.doubts_session = outbox.is_careful;
        outbox.is_careful = true;
        self.careful_ms = lasted.saturating_mul(2).clamp(CAREFUL_MS, CAREFUL_MAX_MS);
        Cut { is_behind: true, given_up }
    }

    /// The packet that the last cut came right behind, until the next link: its kind, and its topic or filter; empty if
    /// that is not known.
    pub(crate) fn told(&self) -> (Sent, &str) {
        let (kind, length) = self.told;
        (kind, core::str::from_utf8(self.inbox.kept(length)).unwrap_or_default())
    }

    pub(crate) fn is_online(&self) -> bool {
        matches!(self.phase, Phase::Online)
    }

    fn is_off(&self) -> bool {
        matches!(self.phase, Phase::Off)
    }

    /// Whether nothing waits to be sent.
    pub(crate) fn is_drained(&self) -> bool {
        self.outbox.is_drained() && self.ping_left == 0
    }

    /// See [`Outbox::move_to`].
    pub(crate) fn move_tx(&mut self, bytes: &'b mut [u8]) -> Result<(), usize> {
        self.room_may_have_come();
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
    pub(crate) fn publish(
        &mut self,
        claim: Claim,
        topic: &[&[u8]],
        payload: &[&[u8]],
        qos: Qos,
    ) -> Result<u16, SendError> {
        if gathered(topic) > usize::from(u16::MAX) {
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
            Qos::AtLeastOnce => self.next_packet_id(),
        };
        self.outbox.publish(claim, topic, payload, qos, packet_id)?;
        Ok(packet_id)
    }

    /// Queues a PUBLISH at QoS 0 whose last `missing` bytes are still to come; until [`end_publish`](Self::end_publish)
    /// nothing is sent behind it.
    #[cfg(feature = "upload")]
    pub(crate) fn begin_publish(
        &mut self,
        topic: &[&[u8]],
        payload: &[&[u8]],
        missing: usize,
    ) -> Result<(), SendError> {
        Ok(self.outbox.begin_publish(topic, payload, missing)?)
    }

    /// See [`Outbox::missing`].
    #[cfg(feature = "upload")]
    pub(crate) fn missing(&mut self, count: usize) -> Option<&mut [u8]> {
        self.outbox.missing(count)
    }

    /// See [`Outbox::end_publish`].
    #[cfg(feature = "upload")]
    pub(crate) fn end_publish(&mut self, is_whole: bool) {
        self.outbox.end_publish(is_whole);
    }

    /// Bytes of the send buffer.
    #[cfg(feature = "upload")]
    pub(crate) fn tx_size(&self) -> usize {
        self.outbox.size()
    }

    /// Subscribes for the life of this link, at QoS 0; nobody is told of the answer.
    #[cfg(feature = "upload")]
    pub(crate) fn subscribe_once(&mut self, filter: &[&[u8]]) -> Result<(), SendError> {
        let packet_id = self.next_packet_id();
        self.outbox.subscribe_once(packet_id, filter)?;
        self.subscriptions.requested_unnoted();
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

    /// Whether the user has subscribed to `topic`.
    pub(crate) fn wants(&self, topic: &[u8]) -> bool {
        self.subscriptions.cover(topic)
    }

    /// Queues a DISCONNECT (section 3.14).
    pub(crate) fn disconnect(&mut self) {
        if self.is_online() {
            self.outbox.is_careful = false;
            self.outbox.release(false);
            // Should there be no room, the link is closed without: the server takes that as well.
            let _ = self.outbox.control(Claim::Session, 0xe0, &[]);
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
        // A request that never finds room would hold up all others.
        let needed = AROUND_FILTER + filter.len() + BYTES_KEPT_BACK;
        if needed > self.outbox.size() { Err(SendError::TooLarge { needed }) } else { Ok(()) }
    }

    fn next_packet_id(&mut self) -> u16 {
        loop {
            self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
            let id = self.last_packet_id;
            if !self.outbox.holds(id) && !self.subscriptions.holds(id) {
                return id;
            }
        }
    }

    // ---- Bytes ----

    /// The unsent rest of the next packet.
    pub(crate) fn to_send(&self) -> &[u8] {
        match self.phase {
            Phase::Off => &[],
            Phase::Connecting { sent } => self.connect.get(sent..).unwrap_or_default(),
            Phase::Online if self.ping_left > 0 => {
                PINGREQ.get(PINGREQ.len() - usize::from(self.ping_left)..).unwrap_or_default()
            }
            Phase::Online => self.outbox.peek(),
        }
    }

    pub(crate) fn sent(&mut self, count: usize, now: Instant) {
        match &mut self.phase {
            Phase::Off => return,
            Phase::Connecting { sent } => *sent = sent.saturating_add(count),
            Phase::Online if self.ping_left > 0 => self.ping_left = self.ping_left.saturating_sub(count as u8),
            Phase::Online => {
                let first = self.outbox.sent(count);
                if Sent::of(first).is_some() {
                    self.user_sent = now;
                    self.is_loose |= first == 0x30;
                }
            }
        }
        self.room_may_have_come();
        self.last_sent = now;
    }

    fn room_may_have_come(&mut self) {
        if self.requests == Requests::HeldUp {
            self.requests = Requests::Due;
        }
    }

    /// Room for what arrives.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.is_off() || self.in_use.is_some() { &mut [] } else { self.inbox.space() }
    }

    pub(crate) fn received(&mut self, count: usize, now: Instant) {
        if count > 0 && !self.is_off() {
            self.inbox.filled(count);
            self.last_received = now;
        }
    }

    /// Drops what has arrived and is not in use: nobody waits for it any more.
    pub(crate) fn ignore_received(&mut self) {
        if self.in_use.is_none() {
            self.inbox.clear();
        }
    }

    // ---- Progress ----

    /// When to poll again, if nothing else happens.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        if self.is_request {
            return None;
        }
        if !self.is_off() && (self.requests == Requests::Due || self.has_packet()) {
            return Some(now);
        }
        self.ping_deadline()
    }

    /// Whether there is a packet that can be taken on, now that there is room for an answer.
    fn has_packet(&self) -> bool {
        self.in_use.is_none() && !matches!(self.inbox.front(), Ok(Front::Nothing)) && self.outbox.can_answer()
    }

    fn ping_deadline(&self) -> Option<Instant> {
        if !self.is_online() {
            return None;
        }
        let fence = match (self.outbox.held, self.ping_sent) {
            (Held::ByStart, None) => Some(0),
            (Held::ByPacket, None) if self.outbox.holds_message() => Some(FENCE_MS),
            (Held::ByPacket, None) => Some(FENCE_ACKNOWLEDGED_MS),
            _ => None,
        };
        if let Some(wait) = fence {
            return Some(self.user_sent.after(wait));
        }
        if self.keepalive_ms == 0 {
            return None;
        }
        let patience = self.keepalive_ms / 2;
        Some(match self.ping_sent {
            // The answer may be behind what comes in meanwhile.
            Some(at) => at.or_later(self.last_received).after(patience),
            None if self.outbox.is_drained() => self.last_sent.or_earlier(self.last_received).after(self.ping_after()),
            // A PINGREQ would have to wait. What is before it shows as much, as long as it gets on.
            None => self.last_received.after(self.ping_after()).or_later(self.last_sent).after(patience),
        })
    }

    /// A PINGREQ goes out when either direction has been quiet for so long: short of the keepalive, which the server
    /// counts by its own clock, and early enough that a dead link is found within 1.5 keepalives.
    fn ping_after(&self) -> u32 {
        self.keepalive_ms - (self.keepalive_ms / 4).min(5_000)
    }

    /// Pings when it is time, and gives up on a link that does not answer (section 3.1.2.10).
    fn keep_alive(&mut self, now: Instant) -> Result<(), PeerError> {
        if !self.ping_deadline().is_some_and(|deadline| now.reached(deadline)) {
            return Ok(());
        }
        self.is_fence = self.outbox.held != Held::No;
        if self.ping_sent.is_some() || !(self.is_fence || self.outbox.is_drained()) {
            return Err(PeerError::Silence);
        }
        // It goes before what is queued: of that nothing was shown to the port, as it is held or not there.
        self.ping_left = PINGREQ.len() as u8;
        self.ping_sent = Some(now);
        Ok(())
    }

    /// Sends what the subscriptions still ask for, as far as there is room: at once, so that what is published next
    /// does not overtake it.
    fn request_subscriptions(&mut self) {
        if !self.is_online() {
            return;
        }
        while let Some(Request { at, subscribe }) = self.subscriptions.next_request() {
            let packet_id = self.next_packet_id();
            let identifier = packet_id.to_be_bytes();
            let filter = self.subscriptions.filter_at(at);
            let length = (filter.len() as u16).to_be_bytes();
            let queued = if subscribe {
                let qos = self.subscriptions.qos_at(at) as u8;
                self.outbox.control(Claim::User, 0x82, &[&identifier, &length, filter, &[qos]])
            } else {
                self.outbox.control(Claim::User, 0xa2, &[&identifier, &length, filter])
            };
            if queued.is_err() {
                self.requests = Requests::HeldUp;
                return;
            }
            self.subscriptions.requested(at, packet_id);
        }
        self.requests = Requests::Sent;
    }

    /// Takes one step; to be called until it returns `None`.
    pub(crate) fn poll(&mut self, now: Instant) -> Result<Option<Incoming>, PeerError> {
        self.outbox.suspects.poll(now);
        if self.is_off() || self.in_use.is_some() {
            return Ok(None);
        }
        if core::mem::take(&mut self.is_over) {
            self.subscriptions.forget_over(self.answered);
        }
        while let Some(incoming) = self.next_packet()? {
            if let Some(incoming) = incoming {
                return Ok(Some(incoming));
            }
        }
        self.keep_alive(now)?;
        let is_over = now.since(self.online_at) >= self.careful_ms;
        if is_over && self.is_online() && self.outbox.held == Held::No {
            self.outbox.is_careful = false;
        }
        if self.requests == Requests::Due {
            self.request_subscriptions();
        }
        Ok(None)
    }

    /// Reads the packet at the front; `Some(None)` if there was one of no interest to anybody above.
    fn next_packet(&mut self) -> Result<Option<Option<Incoming>>, PeerError> {
        // A server that begins with something else is known by its first byte: its next ones may never come.
        if !self.is_online() && self.inbox.head().first().is_some_and(|first| *first != packet::CONNACK) {
            return match self.inbox.front() {
                Err(error) if error != PeerError::Qos2 => Err(error),
                _ => Err(PeerError::Order),
            };
        }
        let size = match self.inbox.front()? {
            Front::Nothing => return Ok(None),
            // What comes in may want an answer: wait until there is room for one.
            _ if !self.outbox.can_answer() => {
                // What is to be sent before must not wait for what comes in.
                self.outbox.release(false);
                return Ok(None);
            }
            Front::Oversize(size) => {
                match packet::identifier(self.inbox.head()) {
                    Ok(Some(packet_id)) => self.acknowledge(packet_id),
                    // A topic longer than the buffer hides the identifier: such a message is not acknowledged.
                    Ok(None) | Err(PeerError::Length) => {}
                    Err(error) => return Err(error),
                }
                return Ok(Some(Some(Incoming::Oversize(size))));
            }
            Front::Packet(size) => size,
        };
        let decoded = decode(self.inbox.packet(size))?;
        let incoming = match (self.phase, decoded) {
            (Phase::Connecting { sent }, packet::Incoming::Connack { session_present, code })
                if sent >= self.connect.len() =>
            {
                // A server keeps nothing for a clean session (section 3.2.2.2).
                if session_present && self.is_clean {
                    return Err(PeerError::ReturnCode);
                }
                self.inbox.take(size);
                return Ok(Some(Some(self.connack(session_present, code))));
            }
            (Phase::Connecting { .. }, _) | (_, packet::Incoming::Connack { .. }) => return Err(PeerError::Order),
            (_, packet::Incoming::Publish { topic, payload, packet_id }) => {
                let payload = size - payload.len();
                let topic = payload - topic.len() - if packet_id.is_some() { 2 } else { 0 };
                self.in_use = Some(InUse { size, topic, payload, packet_id });
                return Ok(Some(Some(Incoming::Message)));
            }
            (_, packet::Incoming::Puback { packet_id }) => {
                if self.outbox.acknowledge(packet_id) {
                    self.room_may_have_come();
                    Some(Incoming::Delivered(packet_id))
                } else {
                    self.unknown_acks = self.unknown_acks.wrapping_add(1);
                    None
                }
            }
            (_, packet::Incoming::Suback { packet_id, accepted }) => self.subscription(packet_id, Some(accepted)),
            (_, packet::Incoming::Unsuback { packet_id }) => self.subscription(packet_id, None),
            (_, packet::Incoming::Pingresp) => {
                self.ping_sent = None;
                self.is_loose = false;
                if core::mem::take(&mut self.is_fence) {
                    self.accepted();
                }
                None
            }
        };
        self.inbox.take(size);
        Ok(Some(incoming))
    }

    /// A SUBACK came, or an UNSUBACK if `accepted` is `None`. Out of line it costs 300 bytes: docs/budgets.md.
    #[inline(always)]
    fn subscription(&mut self, packet_id: u16, accepted: Option<bool>) -> Option<Incoming> {
        // A request waits alone for its answer.
        self.accepted();
        match self.subscriptions.answered(packet_id, accepted) {
            Answered::News(at) => {
                (self.answered, self.is_over) = (at, accepted != Some(true));
                Some(Incoming::Answered { accepted })
            }
            // The user has changed his mind since: the answer to the later request is on its way.
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
        self.room_may_have_come();
    }

    fn connack(&mut self, session_present: bool, code: u8) -> Incoming {
        let refusal = match code {
            0 => {
                self.phase = Phase::Online;
                (self.online_at, self.user_sent) = (self.last_received, self.last_received);
                if self.outbox.is_careful {
                    if self.doubts_session {
                        self.outbox.held = Held::ByStart;
                    }
                    self.outbox.suspects.distrust();
                }
                self.subscriptions.rewind(session_present);
                self.requests = Requests::Due;
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
    pub(crate) fn message(&self) -> Option<Message<'_>> {
        let in_use = self.in_use.as_ref()?;
        in_use.read(self.inbox.packet(in_use.size))
    }

    /// Has `write` answer the message in use, if there is one.
    pub(crate) fn respond<E>(
        &mut self,
        write: impl FnOnce(Message<'_>, &mut Sender<'_, 'b>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self { inbox, outbox, in_use: Some(in_use), .. } = self else { return Ok(()) };
        match in_use.read(inbox.packet(in_use.size)) {
            Some(message) => write(message, &mut Sender { outbox, claim: Claim::Answer }),
            None => Ok(()),
        }
    }

    /// What sends an answer to a message that is not in use any more.
    pub(crate) fn sender(&mut self) -> Result<Sender<'_, 'b>, SendError> {
        match self.phase {
            Phase::Online => Ok(Sender { outbox: &mut self.outbox, claim: Claim::User }),
            _ => Err(SendError::NotConnected),
        }
    }

    /// Whether the packet that is too large, of which [`Incoming::Oversize`] told, is on the topic of these two pieces.
    pub(crate) fn oversize_is_on(&self, pieces: [&[u8]; 2]) -> bool {
        packet::is_on(self.inbox.head(), pieces)
    }

    /// Drops it, as it arrives.
    pub(crate) fn drop_oversize(&mut self, size: usize) {
        self.inbox.take(size);
    }

    /// Whether there is a message in use.
    pub(crate) fn is_in_use(&self) -> bool {
        self.in_use.is_some()
    }

    /// The user has taken the message in use: acknowledge it and let go of it.
    pub(crate) fn finish(&mut self, now: Instant) {
        if let Some(InUse { size, packet_id, .. }) = self.in_use.take() {
            // Nothing could be read meanwhile: what has come since then is on its way.
            self.last_received = now;
            if let Some(packet_id) = packet_id {
                self.acknowledge(packet_id);
            }
            self.inbox.take(size);
        }
    }

    fn acknowledge(&mut self, packet_id: u16) {
        // There is room: `can_answer` was asked before the message was handed out.
        let _ = self.outbox.control(Claim::Session, 0x40, &[&packet_id.to_be_bytes()]);
    }

    /// The filter that was answered last.
    pub(crate) fn filter(&self) -> &str {
        core::str::from_utf8(self.subscriptions.filter_at(self.answered)).unwrap_or_default()
    }
}

/// Sends answers, at QoS 0.
pub(crate) struct Sender<'s, 'b> {
    outbox: &'s mut Outbox<'b>,
    claim: Claim,
}

impl Sender<'_, '_> {
    pub(crate) fn send(&mut self, topic: &[&[u8]], payload: &[&[u8]]) -> Result<(), SendError> {
        self.outbox.publish(self.claim, topic, payload, Qos::AtMostOnce, 0).map_err(SendError::from)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.connect.zeroize();
        // There may be a device's new secret in it.
        self.inbox.wipe();
    }
}

impl From<Full> for SendError {
    fn from(full: Full) -> Self {
        match full {
            Full::Packets | Full::Bytes => Self::Full,
            Full::Never { needed } => Self::TooLarge { needed },
            Full::GivenUp => Self::GivenUp,
        }
    }
}
