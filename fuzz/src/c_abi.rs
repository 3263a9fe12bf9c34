//! The C ABI, driven by bytes as a program: each byte names a call, those after it its arguments, NULL among them.
//!
//! Every object that a call is given lies on the heap by itself, no byte larger than it says, so that AddressSanitizer
//! (`cargo xtask fuzz c_abi --asan`) sees a step beside it. After each call every text that came out is read.

use std::ptr::null_mut;

use aliyun_iot::ffi::*;

use super::input::Input;

/// Words that calls want, so that not all of them have to be guessed.
const WORDS: [&[u8]; 16] = [
    b"pk",
    b"dn",
    b"secret",
    b"broker.test",
    b"/a",
    b"t/#",
    b"{}",
    b"{\"a\":[1]}",
    b"hmacsha1",
    b"https",
    b"regnwl",
    b"1.jpg",
    b"iot-instance",
    b"\xff\xfe",
    b"a+b",
    b"",
];

/// One device and its memory, which the device has until it is dropped.
struct World {
    device: *mut aliyun_iot_device,
    /// The device, its buffers, and those that it moved out of.
    memory: Vec<Box<[u64]>>,
    buffers: Vec<Box<[u8]>>,
    now: u32,
    attempt: u16,
    event: Option<aliyun_iot_event>,
}

impl Drop for World {
    fn drop(&mut self) {
        // SAFETY: the device was made by `aliyun_iot_init`, or is NULL, and is not used again.
        unsafe { aliyun_iot_drop(self.device) }
    }
}

impl World {
    fn new(input: &mut Input) -> Self {
        let sizes =
            [256 + usize::from(input.byte()) * 4, 512 + usize::from(input.byte()) * 8, usize::from(input.byte())];
        let mut world = Self {
            device: null_mut(),
            memory: vec![],
            buffers: vec![],
            now: 0u32.wrapping_sub(3_000),
            attempt: 0,
            event: None,
        };
        world.memory.push(vec![0xeeee; aliyun_iot_device_size().div_ceil(8)].into());
        for size in sizes {
            world.buffers.push(vec![0xee; size].into());
        }
        let memory = &mut world.memory[0];
        let place = (memory.as_mut_ptr().cast(), memory.len() * 8);
        let [rx, tx, topics] = &mut world.buffers[..] else { unreachable!() };
        // SAFETY: all of it is writable, lies apart, and outlives the device.
        world.device = unsafe {
            let (rx, tx, topics) = (rx.as_mut(), tx.as_mut(), topics.as_mut());
            aliyun_iot_init(
                place.0,
                place.1,
                rx.as_mut_ptr(),
                rx.len(),
                tx.as_mut_ptr(),
                tx.len(),
                topics.as_mut_ptr(),
                topics.len(),
                7,
            )
        };
        assert!(!world.device.is_null());
        world
    }

    /// One call.
    ///
    /// # Safety
    ///
    /// None: all promises of `src/ffi` are kept here, whatever the input says.
    unsafe fn call(&mut self, input: &mut Input) {
        let what = input.byte();
        // Now and then NULL instead of the device.
        let device = if what & 0xe0 == 0xe0 { null_mut() } else { self.device };
        let now = self.now;
        // SAFETY: texts are readable while they are used; structs are valid; the device is NULL or alive; the event in use
        // is forgotten before the next poll.
        unsafe {
            match what & 0x1f {
                0 => {
                    let mut arguments = Arguments::new(input);
                    let login = aliyun_iot_credentials {
                        product_key: arguments.usually(0),
                        device_name: arguments.usually(1),
                        device_secret: arguments.usually(2),
                        region: arguments.seldom(),
                        instance_id: arguments.seldom(),
                        host: arguments.seldom(),
                        client_id: arguments.seldom(),
                        sign_method: arguments.seldom(),
                        port: 0,
                        keepalive: arguments.number(),
                        connect_timeout: arguments.number(),
                        offline_queue: arguments.number() as i8,
                        without_tls: false,
                        keep_session: arguments.number() & 1 != 0,
                        ..std::mem::zeroed()
                    };
                    aliyun_iot_connect(device, &login, now);
                }
                1 => {
                    let mut arguments = Arguments::new(input);
                    let login = aliyun_iot_login {
                        host: arguments.usually(3),
                        client_id: arguments.seldom(),
                        user_name: arguments.seldom(),
                        password: arguments.seldom(),
                        port: 0,
                        keepalive: arguments.number(),
                        connect_timeout: arguments.number(),
                        offline_queue: arguments.number() as i8,
                        without_tls: true,
                        keep_session: arguments.number() & 1 != 0,
                    };
                    aliyun_iot_connect_plain(device, &login, now);
                }
                2 => {
                    let mut arguments = Arguments::new(input);
                    let registration = aliyun_iot_registration {
                        product_key: arguments.usually(0),
                        device_name: arguments.usually(1),
                        product_secret: arguments.usually(2),
                        region: arguments.seldom(),
                        instance_id: arguments.seldom(),
                        host: arguments.seldom(),
                        auth_type: arguments.seldom(),
                        sign_method: arguments.seldom(),
                        port: 0,
                        without_tls: false,
                    };
                    aliyun_iot_register(device, &registration, now);
                }
                3 => _ = aliyun_iot_close(device, now),
                4 => {
                    let mut arguments = Arguments::new(input);
                    let (topic, payload) = (arguments.word(), arguments.word());
                    aliyun_iot_publish(device, topic, payload, arguments.number() as u8 % 3);
                }
                5 => {
                    let mut arguments = Arguments::new(input);
                    let filter = arguments.word();
                    let _ = aliyun_iot_subscribe(device, filter, arguments.number() as u8 % 3);
                }
                6 => _ = aliyun_iot_unsubscribe(device, Arguments::new(input).word()),
                7 => {
                    let mut id = 0;
                    let _ = aliyun_iot_post_properties(device, Arguments::new(input).word(), &mut id);
                }
                8 => {
                    let mut arguments = Arguments::new(input);
                    let _ = aliyun_iot_post_event(device, arguments.word(), arguments.word(), null_mut());
                }
                9 => _ = aliyun_iot_post_raw(device, Arguments::new(input).word()),
                10 => _ = aliyun_iot_answer(device, i32::from(input.byte()) - 100, Arguments::new(input).word()),
                11 => _ = aliyun_iot_ask_time(device),
                12 => {
                    let mut arguments = Arguments::new(input);
                    let (name, size) = (arguments.word(), arguments.number());
                    let _ = aliyun_iot_upload(device, name, size.into(), 7, u32::from(arguments.number()));
                }
                13 => {
                    let mut length = 0;
                    let block = aliyun_iot_upload_block(device, &mut length);
                    if !block.is_null() {
                        block.write_bytes(0x55, length);
                        aliyun_iot_upload_filled(device, now);
                    }
                }
                14 => aliyun_iot_cancel_upload(device),
                15 => {
                    let buffer = vec![0xee; usize::from(input.byte()) * 16].into_boxed_slice();
                    self.buffers.push(buffer);
                    let Some(buffer) = self.buffers.last_mut() else { return };
                    let _ = aliyun_iot_move_tx(device, buffer.as_mut_ptr(), buffer.len());
                }
                16 => {
                    let mut link = std::mem::zeroed::<aliyun_iot_link>();
                    aliyun_iot_link_wanted(device, &mut link);
                    if link.open {
                        read(link.host);
                        self.attempt = link.attempt;
                    }
                }
                17 => aliyun_iot_link_up(device, self.attempt, now),
                18 => {
                    let topic = aliyun_iot_answer_later(device);
                    read(topic);
                    let topic =
                        if topic.data.is_null() { &[][..] } else { std::slice::from_raw_parts(topic.data, topic.len) };
                    let mut arguments = Arguments::new(input);
                    let (topic, id, data) = (arguments.text(topic), arguments.word(), arguments.word());
                    _ = aliyun_iot_reply(device, topic, id, 200, data);
                }
                19 => aliyun_iot_link_lost(device, self.attempt, i32::from(input.byte()), now),
                20 => {
                    let packet = aliyun_iot_to_send(device);
                    read(packet);
                    aliyun_iot_sent(device, packet.len.min(usize::from(input.byte())), now);
                }
                21 => {
                    let packet = aliyun_iot_to_send(device);
                    read(packet);
                    aliyun_iot_sent(device, packet.len, now);
                }
                22 | 23 => {
                    let bytes = input.bytes();
                    let mut room = 0;
                    let space = aliyun_iot_space(device, &mut room);
                    let count = bytes.len().min(room);
                    if !space.is_null() {
                        space.copy_from_nonoverlapping(bytes.as_ptr(), count);
                        aliyun_iot_received(device, count, now);
                    }
                }
                // A CONNACK, for the way into a session to be short.
                24 => {
                    let mut room = 0;
                    let space = aliyun_iot_space(device, &mut room);
                    if room >= 4 {
                        space.copy_from_nonoverlapping([0x20, 2, 0, 0].as_ptr(), 4);
                        aliyun_iot_received(device, 4, now);
                    }
                }
                25..=27 => {
                    let mut event = std::mem::MaybeUninit::<aliyun_iot_event>::uninit();
                    self.event = None;
                    if aliyun_iot_poll(device, event.as_mut_ptr(), now) {
                        let event = event.assume_init();
                        read(event.name);
                        read(event.payload);
                        read(event.message_id);
                        std::hint::black_box(
                            std::ffi::CStr::from_ptr(aliyun_iot_loss_text(event.loss as i32, event.code)).to_bytes(),
                        );
                        self.event = Some(event);
                    }
                }
                28 => {
                    let wait = aliyun_iot_poll_in(device, now);
                    if wait < u32::MAX {
                        self.now = now.wrapping_add(wait);
                    }
                }
                29 => self.now = now.wrapping_add(u32::from(input.number()) * 16),
                30 => {
                    // The event's own texts may be handed back while it is in use.
                    if let Some(event) = &self.event {
                        aliyun_iot_publish(self.device, event.name, event.payload, 1);
                        let _ = aliyun_iot_answer(self.device, 200, event.payload);
                        read(event.payload);
                    }
                }
                _ => {
                    std::hint::black_box(aliyun_iot_crc64(0, Arguments::new(input).word()));
                    std::hint::black_box(aliyun_iot_needed(device));
                    std::hint::black_box(aliyun_iot_unknown_acks(device));
                    assert!(aliyun_iot_unacknowledged(device) <= 20);
                    std::hint::black_box(aliyun_iot_is_online(device) || aliyun_iot_is_started(device));
                    std::hint::black_box(aliyun_iot_is_registering(device));
                    std::hint::black_box(
                        std::ffi::CStr::from_ptr(aliyun_iot_status_text(i32::from(input.byte()) - 100)).to_bytes(),
                    );
                }
            }
        }
        // What moves memory about ends the life of what an event points to.
        if matches!(what & 0x1f, 0..=3 | 15 | 17..=19 | 22..=24) {
            self.event = None;
        }
    }
}

/// Every byte can be read.
///
/// # Safety
///
/// Of the library: this is what is tested.
unsafe fn read(bytes: aliyun_iot_bytes) {
    if !bytes.data.is_null() {
        // SAFETY: the library's promise.
        let bytes = unsafe { std::slice::from_raw_parts(bytes.data, bytes.len) };
        std::hint::black_box(bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)));
    }
}

/// Texts for a call, each an object of its own, alive until the call is over.
struct Arguments<'i, 'a> {
    input: &'i mut Input<'a>,
    texts: Vec<Box<[u8]>>,
}

impl<'i, 'a> Arguments<'i, 'a> {
    fn new(input: &'i mut Input<'a>) -> Self {
        Self { input, texts: Vec::new() }
    }

    fn number(&mut self) -> u16 {
        self.input.byte().into()
    }

    fn text(&mut self, bytes: &[u8]) -> aliyun_iot_bytes {
        self.texts.push(bytes.into());
        let text = &self.texts[self.texts.len() - 1];
        aliyun_iot_bytes { data: text.as_ptr(), len: text.len() }
    }

    /// NULL, a word, or bytes of the input.
    fn word(&mut self) -> aliyun_iot_bytes {
        match self.input.byte() {
            0xff => aliyun_iot_bytes { data: std::ptr::null(), len: 7 },
            index @ 0..=0x7f => self.text(WORDS[usize::from(index) % WORDS.len()]),
            _ => {
                let bytes = self.input.bytes();
                self.text(bytes)
            }
        }
    }

    fn usually(&mut self, index: usize) -> aliyun_iot_bytes {
        if self.input.byte() < 0xf0 { self.text(WORDS[index]) } else { self.word() }
    }

    fn seldom(&mut self) -> aliyun_iot_bytes {
        if self.input.byte() < 0xd0 { aliyun_iot_bytes { data: std::ptr::null(), len: 0 } } else { self.word() }
    }
}

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let mut world = World::new(&mut input);
    while !input.is_empty() {
        // SAFETY: see there.
        unsafe { world.call(&mut input) };
    }
}
