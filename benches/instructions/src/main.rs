//! `instructions <operation> <count>`: has the core do one thing `count` times, for callgrind to count.

mod port;

use std::process::ExitCode;

use aliyun_iot::mqtt::Qos;
use port::Port;

/// 47 bytes.
const TOPIC: &str = "/a1B2c3D4e5F/thermometer-0000000001/user/report";
const PAYLOAD: &[u8; 64] = br#"{"temperature":21.5,"humidity":40,"battery":97,"uptime":1234567}"#;

const SET_TOPIC: &str = "/sys/a1B2c3D4e5F/thermometer-0000000001/thing/service/property/set";
const SET: &[u8] = br#"{"method":"thing.service.property.set","id":"12","params":{"interval":60},"version":"1.0.0"}"#;

/// An operation's name, and how it is done so many times.
type Operation = (&'static str, fn(&mut Port, usize));

const OPERATIONS: [Operation; 6] = [
    // A publish, until the link has taken it.
    ("qos0", |port, count| (0..count).for_each(|_| assert_eq!(port.publish(TOPIC, PAYLOAD, Qos::AtMostOnce), 0))),
    // The same at QoS 1, and its PUBACK until the user has been told.
    ("qos1", |port, count| (0..count).for_each(|_| port.publish_and_puback(TOPIC, PAYLOAD))),
    // A message on a topic subscribed to, until the user has been told and it is done with.
    ("received", |port, count| port.receive(TOPIC, PAYLOAD, Qos::AtMostOnce, count)),
    // The same at QoS 1, until the link has taken its PUBACK.
    ("received1", |port, count| port.receive(TOPIC, PAYLOAD, Qos::AtLeastOnce, count)),
    // Properties posted, until the link has taken them.
    ("post", |port, count| (0..count).for_each(|_| port.post(r#"{"temperature":21.5,"humidity":40}"#))),
    // Properties set by the platform, until the link has taken the answer.
    ("set", |port, count| port.receive(SET_TOPIC, SET, Qos::AtMostOnce, count)),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = match arguments.as_slice() {
        [name, count] => OPERATIONS.iter().find(|(known, _)| known == name).zip(count.parse().ok()),
        _ => None,
    };
    let Some(((_, operation), count)) = asked else {
        eprintln!("usage: instructions {} <count>", OPERATIONS.map(|(name, _)| name).join("|"));
        return ExitCode::FAILURE;
    };
    operation(&mut Port::online(TOPIC), count);
    ExitCode::SUCCESS
}
