//! Calls of the platform: property sets, services and bytes; and their answers.

use crate::ffi::device::{aliyun_iot_device, device};
#[cfg(not(feature = "call"))]
use crate::ffi::status::left_out;
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_buffer, aliyun_iot_bytes, output};
use crate::ffi::words::Family;
#[cfg(feature = "call")]
use {super::model::of_post, crate::alink::PostError, crate::ffi::status::Outcome, crate::services::call::Event};

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_call_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_CALL_PROPERTIES, "CALL_PROPERTIES"),
        (ALIYUN_IOT_EVENT_CALL_SERVICE, "CALL_SERVICE"),
        (ALIYUN_IOT_EVENT_CALL_BYTES, "CALL_BYTES"),
    ],
    statuses: &[(ALIYUN_IOT_STATUS_NO_REQUEST, "no request waits for this answer")],
    features: if cfg!(feature = "call") { ALIYUN_IOT_FEATURE_CALL } else { 0 },
};

/// The platform sets properties: `as.call.properties`.
pub const ALIYUN_IOT_EVENT_CALL_PROPERTIES: i32 = 0x40;
/// The platform calls a service: `as.call.service`.
pub const ALIYUN_IOT_EVENT_CALL_SERVICE: i32 = 0x41;
/// The platform makes a synchronous call that is not a service's: `as.call.bytes`. The topic is a custom one, or the payload
/// is not Alink.
pub const ALIYUN_IOT_EVENT_CALL_BYTES: i32 = 0x42;

/// The build has calls of the platform and their answers.
pub const ALIYUN_IOT_FEATURE_CALL: u32 = 0x1000;

/// The call does not wait for an answer any more.
pub const ALIYUN_IOT_STATUS_NO_REQUEST: i32 = -0x40;

/// `ALIYUN_IOT_EVENT_CALL_PROPERTIES`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_call_properties {
    /// The id of the request, in most cases decimal digits.
    pub message_id: aliyun_iot_bytes,
    /// The properties: JSON as the platform sent it.
    pub params: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_CALL_SERVICE`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_call_service {
    /// The id of the request, in most cases decimal digits.
    pub message_id: aliyun_iot_bytes,
    /// The identifier of the service.
    pub service: aliyun_iot_bytes,
    /// The input parameters: JSON as the platform sent it.
    pub params: aliyun_iot_bytes,
    /// The platform waits for the answer, 8 seconds at most.
    pub synchronous: bool,
}

/// `ALIYUN_IOT_EVENT_CALL_BYTES`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_call_bytes {
    /// The number of the request.
    pub message_id: aliyun_iot_bytes,
    /// The custom topic; empty if the call came on a topic of the platform's.
    pub topic: aliyun_iot_bytes,
    /// Any bytes.
    pub payload: aliyun_iot_bytes,
    /// The whole topic of the message.
    pub full_topic: aliyun_iot_bytes,
}

/// `as.call`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_call_event {
    /// `ALIYUN_IOT_EVENT_CALL_PROPERTIES`
    pub properties: aliyun_iot_call_properties,
    /// `ALIYUN_IOT_EVENT_CALL_SERVICE`
    pub service: aliyun_iot_call_service,
    /// `ALIYUN_IOT_EVENT_CALL_BYTES`
    pub bytes: aliyun_iot_call_bytes,
}

#[cfg(feature = "call")]
#[inline(always)]
pub(super) fn write(event: Event<'_>, to: &mut aliyun_iot_call_event) -> i32 {
    let of = aliyun_iot_bytes::of_text;
    match event {
        Event::SetProperties { id, params } => {
            to.properties = aliyun_iot_call_properties { message_id: of(id), params: of(params) };
            ALIYUN_IOT_EVENT_CALL_PROPERTIES
        }
        Event::Service { id, service, params, synchronous } => {
            to.service =
                aliyun_iot_call_service { message_id: of(id), service: of(service), params: of(params), synchronous };
            ALIYUN_IOT_EVENT_CALL_SERVICE
        }
        Event::Bytes { id, name, payload, topic } => {
            let payload = aliyun_iot_bytes::of(payload);
            to.bytes = aliyun_iot_call_bytes { message_id: of(id), topic: of(name), payload, full_topic: of(topic) };
            ALIYUN_IOT_EVENT_CALL_BYTES
        }
    }
}

/// The answer without data.
#[cfg(feature = "call")]
const NO_DATA: &[u8] = b"{}";

/// The status of an answer that failed.
#[cfg(feature = "call")]
fn of_answer(error: PostError) -> Outcome {
    if error == PostError::NoRequest { (ALIYUN_IOT_STATUS_NO_REQUEST, 0) } else { of_post(error) }
}

/// Answers the call that `aliyun_iot_poll` returned last. `code` is 200 for success. `data` is a JSON value, or NULL for
/// `{}`.
///
/// The answer to `ALIYUN_IOT_EVENT_CALL_BYTES` is `data` as it is, without the code. With another code than 200 and no data,
/// nothing is sent, and the platform sees a time-out.
///
/// Without this call, the next poll answers with 200 and `{}`; after a call of this function that failed, with its `code`
/// and `{}`. If there is nothing to answer, the function returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_answer(
    device: *mut aliyun_iot_device,
    code: i32,
    data: aliyun_iot_bytes,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "call")]
    // SAFETY: promise 3.
    let answered = this.device.call().answer(code, unsafe { data.get() }.unwrap_or(NO_DATA)).map_err(of_answer);
    #[cfg(not(feature = "call"))]
    let answered = left_out::<()>((code, data));
    this.status(answered)
}

/// Provides memory for the calls that `aliyun_iot_answer_later` keeps: for each 6 bytes, its topic and its message id. Call it
/// once after `aliyun_iot_init`; it stays for all connections. Calls that earlier memory held are forgotten. Without memory
/// (NULL) no call is kept.
///
/// # Safety
///
/// The promises of `src/ffi`; the memory must be writable, must not overlap what the device has, and belongs to it until
/// `aliyun_iot_drop` or the next call of this function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_keep_later(
    device: *mut aliyun_iot_device,
    memory: aliyun_iot_buffer,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "call")]
    let provided = {
        // SAFETY: the caller's promise.
        this.device.call().keep_later(unsafe { memory.take() });
        Ok(())
    };
    #[cfg(not(feature = "call"))]
    let provided = left_out::<()>(memory);
    this.status(provided)
}

/// Keeps the call that `aliyun_iot_poll` returned last. `aliyun_iot_reply` answers it later, by the number in `*handle`. At
/// most 16 calls wait, and at most as many as the memory of `aliyun_iot_keep_later` holds: the oldest is answered with 429 to
/// make place.
///
/// If there is nothing to answer, the function returns `ALIYUN_IOT_STATUS_NOT_CONNECTED`. If the memory cannot hold the call,
/// it returns `ALIYUN_IOT_STATUS_TOO_LARGE`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_answer_later(
    device: *mut aliyun_iot_device,
    handle: *mut u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "call")]
    let kept = this.device.call().answer_later().map_err(of_answer);
    #[cfg(not(feature = "call"))]
    let kept = left_out::<u16>(());
    // SAFETY: promise 4.
    this.status(kept.map(|number| unsafe { output(handle, number.into()) }))
}

/// Answers a call that `aliyun_iot_answer_later` has kept, as `aliyun_iot_answer` does. The platform waits 8 seconds for the
/// answer to a synchronous call. A call that does not wait for an answer any more gives `ALIYUN_IOT_STATUS_NO_REQUEST`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_reply(
    device: *mut aliyun_iot_device,
    handle: u32,
    code: i32,
    data: aliyun_iot_bytes,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "call")]
    let replied = {
        // SAFETY: promise 3.
        let data = unsafe { data.get() }.unwrap_or(NO_DATA);
        this.device.call().reply(u16::try_from(handle).unwrap_or_default(), code, data).map_err(of_answer)
    };
    #[cfg(not(feature = "call"))]
    let replied = left_out::<()>((handle, code, data));
    this.status(replied)
}
