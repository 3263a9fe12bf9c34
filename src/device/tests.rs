//! Polls that find nothing are left out: does that change anything?

use std::vec::Vec;

use super::{Buffers, Device, Event, LinkId, LinkWanted, Options};
use crate::alink::Reply;
use crate::clouds::aliyun::Login;
use crate::mqtt::Qos;
use crate::time::Instant;

const TOPIC: &str = "/a1B2c3D4e5F/meter/user/report";
const SET: &str = "/sys/a1B2c3D4e5F/meter/thing/service/property/set";

fn buffer(size: usize) -> &'static mut [u8] {
    Vec::leak(std::vec![0; size])
}

/// A device, its clock, and a server that answers what it likes.
struct Walk {
    device: Device<'static>,
    now: Instant,
    random: u32,
    /// What was sent since the device last had nothing to send.
    begun: Vec<u8>,
    /// What the server has not answered yet.
    sent: Vec<Vec<u8>>,
    /// Polls that were left out.
    idle: usize,
}

impl Walk {
    fn random(&mut self, below: u32) -> u32 {
        self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.random >> 8) % below
    }

    fn arrives(&mut self, packet: &[u8]) {
        let space = self.device.space(LinkId::Session);
        if let Some(space) = space.get_mut(..packet.len()) {
            space.copy_from_slice(packet);
            self.device.received(LinkId::Session, packet.len(), self.now);
        }
    }

    fn message(&mut self, topic: &str, qos: Qos) {
        let identifier: &[u8] = if qos == Qos::AtLeastOnce { &[0, 9] } else { &[] };
        let body =
            [&(topic.len() as u16).to_be_bytes(), topic.as_bytes(), identifier, br#"{"id":"1","params":{}}"#].concat();
        let first = 0x30 | (qos as u8) << 1;
        self.arrives(&[&[first, body.len() as u8], body.as_slice()].concat());
    }

    /// Polls to the end. Where a poll would be left out, a poll that is not finds nothing and sends nothing.
    fn poll(&mut self) {
        loop {
            if self.device.session.quiet_until().is_some_and(|until| !self.now.reached(until)) {
                self.idle += 1;
                if self.random(2) == 0 {
                    let before = self.device.to_send(LinkId::Session).to_vec();
                    self.device.session.stir();
                    assert!(self.device.poll(self.now, |_| ()).is_none());
                    assert_eq!(self.device.to_send(LinkId::Session), before);
                }
            }
            let polled = self.device.poll(self.now, |event| match event {
                Event::Disconnected(_) | Event::DisconnectedBehind { .. } | Event::Failed { .. } => {
                    self.begun.clear();
                    self.sent.clear();
                }
                Event::Closed => unreachable!("the device stays on"),
                _ => {}
            });
            if polled.is_none() {
                return;
            }
        }
    }

    /// The link takes all that waits, or a part of it.
    fn send(&mut self) {
        let rest = self.device.to_send(LinkId::Session).to_vec();
        let count = if self.random(4) == 0 { rest.len().min(3) } else { rest.len() };
        if count == 0 {
            return;
        }
        self.device.sent(LinkId::Session, count, self.now);
        self.begun.extend(&rest[..count]);
        while let [_, length, more, ..] = *self.begun {
            let size = match length & 0x80 {
                0 => 2 + usize::from(length),
                _ => 3 + usize::from(length & 0x7f) + (usize::from(more) << 7),
            };
            if size > self.begun.len() {
                return;
            }
            self.sent.push(self.begun.drain(..size).collect());
        }
    }

    /// The server answers what was sent last.
    fn answer(&mut self) {
        let Some(packet) = self.sent.pop() else { return };
        let at = packet.iter().position(|byte| *byte == b'/').unwrap_or(0);
        match packet.first() {
            Some(0x10) => self.arrives(&[0x20, 2, 0, 0]),
            Some(0x32 | 0x3a) => self.arrives(&[0x40, 2, packet[at + TOPIC.len()], packet[at + TOPIC.len() + 1]]),
            Some(0x82) => self.arrives(&[0x90, 3, packet[2], packet[3], 0]),
            Some(0xa2) => self.arrives(&[0xb0, 2, packet[2], packet[3]]),
            Some(0xc0) => self.arrives(&[0xd0, 0]),
            _ => {}
        }
    }

    fn link(&mut self) {
        let LinkWanted::Open { attempt, .. } = self.device.link(LinkId::Session) else { return };
        match self.random(100) {
            0 => {
                self.device.link_lost(LinkId::Session, attempt, 0, self.now);
                self.begun.clear();
                self.sent.clear();
            }
            _ => self.device.link_up(LinkId::Session, attempt, self.now),
        }
    }

    fn step(&mut self) {
        let now = self.now;
        // Without a session, mostly what leads to one.
        let all = if self.device.is_online() || self.random(20) == 0 { 48 } else { 11 };
        match self.random(all) {
            0 => self.link(),
            1 | 2 => self.answer(),
            3..6 => self.send(),
            6..9 => self.poll(),
            // To the deadline, or a step on the way.
            9 => {
                let until = self.device.deadline(now).map_or(0, |deadline| now.until(deadline));
                self.now = now.after(until);
            }
            10 => self.now = now.after(self.random % 3_000),
            11 => self.message(TOPIC, Qos::AtMostOnce),
            12 => self.message(TOPIC, Qos::AtLeastOnce),
            13 => self.message(SET, Qos::AtMostOnce),
            14 => drop(self.device.publish(TOPIC, b"1", Qos::AtMostOnce)),
            15 => drop(self.device.publish(TOPIC, b"1", Qos::AtLeastOnce)),
            16 => drop(self.device.subscribe(TOPIC, Qos::AtMostOnce)),
            17 => drop(self.device.unsubscribe(TOPIC)),
            18 => drop(self.device.model().post_properties("{}", Reply::Wanted, now)),
            19 => self.arrives(&[0xd0, 0]),
            // Time to answer.
            _ => {
                self.send();
                self.answer();
            }
        }
        if let Some(until) = self.device.session.quiet_until() {
            let deadline = self.device.deadline(self.now);
            assert!(deadline.is_none_or(|deadline| deadline.reached(until)), "{until:?} {deadline:?}");
        }
    }
}

#[test]
fn no_poll_is_left_out_that_finds_something() {
    let mut idle = 0;
    for seed in 0..40 {
        let buffers = Buffers { rx: buffer(1024), tx: buffer(1024), subscriptions: buffer(256) };
        let mut device = Device::new(buffers, seed);
        // The clock wraps on the way.
        let now = Instant::from_millis(u32::MAX - 1_000_000);
        let login = Login::new("a1B2c3D4e5F", "meter", "0123456789abcdef0123456789abcdef");
        device.connect(&login, Options::default(), now).expect("a login");
        let mut walk = Walk { device, now, random: seed, begun: Vec::new(), sent: Vec::new(), idle: 0 };
        (0..20_000).for_each(|_| walk.step());
        idle += walk.idle;
    }
    assert!(idle > 2_000, "{idle}");
}
