//! Raw data.

use crate::ffi::device::{aliyun_iot_device, device};
#[cfg(not(feature = "raw"))]
use crate::ffi::status::left_out;
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_bytes, output};
use crate::ffi::words::Family;
#[cfg(feature = "raw")]
use {
    super::model::{of_post, wanted},
    crate::services::raw::Event,
    crate::time::Instant,
};

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_raw_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_RAW_DATA, "RAW_DATA"),
        (ALIYUN_IOT_EVENT_RAW_REPLY, "RAW_REPLY"),
        (ALIYUN_IOT_EVENT_RAW_NO_REPLY, "RAW_NO_REPLY"),
        (ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED, "RAW_REPLY_DROPPED"),
    ],
    statuses: &[],
    features: if cfg!(feature = "raw") { ALIYUN_IOT_FEATURE_RAW } else { 0 },
};

/// The platform sends raw data: `as.raw.data`.
pub const ALIYUN_IOT_EVENT_RAW_DATA: i32 = 0x50;
/// The platform's reply to raw data: `as.raw.reply`, the bytes that the product's script has made.
pub const ALIYUN_IOT_EVENT_RAW_REPLY: i32 = 0x51;
/// No reply to raw data comes any more: `as.raw.no_reply`.
pub const ALIYUN_IOT_EVENT_RAW_NO_REPLY: i32 = 0x52;
/// The reply to raw data was larger than `rx`, and was dropped: `as.raw.reply_dropped`.
pub const ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED: i32 = 0x53;

/// The build has raw data.
pub const ALIYUN_IOT_FEATURE_RAW: u32 = 0x2000;

/// `ALIYUN_IOT_EVENT_RAW_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_raw_reply {
    /// The number from `aliyun_iot_post_raw`: replies come in the order of the posts. 0 if the reply is not wanted.
    pub id: u32,
    /// Any bytes.
    pub data: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_RAW_NO_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_raw_no_reply {
    /// The number from `aliyun_iot_post_raw`.
    pub id: u32,
    /// `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
    pub cause: i32,
}

/// `ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_raw_reply_dropped {
    /// The number from `aliyun_iot_post_raw`.
    pub id: u32,
    /// The size that `rx` needs for it.
    pub needed: usize,
}

/// `as.raw`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_raw_event {
    /// `ALIYUN_IOT_EVENT_RAW_DATA`
    pub data: aliyun_iot_bytes,
    /// `ALIYUN_IOT_EVENT_RAW_REPLY`
    pub reply: aliyun_iot_raw_reply,
    /// `ALIYUN_IOT_EVENT_RAW_NO_REPLY`
    pub no_reply: aliyun_iot_raw_no_reply,
    /// `ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED`
    pub reply_dropped: aliyun_iot_raw_reply_dropped,
}

#[cfg(feature = "raw")]
#[inline(always)]
pub(super) fn write(event: Event<'_>, to: &mut aliyun_iot_raw_event) -> i32 {
    match event {
        Event::Data(data) => {
            to.data = aliyun_iot_bytes::of(data);
            ALIYUN_IOT_EVENT_RAW_DATA
        }
        Event::Reply { id, data } => {
            to.reply = aliyun_iot_raw_reply { id, data: aliyun_iot_bytes::of(data) };
            ALIYUN_IOT_EVENT_RAW_REPLY
        }
        Event::NoReply { id, cause } => {
            to.no_reply = aliyun_iot_raw_no_reply { id, cause: cause as i32 };
            ALIYUN_IOT_EVENT_RAW_NO_REPLY
        }
        Event::ReplyDropped { id, needed } => {
            to.reply_dropped = aliyun_iot_raw_reply_dropped { id, needed };
            ALIYUN_IOT_EVENT_RAW_REPLY_DROPPED
        }
    }
}

/// Posts raw data. `id` is as for `aliyun_iot_post_properties`, for the events of raw data.
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
    #[cfg(feature = "raw")]
    let posted = {
        // SAFETY: promise 3.
        let data = unsafe { data.get() }.unwrap_or_default();
        this.device.raw().post(data, wanted(id), Instant::from_millis(now_ms)).map_err(of_post)
    };
    #[cfg(not(feature = "raw"))]
    let posted = left_out::<u32>((data, now_ms));
    // SAFETY: promise 4.
    this.status(posted.map(|number| unsafe { output(id, number) }))
}
