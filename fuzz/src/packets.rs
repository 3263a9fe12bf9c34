//! The server's bytes: the first one says how they arrive, the others are the stream.

use aliyun_iot::clouds::aliyun::Login;
use aliyun_iot::device::{Event, Options};
use aliyun_iot::mqtt::Qos;
use aliyun_iot::services::{self, call};

use super::input::Input;
use super::port::{DN, Memory, PK, Port, Wish};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let options = input.byte();
    let mut memory = Memory::new();
    let mut port = Port::new(memory.device());
    let clean_session = options & 1 == 0;
    let connect = Options { clean_session, ..Options::default() };
    port.device.connect(&Login::new(PK, DN, "secret"), connect, port.now).unwrap();
    port.device.publish("/a", b"kept", Qos::AtLeastOnce).unwrap();
    port.device.subscribe("+/#", Qos::AtLeastOnce).unwrap();
    if options & 2 == 0 {
        port.log_in();
        port.device.unsubscribe("u").unwrap();
        port.settle(&mut |_, _| {});
    } else {
        port.wait_for_link();
        port.link_up();
    }
    let chunk = [usize::MAX, 1, 2, 3, 7, 64, 200, 399][usize::from(options >> 2 & 7)];
    port.feed(input.0, chunk, &mut |event, wish| {
        if options & 0x20 != 0 && matches!(event, Event::Service(services::Event::Call(call::Event::Service { .. }))) {
            *wish = Wish::Answer(-1, "[]".into());
        }
    });
    // Whatever it was, the device is there for the next server.
    if !port.device.is_online() {
        if port.is_up() {
            port.lose();
        }
        port.log_in();
        assert!(port.device.is_online());
    }
    assert!(port.device.unacknowledged() <= 1);
    port.device.publish("/a", b"next", Qos::AtLeastOnce).unwrap();
    port.settle(&mut |_, _| {});
    assert!(port.device.close(port.now));
    port.settle(&mut |_, _| {});
    port.wait();
    port.settle(&mut |_, _| {});
    assert!(!port.device.is_started() && port.device.deadline(port.now).is_none());
}
