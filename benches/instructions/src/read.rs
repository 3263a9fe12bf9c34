//! What does one read cost that brings many messages?

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, PAYLOAD, TOPIC};
use crate::port::{Port, TX};

/// One read brings `n` messages; the user gets each.
pub fn burst(n: usize, count: usize) {
    let mut port = Port::online(TX);
    port.subscribe(TOPIC);
    let packets = packets::publish(TOPIC, PAYLOAD, Qos::AtMostOnce).repeat(n);
    for _ in 0..count {
        port.receive(&packets, n);
    }
}
