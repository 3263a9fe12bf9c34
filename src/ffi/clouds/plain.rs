//! Any MQTT 3.1.1 broker.

use crate::ffi::connection::{aliyun_iot_options, aliyun_iot_server};
use crate::ffi::device::{aliyun_iot_device, device};
use crate::ffi::status::{ALIYUN_IOT_STATUS_NULL, aliyun_iot_status};
use crate::ffi::types::aliyun_iot_bytes;
use crate::ffi::words::Rows;
#[cfg(feature = "plain")]
use {
    crate::clouds::{self, plain::Login, plain::LoginError},
    crate::device::ConnectError,
    crate::ffi::connection::{
        ALIYUN_IOT_STATUS_CLIENT_ID, ALIYUN_IOT_STATUS_HOST, ALIYUN_IOT_STATUS_LOGIN_TOO_LONG, read_options,
    },
    crate::ffi::status::{ALIYUN_IOT_STATUS_ALREADY_CONNECTED, Outcome},
    crate::ffi::types::same_layout,
    crate::time::Instant,
};

/// `user_name` is missing, or not UTF-8.
pub const ALIYUN_IOT_STATUS_PLAIN_USER_NAME: i32 = -0x110;

#[cfg(feature = "plain")]
pub(super) const WORDS: Rows = &[(ALIYUN_IOT_STATUS_PLAIN_USER_NAME, "userName is missing or not text")];
#[cfg(not(feature = "plain"))]
pub(super) const WORDS: Rows = &[];

/// The build can log in to any MQTT broker.
pub const ALIYUN_IOT_FEATURE_PLAIN: u32 = 0x4;

pub(super) const FEATURES: u32 = if cfg!(feature = "plain") { ALIYUN_IOT_FEATURE_PLAIN } else { 0 };

/// A login to any MQTT 3.1.1 broker. Initialise it with 0, and set the fields that you have.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_plain_login {
    /// The server, with a host. The default port is 8883 over TLS, else 1883.
    pub server: aliyun_iot_server,
    /// Client identifier. It may be empty unless `keep_session` is set.
    pub client_id: aliyun_iot_bytes,
    /// User name; none if not given.
    pub user_name: aliyun_iot_bytes,
    /// Password; none if not given. A password needs a user name.
    pub password: aliyun_iot_bytes,
}

/// Connects to any MQTT 3.1.1 broker, and connects again whenever the session is lost, until `aliyun_iot_close`. Only
/// messages and subscriptions can be used. `options` may be NULL. The call returns
/// `ALIYUN_IOT_STATUS_ALREADY_CONNECTED`, the status of the wrong field, or `ALIYUN_IOT_STATUS_LEFT_OUT`.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_connect_plain(
    device: *mut aliyun_iot_device,
    login: *const aliyun_iot_plain_login,
    options: *const aliyun_iot_options,
    now_ms: u32,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    if login.is_null() {
        return ALIYUN_IOT_STATUS_NULL;
    }
    #[cfg(feature = "plain")]
    let connected = {
        // SAFETY: promises 3 and 4, not NULL; the layouts are the same.
        let (login, options) = unsafe { (&*login.cast::<Login>(), read_options(options)) };
        this.device.connect(login, options, Instant::from_millis(now_ms)).map_err(of_connect)
    };
    #[cfg(not(feature = "plain"))]
    let connected = {
        let _ = (login, options, now_ms);
        Err(crate::ffi::status::LEFT_OUT)
    };
    this.status(connected)
}

#[cfg(feature = "plain")]
fn of_connect(error: ConnectError) -> Outcome {
    let status = match error {
        ConnectError::Login(clouds::LoginError::Plain(error)) => match error {
            LoginError::Host => ALIYUN_IOT_STATUS_HOST,
            LoginError::ClientId => ALIYUN_IOT_STATUS_CLIENT_ID,
            LoginError::UserName => ALIYUN_IOT_STATUS_PLAIN_USER_NAME,
            LoginError::TooLong => ALIYUN_IOT_STATUS_LOGIN_TOO_LONG,
        },
        // An error of another cloud does not come from a login of this one.
        _ => ALIYUN_IOT_STATUS_ALREADY_CONNECTED,
    };
    (status, 0)
}

// Rust's struct has the layout of C's: a login is read where the caller has it.
#[cfg(feature = "plain")]
same_layout!(aliyun_iot_plain_login, Login: server, client_id, user_name, password);
