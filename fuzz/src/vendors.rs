//! Messages of the vendor clouds, on the topics that the device subscribes to by itself. What is reported of them is JSON, and so
//! is what the device answers.

use aliyun_iot::alink::Reply;
use aliyun_iot::clouds::vendor::Login;
use aliyun_iot::device::Event;
use aliyun_iot::services::{self, call};

use super::input::Input;
use super::json::is_json;
use super::port::{DN, Memory, PK, Port, Wish, publish};

/// The number of vendor clouds.
const VENDORS: u8 = 6;
/// TLINK, whose devices have no secret.
const TLINK: u8 = 6;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let vendor = input.byte() % VENDORS + 1;
    let secret: Option<&[u8]> = Some(b"c2VjcmV0");
    let login = Login {
        vendor: vendor.into(),
        product_id: Some(PK.as_bytes()),
        device_name: Some(DN.as_bytes()),
        device_secret: secret.filter(|_| vendor != TLINK),
        product_secret: secret.filter(|_| vendor == TLINK),
        instance_id: Some(b"core"),
        service_id: Some(b"Lamp"),
        ..Login::default()
    };
    let mut memory = Memory::new();
    let Some(mut port) = Port::online_at(&login, memory.device()) else { return };
    let filters: Vec<String> = port.packets.iter().flatten().filter_map(|packet| filter(packet)).collect();
    // Replies to these are awaited.
    let _ = port.device.model().post_properties(r#"{"1":2,"b":"c"}"#, Reply::Wanted, port.now);
    let _ = port.device.model().post_event("hot", r#"{"a":[1]}"#, Reply::Wanted, port.now);
    let _ = port.device.ntp().ask_time();
    port.settle(&mut |_, _| {});
    while !input.is_empty() {
        let what = input.byte();
        let name = input.byte();
        let middle = String::from_utf8_lossy(input.bytes()).replace(['+', '#', '\0'], "");
        let topic = match filters.get(usize::from(name) % (filters.len() + 1)) {
            Some(filter) => filter.replace(['+', '#'], &middle),
            None => middle,
        };
        if topic.is_empty() {
            continue;
        }
        let code = [200, 0, -1, 429][usize::from(what & 3)];
        let data = ["{}", r#"{"a":1}"#, "[]", "x"][usize::from(what >> 2 & 3)];
        let chunk = if what & 0x10 == 0 { usize::MAX } else { 7 };
        port.feed(&publish(&topic, input.bytes()), chunk, &mut |event, wish| {
            if what & 0x20 == 0 && matches!(event, Event::Service(services::Event::Call(call::Event::Service { .. }))) {
                *wish = Wish::Answer(code, data.into());
            }
        });
        if !port.device.is_online() {
            port.log_in();
        }
    }
    for packet in port.packets.iter().flatten() {
        if let Some(payload) = payload(packet) {
            let text = std::str::from_utf8(payload).unwrap();
            assert!(is_json(text), "{text}");
        }
    }
}

/// The filter of a SUBSCRIBE, which has one.
fn filter(packet: &[u8]) -> Option<String> {
    let (0x82, body) = split(packet) else { return None };
    let filter = &body[4..body.len() - 1];
    Some(String::from_utf8(filter.into()).unwrap())
}

/// The payload of a PUBLISH.
fn payload(packet: &[u8]) -> Option<&[u8]> {
    let (first, body) = split(packet);
    let topic = usize::from(u16::from_be_bytes([*body.first()?, *body.get(1)?]));
    let id = if first & 0x06 == 0 { 0 } else { 2 };
    (first >> 4 == 3).then(|| &body[2 + topic + id..])
}

/// The first byte of a packet, and what is behind its length.
fn split(packet: &[u8]) -> (u8, &[u8]) {
    let length = 1 + packet[1..].iter().take_while(|byte| **byte & 0x80 != 0).count();
    (packet[0], &packet[1 + length..])
}
