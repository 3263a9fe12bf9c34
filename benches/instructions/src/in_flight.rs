//! What does a publish cost while `n` other messages wait for their PUBACK?

use std::collections::VecDeque;

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, PAYLOAD, TOPIC};
use crate::port::{Port, TX};

/// A QoS 0 publish, until the link has it.
pub fn qos0(n: usize, count: usize) {
    let (mut port, _) = with_in_flight(n);
    for _ in 0..count {
        port.publish(TOPIC, PAYLOAD, Qos::AtMostOnce);
        port.send();
    }
}

/// A QoS 1 publish, until the link has it, and the PUBACK of the oldest message.
pub fn qos1(n: usize, count: usize) {
    let (mut port, mut in_flight) = with_in_flight(n);
    for _ in 0..count {
        in_flight.push_back(publish(&mut port));
        let oldest = in_flight.pop_front().expect("at least one");
        port.receive(&packets::puback(oldest), 1);
    }
}

/// The packet identifiers are in the order of the publishes.
fn with_in_flight(n: usize) -> (Port, VecDeque<u16>) {
    let mut port = Port::online(TX);
    let in_flight = (0..n).map(|_| publish(&mut port)).collect();
    (port, in_flight)
}

fn publish(port: &mut Port) -> u16 {
    let packet_id = port.publish(TOPIC, PAYLOAD, Qos::AtLeastOnce);
    port.send();
    packet_id
}
