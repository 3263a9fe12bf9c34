//! A registration over HTTPS: the first byte says at which cloud, and how the response arrives and ends, the others are the
//! response.

use aliyun_iot::clouds::{Registration, aliyun, vendor};
use aliyun_iot::device::{Event, LinkId};
use aliyun_iot::services;
use aliyun_iot::services::register;

use super::input::Input;
use super::port::{DN, Memory, PK, Port};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let options = input.byte();
    let mut scratch = [0xee; 2000];
    let mut memory = Memory::new();
    let mut port = Port::on(LinkId::Http, memory.device());
    port.device.set_clock(1_796_000_000_000, port.now);
    let alibabas = aliyun::Registration::new(PK, DN, "secret");
    let at_vendor = vendor::Registration {
        vendor: (options >> 3 & 3).into(),
        product_id: Some(PK.as_bytes()),
        device_name: Some(DN.as_bytes()),
        product_secret: Some(b"ProductSecret0123456789x"),
        user_id: Some(b"1"),
        user_key: Some(b"c2VjcmV0"),
        instance_id: Some(b"a1b2"),
        project_id: Some(b"project"),
        iam_user: Some(b"user"),
        iam_password: Some(b"password"),
        iam_domain: Some(b"account"),
        ..vendor::Registration::default()
    };
    let registration =
        if at_vendor.vendor == 0 { Registration::from(&alibabas) } else { Registration::from(&at_vendor) };
    port.device.register().begin(registration, &mut scratch, port.now).unwrap();
    let mut ended = 0;
    let mut each = |event: &Event, _: &mut super::port::Wish| match event {
        Event::Service(services::Event::Register(register::Event::Done { secret, .. })) => {
            assert!(!secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic()), "{secret:?}");
            ended += 1;
        }
        Event::Service(services::Event::Register(_)) => ended += 1,
        Event::Failed { .. } => {}
        other => panic!("{other:?}"),
    };
    port.settle(&mut each);
    port.link_up();
    port.feed(input.0, [usize::MAX, 1, 5, 100][usize::from(options & 3)], &mut each);
    if options & 4 == 0 && port.is_up() {
        port.lose();
    }
    for _ in 0..100 {
        port.wait();
        port.settle(&mut each);
        if !port.device.register().is_under_way() {
            return;
        }
    }
    panic!("it does not end");
}
