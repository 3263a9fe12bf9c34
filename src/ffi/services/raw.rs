//! Raw data.

use super::model::of_post;
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::aliyun_iot_bytes;
use crate::ffi::words::Family;
use crate::services::raw::Event;

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_raw_event>(),
    kinds: &[(ALIYUN_IOT_EVENT_RAW_DATA, "RAW_DATA"), (ALIYUN_IOT_EVENT_RAW_REPLY, "RAW_REPLY")],
    statuses: &[],
    features: 0,
};

/// The platform sends raw data: `as.raw.data`.
pub const ALIYUN_IOT_EVENT_RAW_DATA: i32 = 0x50;
/// The platform's reply to raw data: `as.raw.reply`, the bytes that the product's script has made. Replies come in the
/// order of the posts.
pub const ALIYUN_IOT_EVENT_RAW_REPLY: i32 = 0x51;

/// `as.raw`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_raw_event {
    /// `ALIYUN_IOT_EVENT_RAW_DATA`
    pub data: aliyun_iot_bytes,
    /// `ALIYUN_IOT_EVENT_RAW_REPLY`
    pub reply: aliyun_iot_bytes,
}

pub(in crate::ffi) fn write(event: Event<'_>, to: &mut aliyun_iot_raw_event) -> i32 {
    let (kind, data) = match event {
        Event::Data(data) => (ALIYUN_IOT_EVENT_RAW_DATA, data),
        Event::Reply(data) => (ALIYUN_IOT_EVENT_RAW_REPLY, data),
    };
    to.data = aliyun_iot_bytes::of(data);
    kind
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
    id: *mut u32,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    let _ = (id, now_ms);
    // SAFETY: promise 3.
    let data = unsafe { data.get() }.unwrap_or_default();
    let posted = this.device.raw().post(data).map_err(of_post);
    this.status(posted)
}
