//! A port whose network takes and gives what the input says, and which holds the device to its word.

use aliyun_iot::clouds::{self, aliyun};
use aliyun_iot::device::{ConnectError, Device, Event, LinkId, Options};
use aliyun_iot::mqtt::Buffers;
use aliyun_iot::services::{self, call};
use aliyun_iot::time::Instant;

use super::connection::Connection;

pub const PK: &str = "pk";
pub const DN: &str = "dn";

pub struct Memory {
    rx: [u8; 400],
    tx: [u8; 1024],
    subscriptions: [u8; 1024],
}

impl Memory {
    pub const fn new() -> Self {
        Self { rx: [0xee; 400], tx: [0xee; 1024], subscriptions: [0xee; 1024] }
    }

    pub fn device(&mut self) -> Device<'_> {
        Device::new(Buffers { rx: &mut self.rx, tx: &mut self.tx, subscriptions: &mut self.subscriptions }, 7)
    }
}

/// What the device did with the event, and what its last packets were.
pub struct Port<'b> {
    pub device: Device<'b>,
    pub now: Instant,
    /// The link that the port has.
    on: LinkId,
    link: Connection,
    /// The PUBLISH, or whatever else it was, that went out last.
    pub last_sent: Vec<u8>,
    /// All packets that went out, if they are to be kept.
    pub packets: Option<Vec<Vec<u8>>>,
    sent: Vec<u8>,
}

impl<'b> Port<'b> {
    pub fn new(device: Device<'b>) -> Self {
        Self::on(LinkId::Session, device)
    }

    /// The same for another link.
    pub fn on(on: LinkId, device: Device<'b>) -> Self {
        let now = Instant::from_millis(u32::MAX - 5_000);
        Self { device, now, on, link: Connection::new(on), last_sent: Vec::new(), packets: None, sent: Vec::new() }
    }

    /// A device with a session on the platform.
    pub fn online(device: Device<'b>, clean_session: bool) -> Self {
        let mut port = Self::new(device);
        let options = Options { clean_session, ..Options::default() };
        port.device.connect(&aliyun::Login::new(PK, DN, "secret"), options, port.now).unwrap();
        port.log_in();
        assert!(port.device.is_online());
        port
    }

    /// A device with a session on a vendor cloud, which keeps what it sends; `None` if the build has no such cloud.
    pub fn online_at(login: &clouds::vendor::Login, device: Device<'b>) -> Option<Self> {
        let mut port = Self { packets: Some(Vec::new()), ..Self::new(device) };
        port.device.set_clock(1_767_225_540_000, port.now);
        match port.device.connect(login, Options::default(), port.now) {
            Err(ConnectError::Login(clouds::LoginError::Vendor(clouds::vendor::LoginError::Vendor))) => return None,
            connected => connected.unwrap(),
        }
        port.log_in();
        assert!(port.device.is_online());
        Some(port)
    }

    /// Waits for the device to want a link, opens it, and takes the login.
    pub fn log_in(&mut self) {
        self.wait_for_link();
        self.link_up();
        self.feed(b"\x20\x02\x00\x00", 4, &mut |_, _| {});
    }

    pub fn wait_for_link(&mut self) {
        for attempt in 0.. {
            assert!(attempt < 100, "no link is ever wanted");
            self.settle(&mut |_, _| {});
            if self.link.is_wanted() {
                return;
            }
            self.wait();
        }
    }

    /// The same, unless the device comes to rest before.
    pub fn settle_until_wanted(&mut self, each: &mut dyn FnMut(&Event, &mut Wish)) {
        self.settle(each);
        while !self.link.is_wanted() && self.device.deadline(self.now).is_some() {
            self.wait();
            self.settle(each);
        }
    }

    pub fn link_up(&mut self) {
        if self.link.is_wanted() {
            self.link.up(&mut self.device, self.now);
            self.settle(&mut |_, _| {});
        }
    }

    pub fn lose(&mut self) {
        if self.link.is_wanted() {
            self.link.lose(&mut self.device, 0, self.now);
            self.settle(&mut |_, _| {});
        }
    }

    pub fn is_up(&self) -> bool {
        self.link.is_up()
    }

    /// Time goes by until the device wants to be polled.
    pub fn wait(&mut self) {
        if let Some(deadline) = self.device.deadline(self.now) {
            self.now = self.now.after(self.now.until(deadline));
        }
    }

    /// Bytes arrive, so many at a time; `each` sees each event, with the device that it borrows from set aside.
    pub fn feed(&mut self, mut bytes: &[u8], chunk: usize, each: &mut dyn FnMut(&Event, &mut Wish)) {
        while !bytes.is_empty() {
            self.settle(each);
            let count = self.link.give(&mut self.device, &bytes[..bytes.len().min(chunk)], self.now);
            if count == 0 {
                assert!(!self.link.is_up(), "a device at rest on a link takes what arrives");
                return;
            }
            bytes = &bytes[count..];
        }
        self.settle(each);
    }

    /// Everything that is to be done now.
    pub fn settle(&mut self, each: &mut dyn FnMut(&Event, &mut Wish)) {
        for round in 0.. {
            assert!(round < 1_000, "the device never comes to rest");
            let mut wish = Wish::Nothing;
            let polled = self.device.poll(self.now, |event| {
                check(&event);
                each(&event, &mut wish);
            });
            if polled.is_some() {
                self.grant(&wish);
                continue;
            }
            self.follow();
            if !self.send() && !self.device.deadline(self.now).is_some_and(|deadline| self.now.reached(deadline)) {
                return;
            }
        }
    }

    fn grant(&mut self, wish: &Wish) {
        match wish {
            Wish::Nothing => {}
            Wish::Answer(code, data) => {
                let _ = self.device.call().answer(*code, data.as_bytes());
            }
            Wish::FillBlock => {
                if let Some(block) = self.device.upload().block() {
                    block.fill(0x55);
                    self.device.upload().filled(self.now);
                }
            }
        }
    }

    fn follow(&mut self) {
        if self.link.follow(&self.device) {
            self.sent.clear();
        }
    }

    /// Takes what the device wants to send, in pieces.
    fn send(&mut self) -> bool {
        let whole = self.device.to_send(self.on).len();
        let taken = self.link.take(&mut self.device, whole.div_ceil(2), self.now);
        if taken.is_empty() {
            return false;
        }
        let count = taken.len();
        self.sent.extend(taken);
        if count == whole {
            self.last_sent = std::mem::take(&mut self.sent);
            if self.on == LinkId::Session {
                let packets = packets(&self.last_sent);
                if let Some(kept) = &mut self.packets {
                    kept.extend(packets.into_iter().map(Vec::from));
                }
            }
        }
        true
    }
}

/// What is to be done while an event is in use.
pub enum Wish {
    Nothing,
    Answer(i32, String),
    FillBlock,
}

/// All that an event points to can be read, and keeps what is promised of it.
fn check(event: &Event) {
    match event {
        Event::Message { topic, payload, .. } => {
            assert!(!topic.is_empty() && !topic.contains(['+', '#', '\0']));
            std::hint::black_box(payload.iter().map(|byte| usize::from(*byte)).sum::<usize>());
        }
        Event::Service(services::Event::Call(
            call::Event::SetProperties { params, .. } | call::Event::Service { params, .. },
        )) => assert!(super::json::is_json(params)),
        Event::Oversize { needed, .. } => assert!(*needed > 400),
        _ => {}
    }
}

/// What is sent until nothing waits is whole packets of MQTT.
fn packets(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut packets = Vec::new();
    while !bytes.is_empty() {
        let (mut length, mut at) = (0, 1);
        loop {
            length |= usize::from(bytes[at] & 0x7f) << (7 * (at - 1));
            at += 1;
            if bytes[at - 1] & 0x80 == 0 {
                break;
            }
        }
        let (packet, rest) = bytes.split_at(at + length);
        packets.push(packet);
        bytes = rest;
    }
    packets
}

/// A PUBLISH at QoS 0.
pub fn publish(topic: &str, payload: &[u8]) -> Vec<u8> {
    let mut rest = 2 + topic.len() + payload.len();
    let mut packet = vec![0x30];
    loop {
        let byte = (rest & 0x7f) as u8;
        rest >>= 7;
        packet.push(if rest > 0 { byte | 0x80 } else { byte });
        if rest == 0 {
            break;
        }
    }
    packet.extend((topic.len() as u16).to_be_bytes());
    packet.extend(topic.as_bytes());
    packet.extend(payload);
    packet
}
