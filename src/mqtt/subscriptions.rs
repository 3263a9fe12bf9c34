//! The topic filters that the user wants, kept over any number of links.

use super::Qos;
use crate::bytes::{close_gap, copy};

/// Longest topic filter held here, in bytes.
pub const FILTER_MAX: usize = 255;

/// Where a filter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum State {
    /// A SUBSCRIBE is to be sent.
    Wanted,
    /// A SUBSCRIBE is under way.
    Asked,
    /// The server has said yes.
    Active,
    /// An UNSUBSCRIBE is to be sent.
    Unwanted,
    /// An UNSUBSCRIBE is under way.
    Leaving,
    /// The server has said no, or has confirmed an UNSUBSCRIBE, and the user is being told.
    Over,
}

/// What an answer of the server's was to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// To the last request for the filter that stands there.
    Changed(usize),
    /// To a request that another one has followed since, or that is not noted here.
    Overtaken,
    /// To nothing that is under way.
    Unknown,
}

/// A packet to be sent for the filter at `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) at: usize,
    pub(crate) subscribe: bool,
}

/// Records of `[state, qos, packet id high, low, length, filter…]` in a buffer of the caller's.
pub(crate) struct Subscriptions<'b> {
    bytes: &'b mut [u8],
    used: usize,
    /// Requests under way that are not noted here, or not any more: so many answers may name something unknown.
    untracked: usize,
}

const HEAD: usize = 5;

struct Record<'a> {
    at: usize,
    state: State,
    qos: Qos,
    packet_id: u16,
    filter: &'a [u8],
}

impl<'b> Subscriptions<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, used: 0, untracked: 0 }
    }

    /// The server shall send what matches `filter`. On failure: bytes of buffer that it would have taken.
    pub(crate) fn want(&mut self, filter: &str, qos: Qos) -> Result<(), usize> {
        self.set(filter, qos, State::Wanted)
    }

    /// The server shall not, whether or not it was asked to before.
    pub(crate) fn drop(&mut self, filter: &str) -> Result<(), usize> {
        self.set(filter, Qos::AtMostOnce, State::Unwanted)
    }

    fn set(&mut self, filter: &str, qos: Qos, state: State) -> Result<(), usize> {
        let at = match self.find(filter.as_bytes()) {
            Some(at) => {
                self.untracked += usize::from(matches!(self.state_at(at), Some(State::Asked | State::Leaving)));
                at
            }
            None => {
                let length = HEAD + filter.len();
                let free = self.bytes.get_mut(self.used..self.used + length).ok_or(self.used + length)?;
                if let Some((head, text)) = free.split_at_mut_checked(HEAD) {
                    copy(head, &[0, 0, 0, 0, filter.len() as u8]);
                    copy(text, filter.as_bytes());
                }
                let at = self.used;
                self.used += length;
                at
            }
        };
        self.mark(at, state, 0);
        if let Some(byte) = self.bytes.get_mut(at + 1) {
            *byte = qos as u8;
        }
        Ok(())
    }

    /// The next packet to send, if any.
    pub(crate) fn next_request(&self) -> Option<Request> {
        self.records()
            .find(|record| matches!(record.state, State::Wanted | State::Unwanted))
            .map(|record| Request { at: record.at, subscribe: record.state == State::Wanted })
    }

    /// The request at `at` went out under `packet_id`.
    pub(crate) fn requested(&mut self, at: usize, packet_id: u16) {
        let state = if self.state_at(at) == Some(State::Wanted) { State::Asked } else { State::Leaving };
        self.mark(at, state, packet_id);
    }

    /// A request went out that is not noted here.
    pub(crate) fn requested_untracked(&mut self) {
        self.untracked += 1;
    }

    /// Whether `packet_id` names a request under way.
    pub(crate) fn holds(&self, packet_id: u16) -> bool {
        self.under_way(packet_id).is_some()
    }

    /// A SUBACK came, or an UNSUBACK if `accepted` is `None`.
    pub(crate) fn answered(&mut self, packet_id: u16, accepted: Option<bool>) -> Answered {
        match (self.under_way(packet_id), accepted) {
            (Some((at, State::Asked)), Some(_)) | (Some((at, State::Leaving)), None) => {
                self.mark(at, if accepted == Some(true) { State::Active } else { State::Over }, 0);
                Answered::Changed(at)
            }
            (None, _) if self.untracked > 0 => {
                self.untracked -= 1;
                Answered::Overtaken
            }
            _ => Answered::Unknown,
        }
    }

    /// A new link: everything is asked for again, but for what a kept session still holds.
    pub(crate) fn rewind(&mut self, session_present: bool) {
        self.untracked = 0;
        let mut at = 0;
        while let Some(state) = self.state_at(at) {
            match state {
                State::Active if session_present => {}
                State::Wanted | State::Asked | State::Active => self.mark(at, State::Wanted, 0),
                State::Unwanted | State::Leaving if session_present => self.mark(at, State::Unwanted, 0),
                State::Unwanted | State::Leaving | State::Over => {
                    self.remove(at);
                    continue;
                }
            }
            at += self.length_at(at);
        }
    }

    /// Forgets the filter at `at`, which is over, unless the user has changed his mind since.
    pub(crate) fn forget_over(&mut self, at: usize) {
        if self.state_at(at) == Some(State::Over) {
            self.remove(at);
        }
    }

    /// Where `filter` stands.
    fn find(&self, filter: &[u8]) -> Option<usize> {
        self.records().find(|record| record.filter == filter).map(|record| record.at)
    }

    /// Forgets `filter`.
    pub(crate) fn forget(&mut self, filter: &[u8]) {
        if let Some(at) = self.find(filter) {
            self.remove(at);
        }
    }

    /// Whether the server still has a request to answer.
    pub(crate) fn are_under_way(&self) -> bool {
        self.untracked > 0 || self.records().any(|record| matches!(record.state, State::Asked | State::Leaving))
    }

    /// The filter at `at`.
    pub(crate) fn filter_at(&self, at: usize) -> &[u8] {
        self.record_at(at).map_or(&[], |record| record.filter)
    }

    /// The QoS that the user asked for at `at`.
    pub(crate) fn qos_at(&self, at: usize) -> Qos {
        self.record_at(at).map_or(Qos::AtMostOnce, |record| record.qos)
    }

    /// Whether a filter of the user's matches `topic` (MQTT 3.1.1, section 4.7).
    pub(crate) fn cover(&self, topic: &[u8]) -> bool {
        self.records().any(|record| record.filter == topic || matches(record.filter, topic))
    }

    pub(crate) fn clear(&mut self) {
        self.used = 0;
    }

    fn under_way(&self, packet_id: u16) -> Option<(usize, State)> {
        self.records()
            .find(|record| record.packet_id == packet_id && matches!(record.state, State::Asked | State::Leaving))
            .map(|record| (record.at, record.state))
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn mark(&mut self, at: usize, state: State, packet_id: u16) {
        let [high, low] = packet_id.to_be_bytes();
        if let Some([s, _, h, l]) = self.bytes.get_mut(at..at + 4) {
            (*s, *h, *l) = (state as u8, high, low);
        }
    }

    fn remove(&mut self, at: usize) {
        let length = self.length_at(at);
        if at + length <= self.used {
            close_gap(self.bytes.get_mut(at..self.used).unwrap_or_default(), length);
            self.used -= length;
        }
    }

    fn state_at(&self, at: usize) -> Option<State> {
        self.record_at(at).map(|record| record.state)
    }

    fn length_at(&self, at: usize) -> usize {
        self.record_at(at).map_or(0, |record| HEAD + record.filter.len())
    }

    fn record_at(&self, at: usize) -> Option<Record<'_>> {
        let [state, qos, high, low, length, rest @ ..] = self.bytes.get(at..self.used)? else { return None };
        Some(Record {
            at,
            state: match state {
                0 => State::Wanted,
                1 => State::Asked,
                2 => State::Active,
                3 => State::Unwanted,
                4 => State::Leaving,
                _ => State::Over,
            },
            qos: if *qos == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce },
            packet_id: u16::from_be_bytes([*high, *low]),
            filter: rest.get(..usize::from(*length))?,
        })
    }

    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut at = 0;
        core::iter::from_fn(move || {
            let record = self.record_at(at)?;
            at += HEAD + record.filter.len();
            Some(record)
        })
    }
}

/// Whether `filter` is a topic filter: a wildcard fills its whole level, and `#` is the last one (section 4.7.1).
pub(super) fn is_filter(filter: &[u8]) -> bool {
    let (mut rest, mut level_begins) = (filter, true);
    while let [byte, behind @ ..] = rest {
        let fits = match (byte, behind) {
            (b'#', []) | (b'+', [] | [b'/', ..]) => level_begins,
            (b'#' | b'+' | 0, _) => false,
            _ => true,
        };
        if !fits {
            return false;
        }
        level_begins = *byte == b'/';
        rest = behind;
    }
    !filter.is_empty()
}

/// Whether `topic` matches `filter`, wildcards and all.
fn matches(mut filter: &[u8], mut topic: &[u8]) -> bool {
    // A wildcard at the first level does not match topics of the server's own (section 4.7.2).
    if let ([b'+' | b'#', ..], [b'$', ..]) = (filter, topic) {
        return false;
    }
    loop {
        match (filter, topic) {
            // The level above is one of its own as well.
            ([b'#'], _) | ([b'/', b'#'], []) => return true,
            ([b'+', ..], [name, topic_rest @ ..]) if *name != b'/' => topic = topic_rest,
            ([b'+', filter_rest @ ..], _) => filter = filter_rest,
            ([wanted, filter_rest @ ..], [name, topic_rest @ ..]) if wanted == name => {
                (filter, topic) = (filter_rest, topic_rest);
            }
            (filter, topic) => return filter.is_empty() && topic.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_the_standard() {
        for (filter, topic, matched) in [
            ("a/b", "a/b", true),
            ("a/+", "a/b", true),
            ("a/+", "a/b/c", false),
            ("a/#", "a/b/c", true),
            ("a/#", "a", true),
            ("#", "$SYS/x", false),
            ("+/x", "/x", true),
            ("a/b", "a/b/", false),
            ("a/b/", "a/b", false),
            ("a/+", "a/", true),
            ("a/+", "a", false),
            ("a/#", "ab", false),
            ("+/#", "a", true),
            ("+/b/+", "a/b/c", true),
            ("+", "a/b", false),
            ("$SYS/+", "$SYS/x", true),
        ] {
            assert_eq!(matches(filter.as_bytes(), topic.as_bytes()), matched, "{filter} {topic}");
        }
    }

    #[test]
    fn wildcards_stand_alone_in_their_level() {
        for good in ["a", "/", "#", "+", "a/#", "+/a/+", "+/+", "a//b"] {
            assert!(is_filter(good.as_bytes()), "{good}");
        }
        for bad in ["", "a+", "+a", "a#", "#/a", "a/#/b", "##", "a\0"] {
            assert!(!is_filter(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn a_filter_lives_over_links_with_its_own_qos() {
        let mut bytes = [0; 64];
        let mut subscriptions = Subscriptions::new(&mut bytes);
        subscriptions.want("a", Qos::AtLeastOnce).unwrap();
        subscriptions.want("b", Qos::AtMostOnce).unwrap();
        for packet_id in [5, 6] {
            let at = subscriptions.next_request().unwrap().at;
            subscriptions.requested(at, packet_id);
        }
        assert!(subscriptions.next_request().is_none());
        assert_eq!(subscriptions.answered(5, Some(true)), Answered::Changed(0));
        assert_eq!(subscriptions.answered(5, Some(true)), Answered::Unknown);
        assert_eq!(subscriptions.answered(6, None), Answered::Unknown, "asked for, not taken back");
        subscriptions.rewind(true);
        let at = subscriptions.next_request().unwrap().at;
        assert_eq!(subscriptions.filter_at(at), b"b", "the one not yet acknowledged");
        subscriptions.rewind(false);
        let at = subscriptions.next_request().unwrap().at;
        assert_eq!((subscriptions.filter_at(at), subscriptions.qos_at(at)), (&b"a"[..], Qos::AtLeastOnce));
    }

    #[test]
    fn leaving_and_refusal_free_their_room() {
        let mut bytes = [0; 13];
        let mut subscriptions = Subscriptions::new(&mut bytes);
        subscriptions.want("abc", Qos::AtMostOnce).unwrap();
        assert_eq!(subscriptions.want("x", Qos::AtMostOnce), Err(14));
        subscriptions.drop("abc").unwrap();
        let request = subscriptions.next_request().unwrap();
        assert!(!request.subscribe);
        subscriptions.requested(request.at, 1);
        assert_eq!(subscriptions.answered(1, Some(true)), Answered::Unknown, "taken back, not asked for");
        assert_eq!(subscriptions.answered(1, None), Answered::Changed(0));
        assert_eq!(subscriptions.answered(1, None), Answered::Unknown);
        assert_eq!(subscriptions.filter_at(0), b"abc", "until the user has been told");
        subscriptions.forget_over(0);
        subscriptions.want("x", Qos::AtMostOnce).unwrap();
        let at = subscriptions.next_request().unwrap().at;
        subscriptions.requested(at, 2);
        assert_eq!(subscriptions.answered(2, Some(false)), Answered::Changed(0));
        assert_eq!(subscriptions.filter_at(0), b"x");
        subscriptions.forget_over(0);
        assert_eq!(subscriptions.used, 0);
    }
}
