//! What does a received message cost with `n` subscriptions? The filters begin as the topic does, as those of one device do,
//! and, without a wildcard, have its length.

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, PAYLOAD, TOPIC};
use crate::port::{Port, TX};

/// A filter that does not match.
type Other = fn(number: usize) -> String;

const DEVICE: &str = "/a1B2c3D4e5F/thermometer-0000000001";

/// The last level differs.
fn end(number: usize) -> String {
    format!("{DEVICE}/user/r{number:05}")
}

/// The level before the last differs.
fn middle(number: usize) -> String {
    format!("{DEVICE}/u{number:03}/report")
}

fn wildcard(number: usize) -> String {
    format!("{DEVICE}/user/r{number:05}/+")
}

/// The filter that matches is the first.
pub fn first(n: usize, count: usize) {
    receive(n, Some(0), end, count);
}

/// The filter that matches is the last.
pub fn last(n: usize, count: usize) {
    receive(n, n.checked_sub(1), end, count);
}

/// The same, and the others end as the topic does.
pub fn same_end(n: usize, count: usize) {
    receive(n, n.checked_sub(1), middle, count);
}

/// The same, and the others have a wildcard.
pub fn wildcards(n: usize, count: usize) {
    receive(n, n.checked_sub(1), wildcard, count);
}

/// No filter matches, and the message is dropped.
pub fn none(n: usize, count: usize) {
    receive(n, None, end, count);
}

/// The link breaks; on the next one the server gets all filters again. From the loss to the last answer.
pub fn reconnect(n: usize, count: usize) {
    let mut port = subscribed(n, None, end);
    for _ in 0..count {
        port.reconnect();
        port.answer_subscribes();
    }
}

fn receive(n: usize, matching: Option<usize>, other: Other, count: usize) {
    let mut port = subscribed(n, matching, other);
    let packet = packets::publish(TOPIC, PAYLOAD, Qos::AtMostOnce);
    for _ in 0..count {
        port.receive(&packet, matching.is_some().into());
    }
}

fn subscribed(n: usize, matching: Option<usize>, other: Other) -> Port {
    let mut port = Port::online(TX);
    for number in 0..n {
        match matching == Some(number) {
            true => port.subscribe(TOPIC),
            false => port.subscribe(&other(number)),
        }
    }
    port
}
