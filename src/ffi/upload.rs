//! The calls for uploads.

use super::device::{aliyun_iot_device, device};
use super::status::aliyun_iot_status;
use super::types::aliyun_iot_bytes;
#[cfg(feature = "upload")]
use {
    super::device::text,
    super::status::Outcome,
    crate::services::upload::{File, UploadError},
};

use crate::time::Instant;
use aliyun_iot_status as Status;

/// Begins to upload a file of `size` bytes (16 MiB at most) in blocks of `block` bytes (256 to 131,072), as soon as the
/// session is up. `name` is its name on the platform, where it replaces one of the same name; `crc64` is that of
/// `aliyun_iot_crc64` over all of it. The event `UploadBlock` asks for one block after another, and the upload ends with
/// `Uploaded`, `UploadFailed` or `Closed`. `Full` while another upload is under way, `TooLarge` if blocks of that size
/// do not fit `tx`, `FileName`, `FileSize`, `Block`, or `LeftOut` if the library was built without it.
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
    let this = device!(device, Status::Null);
    #[cfg(feature = "upload")]
    // SAFETY: promise 3.
    let begun = unsafe { text(name, Status::FileName) }
        .and_then(|name| this.device.upload().begin(File { name, size, crc64 }, block).map_err(of_upload));
    #[cfg(not(feature = "upload"))]
    let begun = Err::<(), _>((Status::LeftOut, 0));
    begun.err().map_or(Status::Ok, |outcome| this.note(outcome))
}

#[cfg(feature = "upload")]
fn of_upload(error: UploadError) -> Outcome {
    match error {
        UploadError::NoService => (Status::NoThing, 0),
        UploadError::NotConnected => (Status::NotConnected, 0),
        UploadError::Busy => (Status::Full, 0),
        UploadError::Name => (Status::FileName, 0),
        UploadError::Size => (Status::FileSize, 0),
        UploadError::Block => (Status::Block, 0),
        UploadError::TooLarge { needed } => (Status::TooLarge, needed),
    }
}

/// Where to put the block that `UploadBlock` told last, `*length` bytes; NULL and 0 if it is not wanted any more. It
/// lies in `tx` and holds up what is queued behind it. Until `aliyun_iot_upload_filled` only publish, post, subscribe
/// and unsubscribe may be called on the device.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_upload_block(device: *mut aliyun_iot_device, length: *mut usize) -> *mut u8 {
    // SAFETY: promises 1 and 2.
    let this = unsafe { device.as_mut() };
    #[cfg(feature = "upload")]
    let block = this.and_then(|this| this.device.upload().block()).unwrap_or_default();
    #[cfg(not(feature = "upload"))]
    let block: &mut [u8] = this.map_or(&mut [], |_| &mut []);
    // SAFETY: promise 4.
    if let Some(length) = unsafe { length.as_mut() } {
        *length = block.len();
    }
    if block.is_empty() { core::ptr::null_mut() } else { block.as_mut_ptr() }
}

/// All of it has been written: send it.
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

/// Gives the upload up, if there is one; no event follows.
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

/// CRC-64/XZ over `data`: begin with `before` 0, and go on with what the call before returned.
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
