//! A registration over HTTPS: the first byte says how the response arrives and ends, the others are the response.

use aliyun_iot::clouds::aliyun::Registration;
use aliyun_iot::device::{Event, LinkId};
use aliyun_iot::services;
use aliyun_iot::services::register;

use super::input::Input;
use super::port::{DN, Memory, PK, Port};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let options = input.byte();
    let mut scratch = [0xee; 1400];
    let mut memory = Memory::new();
    let mut port = Port::on(LinkId::Http, memory.device());
    port.device.register().begin(&Registration::new(PK, DN, "secret"), &mut scratch, port.now).unwrap();
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
