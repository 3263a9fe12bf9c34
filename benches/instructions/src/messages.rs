//! What does one message cost?

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, PAYLOAD, SET, SET_TOPIC, TOPIC};
use crate::port::{Port, TX};

/// A publish, until the link has it.
pub fn qos0(count: usize) {
    let mut port = Port::online(TX);
    for _ in 0..count {
        port.publish(TOPIC, PAYLOAD, Qos::AtMostOnce);
        port.send();
    }
}

/// A QoS 1 publish, until the user has the event of its PUBACK.
pub fn qos1(count: usize) {
    let mut port = Port::online(TX);
    for _ in 0..count {
        let packet_id = port.publish(TOPIC, PAYLOAD, Qos::AtLeastOnce);
        port.send();
        port.receive(&packets::puback(packet_id), 1);
    }
}

/// A message that matches the only subscription, until the user has it and it is finished.
pub fn received(count: usize) {
    receive(Some(TOPIC), &packets::publish(TOPIC, PAYLOAD, Qos::AtMostOnce), count);
}

/// The same at QoS 1, until the link has its PUBACK.
pub fn received1(count: usize) {
    receive(Some(TOPIC), &packets::publish(TOPIC, PAYLOAD, Qos::AtLeastOnce), count);
}

/// Properties posted, until the link has them.
pub fn post(count: usize) {
    let mut port = Port::online(TX);
    for _ in 0..count {
        port.post(r#"{"temperature":21.5,"humidity":40}"#);
        port.send();
    }
}

/// Properties set by the platform, until the link has the reply.
pub fn set(count: usize) {
    receive(None, &packets::publish(SET_TOPIC, SET, Qos::AtMostOnce), count);
}

fn receive(filter: Option<&str>, packet: &[u8], count: usize) {
    let mut port = Port::online(TX);
    if let Some(filter) = filter {
        port.subscribe(filter);
    }
    for _ in 0..count {
        port.receive(packet, 1);
        port.send();
    }
}
