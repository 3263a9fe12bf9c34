//! Registrations at vendor clouds: a device is created, or asks for its secret, over HTTPS.

use crate::ffi::connection::aliyun_iot_server;
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_buffer, aliyun_iot_bytes};
use crate::ffi::words::Rows;
#[cfg(all(feature = "vendor", feature = "register"))]
use {
    super::vendor::of_login,
    crate::clouds::{self, vendor::Registration},
    crate::ffi::status::{ALIYUN_IOT_STATUS_ALREADY_CONNECTED, ALIYUN_IOT_STATUS_TOO_LARGE, Outcome},
    crate::ffi::types::same_layout,
    crate::services::register::RegisterError,
    crate::time::Instant,
};

pub(super) const WORDS: Rows = &[];
pub(super) const FEATURES: u32 = 0;

/// A registration at a vendor cloud. Initialise it with 0, and set the fields that the cloud uses (docs/clouds.md). The device
/// keeps none of them: what it sends and what decrypts the answer is in `scratch`, and is overwritten at the end.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_vendor_registration {
    /// `ALIYUN_IOT_VENDOR_TENCENT`, `ALIYUN_IOT_VENDOR_ONENET` or `ALIYUN_IOT_VENDOR_HUAWEI`.
    pub vendor: u32,
    /// Tencent: the registration of older SDKs, `/register/dev`. It needs the signing method `hmacsha1` in the build.
    pub legacy: bool,
    /// The server. The default host follows from the cloud, the default port is 443. Huawei: both requests go to a host that is
    /// given. Without TLS everybody on the way can read the new secret.
    pub server: aliyun_iot_server,
    /// Product ID.
    pub product_id: aliyun_iot_bytes,
    /// Device name. Huawei: the node ID.
    pub device_name: aliyun_iot_bytes,
    /// Tencent: product secret, 16 to 64 characters.
    pub product_secret: aliyun_iot_bytes,
    /// OneNET: user ID.
    pub user_id: aliyun_iot_bytes,
    /// OneNET: access key of the user, base64.
    pub user_key: aliyun_iot_bytes,
    /// Huawei: region; `cn-north-4` if not given.
    pub region: aliyun_iot_bytes,
    /// Huawei: the first part of the access address.
    pub instance_id: aliyun_iot_bytes,
    /// Huawei: project ID.
    pub project_id: aliyun_iot_bytes,
    /// Huawei: an IAM user that may create devices and nothing else.
    pub iam_user: aliyun_iot_bytes,
    /// Huawei: password of that user. Whoever reads it out of a device can create devices in the project.
    pub iam_password: aliyun_iot_bytes,
    /// Huawei: the account that the user belongs to.
    pub iam_domain: aliyun_iot_bytes,
}

// Rust's struct has the layout of C's: a registration is read where the caller has it.
#[cfg(all(feature = "vendor", feature = "register"))]
same_layout!(
    aliyun_iot_vendor_registration,
    Registration: vendor,
    legacy,
    server,
    product_id,
    device_name,
    product_secret,
    user_id,
    user_key,
    region,
    instance_id,
    project_id,
    iam_user,
    iam_password,
    iam_domain
);

#[cfg(all(feature = "vendor", feature = "register"))]
fn of_register(error: RegisterError) -> Outcome {
    match error {
        RegisterError::Login(clouds::LoginError::Vendor(error)) => of_login(error),
        RegisterError::TooLarge { needed } => (ALIYUN_IOT_STATUS_TOO_LARGE, needed),
        // An error of another cloud does not come from a registration at this one.
        RegisterError::AlreadyConnected | RegisterError::Login(_) => (ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0),
    }
}

/// Registers a device at a vendor cloud. The cloud returns a device secret, or a certificate and its private key.
///
/// The registration uses `ALIYUN_IOT_LINK_HTTP`. It ends as that of `aliyun_iot_register_aliyun` does. Huawei's takes two
/// requests, and up to 75 seconds. Tencent's and OneNET's are signed with the time: see `aliyun_iot_set_clock`.
///
/// `scratch` holds the request and the response. 2 KiB are enough for a secret of Tencent or OneNET, 6 KiB for a certificate.
/// Huawei needs 3 KiB more than its token, which has 1 to 8 KB. Over 14 KiB are of no use. An answer that does not fit is
/// reported as `ALIYUN_IOT_LOSS_PEER` with the code 8.
///
/// The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, `ALIYUN_IOT_STATUS_TOO_LARGE` if
/// `scratch` is too small for the request, `ALIYUN_IOT_STATUS_VENDOR_REGISTRATION`, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
///
/// # Safety
///
/// The promises of `src/ffi`; `scratch` must be writable, and must not overlap what the device has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_register_vendor(
    device: *mut aliyun_iot_device,
    registration: *const aliyun_iot_vendor_registration,
    scratch: aliyun_iot_buffer,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    if registration.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    #[cfg(all(feature = "vendor", feature = "register"))]
    let begun = if this.device.register().is_under_way() {
        // The memory may be that of the registration under way.
        Err((ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0))
    } else {
        // SAFETY: promises 3 and 4, not NULL, the layouts are the same; the caller's promise about `scratch`.
        let (registration, scratch) = unsafe { (&*registration.cast::<Registration>(), scratch.take()) };
        this.device.register().begin(registration, scratch, Instant::from_millis(now_ms)).map_err(of_register)
    };
    #[cfg(not(all(feature = "vendor", feature = "register")))]
    let begun = crate::ffi::status::left_out((scratch, now_ms));
    this.status(begun)
}
