//! A registration at a vendor cloud over HTTPS: the first byte says at which and how, the others are the responses.

use aliyun_iot::clouds::vendor::Registration;
use aliyun_iot::device::{Event, LinkId};
use aliyun_iot::services;
use aliyun_iot::services::register;

use super::input::Input;
use super::port::{DN, Memory, PK, Port, Wish};

/// The clouds with registrations, by their numbers in the C ABI.
const CLOUDS: u8 = 3;

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let options = input.byte();
    let registration = Registration {
        vendor: (options % CLOUDS + 1).into(),
        legacy: options & 0x10 != 0,
        product_id: Some(PK.as_bytes()),
        device_name: Some(DN.as_bytes()),
        product_secret: Some(b"ProductSecret0123456789x"),
        user_id: Some(b"12345"),
        user_key: Some(b"c2VjcmV0"),
        instance_id: Some(b"core"),
        project_id: Some(b"project"),
        iam_user: Some(b"user"),
        iam_password: Some(b"password"),
        iam_domain: Some(b"domain"),
        ..Registration::default()
    };
    // The responses of some clouds are larger than those of others.
    let mut scratch = [0xee; 16 * 1024];
    let mut memory = Memory::new();
    let mut port = Port::on(LinkId::Http, memory.device());
    port.device.set_clock(1_767_225_540_000, port.now);
    match port.device.register().begin(&registration, &mut scratch, port.now) {
        // Its signing method may be left out.
        Err(_) if registration.legacy => return,
        begun => begun.unwrap(),
    }
    let mut ended = 0;
    let mut each = |event: &Event, _: &mut Wish| match event {
        Event::Service(services::Event::Register(register::Event::Done { secret, .. })) => {
            assert!(!secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic()), "{secret:?}");
            ended += 1;
        }
        Event::Service(services::Event::Register(register::Event::Certified { certificate, private_key })) => {
            assert!(!certificate.is_empty() && !private_key.is_empty());
            ended += 1;
        }
        Event::Service(services::Event::Register(_)) => ended += 1,
        Event::Failed { .. } => {}
        other => panic!("{other:?}"),
    };
    let chunk = [usize::MAX, 1, 7, 100][usize::from(options >> 5 & 3)];
    // Huawei takes two requests: one response at a time, each on a link of its own.
    while !input.is_empty() {
        port.settle_until_wanted(&mut each);
        if !port.device.register().is_under_way() {
            break;
        }
        port.link_up();
        if options & 0x80 == 0 {
            let status = [200, 201, 401, 500][usize::from(input.byte() & 3)];
            let body = input.bytes();
            let head = format!("HTTP/1.1 {status} x\r\nX-Subject-Token: t\r\nContent-Length: {}\r\n\r\n", body.len());
            port.feed(&[head.as_bytes(), body].concat(), chunk, &mut each);
        } else {
            let count = usize::from(input.number());
            port.feed(input.take(count), chunk, &mut each);
        }
        if port.is_up() {
            port.lose();
        }
    }
    for _ in 0..100 {
        port.wait();
        port.settle(&mut each);
        if !port.device.register().is_under_way() {
            assert!(ended <= 1, "{ended} ends");
            return;
        }
    }
    panic!("it does not end");
}
