//! A broker that keeps to MQTT 3.1.1, and an application behind it that has messages for the device.

use std::collections::{BTreeMap, VecDeque};

use mqttbytes::v4::{Packet, read};

use crate::packets::{connack, encode};
use crate::server::{self, Server, number};

/// Messages on their way to the device at a time.
const WINDOW: usize = 10;

/// What the broker has of the link.
#[derive(Default)]
struct Connection {
    stream: bytes::BytesMut,
    keepalive_ms: u64,
    heard_at: u64,
}

#[derive(Default)]
pub(super) struct Broker {
    pub(super) server: Server,
    connection: Option<Connection>,
    /// The CONNACK to give instead of a yes.
    pub(super) refuses: Option<u8>,
    /// How often somebody has logged in.
    pub(super) logins: u32,
    /// Links that were closed since the device did not keep its keepalive.
    pub(super) expired: u32,
    /// The application's messages that the device has not acknowledged, oldest first: it gives them to the broker again
    /// if that has forgotten them.
    pub(super) for_device: VecDeque<u32>,
    pub(super) acknowledged: Vec<u32>,
}

pub(super) fn payload(number: u32) -> Vec<u8> {
    server::payload(number, number as usize % 40)
}

/// What becomes of a link once the broker has looked at it.
pub(super) enum Verdict {
    /// It answers this.
    Send(Vec<u8>),
    /// It answers this and closes.
    Close(Vec<u8>),
}

impl Broker {
    pub(super) fn subscriptions(&self) -> BTreeMap<String, u8> {
        self.server.subscriptions()
    }

    pub(super) fn link_up(&mut self, now: u64) {
        self.link_lost();
        // Whoever does not log in is closed after a while, too.
        self.connection = Some(Connection { heard_at: now, keepalive_ms: 20_000, ..Connection::default() });
    }

    pub(super) fn link_lost(&mut self) {
        self.connection = None;
        self.server.link_lost();
    }

    /// It restarts, with or without what it knew of sessions.
    pub(super) fn restart(&mut self, forgets: bool) {
        self.link_lost();
        if forgets {
            self.server.forget();
        }
    }

    /// When it gives up on a silent device (section 3.1.2.10).
    pub(super) fn deadline(&self) -> Option<u64> {
        let connection = self.connection.as_ref().filter(|connection| connection.keepalive_ms > 0)?;
        Some(connection.heard_at + connection.keepalive_ms * 3 / 2 + 1)
    }

    /// Bytes have arrived, or time has gone by.
    pub(super) fn poll(&mut self, now: u64, bytes: &[u8]) -> Verdict {
        let Some(connection) = &mut self.connection else { return Verdict::Close(Vec::new()) };
        connection.stream.extend_from_slice(bytes);
        if !bytes.is_empty() {
            connection.heard_at = now;
        }
        let mut answers = Vec::new();
        loop {
            let Some(connection) = &mut self.connection else { return Verdict::Close(answers) };
            let Ok(packet) = read(&mut connection.stream, 1 << 20) else { break };
            if !self.answer(packet, &mut answers) {
                self.link_lost();
                return Verdict::Close(answers);
            }
        }
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.expired += 1;
            self.link_lost();
            return Verdict::Close(answers);
        }
        self.push(&mut answers);
        Verdict::Send(answers)
    }

    /// Answers one packet; `false` to close.
    fn answer(&mut self, packet: Packet, answers: &mut Vec<u8>) -> bool {
        if let (Packet::Connect(connect), Some(connection)) = (&packet, &mut self.connection) {
            self.logins += 1;
            if let Some(code) = self.refuses {
                answers.extend(encode(&connack(code, false)));
                return false;
            }
            connection.keepalive_ms = u64::from(connect.keep_alive) * 1_000;
        }
        let answer = self.server.answer(packet);
        answers.extend(answer.packets.iter().flat_map(encode));
        if let Some(number) = answer.acknowledged.map(|payload| number(&payload)) {
            assert_eq!(self.for_device.pop_front(), Some(number));
            self.acknowledged.push(number);
        }
        !answer.closes
    }

    /// Gives the device what waits for it, as far as the window allows.
    fn push(&mut self, answers: &mut Vec<u8>) {
        if !self.server.is_logged_in() || !self.server.is_subscribed("/down") {
            return;
        }
        while self.server.unacknowledged() < WINDOW {
            let Some(number) = self.for_device.get(self.server.unacknowledged()) else { return };
            let packet = self.server.send("/down", payload(*number), true).expect("logged in");
            answers.extend(encode(&packet));
        }
    }
}
