//! What the user may publish while there is no session, and how long an attempt at one may take.

use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::{Qos, SendError, WINDOW};

use crate::net::{Net, Sizes, Told, aliyun_login};
use crate::packets::{Packet, dup, puback, qos1};

const SURE: Qos = Qos::AtLeastOnce;

fn queueing(offline_queue: u8) -> Net {
    let mut net = Net::new();
    net.device.connect(&aliyun_login(), Options { offline_queue, ..Options::default() }, net.now).unwrap();
    net
}

/// Publishes `1`, `2` … until one is not taken; how many were, and what was said then.
fn fill(net: &mut Net) -> (u8, SendError) {
    for count in 0.. {
        if let Err(error) = net.device.publish("/a", &[count + 1], SURE) {
            return (count, error);
        }
    }
    unreachable!()
}

#[test]
fn a_bound_in_messages_is_kept_and_told() {
    for bound in [1, 2, 19, 20, 255] {
        let mut net = queueing(bound);
        assert_eq!(fill(&mut net), (bound.min(WINDOW as u8), SendError::Full));
        net.log_in(false);
        let sent: Vec<Packet> = (1..=bound.min(WINDOW as u8)).map(|n| qos1(n.into(), "/a", &[n])).collect();
        assert_eq!(net.take_sent(), sent, "in order, without DUP");
    }
}

#[test]
fn a_bound_in_bytes_is_the_send_buffer() {
    let mut net = Net::with(Sizes { tx: 1_000, ..Sizes::default() });
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    for _ in 0..6 {
        net.device.publish("/a", &[b'x'; 92], SURE).unwrap();
    }
    assert_eq!(net.device.publish("/a", &[b'x'; 92], SURE), Err(SendError::Full), "6 × 100 + 384 bytes");
    net.device.publish("/a", &[b'x'; 8], SURE).unwrap();
    assert_eq!(net.device.publish("/a", &[b'x'; 993], SURE), Err(SendError::TooLarge { needed: 1_386 }), "never fits");
}

#[test]
fn without_a_queue_nothing_is_taken_offline() {
    let mut net = queueing(0);
    assert_eq!(fill(&mut net), (0, SendError::NotConnected));
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    assert_eq!(fill(&mut net), (WINDOW as u8, SendError::Full), "the window is not bounded by it");
    net.take_sent();
    net.loses_link();
    assert_eq!(fill(&mut net), (0, SendError::NotConnected));
    net.log_in_again(false);
    let again: Vec<Packet> = (1..=WINDOW as u8).map(|n| dup(qos1(n.into(), "/a", &[n]))).collect();
    assert_eq!(net.take_sent(), again, "what was taken before is not lost");
}

#[test]
fn what_waits_from_before_counts() {
    let mut net = queueing(3);
    net.log_in(false);
    net.take_told();
    net.device.publish("/a", b"x", SURE).unwrap();
    net.device.publish("/a", b"y", SURE).unwrap();
    net.take_sent();
    net.arrives([puback(1)]);
    net.loses_link_after([Told::Delivered(1)]);
    assert_eq!(fill(&mut net), (2, SendError::Full));
    net.log_in_again(false);
    net.sends([dup(qos1(2, "/a", b"y")), qos1(3, "/a", &[1]), qos1(4, "/a", &[2])]);
}

#[test]
fn an_attempt_takes_no_longer_than_the_user_says_whatever_it_hangs_in() {
    for (seconds, options) in [
        (10, Options::default()),
        (3, Options { connect_timeout: 3_000, ..Options::default() }),
        (65, Options { connect_timeout: 65_000, ..Options::default() }),
    ] {
        for hangs_in_mqtt in [false, true] {
            let mut net = Net::new();
            net.device.connect(&aliyun_login(), options, net.now).unwrap();
            for _ in 0..3 {
                net.wait_for_link();
                let start = net.elapsed;
                if hangs_in_mqtt {
                    // DNS, TCP and TLS took most of the time.
                    net.wait(seconds * 1_000 - 1);
                    net.link_up();
                    assert!(matches!(net.sends_one(), Packet::Connect(_)));
                }
                net.wait_for_news();
                net.tells([Told::Failed(Loss::Timeout)]);
                assert_eq!(net.elapsed - start, u64::from(seconds) * 1_000);
                assert_eq!(net.attempt(), None, "the port is to give it up");
            }
        }
    }
}
