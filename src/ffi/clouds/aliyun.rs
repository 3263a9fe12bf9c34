//! Alibaba Cloud IoT Platform.

use crate::clouds;
#[cfg(feature = "register")]
use crate::clouds::aliyun::Registration;
use crate::clouds::aliyun::{Identity, Login, LoginError};
use crate::device::ConnectError;
use crate::ffi::connection::{
    ALIYUN_IOT_STATUS_CLIENT_ID, ALIYUN_IOT_STATUS_HOST, ALIYUN_IOT_STATUS_KEEPALIVE, aliyun_iot_options,
    aliyun_iot_server, read_options,
};
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_ALREADY_CONNECTED, ALIYUN_IOT_STATUS_NULL, Outcome, aliyun_iot_status};
use crate::ffi::types::{aliyun_iot_buffer, aliyun_iot_bytes, same_layout};
use crate::ffi::words::Rows;
#[cfg(feature = "register")]
use crate::services::register::RegisterError;
use crate::time::Instant;

// ---- Numbers ----

/// `product_key` is missing, or not 1 to 20 letters and digits.
pub const ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_KEY: i32 = -0x100;
/// `device_name` is missing, or not 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
pub const ALIYUN_IOT_STATUS_ALIYUN_DEVICE_NAME: i32 = -0x101;
/// `device_secret` is missing, or not 1 to 64 printable ASCII characters.
pub const ALIYUN_IOT_STATUS_ALIYUN_DEVICE_SECRET: i32 = -0x102;
/// `device_token` is not 1 to 128 printable ASCII characters.
pub const ALIYUN_IOT_STATUS_ALIYUN_DEVICE_TOKEN: i32 = -0x103;
/// `region` is not 1 to 32 of `a-z 0-9 -`.
pub const ALIYUN_IOT_STATUS_ALIYUN_REGION: i32 = -0x104;
/// `instance_id` is not 1 to 64 of `A-Z a-z 0-9 - _`.
pub const ALIYUN_IOT_STATUS_ALIYUN_INSTANCE_ID: i32 = -0x105;
/// `sign_method` is not `hmacsha256`, `hmacsha1` or `hmacmd5`, or the build does not have the method.
pub const ALIYUN_IOT_STATUS_ALIYUN_SIGN_METHOD: i32 = -0x106;
/// `product_secret` is missing, or not 1 to 64 printable ASCII characters.
pub const ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_SECRET: i32 = -0x107;
/// `auth_type` is not `https`, `register` or `regnwl`.
pub const ALIYUN_IOT_STATUS_ALIYUN_AUTH_TYPE: i32 = -0x108;
/// The topic is over 127 bytes. `actual` of `aliyun_iot_last_error` is its length.
pub const ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH: i32 = -0x109;
/// The topic has over 7 levels. `actual` of `aliyun_iot_last_error` is their number.
pub const ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS: i32 = -0x10a;
/// The topic is of another product or device, or does not begin with a slash. The platform would close the connection.
pub const ALIYUN_IOT_STATUS_ALIYUN_TOPIC_OWNER: i32 = -0x10b;

pub(super) const WORDS: Rows = &[
    (ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_KEY, "productKey must be 1 to 20 letters and digits"),
    (ALIYUN_IOT_STATUS_ALIYUN_DEVICE_NAME, "deviceName must be 1 to 32 of A-Z a-z 0-9 - _ @ . :"),
    (ALIYUN_IOT_STATUS_ALIYUN_DEVICE_SECRET, "deviceSecret must be 1 to 64 printable characters"),
    (ALIYUN_IOT_STATUS_ALIYUN_DEVICE_TOKEN, "deviceToken must be 1 to 128 printable characters"),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_SECRET, "productSecret must be 1 to 64 printable characters"),
    (ALIYUN_IOT_STATUS_ALIYUN_REGION, "region must be 1 to 32 of a-z 0-9 -"),
    (ALIYUN_IOT_STATUS_ALIYUN_INSTANCE_ID, "instanceId must be 1 to 64 of A-Z a-z 0-9 - _"),
    (ALIYUN_IOT_STATUS_ALIYUN_SIGN_METHOD, SIGN_METHOD),
    #[cfg(feature = "register")]
    (ALIYUN_IOT_STATUS_ALIYUN_AUTH_TYPE, "authType must be https, register or regnwl"),
    (ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH, "topic must have at most 127 bytes"),
    (ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS, "topic must have at most 7 levels"),
    (ALIYUN_IOT_STATUS_ALIYUN_TOPIC_OWNER, "topic must be of this device"),
];

/// The methods that this build has, and those that it leaves out.
const SIGN_METHOD: &str = match (cfg!(feature = "sha1"), cfg!(feature = "md5")) {
    (true, true) => "signMethod must be hmacsha256, hmacsha1 or hmacmd5",
    (true, false) => "signMethod must be hmacsha256 or hmacsha1; this firmware leaves hmacmd5 out",
    (false, true) => "signMethod must be hmacsha256 or hmacmd5; this firmware leaves hmacsha1 out",
    (false, false) => "signMethod must be hmacsha256; this firmware leaves hmacsha1 and hmacmd5 out",
};

/// The build has the signing method `hmacsha1`.
pub const ALIYUN_IOT_FEATURE_SHA1: u32 = 0x1;
/// The build has the signing method `hmacmd5`.
pub const ALIYUN_IOT_FEATURE_MD5: u32 = 0x2;

pub(super) const FEATURES: u32 = if cfg!(feature = "sha1") { ALIYUN_IOT_FEATURE_SHA1 } else { 0 }
    | if cfg!(feature = "md5") { ALIYUN_IOT_FEATURE_MD5 } else { 0 };

// ---- Structs ----

/// A device of Alibaba Cloud IoT Platform.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_aliyun_identity {
    /// Product key: 1 to 20 letters and digits.
    pub product_key: aliyun_iot_bytes,
    /// Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: aliyun_iot_bytes,
    /// Region of the old public instance; `cn-shanghai` if not given.
    pub region: aliyun_iot_bytes,
    /// Instance id of a new public or an enterprise instance; the old public instance if not given.
    pub instance_id: aliyun_iot_bytes,
    /// `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
    pub sign_method: aliyun_iot_bytes,
}

/// A login to Alibaba Cloud IoT Platform (help.aliyun.com document 73742). Initialise it with 0, and set the fields that you
/// have.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_aliyun_login {
    /// The device.
    pub identity: aliyun_iot_aliyun_identity,
    /// The server. The default host follows from the identity. The default port is 8883 for an instance over TLS, else
    /// 1883.
    pub server: aliyun_iot_server,
    /// Device secret: 1 to 64 printable characters. The device keeps the signature only.
    pub device_secret: aliyun_iot_bytes,
    /// Device token, 1 to 128 printable characters, in place of a secret. A registration returns it together with
    /// `client_id`. The device keeps it while it is connected.
    pub device_token: aliyun_iot_bytes,
    /// Client identifier in front of the bar, 1 to 64 characters; `{product key}.{device name}` if not given.
    pub client_id: aliyun_iot_bytes,
    /// A time stamp in milliseconds that the signature covers; none if 0.
    pub timestamp: u64,
}

/// A dynamic registration (help.aliyun.com document 147356). Initialise it with 0, and set the fields that you have.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_aliyun_registration {
    /// The device.
    pub identity: aliyun_iot_aliyun_identity,
    /// The server. The default host follows from the identity. The default port is 443 for `https`, 8883 for an instance
    /// over TLS, else 1883. Without TLS everybody on the way can read the new secret.
    pub server: aliyun_iot_server,
    /// Product secret: 1 to 64 printable characters. The device keeps the signature only.
    pub product_secret: aliyun_iot_bytes,
    /// `https`, for the old public instance. Or over MQTT: `register` if the platform knows the device name, `regnwl` if
    /// not (the platform then returns a token). If not given: `register` with an instance id, else `https`.
    pub auth_type: aliyun_iot_bytes,
}

fn of_login(error: LoginError) -> Outcome {
    let status = match error {
        LoginError::Host => ALIYUN_IOT_STATUS_HOST,
        LoginError::ClientId => ALIYUN_IOT_STATUS_CLIENT_ID,
        LoginError::Keepalive => ALIYUN_IOT_STATUS_KEEPALIVE,
        LoginError::ProductKey => ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_KEY,
        LoginError::DeviceName => ALIYUN_IOT_STATUS_ALIYUN_DEVICE_NAME,
        LoginError::DeviceSecret => ALIYUN_IOT_STATUS_ALIYUN_DEVICE_SECRET,
        LoginError::DeviceToken => ALIYUN_IOT_STATUS_ALIYUN_DEVICE_TOKEN,
        LoginError::Region => ALIYUN_IOT_STATUS_ALIYUN_REGION,
        LoginError::InstanceId => ALIYUN_IOT_STATUS_ALIYUN_INSTANCE_ID,
        LoginError::SignMethod => ALIYUN_IOT_STATUS_ALIYUN_SIGN_METHOD,
        LoginError::ProductSecret => ALIYUN_IOT_STATUS_ALIYUN_PRODUCT_SECRET,
        LoginError::AuthType => ALIYUN_IOT_STATUS_ALIYUN_AUTH_TYPE,
    };
    (status, 0)
}

fn of_connect(error: ConnectError) -> Outcome {
    match error {
        ConnectError::Login(clouds::LoginError::Aliyun(error)) => of_login(error),
        // An error of another cloud does not come from a login of this one.
        _ => (ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0),
    }
}

#[cfg(feature = "register")]
fn of_register(error: RegisterError) -> Outcome {
    match error {
        RegisterError::Login(clouds::LoginError::Aliyun(error)) => of_login(error),
        RegisterError::TooLarge { needed } => (crate::ffi::status::ALIYUN_IOT_STATUS_TOO_LARGE, needed),
        // As above.
        _ => (ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0),
    }
}

// Rust's structs have the layout of C's: a login is read where the caller has it.
same_layout!(aliyun_iot_aliyun_identity, Identity: product_key, device_name, region, instance_id, sign_method);
same_layout!(aliyun_iot_aliyun_login, Login: identity, server, device_secret, device_token, client_id, timestamp);
#[cfg(feature = "register")]
same_layout!(aliyun_iot_aliyun_registration, Registration: identity, server, product_secret, auth_type);

// ---- Calls ----

/// Connects to Alibaba Cloud IoT Platform, and connects again whenever the session is lost, until `aliyun_iot_close`.
/// `options` may be NULL. The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, or the status of the wrong field.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_connect_aliyun(
    device: *mut aliyun_iot_device,
    login: *const aliyun_iot_aliyun_login,
    options: *const aliyun_iot_options,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    // SAFETY: promises 3 and 4; the layouts are the same.
    let Some(login) = (unsafe { login.cast::<Login>().as_ref() }) else { return ALIYUN_IOT_STATUS_NULL };
    // SAFETY: promise 4.
    let options = unsafe { read_options(options) };
    let connected = this.device.connect(login, options, Instant::from_millis(now_ms)).map_err(of_connect);
    this.status(connected)
}

/// Registers a device: the platform returns a device secret or a token.
///
/// The registration ends with an event `ALIYUN_IOT_EVENT_REGISTRATION_…` within 65 seconds: it makes up to five attempts of
/// up to 10 seconds. Each attempt that is followed by another one is reported as `ALIYUN_IOT_EVENT_CONNECTION_FAILED`.
/// `aliyun_iot_close` ends the registration early.
///
/// `https` uses `ALIYUN_IOT_LINK_HTTP`. The device may be connected meanwhile, and may connect. `scratch` holds the request
/// and the response: about 1,300 bytes are enough, and over 5 KiB are of no use. It belongs to the device until the call of
/// `aliyun_iot_poll` after the last event, or until `aliyun_iot_close` or `aliyun_iot_drop`. The other ways use
/// `ALIYUN_IOT_LINK_SESSION` and need a device that is off. They do not use `scratch`; the answer of about 300 bytes has to
/// fit `rx`.
///
/// The call returns `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, `ALIYUN_IOT_STATUS_TOO_LARGE` if
/// `scratch` is too small, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
///
/// # Safety
///
/// The promises of `src/ffi`; `scratch` must be writable, and must not overlap what the device has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_register_aliyun(
    device: *mut aliyun_iot_device,
    registration: *const aliyun_iot_aliyun_registration,
    scratch: aliyun_iot_buffer,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    if registration.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    #[cfg(feature = "register")]
    let begun = if this.device.register().is_under_way() {
        // The memory may be that of the registration under way.
        Err((ALIYUN_IOT_STATUS_ALREADY_CONNECTED, 0))
    } else {
        // SAFETY: promises 3 and 4, not NULL, the layouts are the same; the caller's promise about `scratch`.
        let (registration, scratch) = unsafe { (&*registration.cast::<Registration>(), scratch.take()) };
        this.device.register().begin(registration, scratch, Instant::from_millis(now_ms)).map_err(of_register)
    };
    #[cfg(not(feature = "register"))]
    let begun = {
        let _ = (scratch, now_ms);
        Err(crate::ffi::status::LEFT_OUT)
    };
    this.status(begun)
}
