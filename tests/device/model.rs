//! Whatever happens in whatever order, nothing that was promised is lost.
//!
//! A model of a server that keeps to MQTT 3.1.1, a link that loses what is under way, and a user who does this and that.

use std::collections::{BTreeMap, HashSet, VecDeque};

use aliyun_iot::device::{Buffers, Device, Event, LinkId, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::time::Instant;
use mqttbytes::v4::{Packet, read};
use proptest::prelude::*;

use crate::connection::Connection;
use crate::net::{buffer, plain_login, with};
use crate::packets::{encode, qos0, qos1};
use crate::server::{Server, number, payload};

/// Bytes of the device's receive buffer.
const RX: usize = 256;

const FILTERS: [&str; 4] = ["a", "b/+", "c/#", "d/e"];

/// What happens next.
#[derive(Clone, Debug)]
enum Act {
    /// The user publishes so many bytes.
    Publish {
        sure: bool,
        size: usize,
    },
    Subscribe {
        filter: usize,
        sure: bool,
    },
    Unsubscribe {
        filter: usize,
    },
    /// The port gets its link up, if one is wanted.
    LinkUp,
    /// The port writes so many bytes at most.
    Write(usize),
    /// The server reads what it has, and answers so many packets at most.
    Serve(usize),
    /// The server sends a message of its own.
    Push {
        sure: bool,
        size: usize,
    },
    /// The port reads so many bytes at most.
    Read(usize),
    /// The port polls, so often at most.
    Poll(usize),
    /// Everything that there is to write, to serve, to read and to poll for.
    Round,
    /// The link is lost, with all that is under way.
    Lose,
    /// Time goes by, deadline by deadline, and nothing gets through.
    Wait(u32),
    /// Time goes by until the device is online.
    Live,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        10 => (any::<bool>(), 0_usize..200).prop_map(|(sure, size)| Act::Publish { sure, size }),
        2 => (0..FILTERS.len(), any::<bool>()).prop_map(|(filter, sure)| Act::Subscribe { filter, sure }),
        1 => (0..FILTERS.len()).prop_map(|filter| Act::Unsubscribe { filter }),
        8 => Just(Act::LinkUp),
        10 => (1_usize..400).prop_map(Act::Write),
        10 => (1_usize..6).prop_map(Act::Serve),
        5 => (any::<bool>(), 0_usize..300).prop_map(|(sure, size)| Act::Push { sure, size }),
        10 => (1_usize..400).prop_map(Act::Read),
        10 => (1_usize..6).prop_map(Act::Poll),
        10 => Just(Act::Round),
        2 => Just(Act::Lose),
        2 => (0_u32..20_000).prop_map(Act::Wait),
        4 => Just(Act::Live),
    ]
}

struct World {
    device: Device<'static>,
    now: Instant,
    server: Server,
    /// Packets that the server has to answer.
    unanswered: VecDeque<Packet>,
    /// The number of its next message, and those at QoS 1 that were acknowledged.
    pushed: u32,
    acknowledged: Vec<u32>,
    link: Connection,
    up: VecDeque<u8>,
    /// What the server has received of a packet.
    stream: bytes::BytesMut,
    down: VecDeque<u8>,
    /// The number of the next message, and those at QoS 1 by packet identifier.
    published: u32,
    accepted: Vec<u32>,
    waiting: BTreeMap<u16, u32>,
    delivered: Vec<u32>,
    wanted: BTreeMap<String, u8>,
    told: HashSet<u32>,
}

impl World {
    fn new(clean: bool, seed: u32) -> Self {
        let buffers = Buffers { rx: buffer(RX), tx: buffer(1024), subscriptions: buffer(128) };
        let mut world = Self {
            device: Device::new(buffers, seed),
            now: Instant::from_millis(seed),
            server: Server::default(),
            unanswered: VecDeque::new(),
            pushed: 0,
            acknowledged: Vec::new(),
            link: Connection::new(LinkId::Session),
            up: VecDeque::new(),
            stream: bytes::BytesMut::new(),
            down: VecDeque::new(),
            published: 0,
            accepted: Vec::new(),
            waiting: BTreeMap::new(),
            delivered: Vec::new(),
            wanted: BTreeMap::new(),
            told: HashSet::new(),
        };
        let login = with(plain_login(), |it| it.client_id = Some(b"model"));
        world.device.connect(&login, Options { clean_session: clean, ..Options::default() }, world.now).unwrap();
        world.follow();
        world
    }

    /// What is under way on a link goes with it.
    fn link_ends(&mut self) {
        self.up.clear();
        self.stream.clear();
        self.down.clear();
        self.unanswered.clear();
        self.server.link_lost();
    }

    fn follow(&mut self) {
        if self.link.follow(&self.device) {
            self.link_ends();
        }
    }

    fn poll(&mut self) -> bool {
        let polled = self.device.poll(self.now, |event| match event {
            Event::Delivered { packet_id } => {
                let number = self.waiting.remove(&packet_id).expect("delivered once");
                self.delivered.push(number);
            }
            Event::Message { payload, .. } => {
                self.told.insert(number(payload));
            }
            // The user is told of it all the same, if not what it was.
            Event::Oversize { needed, .. } => assert!(needed > RX),
            Event::Subscribed { filter, accepted } => assert!(accepted && FILTERS.contains(&filter.as_str())),
            Event::Unsubscribed { filter } => assert!(FILTERS.contains(&filter.as_str())),
            Event::Connected { .. }
            | Event::Disconnected(_)
            | Event::DisconnectedBehind { .. }
            | Event::Failed { .. } => {}
            other => panic!("{other:?}"),
        });
        self.follow();
        polled.is_some()
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Publish { sure, size } => {
                let qos = if sure { Qos::AtLeastOnce } else { Qos::AtMostOnce };
                let payload = payload(self.published, size);
                if let Ok(id) = self.device.publish("t", &payload, qos) {
                    if sure {
                        self.accepted.push(self.published);
                        assert_eq!(self.waiting.insert(id, self.published), None, "an identifier in use");
                    }
                    self.published += 1;
                }
            }
            Act::Subscribe { filter, sure } => {
                let filter = FILTERS[filter];
                self.device.subscribe(filter, if sure { Qos::AtLeastOnce } else { Qos::AtMostOnce }).unwrap();
                self.wanted.insert(filter.into(), u8::from(sure));
            }
            Act::Unsubscribe { filter } => {
                self.device.unsubscribe(FILTERS[filter]).unwrap();
                self.wanted.remove(FILTERS[filter]);
            }
            Act::LinkUp => {
                if self.link.is_wanted() && !self.link.is_up() {
                    self.link.up(&mut self.device, self.now);
                }
            }
            Act::Write(count) => self.up.extend(self.link.take(&mut self.device, count, self.now)),
            Act::Serve(packets) => self.serve(packets),
            Act::Push { sure, size } => {
                if let Some(packet) = self.server.send("a", payload(self.pushed, size), sure) {
                    self.pushed += 1;
                    self.down.extend(encode(&packet));
                }
            }
            Act::Read(count) => {
                let count = count.min(self.down.len());
                let read = self.link.give(&mut self.device, &self.down.make_contiguous()[..count], self.now);
                self.down.drain(..read);
            }
            Act::Poll(times) => {
                for _ in 0..times {
                    if !self.poll() {
                        break;
                    }
                }
            }
            Act::Round => {
                for _ in 0..50 {
                    self.act(Act::Write(1_000));
                }
                self.act(Act::Serve(1_000));
                self.act(Act::Read(1_000));
                self.act(Act::Poll(1_000));
            }
            Act::Lose => {
                if self.link.is_wanted() {
                    self.link_ends();
                    self.link.lose(&mut self.device, 104, self.now);
                }
            }
            Act::Wait(ms) => self.wait(ms),
            Act::Live => {
                for _ in 0..100 {
                    self.act(Act::Poll(1_000));
                    self.act(Act::LinkUp);
                    self.act(Act::Round);
                    if self.device.is_online() {
                        return;
                    }
                    let due = self.device.deadline(self.now).map_or(0, |deadline| self.now.until(deadline));
                    self.now = self.now.after(due);
                }
                panic!("it does not connect");
            }
        }
    }

    fn serve(&mut self, packets: usize) {
        self.stream.extend(self.up.drain(..));
        while let Ok(packet) = read(&mut self.stream, 1 << 20) {
            self.unanswered.push_back(packet);
        }
        for _ in 0..packets {
            let Some(packet) = self.unanswered.pop_front() else { return };
            let answer = self.server.answer(packet);
            assert!(!answer.closes, "nobody says goodbye here");
            for packet in answer.packets {
                self.down.extend(encode(&packet));
            }
            // A message too large for the device is acknowledged all the same; it has told that one came.
            let fits = |payload: &Vec<u8>| encode(&qos1(1, "a", payload)).len() <= RX;
            self.acknowledged.extend(answer.acknowledged.filter(fits).map(|payload| number(&payload)));
        }
    }

    fn wait(&mut self, mut ms: u32) {
        loop {
            for polls in 0.. {
                assert!(polls < 1_000, "no end of events");
                if !self.poll() {
                    break;
                }
            }
            match self.device.deadline(self.now).map(|deadline| self.now.until(deadline)) {
                Some(due) if due <= ms => {
                    // What is held up by the writes is due at once and cannot be helped by waiting.
                    self.now = self.now.after(due.max(1));
                    ms -= due.max(1).min(ms);
                    if ms == 0 {
                        return;
                    }
                }
                _ => {
                    self.now = self.now.after(ms);
                    return;
                }
            }
        }
    }

    /// The network recovers, and everything gets done that there is to do.
    fn settle(&mut self) {
        for _ in 0..2_000 {
            self.act(Act::Poll(1_000));
            self.act(Act::LinkUp);
            self.act(Act::Round);
            let quiet = self.down.is_empty() && self.up.is_empty() && self.device.to_send(LinkId::Session).is_empty();
            // What was cut right behind something goes on packet by packet.
            let is_idle = self.device.unacknowledged() == 0
                && self.server.unacknowledged() == 0
                && self.server.subscriptions() == self.wanted;
            if quiet && self.device.is_online() && is_idle {
                return;
            }
            if quiet {
                // Only time is missing: for the next attempt, say.
                let due = self.device.deadline(self.now).map_or(1_000, |deadline| self.now.until(deadline));
                self.now = self.now.after(due);
            }
        }
        panic!("it never settles");
    }

    fn check(&self) {
        assert_eq!(self.device.unacknowledged(), 0);
        assert!(self.waiting.is_empty(), "accepted but never delivered: {:?}", self.waiting);
        assert_eq!(self.server.subscriptions(), self.wanted);
        let arrived = &self.server.arrived;
        assert!(arrived.is_sorted(), "first arrivals in order: {arrived:?}");
        assert!(self.accepted.iter().all(|number| arrived.contains(number)), "{:?} of {:?}", arrived, self.accepted);
        let had = &self.told;
        assert!(self.acknowledged.iter().all(|number| had.contains(number)), "acknowledged but never told");
        let mut delivered = self.delivered.clone();
        delivered.sort_unstable();
        assert_eq!(delivered, self.accepted, "each is told once");
    }
}

proptest! {
    // The same cases in each run: a failure is a failure for everybody.
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0xa11_1077),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_accepted_arrives_in_order_and_all_subscriptions_hold(
        clean: bool,
        seed: u32,
        acts in proptest::collection::vec(act(), 0..600),
    ) {
        let mut world = World::new(clean, seed);
        for act in acts {
            world.act(act);
        }
        world.settle();
        world.check();
        // And it lives: a message makes the round.
        world.act(Act::Publish { sure: true, size: 10 });
        world.settle();
        world.check();
    }

    #[test]
    fn whatever_a_server_sends_the_device_stays_alive(
        pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..80), 1..20),
        sensible in proptest::collection::vec(any::<bool>(), 20),
    ) {
        let mut net = crate::net::Net::online_plain(60, true);
        for (piece, sensible) in pieces.iter().zip(sensible) {
            if !net.device.is_online() {
                net.take_told();
                net.take_sent();
                net.wait_for_link();
                net.log_in(false);
            }
            if sensible {
                net.arrives([qos0("t", piece)]);
            } else {
                net.arrive_while_it_lives(piece);
            }
            net.pump();
        }
    }
}
