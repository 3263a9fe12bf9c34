//! Registration.

use super::device::aliyun_iot_device;
use super::status::aliyun_iot_status;
use super::types::aliyun_iot_registration;

use aliyun_iot_status as Status;

/// Has the platform give the device a secret, or a token, of its own. Needs the link as a connection does, and ends with
/// the event `Registered` or `NotRegistered` within 65 seconds: five attempts of 10 seconds at most, and the waits
/// between them, each of which is told with the event `Failed`. A refusal is not tried again. The device is off then:
/// connect with what it got. `aliyun_iot_close` ends it early.
///
/// `AlreadyConnected`, the status of the field at fault, or `LeftOut`. The answer must fit the receive buffer: 1 KiB is
/// enough, and over 4 KiB is not read.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_register(
    device: *mut aliyun_iot_device,
    registration: *const aliyun_iot_registration,
    now_ms: u32,
) -> aliyun_iot_status {
    // SAFETY: promises 1 and 2.
    let Some(this) = (unsafe { device.as_mut() }) else { return Status::Null };
    // SAFETY: promise 4.
    let Some(registration) = (unsafe { registration.as_ref() }) else { return Status::Null };
    #[cfg(feature = "register")]
    {
        // SAFETY: promise 3.
        let begun = unsafe { registration.read() }.map_err(Status::from).and_then(|registration| {
            this.device.register(&registration, crate::time::Instant::from_millis(now_ms)).map_err(Status::from)
        });
        begun.err().unwrap_or(Status::Ok)
    }
    #[cfg(not(feature = "register"))]
    {
        let _ = (this, registration, now_ms);
        Status::LeftOut
    }
}

/// Whether a registration is under way.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_registering(device: *mut aliyun_iot_device) -> bool {
    // SAFETY: promises 1 and 2.
    unsafe { device.as_ref() }.is_some_and(|this| this.device.is_registering())
}
