//! Network time.

use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::words::Family;
#[cfg(feature = "ntp")]
use {super::model::of_post, crate::services::ntp::Event};

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_ntp_event>(),
    kinds: &[(ALIYUN_IOT_EVENT_NTP_TIME, "NTP_TIME"), (ALIYUN_IOT_EVENT_NTP_FAILED, "NTP_FAILED")],
    statuses: &[],
    features: if cfg!(feature = "ntp") { ALIYUN_IOT_FEATURE_NTP } else { 0 },
};

/// The platform has returned the time: `as.ntp.time`.
pub const ALIYUN_IOT_EVENT_NTP_TIME: i32 = 0x60;
/// The platform has not returned the time: 5 requests had no reply for 10 seconds each. The event has no member.
pub const ALIYUN_IOT_EVENT_NTP_FAILED: i32 = 0x61;

/// The build has network time.
pub const ALIYUN_IOT_FEATURE_NTP: u32 = 0x100;

/// `ALIYUN_IOT_EVENT_NTP_TIME`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_ntp_time {
    /// Milliseconds since 1970-01-01 00:00 UTC at the moment of the call of `aliyun_iot_poll` that returned the event.
    pub unix_ms: u64,
    /// The largest error of `unix_ms`, in milliseconds.
    pub error_ms: u32,
}

/// `as.ntp`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_ntp_event {
    /// `ALIYUN_IOT_EVENT_NTP_TIME`
    pub time: aliyun_iot_ntp_time,
}

#[cfg(feature = "ntp")]
#[inline(always)]
pub(super) fn write(event: Event, to: &mut aliyun_iot_ntp_event) -> i32 {
    match event {
        Event::Time { unix_ms, error_ms } => {
            to.time = aliyun_iot_ntp_time { unix_ms, error_ms };
            ALIYUN_IOT_EVENT_NTP_TIME
        }
        Event::NoTime => ALIYUN_IOT_EVENT_NTP_FAILED,
    }
}

/// Asks the platform for the time. If the device is offline, the request is sent after it connects. The event
/// `ALIYUN_IOT_EVENT_NTP_TIME` is for this request and for all earlier ones that wait. If no reply comes, the event is
/// `ALIYUN_IOT_EVENT_NTP_FAILED`. `aliyun_iot_close` drops the request without an event.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_ask_time(device: *mut aliyun_iot_device) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "ntp")]
    let asked = this.device.ntp().ask_time().map_err(of_post);
    #[cfg(not(feature = "ntp"))]
    let asked = Err(crate::ffi::status::LEFT_OUT);
    this.status(asked)
}
