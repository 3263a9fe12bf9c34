//! Uploads: what is asked and sent, what each answer does, and what a lost link costs.

use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::thing::{File, SIZE_MAX, UploadError, crc64};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Sizes, Told, message};
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
    let place = net.device.upload_block().expect("no block is wanted");
    let length = place.len();
    place.copy_from_slice(&content[offset..offset + length]);
    net.device.upload_filled(net.now);
}

/// A device whose upload of `content` was accepted.
fn begun(content: &[u8], block: u32) -> Net {
    let mut net = Net::online();
    net.answers_pings = true;
    net.device.upload(file(content), block).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.welcome()]);
    net
}

fn uploaded() -> Told {
    Told::Uploaded("up-1".into())
}

#[test]
fn a_file_goes_block_by_block() {
    let content = content(700);
    let mut net = Net::online();
    net.device.upload(file(&content), 256).unwrap();
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
    assert!(net.device.upload_block().is_none());
    // And another one, on the same link.
    net.device.upload(file(&content), 256).unwrap();
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
    assert_eq!(net.device.upload(good, 256), Err(UploadError::NotConnected));
    net.connect(Options::default());
    let long = "x".repeat(101);
    for name in ["", "_a", ".a", "a-b", "a/b", "a b", "é", &long] {
        assert_eq!(net.device.upload(File { name, ..good }, 256), Err(UploadError::Name), "{name}");
    }
    for size in [0, SIZE_MAX + 1, u32::MAX] {
        assert_eq!(net.device.upload(File { size, ..good }, 256), Err(UploadError::Size), "{size}");
    }
    for block in [0, 255, 131_073] {
        assert_eq!(net.device.upload(good, block), Err(UploadError::Block), "{block}");
    }
    net.sends([]);
    net.device.upload(File { name: &long[1..], size: SIZE_MAX, ..good }, 256).unwrap();
    assert_eq!(net.device.upload(good, 256), Err(UploadError::Busy));

    let mut net = Net::online_plain(60, true);
    assert_eq!(net.device.upload(good, 256), Err(UploadError::NoThing));
}

#[test]
fn blocks_larger_than_the_send_buffer_say_what_they_need() {
    let content = content(3_000);
    let mut net = Net::online_with(Sizes { tx: 1_024, ..Sizes::default() });
    let Err(UploadError::TooLarge { needed }) = net.device.upload(file(&content), 2_048) else { panic!() };
    for (tx, fits) in [(needed - 1, false), (needed, true)] {
        let mut net = Net::online_with(Sizes { tx, ..Sizes::default() });
        assert_eq!(net.device.upload(file(&content), 2_048).is_ok(), fits);
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
    // A small file needs no room for a large block.
    assert!(net.device.upload(file(&content[..300]), 131_072).is_ok());
}

#[test]
fn what_is_begun_before_the_session_is_up_waits_for_it() {
    let content = content(10);
    let mut net = Net::new();
    net.device.connect(&crate::net::aliyun_login(), Options::default(), net.now).unwrap();
    net.device.upload(file(&content), 256).unwrap();
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    request(&mut net, "init");
}

// ---- What the platform answers ----

#[test]
fn a_block_that_arrived_damaged_is_sent_again() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78121, json!({}))]);
    let again = block(&mut net, &content);
    assert_eq!((&again.id, &again.params, &again.data), (&first.id, &first.params, &first.data));
    net.arrives([again.thanks()]);
    assert_eq!(block(&mut net, &content).offset(), 256);
}

#[test]
fn a_block_that_always_arrives_damaged_ends_the_upload() {
    let content = content(600);
    let mut net = begun(&content, 256);
    for _ in 0..5 {
        let block = block(&mut net, &content);
        net.arrives([block.reply(78121, json!({}))]);
    }
    net.tells([Told::UploadFailed(78121)]);
    let cancel = request(&mut net, "cancel");
    assert_eq!(cancel.params, json!({"uploadId": "up-1"}));
    net.device.upload(file(&content), 256).unwrap();
}

#[test]
fn a_block_that_is_there_already_is_not_sent_again() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78126, json!({}))]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
    net.arrives([second.thanks()]);
    let last = block(&mut net, &content);
    net.arrives([last.reply(78126, json!({}))]);
    net.tells([uploaded()]);
}

#[test]
fn the_upload_goes_on_where_the_platform_says() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.thanks()]);
    let second = block(&mut net, &content);
    net.arrives([second.reply(78119, json!({"uploadId": "up-1", "offset": 100}))]);
    assert_eq!(block(&mut net, &content).offset(), 100);

    // A platform that knows the upload's id already has a part of the file.
    let mut net = Net::online();
    net.device.upload(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(200, json!({"uploadId": "up-1", "offset": 512}))]);
    let last = block(&mut net, &content);
    assert_eq!((last.offset(), last.data.len()), (512, 88));
    net.arrives([last.thanks()]);
    net.tells([uploaded()]);

    // Or all of it.
    net.device.upload(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(200, json!({"uploadId": "up-1", "offset": 600}))]);
    net.tells([uploaded()]);
}

#[test]
fn an_upload_that_the_platform_has_lost_begins_anew() {
    // No such task; an offset without the right one; one that leads nowhere.
    for (code, data) in [(78122, json!({})), (78119, json!({})), (78119, json!({"offset": 256})), (78119, json!(null))]
    {
        let content = content(600);
        let mut net = Net::online();
        net.device.upload(file(&content), 256).unwrap();
        let mut init = request(&mut net, "init");
        for _ in 0..3 {
            net.arrives([init.welcome()]);
            let first = block(&mut net, &content);
            assert_eq!(first.offset(), 0);
            net.arrives([first.thanks()]);
            let second = block(&mut net, &content);
            net.arrives([second.reply(code, data.clone())]);
            let anew = request(&mut net, "init");
            assert_ne!(anew.params["initUid"], init.params["initUid"], "the old one is lost");
            init = anew;
        }
        net.arrives([init.welcome()]);
        let first = block(&mut net, &content);
        net.arrives([first.thanks()]);
        let second = block(&mut net, &content);
        net.arrives([second.reply(code, data)]);
        net.tells([Told::UploadFailed(code)]);
        request(&mut net, "cancel");
    }
}

#[test]
fn a_finished_upload_is_finished() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.reply(78124, json!({}))]);
    net.tells([uploaded()]);
    net.sends([]);
}

#[test]
fn a_file_whose_sum_is_wrong_on_the_other_side_has_failed() {
    let content = content(100);
    let sum = sum64(&content);
    let right = json!({"complete": true, "ficMode": "crc64", "ficValueServer": format!("{sum:016X}")});
    let wrong = json!({"complete": true, "ficMode": "crc64", "ficValueServer": format!("{:016x}", sum ^ 1)});
    for (code, data, told) in [
        (200, right, uploaded()),
        (200, wrong, Told::UploadFailed(78125)),
        (78125, json!({}), Told::UploadFailed(78125)),
    ] {
        let mut net = begun(&content, 256);
        let only = block(&mut net, &content);
        net.arrives([only.reply(code, data)]);
        net.tells([told]);
    }
}

#[test]
fn too_fast_means_slower() {
    for code in [78127, 429, 500] {
        let content = content(600);
        let mut net = begun(&content, 256);
        let mut last = block(&mut net, &content);
        for seconds in [2, 4, 8, 16] {
            net.arrives([last.reply(code, json!({}))]);
            net.wait(seconds * 1_000 - 1);
            net.tells([]);
            net.wait(1);
            let again = block(&mut net, &content);
            assert_eq!((&again.id, &again.data), (&last.id, &last.data));
            last = again;
        }
        net.arrives([last.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
    }
    // Of the request for an upload as well.
    let mut net = Net::online();
    net.device.upload(file(b"x"), 256).unwrap();
    let init = request(&mut net, "init");
    net.arrives([init.reply(429, json!({}))]);
    net.wait(2_000);
    let again = request(&mut net, "init");
    assert_eq!((init.id, init.params), (again.id, again.params));
}

#[test]
fn every_other_code_ends_the_upload_at_once() {
    for code in [400, 460, 78117, 78118, 78120, 78123, 4_711, -1] {
        let mut net = Net::online();
        net.device.upload(file(b"x"), 256).unwrap();
        let init = request(&mut net, "init");
        net.arrives([init.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
        net.sends([]);

        let content = content(300);
        let mut net = begun(&content, 256);
        let first = block(&mut net, &content);
        net.arrives([first.reply(code, json!({}))]);
        net.tells([Told::UploadFailed(code)]);
        request(&mut net, "cancel");
    }
}

#[test]
fn an_upload_needs_an_id() {
    for data in [json!({}), json!({"uploadId": ""}), json!({"uploadId": "x".repeat(65)}), json!([]), json!(null)] {
        let mut net = Net::online();
        net.device.upload(file(b"x"), 256).unwrap();
        let init = request(&mut net, "init");
        net.arrives([init.reply(200, data.clone())]);
        net.tells([Told::UploadFailed(0)]);
        net.sends([]);
    }
}

#[test]
fn replies_to_others_and_replies_that_are_none_are_ignored() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    let mut stranger = first.clone();
    stranger.id = "1".into();
    net.arrives([stranger.thanks(), stranger.reply(78125, json!({}))]);
    for payload in ["", "{", "[]", "{}", &json!({"id": first.id}).to_string(), &json!({"code": 200}).to_string()] {
        net.arrives([qos0(&topic("send_reply"), payload.as_bytes())]);
    }
    net.tells([]);
    net.arrives([first.thanks(), first.thanks()]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
    net.arrives([first.thanks()]);
    net.tells([]);
    net.arrives([second.thanks()]);
    assert_eq!(block(&mut net, &content).offset(), 512);
}

#[test]
fn uploads_of_the_scripts_own_making_are_left_to_it() {
    let mut net = Net::online();
    net.device.subscribe(&topic("send_reply"), Qos::AtMostOnce).unwrap();
    let id = packet_id(&net.sends_one());
    net.arrives([suback(id, Some(0)), qos0(&topic("send_reply"), b"{\"id\":\"7\",\"code\":200}")]);
    let told = net.take_told();
    assert_eq!(told[1..], [message(&topic("send_reply"), b"{\"id\":\"7\",\"code\":200}")]);
}

// ---- Silence and lost links ----

#[test]
fn what_is_not_answered_is_sent_five_times() {
    let content = content(600);
    let mut net = Net::online();
    net.answers_pings = true;
    net.device.upload(file(&content), 256).unwrap();
    let mut init = request(&mut net, "init");
    for _ in 0..4 {
        net.wait(9_999);
        net.sends([]);
        net.wait(1);
        let again = request(&mut net, "init");
        assert_eq!((&init.id, &init.params), (&again.id, &again.params));
        init = again;
    }
    net.arrives([init.welcome()]);
    let first = block(&mut net, &content);
    for _ in 0..4 {
        net.wait(9_999);
        net.tells([]);
        net.wait(1);
        let again = block(&mut net, &content);
        assert_eq!((&again.id, &again.data), (&first.id, &first.data));
    }
    net.wait(10_000);
    net.tells([Told::UploadFailed(0)]);
    request(&mut net, "cancel");
    net.arrives([first.thanks()]);
    net.wait(60_000);
    net.tells([]);
    net.sends([]);
}

#[test]
fn a_late_reply_counts() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.wait(10_000);
    let again = block(&mut net, &content);
    net.arrives([first.thanks(), again.reply(78126, json!({}))]);
    let second = block(&mut net, &content);
    assert_eq!(second.offset(), 256);
}

#[test]
fn the_time_runs_from_when_the_block_has_left() {
    let content = content(2_000);
    let mut net = begun(&content, 2_000);
    let (offset, _) = asked(&mut net);
    net.takes = 0;
    fill(&mut net, &content, offset);
    for _ in 0..60 {
        net.wait(1_000);
    }
    net.takes = usize::MAX;
    let block = request(&mut net, "send");
    net.wait(9_999);
    net.tells([]);
    net.arrives([block.thanks()]);
    net.tells([uploaded()]);
}

#[track_caller]
fn cut(net: &mut Net) {
    net.link_lost(104);
    net.tells([Told::Disconnected(Loss::Link(104))]);
    net.wait_for_link();
    net.log_in(false);
}

#[test]
fn a_request_for_an_upload_is_sent_again_on_the_next_link() {
    let content = content(600);
    let mut net = Net::online();
    net.device.upload(file(&content), 256).unwrap();
    let init = request(&mut net, "init");
    cut(&mut net);
    net.tells([Told::Connected { again: true, session_present: false }]);
    let sent = net.take_sent();
    assert!(matches!(sent[..], [Packet::Subscribe(_), Packet::Subscribe(_), _]), "{sent:?}");
    let again = Request::read(&sent[2]);
    assert_eq!(init.params, again.params);
    net.arrives([again.welcome()]);
    block(&mut net, &content);
}

#[test]
fn a_block_is_asked_for_again_on_the_next_link() {
    let content = content(600);
    let mut net = begun(&content, 256);
    assert_eq!(asked(&mut net).0, 0);
    cut(&mut net);
    let told = net.take_told();
    let (up, block) =
        (Told::Connected { again: true, session_present: false }, Told::UploadBlock { offset: 0, length: 256 });
    assert_eq!(told, [up, block]);
    let sent = net.take_sent();
    assert!(matches!(sent[..], [Packet::Subscribe(_), Packet::Subscribe(_)]), "{sent:?}");
    fill(&mut net, &content, 0);
    request(&mut net, "send");
    // One that was wanted on the old link is not wanted on no link.
    net.device.close(net.now);
    assert!(net.device.upload_block().is_none());
    net.device.upload_filled(net.now);
}

#[test]
fn a_lost_link_costs_the_block_that_was_under_way() {
    let content = content(600);
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.arrives([first.thanks()]);
    let second = block(&mut net, &content);
    net.link_lost(104);
    net.tells([Told::Disconnected(Loss::Link(104))]);
    assert!(net.device.upload_block().is_none());
    net.wait_for_link();
    net.log_in(false);
    let told = net.take_told();
    let (up, wanted) =
        (Told::Connected { again: true, session_present: false }, Told::UploadBlock { offset: 256, length: 256 });
    assert_eq!(told, [up, wanted]);
    net.take_sent();
    fill(&mut net, &content, 256);
    let again = request(&mut net, "send");
    assert_eq!((&again.params, &again.data), (&second.params, &second.data));
    assert_ne!(again.id, second.id, "an answer of the old link may still come");
    net.arrives([again.reply(78126, json!({}))]);
    let last = block(&mut net, &content);
    net.arrives([last.thanks()]);
    net.tells([uploaded()]);
}

// ---- Ends ----

#[test]
fn an_upload_can_be_given_up() {
    let content = content(600);
    // Nothing to give up.
    let mut net = Net::online();
    net.device.cancel_upload();
    net.sends([]);
    // Before the platform knows of it.
    net.device.upload(file(&content), 256).unwrap();
    net.device.cancel_upload();
    net.sends([]);
    // While a block is asked for: what waits behind it goes.
    let mut net = begun(&content, 256);
    asked(&mut net);
    net.device.publish("/a", b"x", Qos::AtMostOnce).unwrap();
    net.sends([]);
    net.device.cancel_upload();
    assert!(net.device.upload_block().is_none());
    let sent = net.take_sent();
    assert_eq!(sent[0], qos0("/a", b"x"));
    assert_eq!(Request::read(&sent[1]).what, "cancel");
    // While a block is under way.
    let mut net = begun(&content, 256);
    let first = block(&mut net, &content);
    net.device.cancel_upload();
    let cancel = request(&mut net, "cancel");
    net.arrives([first.thanks(), cancel.reply(200, json!({"uploadId": "up-1"}))]);
    net.tells([]);
    // And then there can be another one.
    net.device.upload(file(&content), 256).unwrap();
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
    net.device.upload(file(&content), 2_000).unwrap();
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

// ---- Whatever happens ----

/// A platform that keeps to its own rules.
#[derive(Default)]
struct Platform {
    uid: String,
    got: Vec<u8>,
}

impl Platform {
    fn answer(&mut self, request: &Request, size: usize) -> Packet {
        if request.what == "init" {
            let uid = request.params["initUid"].as_str().unwrap();
            if uid != self.uid {
                self.uid = uid.into();
                self.got.clear();
            }
            return request.reply(200, json!({"uploadId": format!("u{uid}"), "offset": self.got.len()}));
        }
        assert_eq!(request.params["uploadId"], format!("u{}", self.uid));
        let offset = request.offset() as usize;
        if offset == self.got.len() {
            self.got.extend_from_slice(&request.data);
            let data = json!({"offset": offset, "complete": self.got.len() == size});
            request.reply(200, data)
        } else if offset + request.data.len() <= self.got.len() {
            request.reply(78126, json!({}))
        } else {
            request.reply(78119, json!({"offset": self.got.len()}))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whatever_is_lost_the_file_arrives(
        size in 1_usize..3_000,
        block in 256_u32..1_024,
        luck in proptest::collection::vec(0_u8..12, 0..40),
    ) {
        let content = content(size);
        let mut net = Net::online_with(Sizes { rx: 2048, ..Sizes::default() });
        net.answers_pings = true;
        let mut platform = Platform::default();
        let (mut luck, mut bad) = (luck.into_iter(), 0);
        net.device.upload(file(&content), block).unwrap();
        for round in 0.. {
            prop_assert!(round < 1_000, "no end");
            let mut done = false;
            for told in net.take_told() {
                match told {
                    Told::UploadBlock { offset, .. } if net.device.upload_block().is_some() => {
                        fill(&mut net, &content, offset as usize);
                    }
                    Told::Uploaded(_) => done = true,
                    Told::UploadFailed(code) => panic!("failed with {code}"),
                    _ => {}
                }
            }
            if done {
                break;
            }
            let requests = requests(&mut net);
            // Five times without an answer is the end of it.
            let mut unlucky = luck.next();
            if matches!(unlucky, Some(2..=4)) {
                bad += 1;
                unlucky = unlucky.filter(|_| bad < 5);
            }
            match unlucky {
                // What was sent is lost with the link, or the answer is.
                Some(0) => net.link_lost(104),
                Some(1) => {
                    for request in &requests {
                        platform.answer(request, size);
                    }
                    net.link_lost(104);
                }
                // A message is lost on its way, or the answer is.
                Some(2) => {}
                Some(3) => {
                    for request in &requests {
                        platform.answer(request, size);
                    }
                }
                Some(4) => {
                    for request in &requests {
                        if request.what == "send" {
                            net.arrives([request.reply(78121, json!({}))]);
                        }
                    }
                }
                // The platform forgets.
                Some(5) if requests.iter().any(|request| request.what == "send") && round < 4 => {
                    platform = Platform::default();
                    net.arrives([requests[0].reply(78122, json!({}))]);
                }
                _ => {
                    for request in &requests {
                        let answer = platform.answer(request, size);
                        net.arrives([answer]);
                    }
                }
            }
            net.pump();
            if net.attempt().is_none() {
                net.wait_for_link();
                net.log_in(false);
            } else if net.due_in().is_some_and(|due| due > 0) && requests.is_empty() {
                net.wait_until_due();
            }
        }
        prop_assert_eq!(platform.got, content);
    }
}
