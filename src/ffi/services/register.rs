//! Events of a registration. Each cloud has its own call that begins one.

use crate::ffi::connection::aliyun_iot_loss;
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::types::aliyun_iot_bytes;
use crate::ffi::words::Family;
#[cfg(feature = "register")]
use crate::services::register::Event;

pub(in crate::ffi) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_registration_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_REGISTRATION_DONE, "REGISTRATION_DONE"),
        (ALIYUN_IOT_EVENT_REGISTRATION_REFUSED, "REGISTRATION_REFUSED"),
        (ALIYUN_IOT_EVENT_REGISTRATION_FAILED, "REGISTRATION_FAILED"),
        (ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED, "REGISTRATION_CERTIFIED"),
    ],
    statuses: &[],
    features: if cfg!(feature = "register") { ALIYUN_IOT_FEATURE_REGISTER } else { 0 },
};

/// The platform has registered the device: `as.registration.done`. Store the secret, then connect with it.
pub const ALIYUN_IOT_EVENT_REGISTRATION_DONE: i32 = 0x80;
/// The platform has refused the registration: `as.registration.refused`. The library does not try again.
pub const ALIYUN_IOT_EVENT_REGISTRATION_REFUSED: i32 = 0x81;
/// The registration has failed: `as.registration.failed`. The server refused the login, or five attempts had no answer.
pub const ALIYUN_IOT_EVENT_REGISTRATION_FAILED: i32 = 0x82;
/// The cloud has registered the device, which logs in with a certificate: `as.registration.certified`. Store both texts, then
/// connect with them. Tencent Cloud alone does so, for products whose devices have certificates.
pub const ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED: i32 = 0x83;

/// The build has dynamic registration.
pub const ALIYUN_IOT_FEATURE_REGISTER: u32 = 0x400;

/// `ALIYUN_IOT_EVENT_REGISTRATION_DONE`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_registration_done {
    /// The device secret; or, if there is a `client_id`, a device token. It lies in a buffer of the device, which the next
    /// poll overwrites.
    pub secret: aliyun_iot_bytes,
    /// The client identifier that belongs to a device token; else NULL.
    pub client_id: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_registration_certified {
    /// The certificate, PEM. Like the key it lies in a buffer of the device, which the next poll overwrites.
    pub certificate: aliyun_iot_bytes,
    /// The private key, PEM.
    pub private_key: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_REGISTRATION_REFUSED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_registration_refused {
    /// The platform's code, or the status of HTTP.
    pub code: i32,
    /// The platform's message, a text that is often empty.
    pub message: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_REGISTRATION_FAILED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_registration_failed {
    /// Why the last attempt ended.
    pub loss: aliyun_iot_loss,
}

/// `as.registration`
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_registration_event {
    /// `ALIYUN_IOT_EVENT_REGISTRATION_DONE`
    pub done: aliyun_iot_registration_done,
    /// `ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED`
    pub certified: aliyun_iot_registration_certified,
    /// `ALIYUN_IOT_EVENT_REGISTRATION_REFUSED`
    pub refused: aliyun_iot_registration_refused,
    /// `ALIYUN_IOT_EVENT_REGISTRATION_FAILED`
    pub failed: aliyun_iot_registration_failed,
}

#[cfg(feature = "register")]
#[inline(always)]
pub(super) fn write(event: Event, to: &mut aliyun_iot_registration_event) -> i32 {
    let of = aliyun_iot_bytes::of_text;
    match event {
        Event::Done { client_id, secret } => {
            let client_id = client_id.map_or(aliyun_iot_bytes::NONE, of);
            to.done = aliyun_iot_registration_done { secret: of(secret), client_id };
            ALIYUN_IOT_EVENT_REGISTRATION_DONE
        }
        #[cfg(feature = "tencent")]
        Event::Certified { certificate, private_key } => {
            let (certificate, private_key) = (of(certificate), of(private_key));
            to.certified = aliyun_iot_registration_certified { certificate, private_key };
            ALIYUN_IOT_EVENT_REGISTRATION_CERTIFIED
        }
        Event::Refused { code, message } => {
            to.refused = aliyun_iot_registration_refused { code, message: of(message) };
            ALIYUN_IOT_EVENT_REGISTRATION_REFUSED
        }
        Event::Failed(loss) => {
            to.failed = aliyun_iot_registration_failed { loss: loss.into() };
            ALIYUN_IOT_EVENT_REGISTRATION_FAILED
        }
    }
}

/// Ends a registration, if there is one, without an event. `scratch` is the caller's again. You can also call it while you
/// handle the last event of a registration: the texts of the event are then not valid any more.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_cancel_registration(device: *mut aliyun_iot_device) {
    device!(device).device.cancel_request();
}

/// Returns whether a registration is under way.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_is_registering(device: *mut aliyun_iot_device) -> bool {
    let _this = device!(device, false);
    #[cfg(feature = "register")]
    return _this.device.register().is_under_way();
    #[cfg(not(feature = "register"))]
    false
}
