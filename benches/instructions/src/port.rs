//! A device that is online, and its link. Nothing is behind the link: what is sent goes nowhere.

use std::hint::black_box;

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::aliyun::Login;
use aliyun_iot::device::{Buffers, Device, Event, LinkId, LinkWanted, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::time::Instant;

use crate::packets;

/// A send buffer as a device with 20 messages in flight has it.
pub const TX: usize = 4096;
/// What the largest operation needs: to receive a payload of 256 KiB, and 200 filters.
const RX: usize = 300 * 1024;
const SUBSCRIPTIONS: usize = 16 * 1024;

pub struct Port {
    device: Device<'static>,
    pub now: Instant,
}

impl Port {
    /// With `tx` bytes of send buffer.
    pub fn online(tx: usize) -> Self {
        Self::online_with(tx, &Options::default())
    }

    pub fn online_with(tx: usize, options: &Options) -> Self {
        let buffer = |size| Vec::leak(vec![0; size]);
        let buffers = Buffers { rx: buffer(RX), tx: buffer(tx), subscriptions: buffer(SUBSCRIPTIONS) };
        let mut port = Port { device: Device::new(buffers, 1), now: Instant::from_millis(0) };
        let secret = "0123456789abcdef0123456789abcdef";
        let credentials = Login::new("a1B2c3D4e5F", "thermometer-0000000001", secret);
        port.device.connect(&credentials, *options, port.now).expect("credentials");
        port.log_in();
        port
    }

    /// Opens the link that is wanted, and the server accepts the login.
    fn log_in(&mut self) {
        let attempt = self.attempt().expect("a link is wanted");
        self.device.link_up(LinkId::Session, attempt, self.now);
        self.send();
        self.receive(&packets::CONNACK, 1);
    }

    fn attempt(&self) -> Option<u16> {
        match self.device.link(LinkId::Session) {
            LinkWanted::Open { attempt, .. } => Some(attempt),
            LinkWanted::Closed => None,
        }
    }

    /// The link breaks an hour later, and another one is opened as soon as it is wanted.
    pub fn reconnect(&mut self) {
        self.now = self.now.after(3_600_000);
        let attempt = self.attempt().expect("a link");
        self.device.link_lost(LinkId::Session, attempt, 104, self.now);
        assert_eq!(self.poll(), 1, "events of the loss");
        while self.attempt().is_none() {
            self.now = self.deadline().expect("another attempt");
            self.poll();
        }
        self.log_in();
    }

    /// When the device wants to be polled.
    pub fn deadline(&self) -> Option<Instant> {
        self.device.deadline(self.now)
    }

    /// Subscribes, until the user has the answer.
    pub fn subscribe(&mut self, filter: &str) {
        self.device.subscribe(filter, Qos::AtMostOnce).expect("a filter");
        let subacks = packets::subacks(self.device.to_send(LinkId::Session));
        self.send();
        self.receive(&subacks, 1);
    }

    /// Publishes without sending; returns the packet identifier.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> u16 {
        // The compiler must not see the constants: it would check the topic while it compiles.
        self.device.publish(black_box(topic), black_box(payload), qos).expect("room")
    }

    /// Posts properties without sending.
    pub fn post(&mut self, params: &str) {
        self.device.model().post_properties(black_box(params), Reply::Ignored, self.now).expect("properties");
    }

    /// Has the link take all that waits; returns whether there was anything.
    pub fn send(&mut self) -> bool {
        let mut has_sent = false;
        loop {
            let count = black_box(self.device.to_send(LinkId::Session)).len();
            if count == 0 {
                return has_sent;
            }
            self.device.sent(LinkId::Session, count, self.now);
            has_sent = true;
        }
    }

    /// Answers each SUBSCRIBE that waits. A SUBSCRIBE without a call of the user's gives no event.
    pub fn answer_subscribes(&mut self) {
        loop {
            let subacks = packets::subacks(self.device.to_send(LinkId::Session));
            if !self.send() {
                return;
            }
            self.arrives(&subacks);
            self.poll();
        }
    }

    /// Reads `bytes` from the link at once and polls to the end, which must give so many `events`.
    pub fn receive(&mut self, bytes: &[u8], events: usize) {
        self.arrives(bytes);
        assert_eq!(self.poll(), events, "events");
    }

    fn arrives(&mut self, bytes: &[u8]) {
        let space = self.device.space(LinkId::Session);
        space[..bytes.len()].copy_from_slice(bytes);
        self.device.received(LinkId::Session, bytes.len(), self.now);
    }

    /// Polls to the end; returns the number of events.
    pub fn poll(&mut self) -> usize {
        let mut events = 0;
        let check = |event: Event| assert!(!matches!(black_box(&event), Event::Failed { .. }), "{event:?}");
        while self.device.poll(self.now, check).is_some() {
            events += 1;
        }
        events
    }
}
