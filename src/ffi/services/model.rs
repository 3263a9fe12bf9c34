//! Properties and events of the thing model.

use crate::alink::{PostError, Reply};
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::messages::{of_send, text};
use crate::ffi::status::{
    ALIYUN_IOT_STATUS_JSON, ALIYUN_IOT_STATUS_NESTING, ALIYUN_IOT_STATUS_NO_SERVICE, ALIYUN_IOT_STATUS_NULL, Outcome,
    aliyun_iot_status,
};
use crate::ffi::types::{aliyun_iot_bytes, output};
use crate::ffi::words::Family;
use crate::services::model::{Event, PROPERTY};
use crate::time::Instant;

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_model_event>(),
    kinds: &[(ALIYUN_IOT_EVENT_MODEL_REPLY, "MODEL_REPLY"), (ALIYUN_IOT_EVENT_MODEL_NO_REPLY, "MODEL_NO_REPLY")],
    statuses: &[
        (ALIYUN_IOT_STATUS_EVENT_ID, "id must be 1 to 64 of A-Z a-z 0-9 _ - . :"),
        #[cfg(feature = "huawei")]
        (ALIYUN_IOT_STATUS_SERVICE_ID, "this cloud has properties in services: give serviceId to connect()"),
    ],
    features: 0,
};

/// The platform's reply to a post whose reply is wanted, or a refusal of any post: `as.model.reply`.
pub const ALIYUN_IOT_EVENT_MODEL_REPLY: i32 = 0x30;
/// No reply to a post comes any more: `as.model.no_reply`.
pub const ALIYUN_IOT_EVENT_MODEL_NO_REPLY: i32 = 0x31;

/// The platform has not replied within 10 seconds.
pub const ALIYUN_IOT_NO_REPLY_OVERDUE: i32 = 0;
/// The connection ended before the reply.
pub const ALIYUN_IOT_NO_REPLY_LINK_ENDED: i32 = 1;

/// The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
pub const ALIYUN_IOT_STATUS_EVENT_ID: i32 = -0x30;
/// The cloud has properties in services, and the login has no `service_id`.
pub const ALIYUN_IOT_STATUS_SERVICE_ID: i32 = -0x31;

/// `ALIYUN_IOT_EVENT_MODEL_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_model_reply {
    /// The number from `aliyun_iot_post_properties` or `aliyun_iot_post_event`.
    pub id: u32,
    /// The platform's code: 200 for success.
    pub code: i32,
    /// The platform's message, a text that is often empty. Its JSON escapes are decoded, so it may have control characters.
    pub message: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_MODEL_NO_REPLY`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_model_no_reply {
    /// The number from `aliyun_iot_post_properties` or `aliyun_iot_post_event`.
    pub id: u32,
    /// `ALIYUN_IOT_NO_REPLY_OVERDUE` or `ALIYUN_IOT_NO_REPLY_LINK_ENDED`.
    pub cause: i32,
}

/// `as.model`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_model_event {
    /// `ALIYUN_IOT_EVENT_MODEL_REPLY`
    pub reply: aliyun_iot_model_reply,
    /// `ALIYUN_IOT_EVENT_MODEL_NO_REPLY`
    pub no_reply: aliyun_iot_model_no_reply,
}

#[inline(always)]
pub(super) fn write(event: Event<'_>, to: &mut aliyun_iot_model_event) -> i32 {
    match event {
        Event::Reply { id, code, message } => {
            to.reply = aliyun_iot_model_reply { id, code, message: aliyun_iot_bytes::of(message.as_bytes()) };
            ALIYUN_IOT_EVENT_MODEL_REPLY
        }
        Event::NoReply { id, cause } => {
            to.no_reply = aliyun_iot_model_no_reply { id, cause: cause as i32 };
            ALIYUN_IOT_EVENT_MODEL_NO_REPLY
        }
    }
}

/// The status of a post that failed. A post is no answer, which alone can be without a request.
pub(in crate::ffi) fn of_post(error: PostError) -> Outcome {
    match error {
        PostError::NoService | PostError::NoRequest => (ALIYUN_IOT_STATUS_NO_SERVICE, 0),
        PostError::Json(error) => (ALIYUN_IOT_STATUS_JSON, error.at),
        PostError::Nesting { at } => (ALIYUN_IOT_STATUS_NESTING, at),
        PostError::EventId => (ALIYUN_IOT_STATUS_EVENT_ID, 0),
        PostError::ServiceId => (ALIYUN_IOT_STATUS_SERVICE_ID, 0),
        PostError::Send(error) => of_send(error),
    }
}

/// Whether the reply is wanted whose number goes to `id`.
pub(super) fn wanted(id: *mut u32) -> Reply {
    if id.is_null() { Reply::Ignored } else { Reply::Wanted }
}

/// Posts properties, a JSON object. `*id` is the number that `ALIYUN_IOT_EVENT_MODEL_REPLY` or
/// `ALIYUN_IOT_EVENT_MODEL_NO_REPLY` will have. If `id` is NULL, the reply is not wanted, and only a refusal is reported. At
/// most 20 replies are awaited; then the function returns `ALIYUN_IOT_STATUS_FULL`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_post_properties(
    device: *mut aliyun_iot_device,
    params: aliyun_iot_bytes,
    id: *mut u32,
    now_ms: u32,
) -> aliyun_iot_status {
    // The platform has properties as an event of this name.
    let event = aliyun_iot_bytes::of(PROPERTY.as_bytes());
    // SAFETY: the caller's promises.
    unsafe { aliyun_iot_post_event(device, event, params, id, now_ms) }
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
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    let now = Instant::from_millis(now_ms);
    // SAFETY: promise 3.
    let (event, params) = unsafe { (text(event, ALIYUN_IOT_STATUS_EVENT_ID), text(params, ALIYUN_IOT_STATUS_JSON)) };
    let posted =
        event.and_then(|event| this.device.model().post_event(event, params?, wanted(id), now).map_err(of_post));
    // SAFETY: promise 4.
    this.status(posted.map(|number| unsafe { output(id, number) }))
}
