//! What does a received message cost with `n` subscriptions? The filters differ from the topic in the last level only, as
//! the topics of one device do; without wildcards they have its length.

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, PAYLOAD, TOPIC};
use crate::port::{Port, TX};

/// The filter that matches is the first.
pub fn first(n: usize, count: usize) {
    receive(n, Some(0), "", count);
}

/// The filter that matches is the last.
pub fn last(n: usize, count: usize) {
    receive(n, n.checked_sub(1), "", count);
}

/// The filter that matches is the last, and the others have a wildcard.
pub fn wildcards(n: usize, count: usize) {
    receive(n, n.checked_sub(1), "/+", count);
}

/// No filter matches, and the message is dropped.
pub fn none(n: usize, count: usize) {
    receive(n, None, "", count);
}

fn receive(n: usize, matching: Option<usize>, wildcard: &str, count: usize) {
    let mut port = Port::online(TX);
    let (levels, _) = TOPIC.rsplit_once('/').expect("levels");
    for number in 0..n {
        match matching == Some(number) {
            true => port.subscribe(TOPIC),
            false => port.subscribe(&format!("{levels}/r{number:05}{wildcard}")),
        }
    }
    let packet = packets::publish(TOPIC, PAYLOAD, Qos::AtMostOnce);
    for _ in 0..count {
        port.receive(&packet, matching.is_some().into());
    }
}
