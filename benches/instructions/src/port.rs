//! What a port does between the core and its link. Here nothing is behind it: what is sent goes nowhere.

use std::hint::black_box;

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::aliyun::Login;
use aliyun_iot::device::{Buffers, Device, Event, LinkId, LinkWanted, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::time::Instant;

const NOW: Instant = Instant::from_millis(0);
const CONNACK: [u8; 4] = [0x20, 2, 0, 0];

pub struct Port {
    device: Device<'static>,
}

impl Port {
    /// A device with a session that has subscribed to `topic`.
    pub fn online(topic: &str) -> Self {
        let buffer = |size| Vec::leak(vec![0; size]);
        let buffers = Buffers { rx: buffer(4096), tx: buffer(4096), subscriptions: buffer(1024) };
        let mut port = Port { device: Device::new(buffers, 1) };
        let secret = "0123456789abcdef0123456789abcdef";
        let credentials = Login::new("a1B2c3D4e5F", "thermometer-0000000001", secret);
        port.device.connect(&credentials, Options::default(), NOW).expect("credentials");
        let LinkWanted::Open { attempt, .. } = port.device.link(LinkId::Session) else { panic!("no link is wanted") };
        port.device.link_up(LinkId::Session, attempt, NOW);
        port.send();
        port.arrives(&CONNACK);
        assert!(port.told(), "connected");
        port.device.subscribe(topic, Qos::AtMostOnce).expect("a topic");
        let suback = match port.device.to_send(LinkId::Session) {
            [0x82, _, high, low, ..] => [0x90, 3, *high, *low, 0],
            other => panic!("{other:?} is no SUBSCRIBE"),
        };
        port.send();
        port.arrives(&suback);
        assert!(port.told(), "subscribed");
        port
    }

    /// Publishes; the packet identifier.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> u16 {
        // What is known when this is compiled would be looked at then.
        let (topic, payload) = (black_box(topic), black_box(payload));
        let packet_id = self.device.publish(topic, payload, qos).expect("room");
        self.send();
        packet_id
    }

    pub fn publish_and_puback(&mut self, topic: &str, payload: &[u8]) {
        let [high, low] = self.publish(topic, payload, Qos::AtLeastOnce).to_be_bytes();
        self.arrives(&[0x40, 2, high, low]);
        assert!(self.told(), "delivered");
    }

    pub fn post(&mut self, params: &str) {
        self.device.model().post_properties(black_box(params), Reply::Ignored, NOW).expect("properties");
        self.send();
    }

    /// The same message `count` times.
    pub fn receive(&mut self, topic: &str, payload: &[u8], qos: Qos, count: usize) {
        let identifier: &[u8] = if qos == Qos::AtLeastOnce { &[0, 1] } else { &[] };
        let length = 2 + topic.len() + identifier.len() + payload.len();
        let mut packet = vec![if qos == Qos::AtLeastOnce { 0x32 } else { 0x30 }];
        packet.extend([length as u8 | 0x80, (length >> 7) as u8].iter().filter(|_| length > 127));
        packet.extend((length <= 127).then_some(length as u8));
        packet.extend((topic.len() as u16).to_be_bytes());
        packet.extend([topic.as_bytes(), identifier, payload].concat());
        for _ in 0..count {
            self.arrives(&packet);
            assert!(self.told(), "a message");
            self.send();
        }
    }

    /// What a read from the link does.
    fn arrives(&mut self, packet: &[u8]) {
        let space = self.device.space(LinkId::Session);
        space[..packet.len()].copy_from_slice(packet);
        self.device.received(LinkId::Session, packet.len(), NOW);
    }

    /// Polls to the end; whether there was something for the user.
    fn told(&mut self) -> bool {
        let mut events = 0;
        while let Some(event) = self.device.poll(NOW) {
            events += usize::from(!matches!(black_box(&event), Event::Failed { .. } | Event::Disconnected(_)));
        }
        events == 1
    }

    /// Writes all that waits.
    fn send(&mut self) {
        loop {
            let packet = black_box(self.device.to_send(LinkId::Session));
            let count = packet.len();
            if count == 0 {
                return;
            }
            self.device.sent(LinkId::Session, count, NOW);
        }
    }
}
