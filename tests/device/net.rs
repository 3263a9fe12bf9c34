//! The port, the network and the clock of one device.

use aliyun_iot::alink::NoReply;
use aliyun_iot::clouds::{Server, aliyun, plain};
use aliyun_iot::device::{Buffers, Device, Event, LinkId, LinkWanted, Loss, Options};
use aliyun_iot::mqtt::{Qos, Sent};
#[cfg(feature = "ntp")]
use aliyun_iot::services::ntp;
#[cfg(feature = "register")]
use aliyun_iot::services::register;
#[cfg(feature = "upload")]
use aliyun_iot::services::upload;
use aliyun_iot::services::{self, call, model, raw};
use aliyun_iot::time::Instant;

use crate::connection::Connection;
use crate::packets::{ACCEPTED, Packet, connack, encode, split};

pub(crate) const PK: &str = "a1B2c3D4e5F";
pub(crate) const DN: &str = "dev01";

/// Bytes for calls that are answered later.
pub(crate) const LATER: usize = 2048;

/// More polls than this at one moment mean that the device never comes to rest.
const BUSY: usize = 10_000;

/// An [`Event`] that may be kept. A build may leave out what reports some of them.
#[allow(dead_code)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Connected {
        again: bool,
        session_present: bool,
    },
    Disconnected(Loss),
    Failed(Loss),
    HttpFailed(Loss),
    GivenUp(Sent, String, u16),
    Closed,
    Properties {
        id: String,
        params: String,
    },
    Service {
        id: String,
        service: String,
        params: String,
        synchronous: bool,
    },
    CallRaw {
        id: String,
        name: String,
        payload: Vec<u8>,
    },
    Raw(Vec<u8>),
    /// With the id of the post, or 0.
    RawReply(u32, Vec<u8>),
    RawReplyDropped(u32, usize),
    RawNoReply(u32, NoReply),
    Message {
        topic: String,
        payload: Vec<u8>,
        qos: Qos,
        dup: bool,
        retain: bool,
    },
    Reply {
        id: u32,
        code: i32,
        message: String,
    },
    NoReply(u32, NoReply),
    Delivered(u16),
    Subscribed {
        filter: String,
        accepted: bool,
    },
    Unsubscribed(String),
    Oversize(usize),
    Time {
        unix_ms: u64,
        error_ms: u32,
    },
    NoTime,
    Registered {
        client_id: Option<String>,
        secret: String,
    },
    RegistrationRefused {
        code: i32,
        message: String,
    },
    RegistrationFailed(Loss),
    UploadBlock {
        offset: u32,
        length: u32,
    },
    Uploaded(String),
    UploadFailed(i32),
    /// An event of a service whose tests read it as it is written out.
    Other(String),
}

impl From<Event<'_>> for Told {
    fn from(event: Event<'_>) -> Self {
        match event {
            Event::Connected { again, session_present } => Told::Connected { again, session_present },
            Event::Disconnected(loss) => Told::Disconnected(loss),
            // What it was behind is in `Net::behind`.
            Event::DisconnectedBehind { loss, .. } => Told::Disconnected(loss),
            Event::GivenUp { packet, topic, packet_id } => Told::GivenUp(packet, topic.to_string(), packet_id),
            Event::Failed { link: LinkId::Session, loss } => Told::Failed(loss),
            Event::Failed { link: LinkId::Http, loss } => Told::HttpFailed(loss),
            Event::Closed => Told::Closed,
            Event::Service(event) => event.into(),
            Event::Message { topic, payload, qos, dup, retain } => {
                Told::Message { topic: topic.to_string(), payload: payload.into(), qos, dup, retain }
            }
            Event::Delivered { packet_id } => Told::Delivered(packet_id),
            Event::Subscribed { filter, accepted } => Told::Subscribed { filter: filter.to_string(), accepted },
            Event::Unsubscribed { filter } => Told::Unsubscribed(filter.to_string()),
            Event::Oversize { needed, .. } => Told::Oversize(needed),
        }
    }
}

impl From<services::Event<'_>> for Told {
    fn from(event: services::Event<'_>) -> Self {
        use services::Event as Of;
        match event {
            Of::Call(call::Event::SetProperties { id, params }) => {
                Told::Properties { id: id.to_string(), params: params.to_string() }
            }
            Of::Call(call::Event::Service { id, service, params, synchronous }) => Told::Service {
                id: id.to_string(),
                service: service.to_string(),
                params: params.to_string(),
                synchronous,
            },
            Of::Call(call::Event::Bytes { id, name, payload, .. }) => {
                Told::CallRaw { id: id.to_string(), name: name.to_string(), payload: payload.into() }
            }
            #[cfg(feature = "register")]
            Of::Register(register::Event::Done { client_id, secret }) => {
                Told::Registered { client_id: client_id.map(|id| id.to_string()), secret: secret.to_string() }
            }
            #[cfg(feature = "register")]
            Of::Register(register::Event::Refused { code, message }) => {
                Told::RegistrationRefused { code, message: message.to_string() }
            }
            #[cfg(feature = "register")]
            Of::Register(register::Event::Failed(loss)) => Told::RegistrationFailed(loss),
            Of::Raw(raw::Event::Data(data)) => Told::Raw(data.into()),
            Of::Raw(raw::Event::Reply { id, data }) => Told::RawReply(id, data.into()),
            Of::Raw(raw::Event::ReplyDropped { id, needed }) => Told::RawReplyDropped(id, needed),
            Of::Raw(raw::Event::NoReply { id, cause }) => Told::RawNoReply(id, cause),
            Of::Model(model::Event::NoReply { id, cause }) => Told::NoReply(id, cause),
            Of::Model(model::Event::Reply { id, code, message }) => {
                Told::Reply { id, code, message: message.to_string() }
            }
            #[cfg(feature = "ntp")]
            Of::Ntp(ntp::Event::Time { unix_ms, error_ms }) => Told::Time { unix_ms, error_ms },
            #[cfg(feature = "ntp")]
            Of::Ntp(ntp::Event::NoTime) => Told::NoTime,
            #[cfg(feature = "upload")]
            Of::Upload(upload::Event::Block { offset, length }) => Told::UploadBlock { offset, length },
            #[cfg(feature = "upload")]
            Of::Upload(upload::Event::Done { id }) => Told::Uploaded(id.to_string()),
            #[cfg(feature = "upload")]
            Of::Upload(upload::Event::Failed { code }) => Told::UploadFailed(code),
            #[allow(unreachable_patterns)]
            other => Told::Other(format!("{other:?}")),
        }
    }
}

/// A message at QoS 0 with no flags.
pub(crate) fn message(topic: &str, payload: &[u8]) -> Told {
    Told::Message { topic: topic.into(), payload: payload.into(), qos: Qos::AtMostOnce, dup: false, retain: false }
}

/// A message at QoS 1 with no flags.
pub(crate) fn message1(topic: &str, payload: &[u8]) -> Told {
    Told::Message { topic: topic.into(), payload: payload.into(), qos: Qos::AtLeastOnce, dup: false, retain: false }
}

pub(crate) fn subscribed(filter: &str, accepted: bool) -> Told {
    Told::Subscribed { filter: filter.into(), accepted }
}

/// A session that the server keeps.
pub(crate) fn kept() -> Options {
    Options { clean_session: false, ..Options::default() }
}

/// The usual login.
pub(crate) fn aliyun_login() -> aliyun::Login<'static> {
    aliyun::Login::new(PK, DN, "0123456789abcdef0123456789abcdef")
}

/// A login to some other broker.
pub(crate) fn plain_login() -> plain::Login<'static> {
    plain::Login {
        server: Server { host: Some(b"broker.test"), port: 0, without_tls: true },
        client_id: Some(b"me"),
        user_name: Some(b"user"),
        password: Some(b"pass"),
    }
}

/// `it` with a change.
pub(crate) fn with<T>(mut it: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut it);
    it
}

/// Sizes of the device's buffers.
pub(crate) struct Sizes {
    pub(crate) rx: usize,
    pub(crate) tx: usize,
    pub(crate) subscriptions: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { rx: 512, tx: 4096, subscriptions: 256 }
    }
}

pub(crate) fn buffer(size: usize) -> &'static mut [u8] {
    // A device that outlives every borrow keeps the tests free of lifetimes.
    Vec::leak(vec![0xee; size])
}

/// Where a link goes to: host, port, and whether by TLS.
pub(crate) type Peer = (String, u16, bool);

pub(crate) struct Net {
    pub(crate) device: Device<'static>,
    pub(crate) now: Instant,
    /// Milliseconds since the start of the test.
    pub(crate) elapsed: u64,
    /// How many bytes the link takes in one write; 0 for a link that is stuck.
    pub(crate) takes: usize,
    /// How many bytes arrive in one read.
    pub(crate) gives: usize,
    /// Whether the server answers pings by itself.
    pub(crate) answers_pings: bool,
    /// Whether the server closes the link when it is told goodbye.
    pub(crate) closes: bool,
    /// When the device pinged, if they were answered.
    pub(crate) pings: Vec<u64>,
    /// What the links were lost right behind.
    pub(crate) behind: Vec<(Sent, String)>,
    /// How often the device was polled.
    pub(crate) polls: usize,
    /// What was sent over HTTP on the present connection.
    pub(crate) request: Vec<u8>,
    /// The link that the methods below are about.
    pub(crate) on: LinkId,
    /// What the port has open, or is opening, on each link.
    links: [Connection; 2],
    told: Vec<Told>,
    sent: Vec<Packet>,
    /// What has been sent of a packet, and its length.
    partial: Vec<u8>,
    /// What the device wanted to send at the last look, as far as it was not taken.
    offered: Vec<u8>,
}

impl Net {
    pub(crate) fn new() -> Self {
        Self::with(Sizes::default())
    }

    pub(crate) fn with(sizes: Sizes) -> Self {
        Self::seeded(sizes, 4711)
    }

    /// A device with a seed of its own.
    pub(crate) fn seeded(sizes: Sizes, seed: u32) -> Self {
        let Sizes { rx, tx, subscriptions } = sizes;
        let buffers = Buffers { rx: buffer(rx), tx: buffer(tx), subscriptions: buffer(subscriptions) };
        let mut device = Device::new(buffers, seed);
        device.call().keep_later(buffer(LATER));
        Self {
            device,
            // The clock wraps soon: no test shall care.
            now: Instant::from_millis(u32::MAX - 7_000),
            elapsed: 0,
            takes: usize::MAX,
            gives: usize::MAX,
            answers_pings: false,
            closes: true,
            pings: Vec::new(),
            behind: Vec::new(),
            polls: 0,
            request: Vec::new(),
            on: LinkId::Session,
            links: LinkId::ALL.map(Connection::new),
            told: Vec::new(),
            sent: Vec::new(),
            partial: Vec::new(),
            offered: Vec::new(),
        }
    }

    /// A device with a session on Alibaba's platform.
    pub(crate) fn online() -> Self {
        Self::online_with(Sizes::default())
    }

    pub(crate) fn online_with(sizes: Sizes) -> Self {
        let mut net = Self::with(sizes);
        net.connect(Options::default());
        net
    }

    /// A device with a session on Alibaba's platform, which the platform keeps.
    pub(crate) fn online_kept() -> Self {
        let mut net = Self::new();
        net.connect(kept());
        net
    }

    /// A device with a session on some other broker.
    pub(crate) fn online_plain(keepalive: u16, clean_session: bool) -> Self {
        Self::online_plain_with(Sizes::default(), keepalive, clean_session)
    }

    pub(crate) fn online_plain_with(sizes: Sizes, keepalive: u16, clean_session: bool) -> Self {
        let mut net = Self::with(sizes);
        let options = Options { keepalive, clean_session, ..Options::default() };
        net.device.connect(&plain_login(), options, net.now).unwrap();
        net.log_in(false);
        net.tells([Told::Connected { again: false, session_present: false }]);
        net
    }

    #[track_caller]
    pub(crate) fn connect(&mut self, options: Options) {
        self.device.connect(&aliyun_login(), options, self.now).unwrap();
        self.log_in(false);
        self.tells([Told::Connected { again: false, session_present: false }]);
    }

    /// The port opens the link that is wanted, and the server accepts the login.
    #[track_caller]
    pub(crate) fn log_in(&mut self, session_present: bool) {
        self.link_up();
        match &self.take_sent()[..] {
            [Packet::Connect(_)] => {}
            other => panic!("not one CONNECT: {other:?}"),
        }
        self.arrives([connack(ACCEPTED, session_present)]);
    }

    /// After a loss: the next attempt comes, and the server accepts the login.
    #[track_caller]
    pub(crate) fn log_in_again(&mut self, session_present: bool) {
        self.wait_for_link();
        self.log_in(session_present);
        self.tells([Told::Connected { again: true, session_present }]);
    }

    /// Loses the link and logs in again over one that accepts nothing: what was sent before is about to be sent again.
    pub(crate) fn is_about_to_send_again(&mut self) {
        self.take_sent();
        self.loses_link();
        self.wait_for_link();
        self.link_up();
        self.take_sent();
        self.takes = 0;
        self.arrives([connack(0, true)]);
        self.take_told();
    }

    // ---- The port ----

    /// Polls once, as a port does that hands out one event at a time.
    pub(crate) fn poll(&mut self) -> Option<Told> {
        self.polls += 1;
        assert!(self.polls < 10_000_000, "no end");
        self.device.poll(self.now, |event| {
            if let Event::DisconnectedBehind { packet, topic, .. } = event {
                self.behind.push((packet, topic.to_string()));
            }
            Told::from(event)
        })
    }

    /// Everything that is to be done now.
    #[track_caller]
    pub(crate) fn pump(&mut self) {
        for _ in 0..BUSY {
            while let Some(event) = self.poll() {
                self.told.push(event);
                assert!(self.told.len() < BUSY, "no end of events");
            }
            self.follow();
            self.flush();
            self.follow();
            if !self.device.deadline(self.now).is_some_and(|deadline| self.now.reached(deadline)) {
                return;
            }
        }
        panic!("the device wants to be polled again and again: {:?}", self.told);
    }

    /// Opens and closes links as the device wants.
    fn follow(&mut self) {
        for id in LinkId::ALL {
            if self.links[id as usize].follow(&self.device) {
                self.begin_stream(id);
            }
        }
    }

    /// What was sent before belongs to another connection.
    fn begin_stream(&mut self, id: LinkId) {
        if id == LinkId::Session {
            self.partial.clear();
            self.offered.clear();
        }
    }

    fn flush(&mut self) {
        self.flush_http();
        self.flush_session();
    }

    fn flush_http(&mut self) {
        loop {
            let taken = self.links[LinkId::Http as usize].take(&mut self.device, self.takes, self.now);
            if taken.is_empty() {
                return;
            }
            self.request.extend(taken);
        }
    }

    /// Sends what waits, and checks on the way that it is whole packets, which stay as they are until they were taken.
    fn flush_session(&mut self) {
        let id = LinkId::Session;
        while self.links[id as usize].is_up() && self.takes > 0 {
            let waiting = self.device.to_send(id).to_vec();
            assert!(waiting.starts_with(&self.offered), "{waiting:02x?} were {:02x?} before", self.offered);
            if waiting.is_empty() {
                assert!(self.partial.is_empty(), "a packet ends early: {:02x?}", self.partial);
                return;
            }
            self.offered = waiting;
            let taken = self.links[id as usize].take(&mut self.device, self.takes, self.now);
            self.offered.drain(..taken.len());
            self.partial.extend(taken);
            while let Some(packet) = split(&mut self.partial) {
                self.packet_sent(packet);
            }
        }
    }

    fn packet_sent(&mut self, packet: Packet) {
        let id = LinkId::Session;
        if packet == Packet::PingReq && self.answers_pings {
            self.pings.push(self.elapsed);
            self.on_link(id, |net| net.arrive_bytes(&encode(&Packet::PingResp)));
        } else if packet == Packet::Disconnect && self.closes {
            self.sent.push(packet);
            self.on_link(id, |net| net.link_lost(0));
        } else {
            self.sent.push(packet);
        }
    }

    /// Does something on link `id`.
    #[track_caller]
    pub(crate) fn on_link<R>(&mut self, id: LinkId, act: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.on, id);
        let result = act(self);
        self.on = before;
        result
    }

    /// Sends what waits without polling, as a port may when the link is writable again.
    pub(crate) fn flush_and_stay(&mut self) {
        self.flush();
    }

    /// The attempt that the device wants a link for.
    pub(crate) fn attempt(&self) -> Option<u16> {
        match self.device.link(self.on) {
            LinkWanted::Open { attempt, .. } => Some(attempt),
            LinkWanted::Closed => None,
        }
    }

    pub(crate) fn server(&mut self) -> Peer {
        self.pump();
        match self.device.link(self.on) {
            LinkWanted::Open { host, port, tls, .. } => (host.to_string(), port, tls),
            LinkWanted::Closed => panic!("no link is wanted"),
        }
    }

    /// The link that is wanted is open now.
    #[track_caller]
    pub(crate) fn link_up(&mut self) {
        self.pump();
        match self.on {
            LinkId::Session => self.begin_stream(LinkId::Session),
            LinkId::Http => self.request.clear(),
        }
        self.links[self.on as usize].up(&mut self.device, self.now);
        self.pump();
    }

    /// The link that is wanted is open now, if there is one and it is not open yet.
    #[track_caller]
    pub(crate) fn link_up_if_wanted(&mut self) {
        self.pump();
        let link = &self.links[self.on as usize];
        if link.is_wanted() && !link.is_up() {
            self.link_up();
        }
    }

    /// The link is lost, or could not be opened.
    #[track_caller]
    pub(crate) fn link_lost(&mut self, code: i32) {
        self.begin_stream(self.on);
        self.links[self.on as usize].lose(&mut self.device, code, self.now);
        self.follow();
    }

    /// The link is lost after a while, not so soon that it looks like a kick, and the user is told so.
    #[track_caller]
    pub(crate) fn loses_link(&mut self) {
        self.loses_link_after([]);
    }

    /// The same, after the user has been told `before`.
    #[track_caller]
    pub(crate) fn loses_link_after<const N: usize>(&mut self, before: [Told; N]) {
        self.tells(before);
        self.wait(10_000);
        self.link_lost(104);
        self.tells([Told::Disconnected(Loss::Link(104))]);
    }

    // ---- The server ----

    /// The server sends `packets`, all at once.
    #[track_caller]
    pub(crate) fn arrives<const N: usize>(&mut self, packets: [Packet; N]) {
        self.arrive_bytes(&packets.iter().flat_map(encode).collect::<Vec<u8>>());
    }

    #[track_caller]
    pub(crate) fn arrive_bytes(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.device.space(self.on).is_empty() {
                self.pump();
            }
            let link = &self.links[self.on as usize];
            let count = link.give(&mut self.device, &bytes[..bytes.len().min(self.gives)], self.now);
            assert!(count > 0, "no space for what arrives");
            bytes = &bytes[count..];
            if self.gives < usize::MAX {
                self.pump();
            }
        }
    }

    /// Bytes that may make the device give the link up.
    pub(crate) fn arrive_while_it_lives(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.pump();
            if self.links[self.on as usize].give(&mut self.device, &[*byte], self.now) == 0 {
                return;
            }
        }
    }

    /// What the device has sent since the last look.
    #[track_caller]
    pub(crate) fn take_sent(&mut self) -> Vec<Packet> {
        self.pump();
        std::mem::take(&mut self.sent)
    }

    /// The device has sent exactly this since the last look.
    #[track_caller]
    pub(crate) fn sends<const N: usize>(&mut self, packets: [Packet; N]) {
        assert_eq!(self.take_sent(), packets);
    }

    /// The one packet that the device has sent since the last look.
    #[track_caller]
    pub(crate) fn sends_one(&mut self) -> Packet {
        let mut sent = self.take_sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0)
    }

    #[track_caller]
    pub(crate) fn take_told(&mut self) -> Vec<Told> {
        self.pump();
        std::mem::take(&mut self.told)
    }

    /// The user has been told exactly this since the last look.
    #[track_caller]
    pub(crate) fn tells<const N: usize>(&mut self, events: [Told; N]) {
        assert_eq!(self.take_told(), events);
    }

    /// Polls for one event, and leaves it in use.
    #[track_caller]
    pub(crate) fn tells_and_waits(&mut self, event: Told) {
        assert_eq!(self.poll(), Some(event));
    }

    // ---- The clock ----

    pub(crate) fn advance(&mut self, ms: u32) {
        self.now = self.now.after(ms);
        self.elapsed += u64::from(ms);
    }

    /// Milliseconds until the device wants to be polled.
    pub(crate) fn due_in(&self) -> Option<u32> {
        self.device.deadline(self.now).map(|deadline| self.now.until(deadline))
    }

    /// Time goes by; the device is polled when it asks for it, and only then.
    #[track_caller]
    pub(crate) fn wait(&mut self, mut ms: u32) {
        self.pump();
        while let Some(due) = self.due_in().filter(|due| *due <= ms) {
            self.advance(due);
            ms -= due;
            self.pump();
        }
        self.advance(ms);
        self.pump();
    }

    /// Time goes by until the device wants to be polled; returns how much.
    #[track_caller]
    pub(crate) fn wait_until_due(&mut self) -> u32 {
        self.pump();
        let due = self.due_in().expect("nothing is ever due");
        self.advance(due);
        self.pump();
        due
    }

    /// Time goes by until the device wants a link; returns how much.
    #[track_caller]
    pub(crate) fn wait_for_link(&mut self) -> u32 {
        self.pump();
        let mut waited = 0;
        while self.attempt().is_none() {
            waited += self.wait_until_due();
        }
        waited
    }

    /// Time goes by until the user is told something; returns how much.
    #[track_caller]
    pub(crate) fn wait_for_news(&mut self) -> u32 {
        self.pump();
        let mut waited = 0;
        while self.told.is_empty() {
            waited += self.wait_until_due();
        }
        waited
    }
}
