//! A registration over MQTT: the first byte says which, the others are what the server sends after its CONNACK.

use aliyun_iot::clouds::aliyun::{Registration, Way};
use aliyun_iot::device::Event;
use aliyun_iot::services;
use aliyun_iot::services::register;

use super::input::Input;
use super::port::{DN, Memory, PK, Port, publish};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let options = input.byte();
    let way = if options & 1 == 0 { Way::Mqtt } else { Way::MqttUnlisted };
    let mut memory = Memory::new();
    let mut port = Port::new(memory.device());
    let registration = Registration { auth_type: Some(way.name().as_bytes()), ..Registration::new(PK, DN, "secret") };
    port.device.register().begin(&registration, &mut [], port.now).unwrap();
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
    port.feed(b"\x20\x02\x00\x00", 4, &mut each);
    if options & 2 == 0 {
        // The rest is what a message on the right topic says.
        let topic = if options & 1 == 0 { "/ext/register" } else { "/ext/regnwl" };
        port.feed(&publish(topic, input.0), usize::MAX, &mut each);
    } else {
        port.feed(input.0, [usize::MAX, 1, 7, 100][usize::from(options >> 2 & 3)], &mut each);
    }
    // It ends by itself, with one word.
    for _ in 0..100 {
        port.wait();
        port.settle(&mut each);
        if !port.device.register().is_under_way() {
            assert_eq!(ended, 1);
            return;
        }
    }
    panic!("it does not end");
}
