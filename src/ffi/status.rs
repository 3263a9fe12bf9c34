//! The numbers that calls return.
//!
//! Statuses are numbered in blocks: general ones from -1 here, then a block for each family of events (see `event.rs`), and
//! from -0x100 a block for each cloud. Each file declares its own.

use super::words::Rows;

/// The result of a call: `ALIYUN_IOT_STATUS_OK`, or a negative number. Numbers never change; new ones may come.
pub type aliyun_iot_status = i32;

/// The call has done its work.
pub const ALIYUN_IOT_STATUS_OK: i32 = 0;
/// There is no session, and the call would not be kept for the next session. Or there is no request to answer.
pub const ALIYUN_IOT_STATUS_NOT_CONNECTED: i32 = -1;
/// The window of 20 unacknowledged messages is full, or the send buffer is: try again later.
pub const ALIYUN_IOT_STATUS_FULL: i32 = -2;
/// A buffer is too small, also when it is empty. `needed` of `aliyun_iot_last_error` is the size that it must have.
pub const ALIYUN_IOT_STATUS_TOO_LARGE: i32 = -3;
/// The device is connected or connecting, or a registration is under way.
pub const ALIYUN_IOT_STATUS_ALREADY_CONNECTED: i32 = -4;
/// The cloud that the device is connected to does not have this service, or `without_services` has switched it off.
pub const ALIYUN_IOT_STATUS_NO_SERVICE: i32 = -5;
/// The build of the library does not have this feature.
pub const ALIYUN_IOT_STATUS_LEFT_OUT: i32 = -6;
/// The server has closed the connection again and again right after such a packet. The library sends none for five
/// minutes.
pub const ALIYUN_IOT_STATUS_GIVEN_UP: i32 = -7;
/// A pointer is NULL that must not be NULL.
pub const ALIYUN_IOT_STATUS_NULL: i32 = -8;
/// A text is not JSON, or not the JSON object that the call needs. `offset` of `aliyun_iot_last_error` is the first wrong
/// byte.
pub const ALIYUN_IOT_STATUS_JSON: i32 = -9;
/// JSON is nested deeper than 32 levels. `offset` of `aliyun_iot_last_error` is the first bracket too many.
pub const ALIYUN_IOT_STATUS_NESTING: i32 = -10;
/// The memory of a device is too small or not aligned, or one of its buffers is too small.
pub const ALIYUN_IOT_STATUS_MEMORY: i32 = -11;

/// The last call that failed, of those that return a status. A field that does not apply to the status is 0.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_error {
    /// The status that the call returned; `ALIYUN_IOT_STATUS_OK` if no call has failed.
    pub status: i32,
    /// `ALIYUN_IOT_STATUS_TOO_LARGE`: the bytes that the buffer must have.
    pub needed: usize,
    /// `ALIYUN_IOT_STATUS_JSON` and `ALIYUN_IOT_STATUS_NESTING`: the offset of the first wrong byte.
    pub offset: usize,
    /// A topic that is too long: the bytes or the levels that it has.
    pub actual: usize,
}

/// A status, and its number in [`aliyun_iot_error`].
pub(super) type Outcome = (aliyun_iot_status, usize);

/// The call of a feature that the build does not have.
#[allow(dead_code)] // A build may have all features.
pub(super) const LEFT_OUT: Outcome = (ALIYUN_IOT_STATUS_LEFT_OUT, 0);

/// The outcome of a call with these `arguments` that the build does not have.
#[allow(dead_code)] // Used where something is left out.
pub(super) fn left_out<T>(arguments: impl Sized) -> Result<T, Outcome> {
    let _ = arguments;
    Err(LEFT_OUT)
}

/// The words. Those that no call of this build leads to are left out.
pub(super) const WORDS: Rows = &[
    (ALIYUN_IOT_STATUS_OK, "done"),
    (ALIYUN_IOT_STATUS_NOT_CONNECTED, "not connected"),
    (ALIYUN_IOT_STATUS_FULL, "too many messages wait: try again later"),
    (ALIYUN_IOT_STATUS_TOO_LARGE, "larger than the buffer for it"),
    (ALIYUN_IOT_STATUS_ALREADY_CONNECTED, "already connected: call end() first"),
    (ALIYUN_IOT_STATUS_NO_SERVICE, "the cloud of this login does not have this service"),
    (ALIYUN_IOT_STATUS_LEFT_OUT, "left out of this firmware"),
    (ALIYUN_IOT_STATUS_GIVEN_UP, "the server closes the connection right after it, again and again"),
    (ALIYUN_IOT_STATUS_NULL, "a pointer is NULL"),
    (ALIYUN_IOT_STATUS_JSON, "params is not a JSON object"),
    (ALIYUN_IOT_STATUS_NESTING, "the JSON is nested deeper than 32 levels"),
    (ALIYUN_IOT_STATUS_MEMORY, "memory too small or not aligned"),
];
