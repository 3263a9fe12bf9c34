//! What does a message cost whose payload has `n` bytes?

use aliyun_iot::mqtt::Qos;

use crate::packets::{self, TOPIC};
use crate::port::{Port, TX};

/// A publish, until the link has it.
pub fn qos0(n: usize, count: usize) {
    let (mut port, payload) = (Port::online(TX + n), vec![b'x'; n]);
    for _ in 0..count {
        port.publish(TOPIC, &payload, Qos::AtMostOnce);
        port.send();
    }
}

/// A QoS 1 publish, until the user has the event of its PUBACK.
pub fn qos1(n: usize, count: usize) {
    let (mut port, payload) = (Port::online(TX + n), vec![b'x'; n]);
    for _ in 0..count {
        let packet_id = port.publish(TOPIC, &payload, Qos::AtLeastOnce);
        port.send();
        port.receive(&packets::puback(packet_id), 1);
    }
}

/// A message received, until the user has it and it is finished. The copy from the link into the receive buffer counts.
pub fn received(n: usize, count: usize) {
    let mut port = Port::online(TX + n);
    port.subscribe(TOPIC);
    let packet = packets::publish(TOPIC, &vec![b'x'; n], Qos::AtMostOnce);
    for _ in 0..count {
        port.receive(&packet, 1);
    }
}
