//! The links that the port opens, and the bytes on them.

use super::device::{aliyun_iot_device, device};
use super::types::{aliyun_iot_buffer, aliyun_iot_bytes, output};
use crate::device::{LinkId, LinkWanted};
use crate::time::Instant;

/// Which of the device's links.
pub type aliyun_iot_link_id = i32;

/// The link of the MQTT session.
pub const ALIYUN_IOT_LINK_SESSION: i32 = 0;
/// The link of an HTTP request. It may be open beside the session's link.
pub const ALIYUN_IOT_LINK_HTTP: i32 = 1;
/// The number of links. The library ignores calls for other links.
pub const ALIYUN_IOT_LINKS: i32 = 2;

/// The link of that number, if there is one.
#[cfg_attr(target_os = "none", inline(never))]
fn link_id(id: aliyun_iot_link_id) -> Option<LinkId> {
    match id {
        ALIYUN_IOT_LINK_SESSION => Some(LinkId::Session),
        ALIYUN_IOT_LINK_HTTP => Some(LinkId::Http),
        _ => None,
    }
}

/// The number of a link.
pub(super) fn number(id: LinkId) -> aliyun_iot_link_id {
    match id {
        LinkId::Session => ALIYUN_IOT_LINK_SESSION,
        LinkId::Http => ALIYUN_IOT_LINK_HTTP,
    }
}

/// A link that the device wants.
#[repr(C)]
pub struct aliyun_iot_link {
    /// Host name or address, a text; NULL if the device wants no link.
    pub host: aliyun_iot_bytes,
    /// TCP port.
    pub port: u16,
    /// Number of the attempt. Close an open link of another attempt.
    pub attempt: u16,
    /// Whether the device wants the link.
    pub open: bool,
    /// Whether the link must be TLS, with the chain and the host name verified.
    pub tls: bool,
}

impl aliyun_iot_link {
    const NONE: Self = Self { host: aliyun_iot_bytes::NONE, port: 0, attempt: 0, open: false, tls: false };
}

/// Gets the link that the port should have open now; `false` if the port should have none. `link->host` is valid until the
/// next connect or registration, or `aliyun_iot_drop`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_wanted(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    link: *mut aliyun_iot_link,
) -> bool {
    // SAFETY: promises 1 and 2.
    let wanted = match unsafe { device.as_ref() }.zip(link_id(id)).map(|(this, id)| this.device.link(id)) {
        Some(LinkWanted::Open { attempt, host, port, tls }) => {
            aliyun_iot_link { host: aliyun_iot_bytes::of_text(host), port, attempt, open: true, tls }
        }
        _ => aliyun_iot_link::NONE,
    };
    let open = wanted.open;
    // SAFETY: promise 4.
    unsafe { output(link, wanted) };
    open
}

/// Reports that the link of `attempt` is open: TCP and, if wanted, TLS.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_up(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    attempt: u16,
    now_ms: u32,
) {
    let this = device!(device);
    if let Some(id) = link_id(id) {
        this.device.link_up(id, attempt, Instant::from_millis(now_ms));
    }
}

/// Reports that the link of `attempt` could not be opened, or was lost. The event of the loss has `code`; 0 is the end of
/// the stream.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_link_lost(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    attempt: u16,
    code: i32,
    now_ms: u32,
) {
    let this = device!(device);
    if let Some(id) = link_id(id) {
        this.device.link_lost(id, attempt, code, Instant::from_millis(now_ms));
    }
}

/// Gets all bytes that may be sent now: whole packets, behind the unsent rest of one; `false` if there are none. Write them
/// to the link in one write, and report the accepted count with `aliyun_iot_sent`. Until then, the function returns the same
/// bytes again, and may return more bytes behind them. Another call may move the bytes: call this function again before the
/// next write. If a TLS stack asks for a retry with the same length, offer no more bytes than before.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_to_send(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    bytes: *mut aliyun_iot_bytes,
) -> bool {
    // SAFETY: promises 1 and 2.
    let this = unsafe { device.as_mut() }.zip(link_id(id));
    let waiting = this.map_or(&[][..], |(this, id)| this.device.to_send(id));
    // SAFETY: promise 4.
    unsafe { output(bytes, if waiting.is_empty() { aliyun_iot_bytes::NONE } else { aliyun_iot_bytes::of(waiting) }) };
    !waiting.is_empty()
}

/// Reports that the link has accepted `count` bytes of `aliyun_iot_to_send`. They may end in the middle of a packet.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_sent(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    count: usize,
    now_ms: u32,
) {
    let this = device!(device);
    if let Some(id) = link_id(id) {
        this.device.sent(id, count, Instant::from_millis(now_ms));
    }
}

/// Gets the place for received bytes; `false` while an event is in use, or while the link is not up.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_space(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    space: *mut aliyun_iot_buffer,
) -> bool {
    // SAFETY: promises 1 and 2.
    let this = unsafe { device.as_mut() }.zip(link_id(id));
    let place = this.map_or(aliyun_iot_buffer::NONE, |(this, id)| aliyun_iot_buffer::of(this.device.space(id)));
    // SAFETY: promise 4.
    unsafe { output(space, place) };
    place.len > 0
}

/// Reports that `count` bytes have been put into `aliyun_iot_space`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_received(
    device: *mut aliyun_iot_device,
    id: aliyun_iot_link_id,
    count: usize,
    now_ms: u32,
) {
    let this = device!(device);
    if let Some(id) = link_id(id) {
        this.device.received(id, count, Instant::from_millis(now_ms));
    }
}
