//! A server that keeps to MQTT 3.1.1: what it knows of a device's session, and what it answers to each packet.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::packets::{ACCEPTED, Packet, connack, dup, puback, qos0, qos1, suback, unsuback};

/// What is kept of the device between links, unless it asks for a clean session.
#[derive(Default)]
struct Session {
    subscriptions: BTreeMap<String, u8>,
    /// Messages at QoS 1 that wait for their PUBACK: identifier, topic and payload.
    window: VecDeque<(u16, String, Vec<u8>)>,
}

#[derive(Default)]
pub(crate) struct Server {
    session: Option<Session>,
    /// Whether somebody is logged in, and whether with a clean session.
    login: Option<bool>,
    packet_id: u16,
    /// The numbers that messages of the device begin with, in the order of their first arrival, and how many came again.
    pub(crate) arrived: Vec<u32>,
    known: BTreeSet<u32>,
    pub(crate) duplicates: u32,
}

/// What the server makes of a packet.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) packets: Vec<Packet>,
    /// The payload of its own message that is acknowledged now.
    pub(crate) acknowledged: Option<Vec<u8>>,
    pub(crate) closes: bool,
}

impl Server {
    pub(crate) fn is_logged_in(&self) -> bool {
        self.login.is_some()
    }

    pub(crate) fn subscriptions(&self) -> BTreeMap<String, u8> {
        self.session.as_ref().map(|session| session.subscriptions.clone()).unwrap_or_default()
    }

    pub(crate) fn is_subscribed(&self, filter: &str) -> bool {
        self.session.as_ref().is_some_and(|session| session.subscriptions.contains_key(filter))
    }

    /// How many of its own messages are not acknowledged.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.session.as_ref().map_or(0, |session| session.window.len())
    }

    pub(crate) fn link_lost(&mut self) {
        if self.login.take() == Some(true) {
            self.session = None;
        }
    }

    /// A restart without what it knew.
    pub(crate) fn forget(&mut self) {
        self.session = None;
    }

    pub(crate) fn answer(&mut self, packet: Packet) -> Answer {
        assert_eq!(self.is_logged_in(), !matches!(packet, Packet::Connect(_)), "{packet:?}");
        let mut answer = Answer::default();
        if let Packet::Connect(connect) = packet {
            self.login = Some(connect.clean_session);
            if connect.clean_session {
                self.session = None;
            }
            answer.packets.push(connack(ACCEPTED, self.session.is_some()));
            let window = &self.session.get_or_insert_default().window;
            answer.packets.extend(window.iter().map(|(id, topic, payload)| dup(qos1(*id, topic, payload))));
            return answer;
        }
        let session = self.session.as_mut().expect("logged in");
        match packet {
            Packet::Publish(publish) => {
                let number = number(&publish.payload);
                if self.known.insert(number) {
                    self.arrived.push(number);
                } else {
                    assert!(publish.dup, "{number} came again without DUP");
                    self.duplicates += 1;
                }
                answer.packets.extend((publish.pkid != 0).then(|| puback(publish.pkid)));
            }
            Packet::PubAck(ack) => {
                let (id, _, payload) = session.window.pop_front().expect("nothing was sent");
                assert_eq!(ack.pkid, id, "in the order they were sent");
                answer.acknowledged = Some(payload);
            }
            Packet::Subscribe(subscribe) => {
                let filter = &subscribe.filters[0];
                session.subscriptions.insert(filter.path.clone(), filter.qos as u8);
                answer.packets.push(suback(subscribe.pkid, Some(filter.qos as u8)));
            }
            Packet::Unsubscribe(unsubscribe) => {
                session.subscriptions.remove(&unsubscribe.topics[0]);
                answer.packets.push(unsuback(unsubscribe.pkid));
            }
            Packet::PingReq => answer.packets.push(Packet::PingResp),
            Packet::Disconnect => answer.closes = true,
            other => panic!("{other:?}"),
        }
        answer
    }

    /// A message of its own; `None` if nobody is logged in.
    pub(crate) fn send(&mut self, topic: &str, payload: Vec<u8>, sure: bool) -> Option<Packet> {
        let session = self.session.as_mut().filter(|_| self.login.is_some())?;
        if !sure {
            return Some(qos0(topic, &payload));
        }
        self.packet_id = self.packet_id % 60_000 + 1;
        let packet = qos1(self.packet_id, topic, &payload);
        session.window.push_back((self.packet_id, topic.into(), payload));
        Some(packet)
    }
}

/// A payload that begins with a number, and has so many bytes more.
pub(crate) fn payload(number: u32, more: usize) -> Vec<u8> {
    let mut payload = number.to_be_bytes().to_vec();
    payload.resize(4 + more, b'.');
    payload
}

pub(crate) fn number(payload: &[u8]) -> u32 {
    u32::from_be_bytes(payload[..4].try_into().unwrap())
}
