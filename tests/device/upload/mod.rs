//! Uploads: what is asked and sent, what each answer does, and what a lost link costs.

mod links;
mod replies;

use aliyun_iot::clouds::aliyun::Login;
use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::{
    codec::crc::crc64,
    services::upload::{File, SIZE_MAX, UploadError},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Sizes, Told, buffer, message};
use crate::packets::{Packet, packet_id, qos0, suback, subscribe};

fn topic(end: &str) -> String {
    format!("/sys/{PK}/{DN}/thing/file/upload/mqtt/{end}")
}

/// CRC-16/ARC, bit by bit.
fn sum16(data: &[u8]) -> u16 {
    let mut sum = 0_u16;
    for byte in data {
        sum ^= u16::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xa001 } else { sum >> 1 };
        }
    }
    sum
}

/// CRC-64/XZ, bit by bit.
fn sum64(data: &[u8]) -> u64 {
    let mut sum = u64::MAX;
    for byte in data {
        sum ^= u64::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xc96c_5795_d787_0f42 } else { sum >> 1 };
        }
    }
    !sum
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 7 + at / 251) as u8).collect()
}

fn file(content: &[u8]) -> File<'static> {
    File { name: "1.jpg", size: content.len() as u32, crc64: crc64(0, content) }
}

/// A request that the device has sent.
#[derive(Clone, Debug)]
struct Request {
    what: String,
    id: String,
    params: Value,
    data: Vec<u8>,
}

impl Request {
    #[track_caller]
    fn read(packet: &Packet) -> Self {
        let Packet::Publish(publish) = packet else { panic!("{packet:?}") };
        assert_eq!(publish.qos, mqttbytes::QoS::AtMostOnce);
        let what = publish.topic.strip_prefix(&topic("")).expect("a topic of uploads").to_owned();
        let (body, data) = match &what[..] {
            "send" => {
                let (length, rest) = publish.payload.split_at(2);
                let (body, rest) = rest.split_at(usize::from(length[0]) << 8 | usize::from(length[1]));
                let (data, sum) = rest.split_at(rest.len() - 2);
                assert_eq!(sum, sum16(data).to_le_bytes());
                (body, data)
            }
            _ => (&publish.payload[..], &[][..]),
        };
        let body: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        let id = body["id"].as_str().unwrap().to_owned();
        Self { what, id, params: body["params"].clone(), data: data.into() }
    }

    fn reply(&self, code: i32, data: Value) -> Packet {
        let body = json!({"id": self.id, "code": code, "message": "", "data": data});
        qos0(&topic(&format!("{}_reply", self.what)), body.to_string().as_bytes())
    }

    /// The reply to a request for an upload.
    fn welcome(&self) -> Packet {
        self.reply(200, json!({"uploadId": "up-1", "fileName": "1.jpg"}))
    }

    /// The reply to a block.
    fn thanks(&self) -> Packet {
        self.reply(200, json!({"uploadId": "up-1", "offset": self.params["offset"], "bSize": self.params["bSize"]}))
    }

    fn offset(&self) -> u64 {
        assert_eq!(self.what, "send");
        self.params["offset"].as_u64().unwrap()
    }
}

/// What the device has sent, but for the subscriptions to the replies.
#[track_caller]
fn requests(net: &mut Net) -> Vec<Request> {
    let sent = net.take_sent();
    sent.iter().filter(|packet| !matches!(packet, Packet::Subscribe(_))).map(Request::read).collect()
}

#[track_caller]
fn request(net: &mut Net, what: &str) -> Request {
    let requests = requests(net);
    assert_eq!(requests.iter().map(|request| &request.what[..]).collect::<Vec<_>>(), [what]);
    requests[0].clone()
}

/// The device asks for a block, gets it, and sends it.
#[track_caller]
fn block(net: &mut Net, content: &[u8]) -> Request {
    let (offset, length) = asked(net);
    fill(net, content, offset);
    let request = request(net, "send");
    assert_eq!((request.offset(), request.data.len()), (offset as u64, length));
    request
}

/// The block that the device asks for, and nothing else.
#[track_caller]
fn asked(net: &mut Net) -> (usize, usize) {
    let told = net.take_told();
    let [Told::UploadBlock { offset, length }] = told[..] else { panic!("{told:?}") };
    (offset as usize, length as usize)
}

#[track_caller]
fn fill(net: &mut Net, content: &[u8], offset: usize) {
    let place = net.device.upload().block().expect("no block is wanted");
    let length = place.len();
    place.copy_from_slice(&content[offset..offset + length]);
    net.device.upload().filled(net.now);
}

/// A device whose upload of `content` was accepted.
fn begun(content: &[u8], block: u32) -> Net {
    let mut net = Net::online();
    net.answers_pings = true;
    net.device.upload().begin(file(content), block).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.welcome()]);
    net
}

fn uploaded() -> Told {
    Told::Uploaded("up-1".into())
}

#[track_caller]
fn cut(net: &mut Net) {
    // Not right behind what was sent.
    net.wait(5_000);
    net.link_lost(104);
    net.tells([Told::Disconnected(Loss::Link(104))]);
    net.wait_for_link();
    net.log_in(false);
}

#[test]
fn a_file_goes_block_by_block() {
    let content = content(700);
    let mut net = Net::online();
    net.device.upload().begin(file(&content), 256).unwrap();
    let sent = net.take_sent();
    let ids = [packet_id(&sent[0]), packet_id(&sent[1])];
    assert_eq!(sent[0], subscribe(ids[0], &topic("init_reply"), 0));
    assert_eq!(sent[1], subscribe(ids[1], &topic("send_reply"), 0));
    net.arrives([suback(ids[0], Some(0)), suback(ids[1], None)]);
    net.tells([]);
    let init = Request::read(&sent[2]);
    assert_eq!((&init.what[..], sent.len()), ("init", 3));
    let uid = init.params["initUid"].as_str().unwrap();
    assert!(!uid.is_empty() && uid.len() <= 15 && uid.bytes().all(|byte| byte.is_ascii_digit()), "{uid}");
    let expected = json!({
        "fileName": "1.jpg",
        "fileSize": 700,
        "conflictStrategy": "overwrite",
        "ficMode": "crc64",
        "ficValue": format!("{:016x}", sum64(&content)),
        "initUid": uid,
    });
    assert_eq!(init.params, expected);
    net.arrives([init.welcome()]);

    let mut got = Vec::new();
    for (offset, size) in [(0, 256), (256, 256), (512, 188)] {
        let block = block(&mut net, &content);
        let expected = json!({"uploadId": "up-1", "offset": offset, "bSize": size, "isComplete": false});
        assert_eq!(block.params, expected);
        got.extend_from_slice(&block.data);
        net.sends([]);
        net.arrives([block.thanks()]);
    }
    assert_eq!(got, content);
    net.tells([uploaded()]);
    net.sends([]);
    assert!(net.device.upload().block().is_none());
    // And another one, on the same link.
    net.device.upload().begin(file(&content), 256).unwrap();
    let again = request(&mut net, "init");
    assert_ne!(again.params["initUid"], init.params["initUid"]);
    assert_ne!(again.id, init.id);
}

#[test]
fn a_file_of_one_byte_and_one_of_one_block_are_one_block() {
    for size in [1, 255, 256] {
        let content = content(size);
        let mut net = begun(&content, 256);
        let block = block(&mut net, &content);
        assert_eq!(block.data, content);
        net.arrives([block.thanks()]);
        net.tells([uploaded()]);
    }
}

#[test]
fn what_cannot_be_uploaded_is_told_before_a_byte_is_sent() {
    let mut net = Net::new();
    let good = File { name: "a", size: 1, crc64: 0 };
    assert_eq!(net.device.upload().begin(good, 256), Err(UploadError::NotConnected));
    net.connect(Options::default());
    let long = "x".repeat(101);
    for name in ["", "_a", ".a", "a-b", "a/b", "a b", "é", &long] {
        assert_eq!(net.device.upload().begin(File { name, ..good }, 256), Err(UploadError::Name), "{name}");
    }
    for size in [0, SIZE_MAX + 1, u32::MAX] {
        assert_eq!(net.device.upload().begin(File { size, ..good }, 256), Err(UploadError::Size), "{size}");
    }
    for block in [0, 255, 131_073] {
        assert_eq!(net.device.upload().begin(good, block), Err(UploadError::Block), "{block}");
    }
    net.sends([]);
    net.device.upload().begin(File { name: &long[1..], size: SIZE_MAX, ..good }, 256).unwrap();
    assert_eq!(net.device.upload().begin(good, 256), Err(UploadError::Busy));

    let mut net = Net::online_plain(60, true);
    assert_eq!(net.device.upload().begin(good, 256), Err(UploadError::NoService));
}

#[test]
fn blocks_larger_than_the_send_buffer_say_what_they_need() {
    let content = content(3_000);
    let mut net = Net::online_with(Sizes { tx: 1_024, ..Sizes::default() });
    let Err(UploadError::TooLarge { needed }) = net.device.upload().begin(file(&content), 2_048) else { panic!() };
    for (tx, fits) in [(needed - 1, false), (needed, true)] {
        let mut net = Net::online_with(Sizes { tx, ..Sizes::default() });
        assert_eq!(net.device.upload().begin(file(&content), 2_048).is_ok(), fits);
        if fits {
            let init = request(&mut net, "init");
            // The longest id that is taken.
            let id = "i".repeat(64);
            net.arrives([init.reply(200, json!({"uploadId": id}))]);
            for _ in 0..2 {
                let block = block(&mut net, &content);
                net.arrives([block.thanks()]);
            }
            net.tells([Told::Uploaded(id)]);
        }
    }
    // The request for an upload wants room as well, whatever the size of the file.
    let named = File { name: &"n".repeat(100), ..file(&content[..1]) };
    let mut net = Net::with(Sizes { tx: 512, ..Sizes::default() });
    let longest = Login::new("a1b2c3d4e5f6g7h8i9j0", "d23456789-123456789-123456789-12", "secret");
    net.device.connect(&longest, Options::default(), net.now).unwrap();
    net.log_in(false);
    let Err(UploadError::TooLarge { needed }) = net.device.upload().begin(named, 256) else { panic!() };
    net.device.move_tx(buffer(needed)).unwrap();
    net.device.upload().begin(named, 256).unwrap();
    net.wait(1_000);
    let sent = net.take_sent();
    assert!(matches!(&sent[..], [.., Packet::Publish(init)] if init.topic.ends_with("/init")), "{sent:?}");
    // A small file needs no room for a large block.
    let mut net = Net::online_with(Sizes { tx: 1_024, ..Sizes::default() });
    assert!(net.device.upload().begin(file(&content[..300]), 131_072).is_ok());
}

#[test]
fn what_is_begun_before_the_session_is_up_waits_for_it() {
    let content = content(10);
    let mut net = Net::new();
    net.device.connect(&crate::net::aliyun_login(), Options::default(), net.now).unwrap();
    net.device.upload().begin(file(&content), 256).unwrap();
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    request(&mut net, "init");
}

#[test]
fn an_upload_can_be_given_up() {
    let content = content(600);
    // Nothing to give up.
    let mut net = Net::online();
    net.device.upload().cancel();
    net.sends([]);
    // Before the platform knows of it.
    net.device.upload().begin(file(&content), 256).unwrap();
    net.device.upload().cancel();
    net.sends([]);
    // While a block is asked for: what waits behind it goes.
    let mut net = begun(&content, 256);
    asked(&mut net);
    net.device.publish("/a", b"x", Qos::AtMostOnce).unwrap();
    net.sends([]);
    net.device.upload().cancel();
    assert!(net.device.upload().block().is_none());
    let sent = net.take_sent();
    assert_eq!(sent[0], qos0("/a", b"x"));
    assert_eq!(Request::read(&sent[1]).what, "cancel");
    // While a block is under way.
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.device.upload().cancel();
    let cancel = request(&mut net, "cancel");
    net.arrives([first.thanks(), cancel.reply(200, json!({"uploadId": "up-1"}))]);
    net.tells([]);
    // And then there can be another one.
    net.device.upload().begin(file(&content), 256).unwrap();
    request(&mut net, "init");
}

#[test]
fn closing_gives_it_up() {
    let content = content(600);
    for stage in 0..2 {
        let mut net = begun(&content, 256);
        match stage {
            0 => assert_eq!(asked(&mut net), (0, 256)),
            _ => assert_eq!(block(&mut net, &content).offset(), 0),
        }
        net.device.close(net.now);
        let sent = net.take_sent();
        assert_eq!(Request::read(&sent[0]).what, "cancel");
        assert_eq!(sent[1..], [Packet::Disconnect]);
        net.tells([Told::Closed]);
        net.connect(Options::default());
        net.sends([]);
    }
}

#[test]
fn what_is_queued_while_a_block_is_asked_for_goes_behind_it() {
    let content = content(300);
    let mut net = begun(&content, 300);
    let (offset, _) = asked(&mut net);
    net.device.publish("/a", b"x", Qos::AtMostOnce).unwrap();
    net.device.publish("/b", b"y", Qos::AtLeastOnce).unwrap();
    net.sends([]);
    net.wait(60_000);
    net.sends([]);
    fill(&mut net, &content, offset);
    let sent = net.take_sent();
    assert_eq!(Request::read(&sent[0]).data, content);
    assert_eq!(sent.len(), 3);
}

#[test]
fn a_full_outbox_puts_the_block_off() {
    let content = content(2_000);
    let mut net = Net::online_with(Sizes { tx: 4_096, ..Sizes::default() });
    net.answers_pings = true;
    net.device.upload().begin(file(&content), 2_000).unwrap();
    let init = request(&mut net, "init");
    let id = net.device.publish("/a", &[0; 2_000], Qos::AtLeastOnce).unwrap();
    net.take_sent();
    net.arrives([init.welcome()]);
    net.wait(5_000);
    net.tells([]);
    assert!(net.polls < 1_000, "{}", net.polls);
    net.arrives([crate::packets::puback(id)]);
    net.wait(100);
    let told = net.take_told();
    assert_eq!(told, [Told::Delivered(id), Told::UploadBlock { offset: 0, length: 2_000 }]);
}
