//! The vendor clouds: Tencent, OneNET, Huawei, Tuya, Baidu and TLINK. `docs/clouds.md` says which fields each of them uses.

use crate::ffi::connection::{aliyun_iot_options, aliyun_iot_server};
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::aliyun_iot_bytes;
use crate::ffi::words::Rows;
use crate::time::Instant;
#[cfg(feature = "vendor")]
use {
    crate::clouds::{self, vendor::Login, vendor::LoginError},
    crate::device::ConnectError,
    crate::ffi::connection::{
        ALIYUN_IOT_STATUS_CLIENT_ID, ALIYUN_IOT_STATUS_HOST, ALIYUN_IOT_STATUS_KEEPALIVE,
        ALIYUN_IOT_STATUS_LOGIN_TOO_LONG, read_options,
    },
    crate::ffi::status::{ALIYUN_IOT_STATUS_ALREADY_CONNECTED, LEFT_OUT, Outcome},
    crate::ffi::types::same_layout,
};

// ---- Numbers ----

/// Tencent Cloud IoT Explorer, and IoT Hub.
pub const ALIYUN_IOT_VENDOR_TENCENT: u32 = 1;
/// China Mobile OneNET.
pub const ALIYUN_IOT_VENDOR_ONENET: u32 = 2;
/// Huawei Cloud IoTDA.
pub const ALIYUN_IOT_VENDOR_HUAWEI: u32 = 3;
/// Tuya, by TuyaLink.
pub const ALIYUN_IOT_VENDOR_TUYA: u32 = 4;
/// Baidu AI Cloud IoT Core.
pub const ALIYUN_IOT_VENDOR_BAIDU: u32 = 5;
/// TLINK.
pub const ALIYUN_IOT_VENDOR_TLINK: u32 = 6;

/// `product_id` is missing, too long, or has a character that the cloud forbids.
pub const ALIYUN_IOT_STATUS_VENDOR_PRODUCT_ID: i32 = -0x120;
/// `device_name` is missing, too long, or has a character that the cloud forbids.
pub const ALIYUN_IOT_STATUS_VENDOR_DEVICE_NAME: i32 = -0x121;
/// `device_secret` is missing, too long, or not in the cloud's encoding.
pub const ALIYUN_IOT_STATUS_VENDOR_DEVICE_SECRET: i32 = -0x122;
/// `product_secret` is missing, too long, or not in the cloud's encoding.
pub const ALIYUN_IOT_STATUS_VENDOR_PRODUCT_SECRET: i32 = -0x123;
/// The cloud does not have this `sign_method`, or the build leaves it out.
pub const ALIYUN_IOT_STATUS_VENDOR_SIGN_METHOD: i32 = -0x124;
/// The cloud does not have this `region`, or its name is too long.
pub const ALIYUN_IOT_STATUS_VENDOR_REGION: i32 = -0x125;
/// `instance_id` is missing, too long, or has a character that the cloud forbids.
pub const ALIYUN_IOT_STATUS_VENDOR_INSTANCE_ID: i32 = -0x126;
/// `service_id` is too long, or has a character that the cloud forbids.
pub const ALIYUN_IOT_STATUS_VENDOR_SERVICE_ID: i32 = -0x127;
/// The cloud has no login with a certificate.
pub const ALIYUN_IOT_STATUS_VENDOR_CERTIFICATE: i32 = -0x128;
/// The login is signed with the time, and `aliyun_iot_set_clock` was not called, or with a time before 2023.
pub const ALIYUN_IOT_STATUS_VENDOR_CLOCK: i32 = -0x129;
/// `topics` of `aliyun_iot_buffers` cannot hold the subscriptions of the cloud.
pub const ALIYUN_IOT_STATUS_VENDOR_SUBSCRIPTIONS: i32 = -0x12a;
/// The cloud has no registration that a device can make, or the build leaves it out.
pub const ALIYUN_IOT_STATUS_VENDOR_REGISTRATION: i32 = -0x12b;
/// `user_id` is missing, or not 1 to 32 letters and digits.
pub const ALIYUN_IOT_STATUS_VENDOR_USER_ID: i32 = -0x12c;
/// `user_key` is missing, too long, or not base64.
pub const ALIYUN_IOT_STATUS_VENDOR_USER_KEY: i32 = -0x12d;
/// `project_id` is missing, or not 1 to 64 of `A-Z a-z 0-9 - _`.
pub const ALIYUN_IOT_STATUS_VENDOR_PROJECT_ID: i32 = -0x12e;
/// `iam_user` is missing, over 64 bytes, or has a control character.
pub const ALIYUN_IOT_STATUS_VENDOR_IAM_USER: i32 = -0x12f;
/// `iam_password` is missing, over 64 bytes, or has a control character.
pub const ALIYUN_IOT_STATUS_VENDOR_IAM_PASSWORD: i32 = -0x130;
/// `iam_domain` is missing, over 64 bytes, or has a control character.
pub const ALIYUN_IOT_STATUS_VENDOR_IAM_DOMAIN: i32 = -0x131;

#[cfg(feature = "vendor")]
pub(super) const WORDS: Rows = &[
    (ALIYUN_IOT_STATUS_VENDOR_PRODUCT_ID, "productId is missing, too long, or has a character that the cloud forbids"),
    (
        ALIYUN_IOT_STATUS_VENDOR_DEVICE_NAME,
        "deviceName is missing, too long, or has a character that the cloud forbids",
    ),
    (
        ALIYUN_IOT_STATUS_VENDOR_DEVICE_SECRET,
        "deviceSecret is missing, too long, or not as the cloud's console shows it",
    ),
    (
        ALIYUN_IOT_STATUS_VENDOR_PRODUCT_SECRET,
        "productSecret is missing, too long, or not as the cloud's console shows it",
    ),
    (ALIYUN_IOT_STATUS_VENDOR_SIGN_METHOD, "signMethod is none of the cloud's, or this firmware leaves it out"),
    (ALIYUN_IOT_STATUS_VENDOR_REGION, "region is none of the cloud's"),
    (
        ALIYUN_IOT_STATUS_VENDOR_INSTANCE_ID,
        "instanceId is missing, too long, or has a character that the cloud forbids",
    ),
    (ALIYUN_IOT_STATUS_VENDOR_SERVICE_ID, "serviceId is too long, or has a character that the cloud forbids"),
    (ALIYUN_IOT_STATUS_VENDOR_CERTIFICATE, "cert: the cloud has no login with a certificate"),
    (ALIYUN_IOT_STATUS_VENDOR_CLOCK, "the clock is not set, and the cloud checks the time of a login"),
    (ALIYUN_IOT_STATUS_VENDOR_SUBSCRIPTIONS, "the buffer for topics cannot hold the subscriptions of the cloud"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_REGISTRATION, "cloud has no registration from a device, or this firmware leaves it out"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_USER_ID, "userId must be 1 to 32 letters and digits"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_USER_KEY, "userKey must be the access key of the user, as OneNET's console shows it"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_PROJECT_ID, "projectId must be 1 to 64 of A-Z a-z 0-9 - _"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_IAM_USER, "iamUser must be 1 to 64 bytes of text"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_IAM_PASSWORD, "iamPassword must be 1 to 64 bytes of text"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_VENDOR_IAM_DOMAIN, "iamDomain must be 1 to 64 bytes of text"),
];
#[cfg(not(feature = "vendor"))]
pub(super) const WORDS: Rows = &[];

/// The build can log in to Tencent Cloud.
pub const ALIYUN_IOT_FEATURE_TENCENT: u32 = 0x10000;
/// The build can log in to OneNET.
pub const ALIYUN_IOT_FEATURE_ONENET: u32 = 0x20000;
/// The build can log in to Huawei Cloud.
pub const ALIYUN_IOT_FEATURE_HUAWEI: u32 = 0x40000;
/// The build can log in to Tuya.
pub const ALIYUN_IOT_FEATURE_TUYA: u32 = 0x80000;
/// The build can log in to Baidu AI Cloud.
pub const ALIYUN_IOT_FEATURE_BAIDU: u32 = 0x100000;
/// The build can log in to TLINK.
pub const ALIYUN_IOT_FEATURE_TLINK: u32 = 0x200000;

pub(super) const FEATURES: u32 = if cfg!(feature = "tencent") { ALIYUN_IOT_FEATURE_TENCENT } else { 0 }
    | if cfg!(feature = "onenet") { ALIYUN_IOT_FEATURE_ONENET } else { 0 }
    | if cfg!(feature = "huawei") { ALIYUN_IOT_FEATURE_HUAWEI } else { 0 }
    | if cfg!(feature = "tuya") { ALIYUN_IOT_FEATURE_TUYA } else { 0 }
    | if cfg!(feature = "baidu") { ALIYUN_IOT_FEATURE_BAIDU } else { 0 }
    | if cfg!(feature = "tlink") { ALIYUN_IOT_FEATURE_TLINK } else { 0 };

// ---- Structs ----

/// A login to a vendor cloud. Initialise it with 0, and set the fields that the cloud uses (docs/clouds.md). The device keeps
/// all texts while it is connected, because each link needs a signature of its own, and overwrites them afterwards.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_vendor_login {
    /// One of `ALIYUN_IOT_VENDOR_…`.
    pub vendor: u32,
    /// The login has a client certificate in place of a secret. The port shows it in the TLS handshake.
    pub with_certificate: bool,
    /// The server. The default host and port follow from the cloud and the other fields.
    pub server: aliyun_iot_server,
    /// Product ID. TLINK: the login account.
    pub product_id: aliyun_iot_bytes,
    /// Device name. Huawei: the node ID, or without `product_id` the device ID. Tuya: the device ID. Baidu: the device key.
    /// TLINK: the serial number.
    pub device_name: aliyun_iot_bytes,
    /// Device secret, as the cloud's console shows it.
    pub device_secret: aliyun_iot_bytes,
    /// OneNET: access key of the product, in place of a device secret. TLINK: password of the account.
    pub product_secret: aliyun_iot_bytes,
    /// Signing method, by the cloud's own name; the strongest one of the cloud if not given.
    pub sign_method: aliyun_iot_bytes,
    /// Region, by the cloud's own name.
    pub region: aliyun_iot_bytes,
    /// Huawei: the first part of the access address. Baidu: ID of the IoT Core instance.
    pub instance_id: aliyun_iot_bytes,
    /// Huawei: the service of the product model that properties belong to.
    pub service_id: aliyun_iot_bytes,
    /// Client identifier, where the cloud lets the device choose it.
    pub client_id: aliyun_iot_bytes,
}

// Rust's struct has the layout of C's: a login is read where the caller has it.
#[cfg(feature = "vendor")]
same_layout!(
    aliyun_iot_vendor_login,
    Login: vendor,
    with_certificate,
    server,
    product_id,
    device_name,
    device_secret,
    product_secret,
    sign_method,
    region,
    instance_id,
    service_id,
    client_id
);

#[cfg(feature = "vendor")]
fn of_connect(error: ConnectError) -> Outcome {
    match error {
        ConnectError::Login(clouds::LoginError::Vendor(error)) => of_login(error),
        // An error of another cloud does not come from a login of this one.
        _ => (ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0),
    }
}

#[cfg(feature = "vendor")]
pub(super) fn of_login(error: LoginError) -> Outcome {
    let status = match error {
        LoginError::Vendor => return LEFT_OUT,
        LoginError::Host => ALIYUN_IOT_STATUS_HOST,
        LoginError::Keepalive => ALIYUN_IOT_STATUS_KEEPALIVE,
        LoginError::ClientId => ALIYUN_IOT_STATUS_CLIENT_ID,
        LoginError::TooLong => ALIYUN_IOT_STATUS_LOGIN_TOO_LONG,
        LoginError::ProductId => ALIYUN_IOT_STATUS_VENDOR_PRODUCT_ID,
        LoginError::DeviceName => ALIYUN_IOT_STATUS_VENDOR_DEVICE_NAME,
        LoginError::DeviceSecret => ALIYUN_IOT_STATUS_VENDOR_DEVICE_SECRET,
        LoginError::ProductSecret => ALIYUN_IOT_STATUS_VENDOR_PRODUCT_SECRET,
        LoginError::SignMethod => ALIYUN_IOT_STATUS_VENDOR_SIGN_METHOD,
        LoginError::Region => ALIYUN_IOT_STATUS_VENDOR_REGION,
        LoginError::InstanceId => ALIYUN_IOT_STATUS_VENDOR_INSTANCE_ID,
        LoginError::ServiceId => ALIYUN_IOT_STATUS_VENDOR_SERVICE_ID,
        LoginError::Certificate => ALIYUN_IOT_STATUS_VENDOR_CERTIFICATE,
        LoginError::Clock => ALIYUN_IOT_STATUS_VENDOR_CLOCK,
        LoginError::Subscriptions => ALIYUN_IOT_STATUS_VENDOR_SUBSCRIPTIONS,
        LoginError::Registration => ALIYUN_IOT_STATUS_VENDOR_REGISTRATION,
        LoginError::UserId => ALIYUN_IOT_STATUS_VENDOR_USER_ID,
        LoginError::UserKey => ALIYUN_IOT_STATUS_VENDOR_USER_KEY,
        LoginError::ProjectId => ALIYUN_IOT_STATUS_VENDOR_PROJECT_ID,
        LoginError::IamUser => ALIYUN_IOT_STATUS_VENDOR_IAM_USER,
        LoginError::IamPassword => ALIYUN_IOT_STATUS_VENDOR_IAM_PASSWORD,
        LoginError::IamDomain => ALIYUN_IOT_STATUS_VENDOR_IAM_DOMAIN,
    };
    (status, 0)
}

// ---- Calls ----

/// Connects to a vendor cloud, and connects again whenever the session is lost, until `aliyun_iot_close`. Each link has a
/// signature of its own. Most clouds have it made with the time: see `aliyun_iot_set_clock`. `options` may be NULL. The call
/// returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_connect_vendor(
    device: *mut aliyun_iot_device,
    login: *const aliyun_iot_vendor_login,
    options: *const aliyun_iot_options,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    if login.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    #[cfg(feature = "vendor")]
    let connected = {
        // SAFETY: promises 3 and 4, not NULL; the layouts are the same.
        let (login, options) = unsafe { (&*login.cast::<Login>(), read_options(options)) };
        this.device.connect(login, options, Instant::from_millis(now_ms)).map_err(of_connect)
    };
    #[cfg(not(feature = "vendor"))]
    let connected = crate::ffi::status::left_out((options, now_ms));
    this.status(connected)
}

/// Sets the wall clock: milliseconds since 1970-01-01 00:00 UTC; 0 if the time is not known. Call it before
/// `aliyun_iot_connect_vendor`, and before `aliyun_iot_link_up` of each link, since a clock may have been set meanwhile. In
/// between, the clock goes on by `now_ms`. Other clouds do not need it.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_set_clock(device: *mut aliyun_iot_device, unix_ms: u64, now_ms: u32) {
    let this = device!(device);
    this.device.set_clock(unix_ms, Instant::from_millis(now_ms));
}

/// Returns whether the login that the device has is signed with the time. A cloud may refuse such a login because the clock
/// is wrong.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_signs_time(device: *mut aliyun_iot_device) -> bool {
    device!(device, false).device.signs_time()
}
