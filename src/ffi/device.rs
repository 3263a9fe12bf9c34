//! The calls on a device.

use core::mem::MaybeUninit;
use core::slice;

use super::event::aliyun_iot_event;
use super::status::{Outcome, aliyun_iot_status, of_post, of_send};
use super::types::{aliyun_iot_bytes, aliyun_iot_credentials, aliyun_iot_link, aliyun_iot_login};
use crate::device::{Buffers, Device, LinkWanted};
use crate::mqtt::{Qos, RX_MIN, TX_MIN};
use crate::time::Instant;

use aliyun_iot_status as Status;

/// One device. Its memory is the caller's; nothing in it is for the caller to see.
pub struct aliyun_iot_device {
    pub(super) device: Device<'static>,
    needed: usize,
}

/// The device behind a pointer, or an early return.
macro_rules! device {
    ($pointer:expr $(, $otherwise:expr)?) => {
        // SAFETY: promises 1 and 2.
        match unsafe { $pointer.as_mut() } {
            Some(device) => device,
            None => return $($otherwise)?,
        }
    };
}
pub(super) use device;

impl aliyun_iot_device {
    /// Notes what is to be told of a failure, and returns the status.
    pub(super) fn note(&mut self, (status, needed): Outcome) -> Status {
        self.needed = needed;
        status
    }
}

/// Goes on with another, larger send buffer, say after `TooLarge`; what waits moves, and the old one is the caller's
/// again. `TooLarge`, and nothing moved, if it is smaller than the old one.
///
/// # Safety
///
/// The promises of `src/ffi`; the new buffer must be writable, must not overlap what the device has, and belongs to it
/// until `aliyun_iot_drop` or the next move.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_move_tx(
    device: *mut aliyun_iot_device,
    tx: *mut u8,
    tx_len: usize,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    if tx.is_null() {
        return Status::Null;
    }
    // SAFETY: not NULL, and writable by the caller's promise; written first, as it may be uninitialised.
    let tx = unsafe {
        tx.write_bytes(0, tx_len);
        slice::from_raw_parts_mut(tx, tx_len)
    };
    match this.device.move_tx(tx) {
        Ok(()) => Status::Ok,
        Err(needed) => this.note((Status::TooLarge, needed)),
    }
}

/// Bytes of memory that a device takes, beside its buffers.
#[unsafe(no_mangle)]
pub extern "C" fn aliyun_iot_device_size() -> usize {
    size_of::<aliyun_iot_device>()
}

/// Makes a device at rest in `memory`, which must be aligned as `uint64_t` is and `aliyun_iot_device_size()` bytes
/// large; NULL if it is not, or if a buffer is NULL or too small.
///
/// `rx`, of at least 256 bytes, bounds the largest packet that can be received. `tx`, of at least 512, holds what waits to be sent and the window of
/// unacknowledged messages; 384 bytes of it are kept for the session's own packets, so give it more. `topics`
/// holds the topic filters subscribed to, each with 5 bytes more than its length. `seed` is any random number; it spreads
/// the reconnects of many devices in time.
///
/// # Safety
///
/// The memory and the three buffers must be writable, must not overlap, and belong to the device until
/// `aliyun_iot_drop`.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)]
pub unsafe extern "C" fn aliyun_iot_init(
    memory: *mut u8,
    memory_len: usize,
    rx: *mut u8,
    rx_len: usize,
    tx: *mut u8,
    tx_len: usize,
    topics: *mut u8,
    topics_len: usize,
    seed: u32,
) -> *mut aliyun_iot_device {
    let place = memory.cast::<MaybeUninit<aliyun_iot_device>>();
    if memory.is_null()
        || rx.is_null()
        || tx.is_null()
        || topics.is_null()
        || !place.is_aligned()
        || memory_len < size_of::<aliyun_iot_device>()
        || rx_len < RX_MIN
        || tx_len < TX_MIN
    {
        return core::ptr::null_mut();
    }
    // SAFETY: not NULL; writable and the device's own until it is dropped, by the caller's promise. The bytes may be
    // uninitialised as far as Rust knows, so they are written first.
    let buffers = unsafe {
        rx.write_bytes(0, rx_len);
        tx.write_bytes(0, tx_len);
        topics.write_bytes(0, topics_len);
        Buffers {
            rx: slice::from_raw_parts_mut(rx, rx_len),
            tx: slice::from_raw_parts_mut(tx, tx_len),
            subscriptions: slice::from_raw_parts_mut(topics, topics_len),
        }
    };
    // SAFETY: not NULL, aligned, large enough, and nobody else's, by the caller's promise.
    let place = unsafe { &mut *place };
    place.write(aliyun_iot_device { device: Device::new(buffers, seed), needed: 0 })
}

/// Ends a device: nothing is sent, what it held of the login is overwritten, memory and buffers are the caller's again.
/// NULL is ignored.
///
/// # Safety
///
/// Promises 1 and 2; the pointer is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_drop(device: *mut aliyun_iot_device) {
    if !device.is_null() {
        // SAFETY: promises 1 and 2.
        unsafe { device.drop_in_place() }
    }
}

/// Connects to Alibaba Cloud IoT Platform, and again whenever the session is lost, until `aliyun_iot_close`.
/// `AlreadyConnected`, or the status of the field at fault.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_connect(
    device: *mut aliyun_iot_device,
    credentials: *const aliyun_iot_credentials,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 4.
    let Some(credentials) = (unsafe { credentials.as_ref() }) else { return Status::Null };
    // SAFETY: promise 3.
    let connected = unsafe { credentials.read() }.map_err(Status::from).and_then(|(login, options)| {
        this.device.connect(&login, options, Instant::from_millis(now_ms)).map_err(Status::from)
    });
    connected.err().unwrap_or(Status::Ok)
}

/// Connects to any MQTT 3.1.1 broker: the same session, without properties, events, services and raw data. `LeftOut` if
/// the library was built without it.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_connect_plain(
    device: *mut aliyun_iot_device,
    login: *const aliyun_iot_login,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 4.
    let Some(login) = (unsafe { login.as_ref() }) else { return Status::Null };
    #[cfg(feature = "plain")]
    {
        // SAFETY: promise 3.
        let (login, options) = unsafe { login.read() };
        let connected = this.device.connect(&login, options, Instant::from_millis(now_ms)).map_err(Status::from);
        connected.err().unwrap_or(Status::Ok)
    }
    #[cfg(not(feature = "plain"))]
    {
        let _ = (this, login, now_ms);
        Status::LeftOut
    }
}

/// Sends what waits and a DISCONNECT, waits for the server to close the link, and stays off. Takes two seconds at most and
/// ends with the event `Closed`. `NotConnected` if it is off already.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_close(device: *mut aliyun_iot_device, now_ms: u32) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    if this.device.close(Instant::from_millis(now_ms)) { Status::Ok } else { Status::NotConnected }
}

/// Whether the session is up.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_online(device: *mut aliyun_iot_device) -> bool {
    device!(device, false).device.is_online()
}

/// Whether `aliyun_iot_connect` was called, and not `aliyun_iot_close`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_started(device: *mut aliyun_iot_device) -> bool {
    device!(device, false).device.is_started()
}

/// QoS 1 messages that wait for their acknowledgement, 20 at most.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_unacknowledged(device: *mut aliyun_iot_device) -> usize {
    device!(device, 0).device.unacknowledged()
}

/// Acknowledgements since `aliyun_iot_connect` that named no packet under way. They are ignored: a server that sends them
/// is at fault, but nothing is lost.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_unknown_acks(device: *mut aliyun_iot_device) -> u32 {
    device!(device, 0).device.unknown_acks()
}

/// After `TooLarge`: bytes that the buffer would have to have. After `Json` and `Nesting`: the offset of the first wrong
/// byte. After `TopicLength` and `TopicLevels`: the bytes or levels that the topic has.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_needed(device: *mut aliyun_iot_device) -> usize {
    device!(device, 0).needed
}

fn qos(number: u8) -> Result<Qos, Outcome> {
    match number {
        0 => Ok(Qos::AtMostOnce),
        1 => Ok(Qos::AtLeastOnce),
        _ => Err((Status::Qos, 0)),
    }
}

/// A text that must be there; `status` if it is not, or not UTF-8.
///
/// # Safety
///
/// Promise 3.
pub(super) unsafe fn text<'a>(bytes: aliyun_iot_bytes, status: Status) -> Result<&'a str, Outcome> {
    // SAFETY: promise 3.
    let text = unsafe { bytes.text() }.map_err(|error| (status, error.valid_up_to()))?;
    text.ok_or((status, 0))
}

/// Publishes. Returns 0 at QoS 0 (the message goes now or not at all), the packet identifier at QoS 1 (the message is
/// kept until the event `Delivered` tells that number), or a negative status.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_publish(
    device: *mut aliyun_iot_device,
    topic: aliyun_iot_bytes,
    payload: aliyun_iot_bytes,
    qos_number: u8,
) -> i32 {
    let this = device!(device, Status::Null as i32);
    let published = qos(qos_number).and_then(|qos| {
        // SAFETY: promise 3.
        let (topic, payload) = unsafe { (text(topic, Status::Topic)?, payload.get().unwrap_or_default()) };
        this.device.publish(topic, payload, qos).map_err(of_send)
    });
    match published {
        Ok(packet_id) => packet_id.into(),
        Err(outcome) => this.note(outcome) as i32,
    }
}

/// Subscribes to a topic filter of at most 255 bytes, now and after each reconnect; the event `Subscribed` tells the
/// server's answer.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_subscribe(
    device: *mut aliyun_iot_device,
    filter: aliyun_iot_bytes,
    qos_number: u8,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    let subscribed = qos(qos_number).and_then(|qos| {
        // SAFETY: promise 3.
        let filter = unsafe { text(filter, Status::Topic)? };
        this.device.subscribe(filter, qos).map_err(of_send)
    });
    subscribed.err().map_or(Status::Ok, |outcome| this.note(outcome))
}

/// Takes a subscription back; the event `Unsubscribed` tells when the server has done so.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_unsubscribe(
    device: *mut aliyun_iot_device,
    filter: aliyun_iot_bytes,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let unsubscribed =
        unsafe { text(filter, Status::Topic) }.and_then(|filter| this.device.unsubscribe(filter).map_err(of_send));
    unsubscribed.err().map_or(Status::Ok, |outcome| this.note(outcome))
}

/// Posts properties, a JSON object. `id`, if not NULL, gets the number that the event `Reply` will carry.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_post_properties(
    device: *mut aliyun_iot_device,
    params: aliyun_iot_bytes,
    id: *mut u32,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let posted = unsafe { text(params, Status::Json) }
        .and_then(|params| this.device.model().post_properties(params).map_err(of_post));
    // SAFETY: promise 4.
    unsafe { this.posted(posted, id) }
}

/// Posts the event `event` with its output parameters, a JSON object. `id` as for properties.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_post_event(
    device: *mut aliyun_iot_device,
    event: aliyun_iot_bytes,
    params: aliyun_iot_bytes,
    id: *mut u32,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let texts =
        unsafe { text(event, Status::EventId) }.and_then(|event| Ok((event, unsafe { text(params, Status::Json) }?)));
    let posted = texts.and_then(|(event, params)| this.device.model().post_event(event, params).map_err(of_post));
    // SAFETY: promise 4.
    unsafe { this.posted(posted, id) }
}

impl aliyun_iot_device {
    /// # Safety
    ///
    /// Promise 4 for `id`.
    unsafe fn posted(&mut self, posted: Result<u32, Outcome>, id: *mut u32) -> Status {
        match posted {
            Ok(number) => {
                // SAFETY: promise 4.
                if let Some(id) = unsafe { id.as_mut() } {
                    *id = number;
                }
                Status::Ok
            }
            Err(outcome) => self.note(outcome),
        }
    }
}

/// Posts raw data.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_post_raw(
    device: *mut aliyun_iot_device,
    data: aliyun_iot_bytes,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let data = unsafe { data.get() }.unwrap_or_default();
    match this.device.raw().post(data) {
        Ok(()) => Status::Ok,
        Err(error) => this.note(of_post(error)),
    }
}

/// Tells the link that the port should hold open now. `link->host` lives until `aliyun_iot_connect` or
/// `aliyun_iot_drop`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_wanted(device: *mut aliyun_iot_device, link: *mut aliyun_iot_link) {
    if link.is_null() {
        return;
    }
    // SAFETY: promises 1 and 2.
    let wanted = match unsafe { device.as_ref() }.map_or(LinkWanted::Closed, |this| this.device.link()) {
        LinkWanted::Open { attempt, endpoint } => aliyun_iot_link {
            host: aliyun_iot_bytes::of(endpoint.host.as_bytes()),
            port: endpoint.port,
            attempt,
            open: true,
            tls: endpoint.tls,
        },
        LinkWanted::Closed => {
            aliyun_iot_link { host: aliyun_iot_bytes::NONE, port: 0, attempt: 0, open: false, tls: false }
        }
    };
    // SAFETY: promise 4; not NULL.
    unsafe { link.write(wanted) }
}

/// The link of `attempt` is open: TCP and, if wanted, TLS are up.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_up(device: *mut aliyun_iot_device, attempt: u16, now_ms: u32) {
    device!(device).device.link_up(attempt, Instant::from_millis(now_ms));
}

/// The link of `attempt` could not be opened, or is gone. `code` comes back in the event; 0 for end of stream.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_lost(device: *mut aliyun_iot_device, attempt: u16, code: i32, now_ms: u32) {
    device!(device).device.link_lost(attempt, code, Instant::from_millis(now_ms));
}

/// The unsent rest of the next packet, and its length; NULL and 0 if there is none. Give it to the link in one write,
/// and say how much it took with `aliyun_iot_sent`; until then the bytes stay as they are, but any other call may move them:
/// ask for them again before the next write.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_to_send(device: *mut aliyun_iot_device) -> aliyun_iot_bytes {
    let packet = device!(device, aliyun_iot_bytes::NONE).device.to_send();
    if packet.is_empty() { aliyun_iot_bytes::NONE } else { aliyun_iot_bytes::of(packet) }
}

/// The link has taken `count` bytes.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_sent(device: *mut aliyun_iot_device, count: usize, now_ms: u32) {
    device!(device).device.sent(count, Instant::from_millis(now_ms));
}

/// Where to put what arrives, `*room` bytes. NULL and 0 while an event is in use or no link is up: poll first.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_space(device: *mut aliyun_iot_device, room: *mut usize) -> *mut u8 {
    // SAFETY: promises 1 and 2.
    let space = unsafe { device.as_mut() }.map_or(&mut [][..], |this| this.device.space());
    // SAFETY: promise 4.
    if let Some(room) = unsafe { room.as_mut() } {
        *room = space.len();
    }
    if space.is_empty() { core::ptr::null_mut() } else { space.as_mut_ptr() }
}

/// `count` bytes have arrived there.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_received(device: *mut aliyun_iot_device, count: usize, now_ms: u32) {
    device!(device).device.received(count, Instant::from_millis(now_ms));
}

/// Gets the next event; `false` if all is done for now. The event before it is finished by this call: a QoS 1 message
/// is acknowledged, and a property set or a service call that was not answered is answered with 200.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_poll(
    device: *mut aliyun_iot_device,
    event: *mut aliyun_iot_event,
    now_ms: u32,
) -> bool {
    let this = device!(device, false);
    if event.is_null() {
        return false;
    }
    match this.device.poll(Instant::from_millis(now_ms)) {
        Some(found) => {
            // SAFETY: promise 4; not NULL.
            unsafe { event.write(found.into()) }
            true
        }
        None => false,
    }
}

/// Milliseconds after which to poll even if nothing arrives; `UINT32_MAX` for never.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_poll_in(device: *mut aliyun_iot_device, now_ms: u32) -> u32 {
    let now = Instant::from_millis(now_ms);
    device!(device, u32::MAX).device.deadline(now).map_or(u32::MAX, |deadline| now.until(deadline))
}
