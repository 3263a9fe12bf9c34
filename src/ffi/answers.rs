//! The calls that answer what the platform asks.

use super::device::{aliyun_iot_device, device};
use super::status::{aliyun_iot_status, of_post};
use super::types::aliyun_iot_bytes;

use aliyun_iot_status as Status;

/// What is answered where no data is given.
const NO_DATA: &[u8] = b"{}";

/// Answers the event `Properties`, `Service` or `CallRaw` that `aliyun_iot_poll` told last: `code` 200 for success,
/// `data` a JSON value, or NULL for `{}`. For `CallRaw` any bytes, which go without the code; with another code than 200
/// and no data nothing is sent, so that the platform sees a time-out. Without this call the next poll answers 200 and
/// `{}`.
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
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let data = unsafe { data.get() }.unwrap_or(NO_DATA);
    let answered = this.device.call().answer(code, data).map_err(of_post);
    answered.err().map_or(Status::Ok, |outcome| this.note(outcome))
}

/// Leaves the answer to the event that `aliyun_iot_poll` told last to `aliyun_iot_reply`, and returns the topic that it
/// asks for, which lives until the next poll. NULL if there is nothing to answer.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_answer_later(device: *mut aliyun_iot_device) -> aliyun_iot_bytes {
    let topic = device!(device, aliyun_iot_bytes::NONE).device.call().answer_later();
    topic.map_or(aliyun_iot_bytes::NONE, aliyun_iot_bytes::of)
}

/// Answers an event of before, as `aliyun_iot_answer` does. `topic` is what `aliyun_iot_answer_later` returned for it,
/// `message_id` what the event told; NULL for `CallRaw`. A synchronous call is over after 8 seconds.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_reply(
    device: *mut aliyun_iot_device,
    topic: aliyun_iot_bytes,
    message_id: aliyun_iot_bytes,
    code: i32,
    data: aliyun_iot_bytes,
) -> aliyun_iot_status {
    let this = device!(device, Status::Null);
    // SAFETY: promise 3.
    let (topic, id, data) = unsafe { (topic.get(), message_id.text(), data.get().unwrap_or(NO_DATA)) };
    let replied = match (topic, id) {
        (Some(topic), Ok(id)) => this.device.call().reply(topic, id, code, data).map_err(of_post),
        _ => Err((Status::Topic, 0)),
    };
    replied.err().map_or(Status::Ok, |outcome| this.note(outcome))
}
