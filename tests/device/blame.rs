//! A server that closes the link whenever it sees a packet of a certain kind: that packet is found out and given up, and
//! what waits behind it goes on. One that closes by chance, or for a second device, costs no message.

use std::collections::BTreeMap;

use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::{Qos, SendError, Sent};

use crate::net::{Net, Sizes, Told, aliyun_login};
use crate::packets::{ACCEPTED, Packet, connack, encode, puback, suback, unsuback};

const ONCE: Qos = Qos::AtMostOnce;
const SURE: Qos = Qos::AtLeastOnce;

/// What a packet is about, and its payload.
fn about(packet: &Packet) -> (Sent, String, Vec<u8>) {
    match packet {
        Packet::Publish(publish) => (Sent::Publish, publish.topic.clone(), publish.payload.to_vec()),
        Packet::Subscribe(subscribe) => (Sent::Subscribe, subscribe.filters[0].path.clone(), Vec::new()),
        Packet::Unsubscribe(unsubscribe) => (Sent::Unsubscribe, unsubscribe.topics[0].clone(), Vec::new()),
        other => panic!("{other:?}"),
    }
}

type Dislikes = fn(Sent, &str, &[u8]) -> bool;

/// A device, and a server that closes the link for what it dislikes.
struct Case {
    net: Net,
    dislikes: Dislikes,
    /// How it ends a link.
    code: i32,
    /// Milliseconds from either end to the other.
    delay: u32,
    /// What it has accepted: topic and payload, in order.
    accepted: Vec<(String, Vec<u8>)>,
    told: Vec<Told>,
    logins: u32,
    /// How often it has closed the link.
    closed: u32,
}

impl Case {
    fn new(dislikes: Dislikes) -> Self {
        let mut net = Net::new();
        net.answers_pings = true;
        net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
        Self { net, dislikes, code: 0, delay: 20, accepted: Vec::new(), told: Vec::new(), logins: 0, closed: 0 }
    }

    fn online(dislikes: Dislikes) -> Self {
        let mut case = Self::new(dislikes);
        case.run(1_000);
        assert!(case.net.device.is_online());
        case
    }

    /// The server answers what it is sent; `false` if it closes.
    fn serve(&mut self, packets: Vec<Packet>) -> bool {
        for packet in packets {
            let answer = match &packet {
                Packet::Connect(_) => {
                    self.logins += 1;
                    Some(connack(ACCEPTED, false))
                }
                Packet::PubAck(_) | Packet::PingReq => None,
                Packet::Disconnect => return true,
                packet => {
                    let (kind, topic, payload) = about(packet);
                    if (self.dislikes)(kind, &topic, &payload) {
                        return false;
                    }
                    self.accepted.push((topic, payload));
                    match packet {
                        Packet::Publish(publish) if publish.pkid > 0 => Some(puback(publish.pkid)),
                        Packet::Subscribe(subscribe) => Some(suback(subscribe.pkid, Some(0))),
                        Packet::Unsubscribe(unsubscribe) => Some(unsuback(unsubscribe.pkid)),
                        _ => None,
                    }
                }
            };
            if let Some(answer) = answer {
                self.net.wait(self.delay);
                self.net.arrive_bytes(&encode(&answer));
            }
        }
        true
    }

    /// What is to be done now.
    fn settle(&mut self) {
        loop {
            self.net.link_up_if_wanted();
            let packets = self.net.take_sent();
            if packets.is_empty() {
                break;
            }
            if !self.serve(packets) {
                self.net.wait(self.delay);
                self.closed += 1;
                self.net.take_sent();
                self.net.link_lost(self.code);
            }
        }
        self.told.extend(self.net.take_told());
    }

    /// Time goes by.
    fn run(&mut self, ms: u64) {
        let end = self.net.elapsed + ms;
        self.settle();
        while self.net.elapsed < end {
            let left = (end - self.net.elapsed) as u32;
            self.net.wait(self.net.due_in().unwrap_or(left).clamp(1, left.max(1)));
            self.settle();
        }
    }

    fn given_up(&self) -> Vec<(Sent, &str, u16)> {
        let given_up = self.told.iter().filter_map(|told| match told {
            Told::GivenUp(kind, topic, id) => Some((*kind, &topic[..], *id)),
            _ => None,
        });
        given_up.collect()
    }

    fn kicks(&self) -> usize {
        self.told.iter().filter(|told| **told == Told::Failed(Loss::Kicked)).count()
    }

    fn has(&self, topic: &str) -> usize {
        self.accepted.iter().filter(|(accepted, _)| accepted == topic).count()
    }

    /// Publishes `payload` at QoS 0 once a second for so long.
    fn publish_each_second(&mut self, topic: &str, payload: &[u8], seconds: u32) -> BTreeMap<String, u32> {
        let mut results: BTreeMap<String, u32> = BTreeMap::new();
        for _ in 0..seconds {
            let result = self.net.device.publish(topic, payload, ONCE);
            *results.entry(format!("{result:?}")).or_default() += 1;
            self.run(1_000);
        }
        results
    }
}

fn bad(_: Sent, topic: &str, payload: &[u8]) -> bool {
    topic.starts_with("/bad") || payload.starts_with(b"bad")
}

#[test]
fn a_message_that_the_server_closes_for_is_given_up_and_the_others_arrive() {
    for (topic, payload) in [("/bad/topic", "x"), ("/good", "bad payload")] {
        for code in [0, 104] {
            let mut case = Case::online(bad);
            case.code = code;
            let id = case.net.device.publish(topic, payload.as_bytes(), SURE).unwrap();
            for n in 0..10_u8 {
                case.net.device.publish("/good", &[n], SURE).unwrap();
            }
            case.run(if code == 0 { 15_000 } else { 300_000 });
            assert_eq!(case.given_up(), [(Sent::Publish, topic, id)], "{code}");
            assert_eq!(case.kicks(), 0);
            let arrived: Vec<u8> = case.accepted.iter().map(|(_, payload)| payload[0]).collect();
            assert_eq!(arrived, (0..10).collect::<Vec<u8>>(), "in order, once each");
            assert_eq!(case.net.device.unacknowledged(), 0);
            assert!(case.net.device.is_online());
            let delivered = case.told.iter().filter(|told| matches!(told, Told::Delivered(_))).count();
            assert_eq!(delivered, 10);
            // The first time it was one of many, then it was alone. Networks break links off by themselves.
            assert_eq!(case.closed, if code == 0 { 4 } else { 10 });
            assert!(case.net.behind[1..].iter().all(|behind| *behind == (Sent::Publish, topic.into())));
        }
    }
}

#[test]
fn the_user_is_told_what_the_link_was_closed_behind() {
    let mut case = Case::online(bad);
    case.net.device.publish("/bad/one", b"x", ONCE).unwrap();
    case.run(100);
    assert_eq!(case.net.behind, [(Sent::Publish, "/bad/one".into())], "at once, also at QoS 0");
    let mut case = Case::online(bad);
    case.net.device.subscribe("/bad/filter/+", ONCE).unwrap();
    case.run(100);
    assert_eq!(case.net.behind, [(Sent::Subscribe, "/bad/filter/+".into())]);
    let mut case = Case::online(|kind, _, _| kind == Sent::Unsubscribe);
    case.net.device.unsubscribe("/not/mine").unwrap();
    case.run(100);
    assert_eq!(case.net.behind, [(Sent::Unsubscribe, "/not/mine".into())]);
}

#[test]
fn a_message_at_qos_0_each_second_does_not_keep_the_device_from_working() {
    for (topic, payload) in [("/bad/topic", &b"x"[..]), ("/good/bad", b"bad")] {
        let mut case = Case::online(bad);
        let results = case.publish_each_second(topic, payload, 60);
        assert_eq!(case.given_up(), [(Sent::Publish, topic, 0)]);
        assert!(results["Err(GivenUp)"] >= 40, "{results:?}");
        assert_eq!(case.kicks(), 0);
        assert!(case.net.device.is_online());
        assert_eq!(case.closed, 4);
        // Another topic is not refused.
        assert_eq!(case.net.device.publish("/good", b"x", ONCE), Ok(0));
        assert!(case.net.device.publish("/good", b"x", SURE).is_ok());
        case.run(1_000);
        assert_eq!(case.has("/good"), 2);
        // After five minutes it is tried again, and given up at once.
        let before = case.closed;
        case.publish_each_second(topic, payload, 600);
        assert!((1..=6).contains(&(case.closed - before)), "{} more", case.closed - before);
        assert_eq!(case.kicks(), 0);
    }
}

#[test]
fn it_is_found_among_others_however_rare_it_is() {
    for seconds in [1, 7, 12, 30, 60] {
        let mut case = Case::online(bad);
        let mut accepted = 0;
        for round in 0..10 {
            for n in 0..seconds {
                accepted += usize::from(case.net.device.publish("/good/one", &[n as u8], ONCE).is_ok());
                if n % 3 == 0 {
                    let _ = case.net.device.publish("/good/two", &[round], SURE);
                }
                case.run(1_000);
            }
            let _ = case.net.device.publish("/bad", b"x", ONCE);
            let _ = case.net.device.publish("/good/one", b"x", ONCE);
        }
        case.run(10_000);
        assert_eq!(case.given_up(), [(Sent::Publish, "/bad", 0)], "each {seconds} s");
        assert_eq!(case.kicks(), 0);
        assert!(case.has("/good/one") + 20 > accepted && case.has("/good/two") > 0);
        assert!(case.net.device.is_online() && case.net.device.unacknowledged() == 0);
    }
}

#[test]
fn several_are_given_up_one_by_one() {
    let mut case = Case::online(bad);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(case.net.device.publish(&format!("/bad/{n}"), b"x", SURE).unwrap());
        case.net.device.publish("/good", &[n], SURE).unwrap();
    }
    case.run(60_000);
    let given_up: Vec<u16> = case.given_up().iter().map(|(.., id)| *id).collect();
    assert_eq!(given_up, ids);
    assert_eq!(case.has("/good"), 4);
    assert_eq!(case.kicks(), 0);
    assert!(case.net.device.is_online());
}

#[test]
fn it_is_found_in_a_full_window() {
    for position in [0, 1, 10, 19] {
        let mut case = Case::online(bad);
        for n in 0..20_u8 {
            let topic = if n == position { "/bad" } else { "/good" };
            case.net.device.publish(topic, &[n], SURE).unwrap();
        }
        case.run(60_000);
        assert_eq!(case.given_up().len(), 1, "{position}");
        let mut arrived: Vec<u8> = case.accepted.iter().map(|(_, payload)| payload[0]).collect();
        arrived.dedup();
        let mut once = arrived.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), 19, "{position}: {arrived:?}");
        assert_eq!((case.kicks(), case.net.device.unacknowledged()), (0, 0));
    }
}

#[test]
fn further_messages_to_its_topic_cost_one_session_and_then_none() {
    let mut case = Case::online(bad);
    case.net.device.publish("/bad", b"1", SURE).unwrap();
    case.run(20_000);
    assert_eq!((case.given_up().len(), case.closed), (1, 4));
    case.net.device.publish("/bad", b"2", SURE).unwrap();
    case.run(30_000);
    assert_eq!(case.given_up().len(), 2);
    assert!(case.closed <= 6, "{}", case.closed);
    assert_eq!(case.net.device.publish("/bad", b"3", SURE), Err(SendError::GivenUp));
    assert_eq!(case.net.device.publish("/bad", b"3", ONCE), Err(SendError::GivenUp));
    case.run(301_000);
    assert!(case.net.device.publish("/bad", b"4", SURE).is_ok(), "five minutes are over");
    // The server has changed its mind.
    case.dislikes = |_, _, _| false;
    case.run(5_000);
    assert_eq!(case.has("/bad"), 1);
}

#[test]
fn a_subscription_that_the_server_closes_for_is_forgotten() {
    let mut case = Case::online(bad);
    case.net.device.subscribe("/good/before", SURE).unwrap();
    case.net.device.subscribe("/bad/filter", SURE).unwrap();
    case.net.device.subscribe("/good/after", ONCE).unwrap();
    case.net.device.publish("/good", b"x", SURE).unwrap();
    case.run(30_000);
    assert_eq!(case.given_up(), [(Sent::Subscribe, "/bad/filter", 0)]);
    assert!(case.has("/good/before") > 0 && case.has("/good/after") > 0);
    assert_eq!(case.has("/good"), 1);
    assert_eq!(case.kicks(), 0);
    assert_eq!(case.net.device.subscribe("/bad/filter", ONCE), Err(SendError::GivenUp));
    // It does not come back at the next login.
    let closed = case.closed;
    case.run(20_000);
    case.net.link_lost(104);
    case.run(10_000);
    assert_eq!(case.closed, closed);
    assert!(case.net.device.is_online());
}

#[test]
fn the_end_of_a_subscription_is_given_up_too() {
    let mut case = Case::online(|kind, _, _| kind == Sent::Unsubscribe);
    case.net.device.subscribe("/good", ONCE).unwrap();
    case.run(1_000);
    case.net.device.unsubscribe("/good").unwrap();
    case.run(30_000);
    // A clean session has no subscriptions left: there is nothing to end.
    assert_eq!((case.closed, case.kicks()), (1, 0));
    assert!(case.net.device.is_online());
}

#[test]
fn an_accepted_message_clears_the_strikes() {
    let mut case = Case::online(bad);
    for _ in 0..20 {
        // Two strikes, and then it is accepted.
        let before = case.closed;
        case.dislikes = bad;
        case.net.device.publish("/bad", b"x", SURE).unwrap();
        while case.closed < before + 3 {
            case.run(200);
        }
        case.dislikes = |_, _, _| false;
        case.run(30_000);
    }
    assert_eq!(case.given_up(), []);
    assert_eq!(case.has("/bad"), 20);
    assert_eq!(case.kicks(), 0);
}

#[test]
fn a_server_that_closes_whatever_is_sent_is_no_culprits_fault() {
    // It closes before it has answered the first ping: that is no message's fault.
    let mut case = Case::online(|_, _, _| false);
    case.net.device.publish("/good", b"x", SURE).unwrap();
    for _ in 0..8 {
        while !case.net.device.is_online() {
            case.net.answers_pings = false;
            case.run(100);
        }
        case.net.link_lost(0);
        case.told.extend(case.net.take_told());
    }
    assert_eq!(case.given_up(), []);
    assert!(case.kicks() > 0, "it looks like a second device");
    case.net.answers_pings = true;
    case.run(600_000);
    assert_eq!(case.has("/good"), 1);
}

#[test]
fn a_server_that_acknowledges_nothing_but_answers_pings_holds_nothing_up() {
    let mut net = Net::online();
    net.answers_pings = true;
    for n in 0..5_u8 {
        net.device.publish("/a", &[n], SURE).unwrap();
    }
    net.pump();
    net.link_lost(104);
    net.take_told();
    net.take_sent();
    net.log_in_again(false);
    net.wait(40_000);
    let sent = net.take_sent();
    assert_eq!(sent.len(), 5, "{sent:?}");
    assert_eq!(net.device.unacknowledged(), 5);
    net.tells([]);
}

/// Half an hour of two devices with one identity, on a server that closes the older session at each login, while both
/// publish: how often each was told of it, and how much was given up.
fn fight(qos: Qos, every: u32, seeds: [u32; 2]) -> ([usize; 2], usize) {
    let mut cases = seeds.map(|seed| {
        let mut case = Case::new(|_, _, _| false);
        case.net = Net::seeded(Sizes::default(), seed);
        case.net.answers_pings = true;
        case.net.device.connect(&aliyun_login(), Options::default(), case.net.now).unwrap();
        case
    });
    for moment in (0..1_800_000).step_by(50) {
        for me in 0..2 {
            if moment % every == 0 {
                let _ = cases[me].net.device.publish("/good", b"x", qos);
            }
            let before = cases[me].logins;
            cases[me].settle();
            if cases[me].logins > before && cases[1 - me].net.device.is_online() {
                cases[1 - me].net.link_lost(0);
                cases[1 - me].settle();
            }
        }
        for case in &mut cases {
            case.net.wait(50);
        }
    }
    let given_up = cases.iter().map(|case| case.given_up().len()).sum();
    ([cases[0].kicks(), cases[1].kicks()], given_up)
}

#[test]
fn two_devices_that_fight_are_told_so_whatever_they_publish() {
    for (qos, every) in [(ONCE, 1_000), (SURE, 1_000), (ONCE, 200), (SURE, 5_000), (ONCE, 50)] {
        for seeds in [[1, 2], [4711, 4711]] {
            let (kicks, given_up) = fight(qos, every, seeds);
            assert!(kicks.iter().any(|kicks| *kicks >= 3), "{qos:?} each {every} ms, {seeds:?}: {kicks:?}");
            assert_eq!(given_up, 0, "{qos:?} each {every} ms, {seeds:?}");
        }
    }
}

#[test]
fn weeks_of_links_that_break_at_any_moment_give_nothing_up() {
    for (seed, qos) in [(1_u64, ONCE), (2, SURE), (3, SURE)] {
        let mut case = Case::online(|_, _, _| false);
        let mut random = seed;
        let mut draw = move |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        case.delay = 200;
        let week = 7 * 24 * 3_600_000;
        let mut breaks = 0;
        while case.net.elapsed < week {
            let end = case.net.elapsed + draw(60_000);
            while case.net.elapsed < end {
                let topic = ["/a", "/b", "/c"][draw(3) as usize];
                let _ = case.net.device.publish(topic, b"x", qos);
                case.run(draw(3_000).min(end.saturating_sub(case.net.elapsed)));
            }
            if case.net.device.is_online() {
                case.net.take_sent();
                case.net.link_lost(if draw(10) == 0 { 0 } else { 104 });
                breaks += 1;
            }
        }
        assert!(breaks > 10_000);
        assert_eq!(case.given_up(), [], "{seed}");
    }
}
