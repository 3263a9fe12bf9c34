//! One device, its port and its user, a network, a broker, and the time.

use std::collections::BTreeMap;

use aliyun_iot::device::{Buffers, Device, Event, LinkId, Loss, Options};
use aliyun_iot::mqtt::{Qos, SendError};
#[cfg(feature = "register")]
use aliyun_iot::services;
use aliyun_iot::time::Instant;

#[cfg(feature = "register")]
use super::beside::Beside;
use super::broker::{Broker, Verdict, payload};
use super::faults::Trouble;
use super::pipe::{Pipe, Weather};
use super::random::Random;
use crate::connection::Connection;
use crate::net::{aliyun_login, buffer};
use crate::server::number;

/// What the user subscribes to.
const FILTERS: [(&str, Qos); 5] = [
    ("/down", Qos::AtLeastOnce),
    ("/a/+", Qos::AtMostOnce),
    ("/b/#", Qos::AtLeastOnce),
    ("/c", Qos::AtMostOnce),
    ("/c/d/e", Qos::AtLeastOnce),
];

/// What the port has of a link.
pub(super) enum Link {
    /// It says that it failed, with this code, or that it is up, at that moment; never, if it hangs.
    Opening {
        until: Option<u64>,
        result: Result<(), i32>,
    },
    Up(Up),
}

#[derive(Default)]
pub(super) struct Up {
    pub(super) up: Pipe,
    pub(super) down: Pipe,
    /// The broker has closed: the end of the stream follows what it has sent.
    pub(super) closed: bool,
}

/// What has been going on.
#[derive(Default, Debug)]
pub(super) struct Tally {
    pub(super) connected: u32,
    pub(super) losses: BTreeMap<&'static str, u32>,
    pub(super) online_ms: u64,
    pub(super) refused_publishes: u32,
    /// The longest time from the loss of a session to the next one.
    pub(super) longest_offline_ms: u64,
    /// The same, counted from the moment at which nothing stood in the way of a session any more.
    pub(super) longest_recovery_ms: u64,
}

pub(super) struct World {
    pub(super) now: u64,
    pub(super) device: Device<'static>,
    connection: Connection,
    pub(super) link: Option<Link>,
    pub(super) broker: Broker,
    pub(super) weather: Weather,
    pub(super) trouble: Trouble,
    pub(super) random: Random,
    pub(super) tally: Tally,
    /// The next number that the user publishes, how many there are to be, and how long there is between two.
    pub(super) published: u32,
    pub(super) to_publish: u32,
    pub(super) publish_every: u64,
    next_publish: u64,
    /// The same for the application behind the broker.
    pub(super) pushed: u32,
    pub(super) to_push: u32,
    pub(super) push_every: u64,
    next_push: u64,
    /// Packet identifiers under way, and the messages that they stand for.
    waiting: BTreeMap<u16, u32>,
    pub(super) delivered: u32,
    /// Numbers that the user was told, in the order of their first arrival, and how many came again.
    pub(super) told: Vec<u32>,
    pub(super) told_again: u32,
    offline_since: u64,
    /// Bytes after which each new link breaks off, drawn from below this; for ever if 0.
    pub(super) breaks_within: u64,
    pub(super) breaks: u32,
    pub(super) breaks_left: u32,
    /// Registrations on the other link.
    #[cfg(feature = "register")]
    pub(super) beside: Option<Beside>,
}

impl World {
    pub(super) fn new(seed: u64, options: Options) -> Self {
        let buffers = Buffers { rx: buffer(512), tx: buffer(4096), subscriptions: buffer(128) };
        let mut world = Self {
            now: 0,
            device: Device::new(buffers, seed as u32),
            connection: Connection::new(LinkId::Session),
            link: None,
            broker: Broker::default(),
            weather: Weather::FAIR,
            trouble: Trouble::default(),
            random: Random::new(seed),
            tally: Tally::default(),
            published: 0,
            to_publish: 0,
            publish_every: 0,
            next_publish: 0,
            pushed: 0,
            to_push: 0,
            push_every: 0,
            next_push: 0,
            waiting: BTreeMap::new(),
            delivered: 0,
            told: Vec::new(),
            told_again: 0,
            offline_since: 0,
            breaks_within: 0,
            breaks: 0,
            breaks_left: 0,
            #[cfg(feature = "register")]
            beside: None,
        };
        world.device.connect(&aliyun_login(), options, world.instant()).unwrap();
        for (filter, qos) in FILTERS {
            world.device.subscribe(filter, qos).unwrap();
        }
        world
    }

    /// The clock of the device, which wraps now and then.
    pub(super) fn instant(&self) -> Instant {
        Instant::from_millis((self.now as u32).wrapping_sub(100_000))
    }

    /// Time goes by, event by event.
    pub(super) fn run_until(&mut self, end: u64) {
        loop {
            self.settle();
            let next = self.next_event().filter(|next| *next <= end);
            let step_to = next.unwrap_or(end);
            if self.device.is_online() {
                self.tally.online_ms += step_to - self.now;
            }
            self.now = step_to;
            if next.is_none() {
                return;
            }
        }
    }

    /// Time goes by until everything has arrived everywhere; `false` if it has not by `end`.
    pub(super) fn run_until_done(&mut self, end: u64) -> bool {
        while self.now < end {
            let next = self.now + 1_000;
            self.run_until(next);
            let sent = self.published == self.to_publish && self.pushed == self.to_push;
            if sent && self.waiting.is_empty() && self.broker.for_device.is_empty() {
                return true;
            }
        }
        false
    }

    fn next_event(&self) -> Option<u64> {
        let instant = self.instant();
        let device = self.device.deadline(instant).map(|deadline| self.now + u64::from(instant.until(deadline)).max(1));
        let link = match &self.link {
            None => None,
            Some(Link::Opening { until, .. }) => *until,
            Some(Link::Up(up)) => {
                [up.up.next(), up.down.next(), up.up.broken_at, up.down.broken_at].into_iter().flatten().min()
            }
        };
        let publish = (self.published < self.to_publish).then_some(self.next_publish);
        let push = (self.pushed < self.to_push).then_some(self.next_push);
        #[cfg(feature = "register")]
        let beside = self.beside.as_ref().and_then(Beside::next_event);
        #[cfg(not(feature = "register"))]
        let beside = None;
        let earliest = [device, link, publish, push, self.broker.deadline(), beside].into_iter().flatten().min()?;
        Some(earliest.max(self.now + 1))
    }

    /// Everything that is to be done at this moment.
    fn settle(&mut self) {
        for round in 0.. {
            assert!(round < 10_000, "no rest at {} ms", self.now);
            let mut moved = self.poll();
            moved |= self.open_and_close();
            moved |= self.carry();
            #[cfg(feature = "register")]
            if let Some(mut beside) = self.beside.take() {
                moved |= beside.step(self);
                self.beside = Some(beside);
            }
            moved |= self.user_publishes();
            self.application_pushes();
            if !moved {
                return;
            }
        }
    }

    // ---- The port ----

    fn poll(&mut self) -> bool {
        let mut moved = false;
        let instant = self.instant();
        loop {
            let polled = self.device.poll(instant, |event| match event {
                Event::Connected { .. } => {
                    self.tally.connected += 1;
                    let offline = self.now - self.offline_since;
                    self.tally.longest_offline_ms = self.tally.longest_offline_ms.max(offline);
                    let recovery = offline.min(self.now - self.trouble.over_at);
                    self.tally.longest_recovery_ms = self.tally.longest_recovery_ms.max(recovery);
                }
                Event::Disconnected(loss) | Event::DisconnectedBehind { loss, .. } => {
                    self.offline_since = self.now;
                    *self.tally.losses.entry(word(loss)).or_default() += 1;
                }
                #[cfg(feature = "register")]
                Event::Failed { link: LinkId::Http, loss } => self.beside.as_mut().unwrap().attempt_failed(loss),
                #[cfg(feature = "register")]
                Event::Service(services::Event::Register(event)) => {
                    self.beside.as_mut().unwrap().ended(&event, self.now);
                }
                Event::Failed { loss, .. } => *self.tally.losses.entry(word(loss)).or_default() += 1,
                Event::Delivered { packet_id } => {
                    let number = self.waiting.remove(&packet_id).expect("told once of each");
                    assert_eq!(number, self.delivered, "acknowledged in order");
                    self.delivered += 1;
                }
                Event::Message { topic, payload, .. } if topic.as_str() == "/down" => {
                    let number = number(payload);
                    if self.told.last().is_none_or(|last| *last < number) {
                        self.told.push(number);
                    } else {
                        self.told_again += 1;
                    }
                }
                Event::Subscribed { accepted: true, .. } => {}
                other => panic!("{other:?}"),
            });
            if polled.is_none() {
                return moved;
            }
            moved = true;
        }
    }

    fn open_and_close(&mut self) -> bool {
        if self.connection.follow(&self.device) {
            if matches!(self.link, Some(Link::Up(_))) {
                self.broker.link_lost();
            }
            self.link = self.connection.is_wanted().then(|| {
                // TCP takes one round trip, TLS two.
                let passage = (0..6).map(|_| self.weather.passage(&mut self.random)).sum::<u64>();
                let (result, after) = self.trouble.opening(self.now, passage);
                Link::Opening { until: after.map(|ms| self.now + ms), result }
            });
            return true;
        }
        if let Some(Link::Opening { until: Some(until), result }) = self.link {
            if until <= self.now {
                match result {
                    Ok(()) => self.link_is_up(),
                    Err(code) => self.lose(code),
                }
                return true;
            }
        }
        false
    }

    fn link_is_up(&mut self) {
        let mut up = Up::default();
        if self.breaks_within > 0 && self.breaks_left > 0 {
            let after = self.random.between(1, self.breaks_within) as usize;
            let pipe = if self.random.happens(50) { &mut up.up } else { &mut up.down };
            pipe.breaks_after = Some(after);
        }
        self.link = Some(Link::Up(up));
        self.broker.link_up(self.now);
        let now = self.instant();
        self.connection.up(&mut self.device, now);
    }

    /// The port notices that the link is gone.
    pub(super) fn lose(&mut self, code: i32) {
        if self.link.take().is_some() {
            self.broker.link_lost();
            let now = self.instant();
            self.connection.lose(&mut self.device, code, now);
        }
    }

    /// Bytes move, as far as they can at this moment.
    fn carry(&mut self) -> bool {
        let instant = self.instant();
        let Some(Link::Up(up)) = &mut self.link else { return false };
        let mut moved = false;
        // To the device.
        let space = self.device.space(LinkId::Session).len();
        let arrived = up.down.arrived(self.now, space);
        moved |= self.connection.give(&mut self.device, &arrived, instant) > 0;
        // From the device.
        let sent = self.connection.take(&mut self.device, up.up.room(), instant);
        if !sent.is_empty() {
            up.up.send(self.now, &sent, &self.weather, &mut self.random);
            moved = true;
        }
        // To the broker and back.
        let arrived = up.up.arrived(self.now, usize::MAX);
        moved |= !arrived.is_empty();
        if !up.closed && !self.trouble.broker_is_mute(self.now) {
            let (answers, close) = match self.broker.poll(self.now, &arrived) {
                Verdict::Send(answers) => (answers, false),
                Verdict::Close(answers) => (answers, true),
            };
            up.down.send(self.now, &answers, &self.weather, &mut self.random);
            up.closed = close;
        }
        // The end of the stream, or of the connection.
        let broken = [up.up.broken_at, up.down.broken_at].into_iter().flatten().any(|at| at <= self.now);
        if broken {
            self.breaks += 1;
            self.breaks_left -= 1;
            self.poll();
            self.lose(104);
        } else if up.closed && up.down.is_empty() && !up.down.dead {
            self.poll();
            self.lose(0);
        } else {
            return moved;
        }
        true
    }

    // ---- The user, and the application behind the broker ----

    fn user_publishes(&mut self) -> bool {
        if self.published >= self.to_publish || self.next_publish > self.now {
            return false;
        }
        match self.device.publish("/up", &payload(self.published), Qos::AtLeastOnce) {
            Ok(packet_id) => {
                assert_eq!(self.waiting.insert(packet_id, self.published), None, "an identifier in use");
                self.published += 1;
                self.next_publish = self.now + self.publish_every;
                true
            }
            Err(SendError::Full) => {
                self.tally.refused_publishes += 1;
                self.next_publish = self.now + self.publish_every.max(100);
                false
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    fn application_pushes(&mut self) {
        while self.pushed < self.to_push && self.next_push <= self.now {
            self.broker.for_device.push_back(self.pushed);
            self.pushed += 1;
            self.next_push = self.now.max(self.next_push) + self.push_every;
        }
    }

    // ---- What must hold in the end ----

    /// Nothing is lost either way, nothing is out of order, and every subscription stands.
    #[track_caller]
    pub(super) fn check(&self) {
        assert!(self.device.is_online());
        assert_eq!(self.device.unacknowledged(), 0);
        assert_eq!((self.published, self.delivered), (self.to_publish, self.to_publish));
        assert!(
            self.broker.server.arrived.iter().copied().eq(0..self.to_publish),
            "to the cloud: {:?}",
            self.broker.server.arrived
        );
        assert!(self.told.iter().copied().eq(0..self.to_push), "to the device: {:?}", self.told);
        assert!(self.broker.acknowledged.iter().copied().eq(0..self.to_push));
        let wanted: BTreeMap<String, u8> = FILTERS.iter().map(|(filter, qos)| ((*filter).into(), *qos as u8)).collect();
        assert_eq!(self.broker.subscriptions(), wanted);
    }
}

fn word(loss: Loss) -> &'static str {
    match loss {
        Loss::Link(0) => "closed",
        Loss::Link(_) => "link",
        Loss::Refused(_) => "refused",
        Loss::Peer(aliyun_iot::mqtt::PeerError::Silence) => "silence",
        Loss::Peer(_) => "garbage",
        Loss::Timeout => "timeout",
        Loss::Answer | Loss::AnswerTooLarge => unreachable!("no request is made"),
        Loss::Kicked => "kicked",
        Loss::Renewal => unreachable!("its signature does not expire"),
    }
}
