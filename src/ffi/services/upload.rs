//! Uploads of files.

use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_buffer, aliyun_iot_bytes, output};
use crate::ffi::words::Family;
use crate::time::Instant;
#[cfg(feature = "upload")]
use {
    crate::ffi::messages::text,
    crate::ffi::status::{
        ALIYUN_IOT_STATUS_FULL, ALIYUN_IOT_STATUS_NO_SERVICE, ALIYUN_IOT_STATUS_NOT_CONNECTED,
        ALIYUN_IOT_STATUS_TOO_LARGE, Outcome,
    },
    crate::services::upload::{Event, File, GIVEN_UP, STALLED, UploadError},
};

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_upload_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_UPLOAD_BLOCK, "UPLOAD_BLOCK"),
        (ALIYUN_IOT_EVENT_UPLOAD_DONE, "UPLOAD_DONE"),
        (ALIYUN_IOT_EVENT_UPLOAD_FAILED, "UPLOAD_FAILED"),
    ],
    #[cfg(feature = "upload")]
    statuses: &[
        (
            ALIYUN_IOT_STATUS_FILE_NAME,
            "the name must be 1 to 100 of A-Z a-z 0-9 _ . and begin with a letter or a digit",
        ),
        (ALIYUN_IOT_STATUS_FILE_SIZE, "a file must be 1 byte to 16 MiB"),
        (ALIYUN_IOT_STATUS_BLOCK, "a block must be 256 to 131072 bytes"),
    ],
    #[cfg(not(feature = "upload"))]
    statuses: &[],
    features: if cfg!(feature = "upload") { ALIYUN_IOT_FEATURE_UPLOAD } else { 0 },
};

/// The upload needs a block of the file: `as.upload.block`. `aliyun_iot_upload_place` has the place for it.
pub const ALIYUN_IOT_EVENT_UPLOAD_BLOCK: i32 = 0x70;
/// The platform has the file, and its sum is right: `as.upload.done`.
pub const ALIYUN_IOT_EVENT_UPLOAD_DONE: i32 = 0x71;
/// The upload has failed: `as.upload.failed`.
pub const ALIYUN_IOT_EVENT_UPLOAD_FAILED: i32 = 0x72;

/// The file's name is empty, over 100 bytes, does not begin with a letter or a digit, or has a character outside
/// `A-Z a-z 0-9 _ .`.
pub const ALIYUN_IOT_STATUS_FILE_NAME: i32 = -0x70;
/// The file is empty, or over 16 MiB.
pub const ALIYUN_IOT_STATUS_FILE_SIZE: i32 = -0x71;
/// The block has fewer than 256 or more than 131,072 bytes.
pub const ALIYUN_IOT_STATUS_BLOCK: i32 = -0x72;

/// The platform refused the upload: `code` is its code.
pub const ALIYUN_IOT_UPLOAD_REFUSED: i32 = 0;
/// The platform did not reply: 5 requests had no usable reply for 10 seconds each.
pub const ALIYUN_IOT_UPLOAD_SILENT: i32 = 1;
/// The server closed the connection again and again right after a block.
pub const ALIYUN_IOT_UPLOAD_GIVEN_UP: i32 = 2;
/// The platform accepted no block for 6 minutes, on whatever connections.
pub const ALIYUN_IOT_UPLOAD_STALLED: i32 = 3;

/// The build has uploads.
pub const ALIYUN_IOT_FEATURE_UPLOAD: u32 = 0x200;

/// `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_upload_block {
    /// The offset of the block in the file. The platform has all bytes before it.
    pub offset: u32,
    /// The length of the block.
    pub length: u32,
}

/// `ALIYUN_IOT_EVENT_UPLOAD_DONE`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_upload_done {
    /// The platform's name for the upload.
    pub id: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_UPLOAD_FAILED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_upload_failed {
    /// One of `ALIYUN_IOT_UPLOAD_…`.
    pub cause: i32,
    /// The platform's code, if it refused the upload; else 0.
    pub code: i32,
}

/// `as.upload`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_upload_event {
    /// `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`
    pub block: aliyun_iot_upload_block,
    /// `ALIYUN_IOT_EVENT_UPLOAD_DONE`
    pub done: aliyun_iot_upload_done,
    /// `ALIYUN_IOT_EVENT_UPLOAD_FAILED`
    pub failed: aliyun_iot_upload_failed,
}

#[cfg(feature = "upload")]
#[inline(always)]
pub(super) fn write(event: Event<'_>, to: &mut aliyun_iot_upload_event) -> i32 {
    match event {
        Event::Block { offset, length } => {
            to.block = aliyun_iot_upload_block { offset, length };
            ALIYUN_IOT_EVENT_UPLOAD_BLOCK
        }
        Event::Done { id } => {
            to.done = aliyun_iot_upload_done { id: aliyun_iot_bytes::of_text(id) };
            ALIYUN_IOT_EVENT_UPLOAD_DONE
        }
        Event::Failed { code } => {
            let (cause, code) = match code {
                0 => (ALIYUN_IOT_UPLOAD_SILENT, 0),
                GIVEN_UP => (ALIYUN_IOT_UPLOAD_GIVEN_UP, 0),
                STALLED => (ALIYUN_IOT_UPLOAD_STALLED, 0),
                code => (ALIYUN_IOT_UPLOAD_REFUSED, code),
            };
            to.failed = aliyun_iot_upload_failed { cause, code };
            ALIYUN_IOT_EVENT_UPLOAD_FAILED
        }
    }
}

#[cfg(feature = "upload")]
fn of_upload(error: UploadError) -> Outcome {
    match error {
        UploadError::NoService => (ALIYUN_IOT_STATUS_NO_SERVICE, 0),
        UploadError::NotConnected => (ALIYUN_IOT_STATUS_NOT_CONNECTED, 0),
        UploadError::Busy => (ALIYUN_IOT_STATUS_FULL, 0),
        UploadError::Name => (ALIYUN_IOT_STATUS_FILE_NAME, 0),
        UploadError::Size => (ALIYUN_IOT_STATUS_FILE_SIZE, 0),
        UploadError::Block => (ALIYUN_IOT_STATUS_BLOCK, 0),
        UploadError::TooLarge { needed } => (ALIYUN_IOT_STATUS_TOO_LARGE, needed),
    }
}

/// Uploads a file of `size` bytes, at most 16 MiB, in blocks of `block` bytes, 256 to 131,072. If the device is offline, the
/// upload begins after it connects.
///
/// `name` is the file's name on the platform; it replaces a file of the same name. `crc64` is the result of
/// `aliyun_iot_crc64` over all bytes. `ALIYUN_IOT_EVENT_UPLOAD_BLOCK` asks for one block after another. The upload ends with
/// `ALIYUN_IOT_EVENT_UPLOAD_DONE`, `ALIYUN_IOT_EVENT_UPLOAD_FAILED` or `ALIYUN_IOT_EVENT_CONNECTION_CLOSED`.
///
/// The call returns `ALIYUN_IOT_STATUS_FULL` while another upload is under way, and `ALIYUN_IOT_STATUS_TOO_LARGE` if blocks of
/// that size do not fit `tx`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "upload"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_upload(
    device: *mut aliyun_iot_device,
    name: aliyun_iot_bytes,
    size: u32,
    crc64: u64,
    block: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    #[cfg(feature = "upload")]
    // SAFETY: promise 3.
    let begun = unsafe { text(name, ALIYUN_IOT_STATUS_FILE_NAME) }
        .and_then(|name| this.device.upload().begin(File { name, size, crc64 }, block).map_err(of_upload));
    #[cfg(not(feature = "upload"))]
    let begun = Err(crate::ffi::status::LEFT_OUT);
    this.status(begun)
}

/// Gets the place for the block of the last `ALIYUN_IOT_EVENT_UPLOAD_BLOCK`; `false` if the block is not needed any more. The
/// place is in `tx`, in front of all packets that are queued later. Until `aliyun_iot_upload_filled`, only publish, post,
/// subscribe and unsubscribe may be called on the device.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_upload_place(
    device: *mut aliyun_iot_device,
    place: *mut aliyun_iot_buffer,
) -> bool {
    // SAFETY: promises 1 and 2.
    let this = unsafe { device.as_mut() };
    #[cfg(feature = "upload")]
    let block = this.and_then(|this| this.device.upload().block()).map(aliyun_iot_buffer::of);
    #[cfg(not(feature = "upload"))]
    let block = this.and(None);
    let is_wanted = block.is_some();
    // SAFETY: promise 4.
    unsafe { output(place, block.unwrap_or(aliyun_iot_buffer::NONE)) };
    is_wanted
}

/// Reports that the whole place of `aliyun_iot_upload_place` has been written. The library then sends the block.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "upload"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_upload_filled(device: *mut aliyun_iot_device, now_ms: u32) {
    let (this, now) = (device!(device), Instant::from_millis(now_ms));
    #[cfg(feature = "upload")]
    this.device.upload().filled(now);
}

/// Cancels the upload under way, if there is one. No event follows.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "upload"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_cancel_upload(device: *mut aliyun_iot_device) {
    let this = device!(device);
    #[cfg(feature = "upload")]
    this.device.upload().cancel();
}

/// Returns the CRC-64/XZ over `data`. Begin with 0 for `before`, and pass the last result for the next piece of a file. The
/// result is 0 if the build has no uploads.
///
/// # Safety
///
/// Promise 3.
#[unsafe(no_mangle)]
#[cfg_attr(not(feature = "upload"), allow(unused_variables))]
pub unsafe extern "C" fn aliyun_iot_crc64(before: u64, data: aliyun_iot_bytes) -> u64 {
    #[cfg(feature = "upload")]
    // SAFETY: promise 3.
    let sum = crate::codec::crc::crc64(before, unsafe { data.get() }.unwrap_or_default());
    #[cfg(not(feature = "upload"))]
    let sum = 0;
    sum
}
