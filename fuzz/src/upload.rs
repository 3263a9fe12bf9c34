//! A file upload whose replies are made up: each byte says what comes next.

use aliyun_iot::device::Event;
use aliyun_iot::services::{self, upload};
use aliyun_iot::{codec::crc::crc64, services::upload::File};

use super::input::Input;
use super::port::{DN, Memory, PK, Port, Wish, publish};

const SIZE: usize = 600;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let mut memory = Memory::new();
    let mut port = Port::online(memory.device(), true);
    let content = [0x55; SIZE];
    let file = File { name: "1.jpg", size: SIZE as u32, crc64: crc64(0, &content) };
    port.device.upload().begin(file, 256).unwrap();
    let mut ended = 0;
    let mut each = |event: &Event, wish: &mut Wish| match event {
        Event::Service(services::Event::Upload(upload::Event::Block { offset, length })) => {
            assert!((*offset + *length) as usize <= SIZE && *length > 0);
            *wish = Wish::FillBlock;
        }
        Event::Service(services::Event::Upload(upload::Event::Done { .. } | upload::Event::Failed { .. })) => {
            ended += 1
        }
        _ => {}
    };
    port.settle(&mut each);
    for _ in 0..24 {
        if input.is_empty() {
            break;
        }
        let what = input.byte();
        match what % 8 {
            0 => reply(&mut port, "init_reply", input.bytes(), &mut each),
            1 => reply(&mut port, "send_reply", input.bytes(), &mut each),
            2 => reply(&mut port, "cancel_reply", input.bytes(), &mut each),
            3 => {
                port.wait();
                port.settle(&mut each);
            }
            4 => {
                port.lose();
                port.log_in();
            }
            5 => port.device.upload().cancel(),
            // What the platform would say, but for a few bytes in it.
            6 => thank(&mut port, input.byte(), input.byte(), &mut each),
            _ => {
                let _ = port.device.upload().begin(file, u32::from(input.byte()) + 200);
                port.settle(&mut each);
            }
        }
        if !port.device.is_online() {
            port.log_in();
        }
    }
    assert!(ended <= data.len());
}

fn reply(port: &mut Port, what: &str, payload: &[u8], each: &mut dyn FnMut(&Event, &mut Wish)) {
    let topic = format!("/sys/{PK}/{DN}/thing/file/upload/mqtt/{what}");
    port.feed(&publish(&topic, payload), usize::MAX, each);
}

/// Takes id, offset and size out of the last request and answers 200.
fn thank(port: &mut Port, at: u8, byte: u8, each: &mut dyn FnMut(&Event, &mut Wish)) {
    let text = String::from_utf8_lossy(&port.last_sent).into_owned();
    let find = |name: &str| {
        let rest = text.split_once(&format!("\"{name}\":"))?.1.trim_start_matches('"');
        rest.split(|c: char| !c.is_ascii_digit()).next().map(str::to_owned)
    };
    let Some(id) = find("id") else { return };
    let (what, data) = match (find("offset"), find("bSize")) {
        (Some(offset), Some(size)) => {
            ("send_reply", format!("\"uploadId\":\"u\",\"offset\":{offset},\"bSize\":{size}"))
        }
        _ => ("init_reply", "\"uploadId\":\"u\",\"fileName\":\"1.jpg\",\"offset\":0".into()),
    };
    let mut payload = format!("{{\"id\":\"{id}\",\"code\":200,\"data\":{{{data}}}}}").into_bytes();
    if let Some(place) = payload.get_mut(usize::from(at)).filter(|_| byte != 0) {
        *place = byte;
    }
    reply(port, what, &payload, each);
}
