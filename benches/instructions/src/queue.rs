//! What does a queue cost?

use aliyun_iot::mqtt::Qos;

use crate::packets::{PAYLOAD, TOPIC};
use crate::port::{Port, TX};

/// `n` QoS 0 messages are published while the link is busy; then the link takes them.
pub fn burst(n: usize, count: usize) {
    let mut port = Port::online(TX);
    for _ in 0..count {
        for _ in 0..n {
            port.publish(TOPIC, PAYLOAD, Qos::AtMostOnce);
        }
        port.send();
    }
}
