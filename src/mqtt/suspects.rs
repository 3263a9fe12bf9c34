//! Which packets does the server answer by closing the link?
//!
//! A session that is cut right behind a packet of the user's may have been closed for it, or by chance. So the next one
//! is careful: it sends one such packet at a time, and the next one only when the server has shown that it accepts it.
//! If that session is cut while one waits for this, its topic gets a strike, and after a few of these it is given up.

use crate::time::Instant;

/// What a link counts that the server has closed, and one that has broken off, which networks do by themselves.
const CLOSED: u8 = 3;
const BROKEN: u8 = 1;
/// So much is enough to give a packet up: three closed links, or nine that have broken off.
const ENOUGH: u8 = 9;
/// How long a topic is refused that does it again.
const REFUSED_MS: u32 = 300_000;
/// So many messages in a row that the server accepts make their topic one that does not wait.
const TRUSTED: u8 = 3;
/// Topics that are held here.
const TOPICS: usize = 4;

/// Kinds of packets that the user sends, by the type that MQTT gives them (section 2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sent {
    /// A message, or an answer.
    Publish = 3,
    /// A subscription.
    Subscribe = 8,
    /// The end of one.
    Unsubscribe = 10,
}

impl Sent {
    pub(super) fn of(first: u8) -> Option<Self> {
        match first >> 4 {
            3 => Some(Self::Publish),
            8 => Some(Self::Subscribe),
            10 => Some(Self::Unsubscribe),
            _ => None,
        }
    }
}

/// What a packet of the user's is about: its topic, or its filter.
pub(super) fn read(packet: &[u8]) -> Option<(Sent, &[u8])> {
    let (first, rest) = packet.split_first()?;
    let kind = Sent::of(*first)?;
    // Behind the remaining length; requests have an identifier before the text.
    let at = rest.iter().position(|byte| byte & 0x80 == 0)? + if kind == Sent::Publish { 1 } else { 3 };
    let [high, low, text @ ..] = rest.get(at..)? else { return None };
    Some((kind, text.get(..usize::from(u16::from_be_bytes([*high, *low])))?))
}

/// A number that stands for a kind and a text in pieces (FNV-1a).
#[inline(never)]
pub(super) fn hash(kind: Sent, pieces: &[&[u8]]) -> u32 {
    let bytes = pieces.iter().flat_map(|piece| piece.iter());
    bytes.fold(kind as u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[derive(Clone, Copy)]
struct Topic {
    hash: u32,
    strikes: u8,
    /// Whether it was given up before.
    given_up: bool,
    refused: bool,
}

const NONE: Topic = Topic { hash: 0, strikes: 0, given_up: false, refused: false };

pub(super) struct Suspects {
    topics: [Topic; TOPICS],
    /// Which is replaced next.
    turn: u8,
    /// How many messages in a row the server has accepted whose topic has this hash.
    accepted: u8,
    trusted: u32,
    /// While a topic is refused: until when.
    until: Option<Instant>,
}

impl Suspects {
    pub(super) const fn new() -> Self {
        Self { topics: [NONE; TOPICS], turn: 0, accepted: 0, trusted: 0, until: None }
    }

    /// A link was closed, or has broken off, right behind a packet, which is sent again on the next one if it `lasts`.
    /// Whether it is given up now.
    pub(super) fn strike(&mut self, hash: u32, is_closed: bool, lasts: bool, now: Instant) -> bool {
        let known = self.topics.iter().position(|topic| topic.hash == hash);
        self.turn = self.turn.wrapping_add(u8::from(known.is_none()));
        let Some(topic) = self.topics.get_mut(known.unwrap_or(usize::from(self.turn) % TOPICS)) else { return false };
        if known.is_none() {
            *topic = Topic { hash, ..NONE };
        }
        topic.strikes += if is_closed { CLOSED } else { BROKEN };
        if topic.strikes < ENOUGH && !topic.given_up {
            return false;
        }
        if topic.given_up || !lasts {
            topic.refused = true;
            self.until = Some(now.after(REFUSED_MS));
        }
        (topic.strikes, topic.given_up) = (0, true);
        true
    }

    /// The server has shown that it accepts a packet.
    pub(super) fn accept(&mut self, hash: u32) {
        if let Some(topic) = self.topics.iter_mut().find(|topic| topic.hash == hash) {
            *topic = NONE;
        }
        self.accepted = if self.trusted == hash { self.accepted.saturating_add(1) } else { 1 };
        self.trusted = hash;
    }

    /// Another session begins, on which each topic has to show once more that it is accepted.
    pub(super) fn distrust(&mut self) {
        self.accepted = 0;
    }

    /// Whether such a packet need not wait.
    pub(super) fn trusts(&self, hash: u32) -> bool {
        self.accepted >= TRUSTED && self.trusted == hash
    }

    /// Whether nothing of this `kind` about `text` is sent for the time being.
    pub(super) fn refuses(&self, kind: Sent, text: &[&[u8]]) -> bool {
        if self.until.is_none() {
            return false;
        }
        let hash = hash(kind, text);
        self.topics.iter().any(|topic| topic.refused && topic.hash == hash)
    }

    /// Whether a topic is refused.
    pub(super) fn refuse_any(&self) -> bool {
        self.until.is_some()
    }

    /// Time has passed.
    pub(super) fn poll(&mut self, now: Instant) {
        if self.until.is_some_and(|until| now.reached(until)) {
            self.until = None;
            self.topics.iter_mut().for_each(|topic| topic.refused = false);
        }
    }
}
