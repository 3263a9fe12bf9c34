//! The C ABI, driven by bytes as a program: each byte names a call, those after it its arguments, NULL among them.
//!
//! Every object that a call is given lies on the heap by itself, no byte larger than it says, so that AddressSanitizer
//! (`cargo xtask fuzz c_abi --asan`) sees a step beside it. After each call every text that came out is read.

use std::ptr::{null, null_mut};

use aliyun_iot::ffi::*;

use super::input::Input;

/// Words that calls want, so that not all of them have to be guessed.
const WORDS: [&[u8]; 20] = [
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
    b"c2VjcmV0",
    b"core",
    b"Lamp",
    b"ProductSecret0123456789x",
];

/// One device and its memory, which the device has until it is dropped.
struct World {
    device: *mut aliyun_iot_device,
    /// The device, its buffers, and those that it moved out of.
    memory: Vec<Box<[u64]>>,
    buffers: Vec<Box<[u8]>>,
    now: u32,
    attempts: [u16; ALIYUN_IOT_LINKS as usize],
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
            [256 + usize::from(input.byte()) * 4, 512 + usize::from(input.byte()) * 8, usize::from(input.byte()) * 4];
        let mut world = Self {
            device: null_mut(),
            memory: vec![],
            buffers: vec![],
            now: 0u32.wrapping_sub(3_000),
            attempts: [0; ALIYUN_IOT_LINKS as usize],
            event: None,
        };
        world.memory.push(vec![0xeeee; aliyun_iot_device_size().div_ceil(8)].into());
        for size in sizes {
            world.buffers.push(vec![0xee; size].into());
        }
        let memory = &mut world.memory[0];
        let place = aliyun_iot_buffer { data: memory.as_mut_ptr().cast(), len: memory.len() * 8 };
        let [rx, tx, topics] = &mut world.buffers[..] else { unreachable!() };
        let buffer = |bytes: &mut [u8]| aliyun_iot_buffer { data: bytes.as_mut_ptr(), len: bytes.len() };
        let buffers = aliyun_iot_buffers { rx: buffer(rx), tx: buffer(tx), topics: buffer(topics) };
        // SAFETY: all of it is writable, lies apart, and outlives the device.
        let made = unsafe { aliyun_iot_init(place, &buffers, 7, &mut world.device) };
        assert_eq!(made, ALIYUN_IOT_STATUS_OK);
        assert!(!world.device.is_null());
        let later = world.buffer(200);
        // SAFETY: as above.
        let kept = unsafe { aliyun_iot_keep_later(world.device, later) };
        assert_eq!(kept, ALIYUN_IOT_STATUS_OK);
        world
    }

    /// Memory that stays until the end.
    fn buffer(&mut self, size: usize) -> aliyun_iot_buffer {
        self.buffers.push(vec![0xee; size].into_boxed_slice());
        let bytes = self.buffers.last_mut().map(|bytes| &mut **bytes).unwrap_or_default();
        aliyun_iot_buffer { data: bytes.as_mut_ptr(), len: bytes.len() }
    }

    fn attempt(&self, link: aliyun_iot_link_id) -> u16 {
        self.attempts.get(link as usize).copied().unwrap_or_default()
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
                    let login = aliyun_iot_aliyun_login {
                        identity: arguments.identity(),
                        server: aliyun_iot_server { host: arguments.seldom(), port: 0, without_tls: false },
                        device_secret: arguments.usually(2),
                        device_token: arguments.seldom(),
                        client_id: arguments.seldom(),
                        timestamp: 0,
                    };
                    let options = arguments.options();
                    aliyun_iot_connect_aliyun(device, &login, &options, now);
                }
                1 => {
                    let mut arguments = Arguments::new(input);
                    let login = aliyun_iot_plain_login {
                        server: aliyun_iot_server { host: arguments.usually(3), port: 0, without_tls: true },
                        client_id: arguments.seldom(),
                        user_name: arguments.seldom(),
                        password: arguments.seldom(),
                    };
                    let options = arguments.options();
                    let options = if arguments.number() & 1 == 0 { &raw const options } else { null() };
                    aliyun_iot_connect_plain(device, &login, options, now);
                }
                2 if what & 0x20 != 0 => {
                    let mut arguments = Arguments::new(input);
                    let flags = arguments.number();
                    let registration = aliyun_iot_vendor_registration {
                        vendor: u32::from(flags & 3),
                        legacy: flags & 4 != 0,
                        server: aliyun_iot_server { host: arguments.seldom(), port: 0, without_tls: false },
                        product_id: arguments.usually(0),
                        device_name: arguments.usually(1),
                        product_secret: arguments.usually(19),
                        user_id: arguments.usually(0),
                        user_key: arguments.usually(16),
                        region: arguments.seldom(),
                        instance_id: arguments.usually(17),
                        project_id: arguments.usually(0),
                        iam_user: arguments.usually(1),
                        iam_password: arguments.usually(2),
                        iam_domain: arguments.usually(0),
                    };
                    let size = usize::from(arguments.number()) * 64;
                    let scratch = self.buffer(size);
                    aliyun_iot_register_vendor(device, &registration, scratch, now);
                }
                2 => {
                    let mut arguments = Arguments::new(input);
                    let registration = aliyun_iot_aliyun_registration {
                        identity: arguments.identity(),
                        server: aliyun_iot_server { host: arguments.seldom(), port: 0, without_tls: false },
                        product_secret: arguments.usually(2),
                        auth_type: arguments.seldom(),
                    };
                    let size = usize::from(arguments.number()) * 8;
                    let scratch = self.buffer(size);
                    aliyun_iot_register_aliyun(device, &registration, scratch, now);
                }
                3 => _ = aliyun_iot_close(device, now),
                4 => {
                    let mut arguments = Arguments::new(input);
                    let (topic, payload) = (arguments.word(), arguments.word());
                    let mut id = 0;
                    aliyun_iot_publish(device, topic, payload, arguments.number() as u8 % 3, &mut id);
                }
                5 => {
                    let mut arguments = Arguments::new(input);
                    let filter = arguments.word();
                    let _ = aliyun_iot_subscribe(device, filter, arguments.number() as u8 % 3);
                }
                6 => _ = aliyun_iot_unsubscribe(device, Arguments::new(input).word()),
                7 => {
                    let mut id = 0;
                    let _ = aliyun_iot_post_properties(device, Arguments::new(input).word(), &mut id, now);
                }
                8 => {
                    let mut arguments = Arguments::new(input);
                    let _ = aliyun_iot_post_event(device, arguments.word(), arguments.word(), null_mut(), now);
                }
                9 => {
                    let mut id = 0;
                    _ = aliyun_iot_post_raw(device, Arguments::new(input).word(), &mut id, now);
                }
                10 => _ = aliyun_iot_answer(device, i32::from(input.byte()) - 100, Arguments::new(input).word()),
                11 if what & 0x20 != 0 => {
                    let mut arguments = Arguments::new(input);
                    let flags = arguments.number();
                    let login = aliyun_iot_vendor_login {
                        vendor: u32::from(flags & 7),
                        with_certificate: flags & 0x80 != 0,
                        server: aliyun_iot_server { host: arguments.seldom(), port: 0, without_tls: flags & 0x40 != 0 },
                        product_id: arguments.usually(0),
                        device_name: arguments.usually(1),
                        device_secret: arguments.usually(16),
                        // OneNET takes it in place of the device's, TLINK in any case.
                        product_secret: if flags & 0x20 == 0 { NO_BYTES } else { arguments.usually(16) },
                        sign_method: arguments.seldom(),
                        region: arguments.seldom(),
                        instance_id: arguments.usually(17),
                        service_id: arguments.usually(18),
                        client_id: arguments.seldom(),
                    };
                    let options = arguments.options();
                    let options = if flags & 0x10 == 0 { &raw const options } else { null() };
                    aliyun_iot_connect_vendor(device, &login, options, now);
                }
                11 => _ = aliyun_iot_ask_time(device),
                12 => {
                    let mut arguments = Arguments::new(input);
                    let (name, size) = (arguments.word(), arguments.number());
                    let _ = aliyun_iot_upload(device, name, size.into(), 7, u32::from(arguments.number()));
                }
                13 => {
                    let mut place = NO_BUFFER;
                    if aliyun_iot_upload_place(device, &mut place) {
                        place.data.write_bytes(0x55, place.len);
                        aliyun_iot_upload_filled(device, now);
                    }
                }
                // From a time that is not known to one far ahead.
                14 if what & 0x20 != 0 => {
                    aliyun_iot_set_clock(device, u64::from(input.byte()) << 34, now);
                    std::hint::black_box(aliyun_iot_signs_time(device));
                }
                14 => aliyun_iot_cancel_upload(device),
                15 => {
                    let size = usize::from(input.byte()) * 16;
                    let _ = aliyun_iot_move_tx(device, self.buffer(size));
                }
                16 => {
                    let id = link(input);
                    let mut link = std::mem::zeroed::<aliyun_iot_link>();
                    if aliyun_iot_link_wanted(device, id, &mut link) {
                        read(link.host);
                        self.attempts[id as usize] = link.attempt;
                    }
                }
                17 => {
                    let id = link(input);
                    aliyun_iot_link_up(device, id, self.attempt(id), now);
                }
                18 => {
                    let mut handle = 0;
                    let _ = aliyun_iot_answer_later(device, &mut handle);
                    // That one, or one from before.
                    let handle = handle.wrapping_sub(u32::from(input.byte() & 3));
                    _ = aliyun_iot_reply(device, handle, 200, Arguments::new(input).word());
                }
                19 => {
                    let id = link(input);
                    aliyun_iot_link_lost(device, id, self.attempt(id), i32::from(input.byte()), now);
                }
                20 | 21 => {
                    let id = link(input);
                    let mut packet = NO_BYTES;
                    let any = aliyun_iot_to_send(device, id, &mut packet);
                    assert_eq!(any, packet.len > 0);
                    read(packet);
                    let most = if what & 1 == 0 { usize::from(input.byte()) } else { usize::MAX };
                    aliyun_iot_sent(device, id, packet.len.min(most), now);
                }
                22 | 23 => {
                    let id = link(input);
                    let bytes = input.bytes();
                    let mut space = NO_BUFFER;
                    if aliyun_iot_space(device, id, &mut space) {
                        let count = bytes.len().min(space.len);
                        space.data.copy_from_nonoverlapping(bytes.as_ptr(), count);
                        aliyun_iot_received(device, id, count, now);
                    }
                }
                // A CONNACK, for the way into a session to be short.
                24 => {
                    let mut space = NO_BUFFER;
                    if aliyun_iot_space(device, ALIYUN_IOT_LINK_SESSION, &mut space) && space.len >= 4 {
                        space.data.copy_from_nonoverlapping([0x20, 2, 0, 0].as_ptr(), 4);
                        aliyun_iot_received(device, ALIYUN_IOT_LINK_SESSION, 4, now);
                    }
                }
                25..=27 => {
                    let mut event = std::mem::MaybeUninit::<aliyun_iot_event>::uninit();
                    self.event = None;
                    if aliyun_iot_poll(device, event.as_mut_ptr(), now) {
                        let event = event.assume_init();
                        look_at(&event);
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
                        let (text, bytes) = texts(event);
                        aliyun_iot_publish(self.device, text, bytes, 1, null_mut());
                        let _ = aliyun_iot_answer(self.device, 200, bytes);
                        look_at(event);
                    }
                }
                _ => {
                    std::hint::black_box(aliyun_iot_crc64(0, Arguments::new(input).word()));
                    let mut error = std::mem::zeroed::<aliyun_iot_error>();
                    let mut counters = std::mem::zeroed::<aliyun_iot_counters>();
                    if aliyun_iot_last_error(device, &mut error) {
                        assert!(error.status < 0);
                    }
                    assert_eq!(aliyun_iot_get_counters(device, &mut counters), !device.is_null());
                    assert!(aliyun_iot_is_utf8(aliyun_iot_bytes { data: WORDS[0].as_ptr(), len: 2 }));
                    assert!(aliyun_iot_unacknowledged(device) <= 20);
                    std::hint::black_box(aliyun_iot_is_online(device) || aliyun_iot_is_started(device));
                    std::hint::black_box(aliyun_iot_is_registering(device));
                    std::hint::black_box(
                        std::ffi::CStr::from_ptr(aliyun_iot_status_text(i32::from(input.byte()) - 100)).to_bytes(),
                    );
                    let mut id = 0;
                    let which = input.byte();
                    let memory = self.buffer(usize::from(which) * 2);
                    let mut arguments = Arguments::new(input);
                    let text = arguments.word();
                    _ = match which & 3 {
                        0 => aliyun_iot_follow_desired(device, text, memory),
                        1 => aliyun_iot_delete_desired(device, text, null_mut(), now),
                        _ => aliyun_iot_get_desired(device, text, &mut id, now),
                    };
                }
            }
        }
        // What moves memory about ends the life of what an event points to.
        if matches!(what & 0x1f, 0..=3 | 11 | 15 | 17..=19 | 22..=24) {
            self.event = None;
        }
    }
}

const NO_BYTES: aliyun_iot_bytes = aliyun_iot_bytes { data: null(), len: 0 };
const NO_BUFFER: aliyun_iot_buffer = aliyun_iot_buffer { data: null_mut(), len: 0 };

/// Most often the session's link, and now and then one that there is not.
fn link(input: &mut Input) -> aliyun_iot_link_id {
    match input.byte() {
        byte @ 0xf0.. => i32::from(byte) - 0xf4,
        byte => i32::from(byte & 1 == 1),
    }
}

/// Two texts of an event that lie in the device, or none.
///
/// # Safety
///
/// The event is in use.
unsafe fn texts(event: &aliyun_iot_event) -> (aliyun_iot_bytes, aliyun_iot_bytes) {
    // SAFETY: the kind says which member there is.
    unsafe {
        let to = &event.r#as;
        match event.kind {
            ALIYUN_IOT_EVENT_CONNECTION_LOST => (to.connection.lost.topic, NO_BYTES),
            ALIYUN_IOT_EVENT_MESSAGES_RECEIVED => (to.messages.received.topic, to.messages.received.payload),
            ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED => (to.messages.subscribed.filter, NO_BYTES),
            ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED => (to.messages.unsubscribed.filter, NO_BYTES),
            ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP => (to.messages.given_up.topic, NO_BYTES),
            ALIYUN_IOT_EVENT_MODEL_REPLY => (to.model.reply.message, NO_BYTES),
            ALIYUN_IOT_EVENT_CALL_PROPERTIES => (to.call.properties.message_id, to.call.properties.params),
            ALIYUN_IOT_EVENT_CALL_SERVICE => (to.call.service.service, to.call.service.params),
            ALIYUN_IOT_EVENT_CALL_BYTES => (to.call.bytes.topic, to.call.bytes.payload),
            ALIYUN_IOT_EVENT_RAW_DATA => (NO_BYTES, to.raw.data),
            ALIYUN_IOT_EVENT_RAW_REPLY => (NO_BYTES, to.raw.reply.data),
            ALIYUN_IOT_EVENT_DESIRED_REPLY => (to.desired.reply.message, to.desired.reply.data),
            ALIYUN_IOT_EVENT_DESIRED_VALUES => (NO_BYTES, to.desired.values.data),
            ALIYUN_IOT_EVENT_DESIRED_FAILED => (to.desired.failed.message, NO_BYTES),
            ALIYUN_IOT_EVENT_UPLOAD_DONE => (to.upload.done.id, NO_BYTES),
            ALIYUN_IOT_EVENT_REGISTRATION_DONE => (to.registration.done.client_id, to.registration.done.secret),
            ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED => {
                (to.registration.certified.certificate, to.registration.certified.private_key)
            }
            ALIYUN_IOT_EVENT_REGISTRATION_REFUSED => (to.registration.refused.message, NO_BYTES),
            _ => (NO_BYTES, NO_BYTES),
        }
    }
}

/// Reads an event, and its kind's and its loss's words.
///
/// # Safety
///
/// The event is in use.
unsafe fn look_at(event: &aliyun_iot_event) {
    // SAFETY: the library's promises; the kind says which member there is.
    unsafe {
        let (text, bytes) = texts(event);
        read(text);
        read(bytes);
        let to = &event.r#as;
        let loss = match event.kind {
            ALIYUN_IOT_EVENT_CONNECTION_LOST => Some(to.connection.lost.loss),
            ALIYUN_IOT_EVENT_CONNECTION_FAILED => Some(to.connection.failed.loss),
            ALIYUN_IOT_EVENT_REGISTRATION_FAILED => Some(to.registration.failed.loss),
            _ => None,
        };
        if let Some(loss) = loss {
            std::hint::black_box(std::ffi::CStr::from_ptr(aliyun_iot_loss_text(loss.cause, loss.code)).to_bytes());
        }
        let name = std::ffi::CStr::from_ptr(aliyun_iot_event_name(event.kind)).to_bytes();
        assert!(name.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_'), "a kind that has no name");
        assert!(aliyun_iot_type_size(event.kind & !15) > 0);
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

    fn identity(&mut self) -> aliyun_iot_aliyun_identity {
        aliyun_iot_aliyun_identity {
            product_key: self.usually(0),
            device_name: self.usually(1),
            region: self.seldom(),
            instance_id: self.seldom(),
            sign_method: self.seldom(),
        }
    }

    fn options(&mut self) -> aliyun_iot_options {
        let flags = self.number();
        aliyun_iot_options {
            keepalive: self.number(),
            connect_timeout: self.number(),
            offline_queue: self.number() as u8,
            without_offline_queue: flags & 4 != 0,
            without_keepalive: flags & 2 != 0,
            keep_session: flags & 1 != 0,
            without_services: flags & 8 != 0,
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
