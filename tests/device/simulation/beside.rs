//! Registrations over HTTPS beside the session, under the same faults: each link comes and goes by itself.

use std::fmt::Write;

use aliyun_iot::clouds::aliyun::Registration;
use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::services::register::Event;
use aliyun_iot::time::Instant;

use super::faults::{FAULTS, Fault};
use super::matches_snapshot;
use super::random::Random;
use super::world::{Link, Up, World};
use crate::connection::Connection;
use crate::net::{PK, buffer, with};

const DAY: u64 = 24 * 3_600_000;
const FAULTS_A_DAY: usize = 400;
/// A registration ends within so many milliseconds.
const LONGEST: u64 = 65_000;

/// The other link, the server of registrations, and what has become of them.
pub(super) struct Beside {
    connection: Connection,
    link: Option<Link>,
    /// What has come of the request on this link, and whether it is answered.
    request: Vec<u8>,
    is_answered: bool,
    random: Random,
    /// When the next registration begins, and how long there is between two; none begins after `until`.
    next: u64,
    every: u64,
    until: u64,
    begun_at: u64,
    is_under_way: bool,
    pub(super) begun: u32,
    pub(super) registered: u32,
    pub(super) given_up: u32,
    /// Attempts that were followed by another one.
    pub(super) failed: u32,
}

impl Beside {
    fn new(seed: u64, every: u64, until: u64) -> Self {
        Self {
            connection: Connection::new(LinkId::Http),
            link: None,
            request: Vec::new(),
            is_answered: false,
            random: Random::new(!seed),
            next: every,
            every,
            until,
            begun_at: 0,
            is_under_way: false,
            begun: 0,
            registered: 0,
            given_up: 0,
            failed: 0,
        }
    }

    /// When something happens here by itself.
    pub(super) fn next_event(&self) -> Option<u64> {
        let link = match &self.link {
            None => None,
            Some(Link::Opening { until, .. }) => *until,
            Some(Link::Up(up)) => [up.up.next(), up.down.next()].into_iter().flatten().min(),
        };
        let next = (!self.is_under_way && self.next <= self.until).then_some(self.next);
        [link, next].into_iter().flatten().min()
    }

    /// An attempt has failed, and another one follows.
    pub(super) fn attempt_failed(&mut self, loss: Loss) {
        assert!(self.is_under_way && loss != Loss::Kicked);
        self.failed += 1;
    }

    /// The registration has ended.
    pub(super) fn ended(&mut self, event: &Event, now: u64) {
        assert!(std::mem::take(&mut self.is_under_way), "one end of each");
        assert!(now - self.begun_at <= LONGEST, "it took {} ms", now - self.begun_at);
        match event {
            Event::Done { client_id: None, secret } => {
                assert_eq!(secret.as_str(), format!("secret-of-{}", self.name()));
                self.registered += 1;
            }
            Event::Failed(_) => self.given_up += 1,
            other => panic!("{other:?}"),
        }
    }

    fn name(&self) -> String {
        format!("dev{}", self.begun)
    }

    /// What the server says to the request, once it is whole.
    fn answer(&mut self) -> Option<Vec<u8>> {
        let text = String::from_utf8(self.request.clone()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length: usize = head.split("Content-Length: ").nth(1)?.split("\r\n").next()?.parse().unwrap();
        if body.len() < length || std::mem::replace(&mut self.is_answered, true) {
            return None;
        }
        let name = body.split('&').find_map(|field| field.strip_prefix("deviceName=")).unwrap();
        assert_eq!((name, body.len()), (self.name().as_str(), length));
        let data = format!(r#"{{"productKey":"{PK}","deviceName":"{name}","deviceSecret":"secret-of-{name}"}}"#);
        let answer = format!(r#"{{"code":200,"data":{data}}}"#);
        let length = match self.random.happens(50) {
            true => format!("Content-Length: {}\r\n", answer.len()),
            false => String::new(),
        };
        Some(format!("HTTP/1.1 200 OK\r\n{length}\r\n{answer}").into_bytes())
    }

    /// The link of the present registration has this fault, if it is one of a link.
    fn suffer(&mut self, world: &mut World, fault: Fault) {
        let until = world.now + self.random.between(1_000, 60_000);
        match (fault, &mut self.link) {
            (Fault::Cut, Some(_)) => self.lose(world, 104),
            (Fault::HalfOpen | Fault::Mute, Some(Link::Up(up))) => (up.up.dead, up.down.dead) = (true, true),
            (Fault::DeafBroker, Some(Link::Up(up))) => up.up.dead = true,
            (Fault::DeafDevice, Some(Link::Up(up))) => up.down.dead = true,
            (Fault::Stall, Some(Link::Up(up))) => up.down.stalled_until = until,
            (Fault::Closed | Fault::Restart, Some(Link::Up(up))) => up.closed = true,
            (Fault::Garbage, Some(Link::Up(up))) => {
                up.down.send(world.now, b"\xf7\x00garbage\r\n", &world.weather, &mut self.random);
            }
            _ => {}
        }
    }

    fn lose(&mut self, world: &mut World, code: i32) {
        if self.link.take().is_some() {
            let now = world.instant();
            self.connection.lose(&mut world.device, code, now);
        }
    }

    /// Everything that is to be done at this moment.
    pub(super) fn step(&mut self, world: &mut World) -> bool {
        let now = world.instant();
        self.begin(world, now) | self.open_and_close(world, now) | self.carry(world, now)
    }

    fn begin(&mut self, world: &mut World, now: Instant) -> bool {
        if self.is_under_way || self.next > world.now || self.next > self.until {
            return false;
        }
        self.begun += 1;
        (self.begun_at, self.is_under_way, self.next) = (world.now, true, world.now + self.every);
        let name = self.name();
        let registration = with(Registration::new(PK, &name, "psecret"), |it| it.auth_type = None);
        world.device.register().begin(&registration, buffer(1400), now).unwrap();
        true
    }

    fn open_and_close(&mut self, world: &mut World, now: Instant) -> bool {
        if self.connection.follow(&world.device) {
            self.link = self.connection.is_wanted().then(|| {
                let passage = (0..6).map(|_| world.weather.passage(&mut self.random)).sum::<u64>();
                let (result, after) = world.trouble.opening(world.now, passage);
                Link::Opening { until: after.map(|ms| world.now + ms), result }
            });
            return true;
        }
        match self.link {
            Some(Link::Opening { until: Some(until), result }) if until <= world.now => {
                match result {
                    Ok(()) => {
                        self.link = Some(Link::Up(Up::default()));
                        (self.request, self.is_answered) = (Vec::new(), false);
                        self.connection.up(&mut world.device, now);
                    }
                    Err(code) => self.lose(world, code),
                }
                true
            }
            _ => false,
        }
    }

    fn carry(&mut self, world: &mut World, now: Instant) -> bool {
        let Some(Link::Up(up)) = &mut self.link else { return false };
        let space = world.device.space(LinkId::Http).len();
        let arrived = up.down.arrived(world.now, space);
        let mut moved = self.connection.give(&mut world.device, &arrived, now) > 0;
        let sent = self.connection.take(&mut world.device, up.up.room(), now);
        if !sent.is_empty() {
            up.up.send(world.now, &sent, &world.weather, &mut self.random);
            moved = true;
        }
        let arrived = up.up.arrived(world.now, usize::MAX);
        moved |= !arrived.is_empty();
        self.request.extend(arrived);
        if let Some(answer) = self.answer() {
            let Some(Link::Up(up)) = &mut self.link else { return false };
            up.down.send(world.now, &answer, &world.weather, &mut self.random);
            up.closed = true;
            moved = true;
        }
        let Some(Link::Up(up)) = &self.link else { return false };
        if up.closed && up.down.is_empty() && !up.down.dead {
            self.lose(world, 0);
            return true;
        }
        moved
    }
}

/// One day; what can be told of it.
fn day(seed: u64) -> String {
    let mut world = World::new(seed, Options { clean_session: false, ..Options::default() });
    (world.to_publish, world.publish_every) = ((DAY / 10_000) as u32 * 7 / 10, 10_000);
    (world.to_push, world.push_every) = ((DAY / 15_000) as u32 * 7 / 10, 15_000);
    world.beside = Some(Beside::new(seed, 20_000, DAY - 600_000));
    let mut moments: Vec<u64> = (0..FAULTS_A_DAY).map(|_| world.random.between(10_000, DAY - 1_200_000)).collect();
    moments.sort_unstable();
    for (count, at) in moments.into_iter().enumerate() {
        while world.trouble.until > world.now && world.trouble.until < at {
            let until = world.trouble.until;
            world.run_until(until);
            world.recover();
        }
        world.run_until(at.max(world.now));
        // It strikes the session, the registration, or both; some faults strike whatever is opened meanwhile.
        let (fault, which) = (FAULTS[count % FAULTS.len()], count / FAULTS.len() % 3);
        if which != 1 {
            world.suffer(fault);
        }
        if which != 0 {
            let mut beside = world.beside.take().unwrap();
            beside.suffer(&mut world, fault);
            world.beside = Some(beside);
        }
    }
    let until = world.trouble.until.max(world.now);
    world.run_until(until);
    world.recover();
    world.run_until(DAY);
    world.check();
    let beside = world.beside.as_ref().unwrap();
    assert!(!beside.is_under_way && beside.begun == beside.registered + beside.given_up);
    let mut told = String::new();
    writeln!(told, "seed {seed}").unwrap();
    writeln!(told, "  session        {} logins, {} sessions", world.broker.logins, world.tally.connected).unwrap();
    writeln!(
        told,
        "  registrations  {}: {} registered, {} given up; {} attempts were followed by another one",
        beside.begun, beside.registered, beside.given_up, beside.failed
    )
    .unwrap();
    told
}

#[test]
fn registrations_go_on_beside_a_session_whatever_goes_wrong() {
    let days: String = (1..=4).map(day).collect();
    matches_snapshot("besides.txt", &days);
}
