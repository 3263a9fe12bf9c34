//! A broker that keeps to MQTT 3.1.1, and an application behind it that has messages for the device.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mqttbytes::v4::{Packet, read};

use crate::packets::{connack, dup, encode, puback, qos1, suback, unsuback};

/// Messages on their way to the device at a time.
const WINDOW: usize = 10;

/// What the broker keeps of the device between links.
#[derive(Default)]
struct Session {
    subscriptions: BTreeMap<String, u8>,
    window: VecDeque<(u16, u32)>,
}

/// What the broker has of the link.
#[derive(Default)]
struct Connection {
    stream: bytes::BytesMut,
    logged_in: bool,
    clean: bool,
    keepalive_ms: u64,
    heard_at: u64,
}

#[derive(Default)]
pub(super) struct Broker {
    session: Option<Session>,
    connection: Option<Connection>,
    packet_id: u16,
    /// The CONNACK to give instead of a yes.
    pub(super) refuses: Option<u8>,
    /// How often somebody has logged in.
    pub(super) logins: u32,
    /// Links that were closed since the device did not keep its keepalive.
    pub(super) expired: u32,
    /// Numbers from the device in the order of their first arrival, and how many came again.
    pub(super) arrived: Vec<u32>,
    known: BTreeSet<u32>,
    pub(super) duplicates: u32,
    /// The application's messages that the device has not acknowledged, oldest first: it gives them to the broker again
    /// if that has forgotten them.
    pub(super) for_device: VecDeque<u32>,
    pub(super) acknowledged: Vec<u32>,
}

pub(super) fn payload(number: u32) -> Vec<u8> {
    let mut payload = number.to_be_bytes().to_vec();
    payload.resize(4 + number as usize % 40, b'.');
    payload
}

pub(super) fn number(payload: &[u8]) -> u32 {
    u32::from_be_bytes(payload[..4].try_into().unwrap())
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
        self.session.as_ref().map(|session| session.subscriptions.clone()).unwrap_or_default()
    }

    pub(super) fn link_up(&mut self, now: u64) {
        self.link_lost();
        // Whoever does not log in is closed after a while, too.
        self.connection = Some(Connection { heard_at: now, keepalive_ms: 20_000, ..Connection::default() });
    }

    pub(super) fn link_lost(&mut self) {
        if self.connection.take().is_some_and(|connection| connection.logged_in && connection.clean) {
            self.session = None;
        }
    }

    /// It restarts, with or without what it knew of sessions.
    pub(super) fn restart(&mut self, forgets: bool) {
        self.link_lost();
        if forgets {
            self.session = None;
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
        let Some(connection) = &mut self.connection else { return false };
        assert_eq!(connection.logged_in, !matches!(packet, Packet::Connect(_)), "{packet:?}");
        match packet {
            Packet::Connect(connect) => {
                self.logins += 1;
                if let Some(code) = self.refuses {
                    answers.extend(encode(&connack(code, false)));
                    return false;
                }
                connection.logged_in = true;
                connection.clean = connect.clean_session;
                connection.keepalive_ms = u64::from(connect.keep_alive) * 1_000;
                if connect.clean_session {
                    self.session = None;
                }
                answers.extend(encode(&connack(0, self.session.is_some())));
                let session = self.session.get_or_insert_default();
                for (id, number) in &session.window {
                    answers.extend(encode(&dup(qos1(*id, "/down", &payload(*number)))));
                }
            }
            Packet::Publish(publish) => {
                let number = number(&publish.payload);
                if self.known.insert(number) {
                    self.arrived.push(number);
                } else {
                    assert!(publish.dup, "{number} came again without DUP");
                    self.duplicates += 1;
                }
                answers.extend(encode(&puback(publish.pkid)));
            }
            Packet::PubAck(ack) => {
                let session = self.session.as_mut().expect("logged in");
                let (id, number) = session.window.pop_front().expect("nothing was sent");
                assert_eq!(ack.pkid, id, "in the order they were sent");
                assert_eq!(self.for_device.pop_front(), Some(number));
                self.acknowledged.push(number);
            }
            Packet::Subscribe(subscribe) => {
                let session = self.session.as_mut().expect("logged in");
                let filter = &subscribe.filters[0];
                session.subscriptions.insert(filter.path.clone(), filter.qos as u8);
                answers.extend(encode(&suback(subscribe.pkid, Some(filter.qos as u8))));
            }
            Packet::Unsubscribe(unsubscribe) => {
                let session = self.session.as_mut().expect("logged in");
                session.subscriptions.remove(&unsubscribe.topics[0]);
                answers.extend(encode(&unsuback(unsubscribe.pkid)));
            }
            Packet::PingReq => answers.extend(encode(&Packet::PingResp)),
            Packet::Disconnect => return false,
            other => panic!("{other:?}"),
        }
        true
    }

    /// Gives the device what waits for it, as far as the window allows.
    fn push(&mut self, answers: &mut Vec<u8>) {
        let (Some(connection), Some(session)) = (&self.connection, &mut self.session) else { return };
        if !connection.logged_in || !session.subscriptions.contains_key("/down") {
            return;
        }
        while session.window.len() < WINDOW {
            let Some(number) = self.for_device.get(session.window.len()) else { return };
            self.packet_id = self.packet_id % 60_000 + 1;
            session.window.push_back((self.packet_id, *number));
            answers.extend(encode(&qos1(self.packet_id, "/down", &payload(*number))));
        }
    }
}
