//! Desired properties.

use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_buffer, aliyun_iot_bytes};
use crate::ffi::words::Family;
#[cfg(feature = "desired")]
use {
    super::model::{of_post, wanted},
    crate::ffi::{messages::text, status::ALIYUN_IOT_STATUS_JSON, types::output},
    crate::services::desired::Event,
    crate::time::Instant,
};

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_desired_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_DESIRED_REPLY, "DESIRED_REPLY"),
        (ALIYUN_IOT_EVENT_DESIRED_NO_REPLY, "DESIRED_NO_REPLY"),
        (ALIYUN_IOT_EVENT_DESIRED_VALUES, "DESIRED_VALUES"),
        (ALIYUN_IOT_EVENT_DESIRED_FAILED, "DESIRED_FAILED"),
    ],
    statuses: &[],
    features: if cfg!(feature = "desired") { ALIYUN_IOT_FEATURE_DESIRED } else { 0 },
};

/// The platform's reply to `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`: `as.desired.reply`.
pub const ALIYUN_IOT_EVENT_DESIRED_REPLY: i32 = 0x90;
/// No reply to them comes any more: `as.desired.no_reply`.
pub const ALIYUN_IOT_EVENT_DESIRED_NO_REPLY: i32 = 0x91;
/// New values of the properties of `aliyun_iot_follow_desired`: `as.desired.values`.
pub const ALIYUN_IOT_EVENT_DESIRED_VALUES: i32 = 0x92;
/// The device has not got the values for `aliyun_iot_follow_desired`: `as.desired.failed`. It asks again after the next
/// connect.
pub const ALIYUN_IOT_EVENT_DESIRED_FAILED: i32 = 0x93;

/// The build has desired properties.
pub const ALIYUN_IOT_FEATURE_DESIRED: u32 = 0x800;

/// `ALIYUN_IOT_EVENT_DESIRED_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_desired_reply {
    /// The number from `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`.
    pub id: u32,
    /// The platform's code: 200 for success.
    pub code: i32,
    /// The platform's message, a text that is often empty. Its JSON escapes are decoded, so it may have control characters.
    pub message: aliyun_iot_bytes,
    /// Of `aliyun_iot_get_desired`: a JSON object with a member `{"value":…,"version":…}` for each property that has a
    /// desired value. Empty if the code is not 200.
    pub data: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_desired_no_reply {
    /// The number from `aliyun_iot_get_desired` or `aliyun_iot_delete_desired`.
    pub id: u32,
    /// `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
    pub cause: i32,
}

/// `ALIYUN_IOT_EVENT_DESIRED_VALUES`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_desired_values {
    /// The values that no event has reported before: a JSON object, as in `aliyun_iot_desired_reply`.
    pub data: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_DESIRED_FAILED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_desired_failed {
    /// The platform's code. Or 0 if 5 requests had no reply for 10 seconds each. Or `ALIYUN_IOT_STATUS_TOO_LARGE` if the
    /// request does not fit `tx`. Or `ALIYUN_IOT_STATUS_GIVEN_UP` if the server has closed the connection again and again
    /// right after the request.
    pub code: i32,
    /// The platform's message, as in `aliyun_iot_desired_reply`.
    pub message: aliyun_iot_bytes,
}

/// `as.desired`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_desired_event {
    /// `ALIYUN_IOT_EVENT_DESIRED_REPLY`
    pub reply: aliyun_iot_desired_reply,
    /// `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY`
    pub no_reply: aliyun_iot_desired_no_reply,
    /// `ALIYUN_IOT_EVENT_DESIRED_VALUES`
    pub values: aliyun_iot_desired_values,
    /// `ALIYUN_IOT_EVENT_DESIRED_FAILED`
    pub failed: aliyun_iot_desired_failed,
}

#[cfg(feature = "desired")]
#[inline(always)]
pub(super) fn write(event: Event<'_>, to: &mut aliyun_iot_desired_event) -> i32 {
    let of = aliyun_iot_bytes::of_text;
    match event {
        Event::Reply { id, code, message, data } => {
            to.reply = aliyun_iot_desired_reply { id, code, message: of(message), data: of(data) };
            ALIYUN_IOT_EVENT_DESIRED_REPLY
        }
        Event::NoReply { id, cause } => {
            to.no_reply = aliyun_iot_desired_no_reply { id, cause: cause as i32 };
            ALIYUN_IOT_EVENT_DESIRED_NO_REPLY
        }
        Event::Values { data } => {
            to.values = aliyun_iot_desired_values { data: of(data) };
            ALIYUN_IOT_EVENT_DESIRED_VALUES
        }
        Event::Failed { code, message } => {
            to.failed = aliyun_iot_desired_failed { code, message: of(message) };
            ALIYUN_IOT_EVENT_DESIRED_FAILED
        }
    }
}

/// Asks for the desired values of properties. `names` is a JSON array of at least one identifier, each 1 to 64 characters of
/// `A-Z a-z 0-9 _ - . :`. `*id` is the number that `ALIYUN_IOT_EVENT_DESIRED_REPLY` or
/// `ALIYUN_IOT_EVENT_DESIRED_NO_REPLY` will have. At most 20 replies are awaited; then the call returns
/// `ALIYUN_IOT_STATUS_FULL`.
///
/// The call returns `ALIYUN_IOT_STATUS_JSON` for other names. `aliyun_iot_last_error` then has the offset of the wrong byte.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "desired"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_get_desired(
    device: *mut aliyun_iot_device,
    names: aliyun_iot_bytes,
    id: *mut u32,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "desired")]
    let asked = {
        // SAFETY: promise 3.
        let names = unsafe { text(names, ALIYUN_IOT_STATUS_JSON) };
        let asked =
            names.and_then(|names| this.device.desired().get(names, Instant::from_millis(now_ms)).map_err(of_post));
        // SAFETY: promise 4.
        asked.map(|number| unsafe { output(id, number) })
    };
    #[cfg(not(feature = "desired"))]
    let asked = Err(crate::ffi::status::LEFT_OUT);
    this.status(asked)
}

/// Deletes desired values. `versions` is a JSON object with a member `{"version":…}` for each property. The platform keeps a
/// value that has another version. The member `{}` deletes any version. `id` as for `aliyun_iot_get_desired`. If it
/// is NULL, the reply is not wanted, and only a refusal is reported.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "desired"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_delete_desired(
    device: *mut aliyun_iot_device,
    versions: aliyun_iot_bytes,
    id: *mut u32,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "desired")]
    let deleted = {
        // SAFETY: promise 3.
        let versions = unsafe { text(versions, ALIYUN_IOT_STATUS_JSON) };
        let now = Instant::from_millis(now_ms);
        let deleted =
            versions.and_then(|versions| this.device.desired().delete(versions, wanted(id), now).map_err(of_post));
        // SAFETY: promise 4.
        deleted.map(|number| unsafe { output(id, number) })
    };
    #[cfg(not(feature = "desired"))]
    let deleted = Err(crate::ffi::status::LEFT_OUT);
    this.status(deleted)
}

/// Asks for the desired values of properties now and after each connect. `ALIYUN_IOT_EVENT_DESIRED_VALUES` reports each value
/// whose version no event has reported before. If the device is offline, it asks after it connects. `names` as for
/// `aliyun_iot_get_desired`, with up to 32 identifiers. Empty `names` end this.
///
/// `memory` must hold `names` and 4 bytes for each identifier; `ALIYUN_IOT_STATUS_TOO_LARGE` and `aliyun_iot_last_error` say
/// how much is needed. It belongs to the device until the next call of `aliyun_iot_follow_desired`, `aliyun_iot_close` or
/// `aliyun_iot_drop`.
///
/// # Safety
///
/// The promises of `src/ffi`; the memory must be writable and must not overlap what the device has.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "desired"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_follow_desired(
    device: *mut aliyun_iot_device,
    names: aliyun_iot_bytes,
    memory: aliyun_iot_buffer,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "desired")]
    // SAFETY: promise 3, and the caller's promise for the memory.
    let (names, memory) = unsafe { (names.text().map_err(|_| (ALIYUN_IOT_STATUS_JSON, 0)), memory.take()) };
    #[cfg(feature = "desired")]
    let followed =
        names.and_then(|names| this.device.desired().follow(names.unwrap_or_default(), memory).map_err(of_post));
    #[cfg(not(feature = "desired"))]
    let followed = Err(crate::ffi::status::LEFT_OUT);
    this.status(followed)
}
