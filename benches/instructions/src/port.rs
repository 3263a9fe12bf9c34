//! A device that is online, and its link. Nothing is behind the link: what is sent goes nowhere.

use std::hint::black_box;

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::aliyun::Login;
use aliyun_iot::device::{Buffers, Device, Event, LinkId, LinkWanted, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::time::Instant;

use crate::packets;

const NOW: Instant = Instant::from_millis(0);
/// A send buffer as a device with 20 messages in flight has it.
pub const TX: usize = 4096;
/// What the largest operation needs: to receive a payload of 256 KiB, and 200 filters.
const RX: usize = 300 * 1024;
const SUBSCRIPTIONS: usize = 16 * 1024;

pub struct Port {
    device: Device<'static>,
}

impl Port {
    /// With `tx` bytes of send buffer.
    pub fn online(tx: usize) -> Self {
        let buffer = |size| Vec::leak(vec![0; size]);
        let buffers = Buffers { rx: buffer(RX), tx: buffer(tx), subscriptions: buffer(SUBSCRIPTIONS) };
        let mut port = Port { device: Device::new(buffers, 1) };
        let secret = "0123456789abcdef0123456789abcdef";
        let credentials = Login::new("a1B2c3D4e5F", "thermometer-0000000001", secret);
        port.device.connect(&credentials, Options::default(), NOW).expect("credentials");
        let LinkWanted::Open { attempt, .. } = port.device.link(LinkId::Session) else { panic!("no link is wanted") };
        port.device.link_up(LinkId::Session, attempt, NOW);
        port.send();
        port.receive(&packets::CONNACK, 1);
        port
    }

    /// Subscribes, until the user has the answer.
    pub fn subscribe(&mut self, filter: &str) {
        self.device.subscribe(filter, Qos::AtMostOnce).expect("a filter");
        let suback = packets::suback(self.device.to_send(LinkId::Session));
        self.send();
        self.receive(&suback, 1);
    }

    /// Publishes without sending; returns the packet identifier.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> u16 {
        // The compiler must not see the constants: it would check the topic while it compiles.
        self.device.publish(black_box(topic), black_box(payload), qos).expect("room")
    }

    /// Posts properties without sending.
    pub fn post(&mut self, params: &str) {
        self.device.model().post_properties(black_box(params), Reply::Ignored, NOW).expect("properties");
    }

    /// Has the link take all that waits.
    pub fn send(&mut self) {
        loop {
            let bytes = black_box(self.device.to_send(LinkId::Session));
            let count = bytes.len();
            if count == 0 {
                return;
            }
            self.device.sent(LinkId::Session, count, NOW);
        }
    }

    /// Reads `bytes` from the link at once and polls to the end, which must give so many `events`.
    pub fn receive(&mut self, bytes: &[u8], events: usize) {
        let space = self.device.space(LinkId::Session);
        space[..bytes.len()].copy_from_slice(bytes);
        self.device.received(LinkId::Session, bytes.len(), NOW);
        let mut found = 0;
        while let Some(event) = self.device.poll(NOW) {
            assert!(!matches!(black_box(&event), Event::Failed { .. } | Event::Disconnected(_)), "{event:?}");
            found += 1;
        }
        assert_eq!(found, events, "events");
    }
}
