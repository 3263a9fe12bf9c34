//! The topic filters that the user wants, kept over any number of links.

use super::Qos;
use crate::bytes::{are_equal_from_behind, close_gap, copy};

/// Longest topic filter held here, in bytes.
pub const FILTER_MAX: usize = 255;

/// Where a filter stands, in two bits beside one for what the user wants and one for the QoS.
#[derive(Clone, Copy)]
struct State(u8);

impl State {
    /// The user wants the filter no more, or the server does not grant it.
    const UNWANTED: u8 = 0x01;
    /// A request is to be sent: a SUBSCRIBE or, if the filter is unwanted, an UNSUBSCRIBE.
    const DUE: u8 = 0;
    /// The request is under way.
    const SENT: u8 = 0x02;
    /// The server has said yes. If the filter is unwanted: it is over, and the user is being told.
    const ANSWERED: u8 = 0x04;
    const STEP: u8 = Self::SENT | Self::ANSWERED;
    /// The user asked for QoS 1.
    const QOS_1: u8 = 0x80;

    fn is(self, step: u8) -> bool {
        self.0 & Self::STEP == step
    }

    fn is_unwanted(self) -> bool {
        self.0 & Self::UNWANTED != 0
    }

    fn is_over(self) -> bool {
        self.is(Self::ANSWERED) && self.is_unwanted()
    }

    fn at(self, step: u8) -> Self {
        Self(self.0 & !Self::STEP | step)
    }
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
    /// `None` for an UNSUBSCRIBE.
    pub(crate) qos: Option<Qos>,
}

/// Records of `[state, literal, packet id high, low, length, filter…]` in a buffer of the caller's.
pub(crate) struct Subscriptions<'b> {
    bytes: &'b mut [u8],
    used: usize,
    /// Requests under way, also those that are not noted here, or not any more.
    under_way: u16,
}

const HEAD: usize = 5;

/// The bytes of a record.
#[derive(Clone, Copy)]
struct Record<'a>(&'a [u8]);

impl<'a> Record<'a> {
    fn head(self) -> [u8; HEAD] {
        self.0.first_chunk().copied().unwrap_or_default()
    }

    fn state(self) -> State {
        State(self.head()[0])
    }

    fn packet_id(self) -> u16 {
        let [_, _, high, low, _] = self.head();
        u16::from_be_bytes([high, low])
    }

    fn filter(self) -> &'a [u8] {
        self.0.get(HEAD..).unwrap_or_default()
    }
}

/// The records in these bytes.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    #[cfg_attr(target_os = "none", inline(never))]
    fn next(&mut self) -> Option<Record<'a>> {
        let length = HEAD + usize::from(*self.0.get(HEAD - 1)?);
        let (record, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Record(record))
    }
}

/// The bytes of `filter` before its first wildcard and the slash in front of that, which a topic must begin with.
fn literal(filter: &[u8]) -> usize {
    let wildcard = filter.iter().position(|byte| matches!(byte, b'+' | b'#'));
    wildcard.map_or(filter.len(), |at| at.saturating_sub(1))
}

impl<'b> Subscriptions<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, used: 0, under_way: 0 }
    }

    /// The server shall send what matches `filter`. On failure: bytes of buffer that it would have taken.
    pub(crate) fn want(&mut self, filter: &str, qos: Qos) -> Result<(), usize> {
        self.set(filter.as_bytes(), if qos == Qos::AtLeastOnce { State::QOS_1 } else { 0 })
    }

    /// The server shall not, whether or not it was asked to before.
    pub(crate) fn drop(&mut self, filter: &str) -> Result<(), usize> {
        self.set(filter.as_bytes(), State::UNWANTED)
    }

    fn set(&mut self, filter: &[u8], state: u8) -> Result<(), usize> {
        let at = match self.find(filter) {
            Some(at) => at,
            None => {
                let at = self.used;
                let used = at + HEAD + filter.len();
                let free = self.bytes.get_mut(at..used).ok_or(used)?;
                if let Some((head, text)) = free.split_at_mut_checked(HEAD) {
                    copy(head, &[0, literal(filter) as u8, 0, 0, filter.len() as u8]);
                    copy(text, filter);
                }
                self.used = used;
                at
            }
        };
        self.mark(at, State(state), 0);
        Ok(())
    }

    /// The next packet to send, if any. It most likely is for a filter at `from` or behind.
    pub(crate) fn next_request(&self, from: usize) -> Option<Request> {
        let at = self.find_at(from, State::DUE, 0)?;
        let state = self.state_at(at);
        let qos = if state.0 & State::QOS_1 == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce };
        Some(Request { at, qos: (!state.is_unwanted()).then_some(qos) })
    }

    /// The request at `at` went out under `packet_id`.
    pub(crate) fn requested(&mut self, at: usize, packet_id: u16) {
        self.mark(at, self.state_at(at).at(State::SENT), packet_id);
        self.requested_untracked();
    }

    /// A request went out that is not noted here.
    pub(crate) fn requested_untracked(&mut self) {
        self.under_way += 1;
    }

    /// Packet identifiers of the requests under way; 0 for other filters.
    pub(crate) fn packet_ids(&self) -> impl Iterator<Item = u16> {
        self.records(0).map(Record::packet_id)
    }

    /// A SUBACK came, or an UNSUBACK if `accepted` is `None`. It most likely is for a filter at `from` or behind.
    pub(crate) fn answered(&mut self, from: usize, packet_id: u16, accepted: Option<bool>) -> Answered {
        let answered = match self.find_at(from, State::SENT, packet_id) {
            Some(at) => {
                let state = self.state_at(at);
                if state.is_unwanted() != accepted.is_none() {
                    return Answered::Unknown;
                }
                let unwanted = if accepted == Some(true) { 0 } else { State::UNWANTED };
                self.mark(at, State(state.at(State::ANSWERED).0 | unwanted), 0);
                Answered::Changed(at)
            }
            None if self.records(0).filter(|record| record.state().is(State::SENT)).count() < self.under_way.into() => {
                Answered::Overtaken
            }
            None => return Answered::Unknown,
        };
        self.under_way -= 1;
        answered
    }

    /// A new link: everything is asked for again, but for what a kept session still holds.
    pub(crate) fn rewind(&mut self, session_present: bool) {
        self.under_way = 0;
        let mut at = 0;
        while let Some(record) = self.record_at(at) {
            let (state, length) = (record.state(), record.0.len());
            if state.is_over() || state.is_unwanted() && !session_present {
                self.remove(at);
                continue;
            }
            if !(state.is(State::ANSWERED) && session_present) {
                self.mark(at, state.at(State::DUE), 0);
            }
            at += length;
        }
    }

    /// Forgets the filter at `at`, which is over, unless the user has changed his mind since.
    pub(crate) fn forget_over(&mut self, at: usize) {
        if self.state_at(at).is_over() {
            self.remove(at);
        }
    }

    /// Where `filter` stands.
    fn find(&self, filter: &[u8]) -> Option<usize> {
        let mut records = self.records(0);
        let record = records.find(|record| {
            let other = record.filter();
            other.len() == filter.len() && are_equal_from_behind(other, filter)
        })?;
        Some(self.used - records.0.len() - record.0.len())
    }

    /// Gives `filter` up; the next link forgets it. Until then the filters behind it stay where they are, as the user may
    /// be reading one.
    pub(crate) fn give_up(&mut self, filter: &[u8]) {
        if let Some(at) = self.find(filter) {
            self.mark(at, State(State::ANSWERED | State::UNWANTED), 0);
        }
    }

    /// Whether the server still has a request to answer.
    pub(crate) fn are_under_way(&self) -> bool {
        self.under_way > 0
    }

    /// The filter at `at`.
    pub(crate) fn filter_at(&self, at: usize) -> &[u8] {
        self.record_at(at).map_or(&[], Record::filter)
    }

    /// Whether a filter of the user's matches `topic`.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(crate) fn cover(&self, topic: &[u8]) -> bool {
        self.records(0).any(|record| matches(record.filter(), record.head()[1].into(), topic))
    }

    pub(crate) fn clear(&mut self) {
        self.used = 0;
    }

    /// A filter that is at `step` with the packet `packet_id`, or 0 if none is under way: the first at `from` or behind, or
    /// else the first of all.
    #[cfg_attr(target_os = "none", inline(never))]
    fn find_at(&self, from: usize, step: u8, packet_id: u16) -> Option<usize> {
        let mut records = self.records(from);
        match records.find(|record| record.state().is(step) && record.packet_id() == packet_id) {
            Some(record) => Some(self.used - records.0.len() - record.0.len()),
            None if from > 0 => self.find_at(0, step, packet_id),
            None => None,
        }
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn mark(&mut self, at: usize, state: State, packet_id: u16) {
        let [high, low] = packet_id.to_be_bytes();
        if let Some([s, _, h, l]) = self.bytes.get_mut(at..at + 4) {
            (*s, *h, *l) = (state.0, high, low);
        }
    }

    fn remove(&mut self, at: usize) {
        let length = self.record_at(at).map_or(0, |record| record.0.len());
        close_gap(self.bytes.get_mut(at..self.used).unwrap_or_default(), length);
        self.used -= length;
    }

    /// The state of the filter at `at`; of none, that it is due.
    fn state_at(&self, at: usize) -> State {
        self.record_at(at).map_or(State(0), Record::state)
    }

    fn record_at(&self, at: usize) -> Option<Record<'_>> {
        self.records(at).next()
    }

    /// The records at `from` and behind.
    fn records(&self, from: usize) -> Records<'_> {
        Records(self.bytes.get(from..self.used).unwrap_or_default())
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

/// Whether `topic` matches `filter`, wildcards and all (section 4.7), of which so many bytes are [`literal`].
#[inline(always)]
fn matches(filter: &[u8], literal: usize, topic: &[u8]) -> bool {
    // A wildcard at the first level does not match topics of the server's own (section 4.7.2).
    if literal == 0 && topic.first() == Some(&b'$') {
        return false;
    }
    // Filters often begin alike. So what is cheap and may differ is compared first: the length of a filter without
    // wildcards, what follows the first wildcard of the others.
    match (filter.split_at_checked(literal), topic.split_at_checked(literal)) {
        (Some((start, pattern)), Some((begin, rest))) => {
            matches_pattern(pattern, rest) && are_equal_from_behind(start, begin)
        }
        _ => false,
    }
}

/// Whether the end of a topic matches the end of a filter, which is empty, or begins with the first wildcard or the slash
/// in front of that.
#[inline(always)]
fn matches_pattern(mut pattern: &[u8], mut topic: &[u8]) -> bool {
    while let [wanted, pattern_rest @ ..] = pattern {
        match (wanted, topic) {
            (b'#', _) => return true,
            (b'+', [name, topic_rest @ ..]) if *name != b'/' => topic = topic_rest,
            (b'+', _) => pattern = pattern_rest,
            (_, [name, topic_rest @ ..]) if wanted == name => (pattern, topic) = (pattern_rest, topic_rest),
            // The level above `#` matches as well.
            _ => return topic.is_empty() && *pattern_rest == *b"#",
        }
    }
    topic.is_empty()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::string::String;
    use std::vec::Vec;
    use std::{format, vec};

    use proptest::prelude::*;
    use proptest::sample::{Index, select};

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
            let filter_bytes = filter.as_bytes();
            let found = matches(filter_bytes, literal(filter_bytes), topic.as_bytes());
            assert_eq!(found, matched, "{filter} {topic}");
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
            let at = subscriptions.next_request(0).unwrap().at;
            subscriptions.requested(at, packet_id);
        }
        assert!(subscriptions.next_request(0).is_none());
        assert_eq!(subscriptions.answered(0, 5, Some(true)), Answered::Changed(0));
        assert_eq!(subscriptions.answered(0, 5, Some(true)), Answered::Unknown);
        assert_eq!(subscriptions.answered(0, 6, None), Answered::Unknown, "asked for, not taken back");
        subscriptions.rewind(true);
        let at = subscriptions.next_request(0).unwrap().at;
        assert_eq!(subscriptions.filter_at(at), b"b", "the one not yet acknowledged");
        subscriptions.rewind(false);
        let request = subscriptions.next_request(0).unwrap();
        assert_eq!((subscriptions.filter_at(request.at), request.qos), (&b"a"[..], Some(Qos::AtLeastOnce)));
    }

    #[test]
    fn leaving_and_refusal_free_their_room() {
        let mut bytes = [0; 13];
        let mut subscriptions = Subscriptions::new(&mut bytes);
        subscriptions.want("abc", Qos::AtMostOnce).unwrap();
        assert_eq!(subscriptions.want("x", Qos::AtMostOnce), Err(14));
        subscriptions.drop("abc").unwrap();
        let request = subscriptions.next_request(0).unwrap();
        assert_eq!(request.qos, None);
        let at = request.at;
        subscriptions.requested(at, 1);
        assert_eq!(subscriptions.answered(0, 1, Some(true)), Answered::Unknown, "taken back, not asked for");
        assert_eq!(subscriptions.answered(0, 1, None), Answered::Changed(0));
        assert_eq!(subscriptions.answered(0, 1, None), Answered::Unknown);
        assert_eq!(subscriptions.filter_at(0), b"abc", "until the user has been told");
        subscriptions.forget_over(0);
        subscriptions.want("x", Qos::AtMostOnce).unwrap();
        let at = subscriptions.next_request(0).unwrap().at;
        subscriptions.requested(at, 2);
        assert_eq!(subscriptions.answered(0, 2, Some(false)), Answered::Changed(0));
        assert_eq!(subscriptions.filter_at(0), b"x");
        subscriptions.forget_over(0);
        assert_eq!(subscriptions.used, 0);
    }

    /// Section 4.7 level by level, as its text goes.
    fn levels_match(filter: &[&str], topic: &[&str]) -> bool {
        match (filter, topic) {
            (["#"], _) => true,
            (["+", filter @ ..], [_, topic @ ..]) => levels_match(filter, topic),
            ([wanted, filter @ ..], [name, topic @ ..]) => wanted == name && levels_match(filter, topic),
            ([], []) => true,
            _ => false,
        }
    }

    fn should_match(filter: &str, topic: &str) -> bool {
        let (filter, topic): (Vec<_>, Vec<_>) = (filter.split('/').collect(), topic.split('/').collect());
        !(topic[0].starts_with('$') && matches!(filter[0], "+" | "#")) && levels_match(&filter, &topic)
    }

    /// Few names, so that topics and filters often have levels in common, and empty levels.
    fn levels(names: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        proptest::collection::vec(select(names), 1..6)
    }

    fn topic() -> impl Strategy<Value = String> {
        levels(&["", "a", "b", "ab", "$", "$a", "中"]).prop_map(|levels| levels.join("/"))
    }

    fn filter() -> impl Strategy<Value = String> {
        (levels(&["", "a", "b", "ab", "$", "$a", "中", "+", "+"]), any::<bool>()).prop_map(|(levels, many)| {
            let filter = levels.join("/");
            if many { format!("{filter}/#") } else { filter }
        })
    }

    fn subscriptions_to<'b>(bytes: &'b mut [u8], filters: &[String]) -> Subscriptions<'b> {
        let mut subscriptions = Subscriptions::new(bytes);
        filters.iter().for_each(|filter| subscriptions.want(filter, Qos::AtMostOnce).unwrap());
        subscriptions
    }

    #[test]
    fn each_of_many_filters_matches_its_topic_alone() {
        // Alike in length, and but for two bytes: at the end, in the middle, at the start.
        for (begin, end) in [("/a1B2c3D4e5F/thermometer-0000000001/user/", ""), ("/x/", "/user/report"), ("", "/x")] {
            let topics: Vec<_> = (0..100).map(|number| format!("{begin}{number:02}{end}")).collect();
            let mut bytes = [0; 50 * (HEAD + FILTER_MAX)];
            let subscriptions = subscriptions_to(&mut bytes, &topics[..50]);
            for (number, topic) in topics.iter().enumerate() {
                assert_eq!(subscriptions.cover(topic.as_bytes()), number < 50, "{topic}");
                assert!(
                    !subscriptions.cover(&topic.as_bytes()[1..])
                        && !subscriptions.cover(format!("{topic}/").as_bytes())
                );
            }
        }
    }

    #[test]
    fn a_filter_of_the_greatest_length_is_compared_whole() {
        for wildcard in ["", "+", "#"] {
            let filter = format!("{}/{wildcard}", "x".repeat(FILTER_MAX - 1 - wildcard.len()));
            let mut bytes = [0; HEAD + FILTER_MAX];
            let subscriptions = subscriptions_to(&mut bytes, core::slice::from_ref(&filter));
            let topic = filter.replace(wildcard, if wildcard.is_empty() { "" } else { "y" });
            for at in 0..topic.len() {
                let mut other = topic.clone();
                other.replace_range(at..=at, "!");
                let only_the_wildcard_differs = !wildcard.is_empty() && at == topic.len() - 1;
                assert_eq!(subscriptions.cover(other.as_bytes()), only_the_wildcard_differs, "{wildcard} {at}");
            }
            assert!(subscriptions.cover(topic.as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn filters_match_as_the_standard_says(filters in proptest::collection::vec(filter(), 0..8), topic in topic()) {
            let mut bytes = [0; 1024];
            let subscriptions = subscriptions_to(&mut bytes, &filters);
            let matched = filters.iter().any(|filter| should_match(filter, &topic));
            prop_assert_eq!(subscriptions.cover(topic.as_bytes()), matched);
        }

        /// A filter made from the topic, so that most match.
        #[test]
        fn a_filter_made_from_a_topic_matches_as_the_standard_says(
            topic in topic(),
            keep in proptest::collection::vec(select(&["=", "=", "+"][..]), 5),
            end in 0..7_usize,
        ) {
            let levels = topic.split('/').zip(keep).map(|(level, keep)| if keep == "+" { keep } else { level });
            let mut levels: Vec<_> = levels.collect();
            if end < levels.len() {
                levels.truncate(end);
                levels.push("#");
            }
            let filter = levels.join("/");
            prop_assume!(!filter.is_empty());
            let mut bytes = [0; 64];
            let subscriptions = subscriptions_to(&mut bytes, core::slice::from_ref(&filter));
            prop_assert_eq!(subscriptions.cover(topic.as_bytes()), should_match(&filter, &topic), "{} {}", filter, topic);
        }
    }

    /// What a test of the requests does.
    #[derive(Clone, Debug)]
    enum Step {
        Want(usize, bool),
        Drop(usize),
        Untracked,
        /// The requests that are due are sent.
        Send,
        /// A request under way, or one that never was, is answered; the user sees the answer.
        Answer(Index, Option<bool>),
        GiveUp(usize),
        Rewind(bool),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0..60_usize, any::<bool>()).prop_map(|(filter, qos)| Step::Want(filter, qos)),
            2 => (0..60_usize).prop_map(Step::Drop),
            1 => Just(Step::Untracked),
            2 => Just(Step::Send),
            4 => (any::<Index>(), any::<Option<bool>>()).prop_map(|(index, accepted)| Step::Answer(index, accepted)),
            1 => (0..60_usize).prop_map(Step::GiveUp),
            1 => any::<bool>().prop_map(Step::Rewind),
        ]
    }

    /// What the model knows of a filter: what the user wants, the packet under way, whether the server has said yes.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Model {
        wants: Option<Qos>,
        is_due: bool,
        packet_id: Option<u16>,
    }

    proptest! {
        /// 60 filters asked for, left, sent and answered in any order, beside a map.
        #[test]
        fn requests_are_sent_and_answered_in_any_order(steps in proptest::collection::vec(step(), 0..200)) {
            let name = |filter: usize| format!("/device/user/{filter:02}");
            let mut bytes = vec![0; 60 * (HEAD + 15)];
            let mut subscriptions = Subscriptions::new(&mut bytes);
            let mut model = BTreeMap::<String, Model>::new();
            let mut untracked = 0;
            let (mut packet_id, mut last_answered) = (0, 0);
            for step in steps {
                match step {
                    Step::Want(filter, is_qos1) => {
                        let qos = if is_qos1 { Qos::AtLeastOnce } else { Qos::AtMostOnce };
                        subscriptions.want(&name(filter), qos).unwrap();
                        let before = model.insert(name(filter), Model { wants: Some(qos), is_due: true, packet_id: None });
                        untracked += usize::from(before.is_some_and(|record| record.packet_id.is_some()));
                    }
                    Step::Drop(filter) => {
                        subscriptions.drop(&name(filter)).unwrap();
                        let before = model.insert(name(filter), Model { wants: None, is_due: true, packet_id: None });
                        untracked += usize::from(before.is_some_and(|record| record.packet_id.is_some()));
                    }
                    Step::Untracked => {
                        untracked += 1;
                        subscriptions.requested_untracked();
                    }
                    Step::Send => {
                        let mut from = 0;
                        while let Some(Request { at, qos }) = subscriptions.next_request(from) {
                            from = at;
                            packet_id += 1;
                            let filter = core::str::from_utf8(subscriptions.filter_at(at)).unwrap();
                            let record = model.get_mut(filter).unwrap();
                            prop_assert!(record.is_due);
                            prop_assert_eq!(record.wants, qos);
                            (record.is_due, record.packet_id) = (false, Some(packet_id));
                            subscriptions.requested(at, packet_id);
                        }
                        prop_assert!(model.values().all(|record| !record.is_due));
                    }
                    Step::Answer(index, accepted) => {
                        // One more than there are: an answer to what is not noted, or to nothing.
                        let asked = model.iter().filter(|(_, record)| record.packet_id.is_some());
                        let found = asked.clone().nth(index.index(asked.count() + 1));
                        let found = found.map(|(filter, record)| (filter.clone(), *record));
                        let id = found.as_ref().and_then(|(_, record)| record.packet_id).unwrap_or_default();
                        let answered = subscriptions.answered(last_answered, id, accepted);
                        match found {
                            Some((filter, record)) if record.wants.is_some() == accepted.is_some() => {
                                let Answered::Changed(at) = answered else { panic!("{answered:?}") };
                                prop_assert_eq!(subscriptions.filter_at(at), filter.as_bytes());
                                last_answered = at;
                                subscriptions.forget_over(at);
                                if accepted == Some(true) {
                                    model.insert(filter, Model { packet_id: None, ..record });
                                } else {
                                    model.remove(&filter);
                                }
                            }
                            None if untracked > 0 => {
                                prop_assert_eq!(answered, Answered::Overtaken);
                                untracked -= 1;
                            }
                            _ => prop_assert_eq!(answered, Answered::Unknown),
                        }
                    }
                    Step::GiveUp(filter) => {
                        subscriptions.give_up(name(filter).as_bytes());
                        if let Some(record) = model.get_mut(&name(filter)) {
                            untracked += usize::from(record.packet_id.is_some());
                            *record = Model { wants: None, is_due: false, packet_id: None };
                        }
                    }
                    Step::Rewind(session_present) => {
                        subscriptions.rewind(session_present);
                        last_answered = 0;
                        untracked = 0;
                        let is_over = |record: &Model| record.wants.is_none() && !record.is_due && record.packet_id.is_none();
                        model.retain(|_, record| record.wants.is_some() || session_present && !is_over(record));
                        for record in model.values_mut() {
                            record.is_due |= !session_present || record.packet_id.is_some();
                            record.packet_id = None;
                        }
                    }
                }
                let asked: Vec<u16> = model.values().filter_map(|record| record.packet_id).collect();
                prop_assert_eq!(subscriptions.are_under_way(), asked.len() + untracked > 0);
                let packet_ids: Vec<u16> = subscriptions.packet_ids().filter(|id| *id != 0).collect();
                prop_assert!(packet_ids.len() == asked.len() && packet_ids.iter().all(|id| asked.contains(id)));
                for filter in 0..60 {
                    prop_assert_eq!(subscriptions.cover(name(filter).as_bytes()), model.contains_key(&name(filter)));
                }
            }
        }
    }
}
