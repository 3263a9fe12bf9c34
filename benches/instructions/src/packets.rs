//! The packets that a server sends, and the texts of both directions.

use aliyun_iot::mqtt::Qos;

/// 47 bytes.
pub const TOPIC: &str = "/a1B2c3D4e5F/thermometer-0000000001/user/report";
pub const PAYLOAD: &[u8; 64] = br#"{"temperature":21.5,"humidity":40,"battery":97,"uptime":1234567}"#;

pub const SET_TOPIC: &str = "/sys/a1B2c3D4e5F/thermometer-0000000001/thing/service/property/set";
pub const SET: &[u8] =
    br#"{"method":"thing.service.property.set","id":"12","params":{"interval":60},"version":"1.0.0"}"#;

pub const CONNACK: [u8; 4] = [0x20, 2, 0, 0];
pub const PINGRESP: [u8; 2] = [0xd0, 0];

pub fn publish(topic: &str, payload: &[u8], qos: Qos) -> Vec<u8> {
    let (first, identifier): (u8, &[u8]) = match qos {
        Qos::AtMostOnce => (0x30, &[]),
        Qos::AtLeastOnce => (0x32, &[0, 1]),
    };
    let body = [&(topic.len() as u16).to_be_bytes(), topic.as_bytes(), identifier, payload].concat();
    let mut packet = vec![first];
    let mut remaining = body.len();
    while remaining > 0x7f {
        packet.push(remaining as u8 | 0x80);
        remaining >>= 7;
    }
    packet.push(remaining as u8);
    packet.extend(body);
    packet
}

pub fn puback(packet_id: u16) -> [u8; 4] {
    let [high, low] = packet_id.to_be_bytes();
    [0x40, 2, high, low]
}

/// The answers to SUBSCRIBEs, each shorter than 128 bytes.
pub fn subacks(mut requests: &[u8]) -> Vec<u8> {
    let mut answers = Vec::new();
    while let [first, remaining, high, low, ..] = requests {
        assert_eq!(*first, 0x82, "a SUBSCRIBE");
        answers.extend([0x90, 3, *high, *low, 0]);
        requests = &requests[2 + usize::from(*remaining)..];
    }
    answers
}
