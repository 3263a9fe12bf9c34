//! What is handed over the border.

#[cfg(feature = "plain")]
use crate::clouds::plain;
use crate::clouds::{Server, SignMethod, aliyun};
use crate::device::Options;

/// Bytes of the caller's or of the device's. A text is UTF-8 and has no terminating NUL. `data` may be NULL: that is a
/// value not given, and `len` does not count.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_bytes {
    /// The first byte, or NULL.
    pub data: *const u8,
    /// How many.
    pub len: usize,
}

impl aliyun_iot_bytes {
    pub(super) const NONE: Self = Self { data: core::ptr::null(), len: 0 };

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes, if given.
    ///
    /// # Safety
    ///
    /// Promise 3 of this room; the caller does not use the result after the call.
    pub(super) unsafe fn get<'a>(self) -> Option<&'a [u8]> {
        if self.data.is_null() {
            return None;
        }
        // SAFETY: promise 3; no object is larger than `isize::MAX` bytes.
        Some(unsafe { core::slice::from_raw_parts(self.data, self.len) })
    }

    /// The text, if given; `Err` if it is not UTF-8.
    ///
    /// # Safety
    ///
    /// As [`get`](Self::get).
    pub(super) unsafe fn text<'a>(self) -> Result<Option<&'a str>, core::str::Utf8Error> {
        // SAFETY: the caller's promise.
        unsafe { self.get() }.map(core::str::from_utf8).transpose()
    }

    /// A field of a login, if given. What is not UTF-8 becomes a NUL, which no field may have: whoever looks at the field
    /// tells.
    ///
    /// # Safety
    ///
    /// As [`get`](Self::get).
    unsafe fn field<'a>(self) -> Option<&'a str> {
        // SAFETY: the caller's promise.
        unsafe { self.text() }.unwrap_or(Some("\0"))
    }
}

/// A login to Alibaba Cloud IoT Platform (help.aliyun.com document 73742). Initialise with 0 and set what you have;
/// what is not given (NULL, 0) takes its default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_credentials {
    /// Product key: 1 to 20 letters and digits.
    pub product_key: aliyun_iot_bytes,
    /// Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: aliyun_iot_bytes,
    /// Device secret: 1 to 64 printable characters. Not kept: the device holds only the signature made with it.
    pub device_secret: aliyun_iot_bytes,
    /// Device token, 1 to 128 printable characters, in the place of a secret: what a registration gave together with
    /// `client_id`. Kept as long as the device connects.
    pub device_token: aliyun_iot_bytes,
    /// Region of the old public instance; `cn-shanghai` if not given.
    pub region: aliyun_iot_bytes,
    /// Instance id of a new public or an enterprise instance; the old public instance if not given.
    pub instance_id: aliyun_iot_bytes,
    /// Host; follows from the above if not given.
    pub host: aliyun_iot_bytes,
    /// Client identifier before the bar, 1 to 64 characters; `{product key}.{device name}` if not given.
    pub client_id: aliyun_iot_bytes,
    /// `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
    pub sign_method: aliyun_iot_bytes,
    /// A time stamp to sign along, in milliseconds; none if not given.
    pub timestamp: u64,
    /// TCP port; 8883 for an instance over TLS, else 1883 if not given.
    pub port: u16,
    /// Keepalive in seconds, 30 to 1200; 60 if not given.
    pub keepalive: u16,
    /// Seconds that DNS, TCP, TLS and the MQTT handshake may take together; 10 if not given.
    pub connect_timeout: u16,
    /// QoS 1 messages that may wait for another one to be taken while there is no session, 1 to 20; 20 if not given,
    /// -1 for none. What does not fit `tx` is not taken either.
    pub offline_queue: i8,
    /// Plain TCP instead of verified TLS.
    pub without_tls: bool,
    /// Have the server keep messages and subscriptions while the device is away.
    pub keep_session: bool,
}

/// A login to any MQTT 3.1.1 broker. Initialise with 0 and set what you have; what is not given takes its default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_login {
    /// Host name or address.
    pub host: aliyun_iot_bytes,
    /// Client identifier; may be empty unless the session is kept.
    pub client_id: aliyun_iot_bytes,
    /// User name; none if not given.
    pub user_name: aliyun_iot_bytes,
    /// Password; none if not given. Needs a user name.
    pub password: aliyun_iot_bytes,
    /// TCP port; 8883 over TLS, else 1883 if not given.
    pub port: u16,
    /// Keepalive in seconds; 0 for none.
    pub keepalive: u16,
    /// Seconds that DNS, TCP, TLS and the MQTT handshake may take together; 10 if not given.
    pub connect_timeout: u16,
    /// QoS 1 messages that may wait for another one to be taken while there is no session, 1 to 20; 20 if not given,
    /// -1 for none. What does not fit `tx` is not taken either.
    pub offline_queue: i8,
    /// Plain TCP instead of verified TLS.
    pub without_tls: bool,
    /// Have the server keep messages and subscriptions while the device is away.
    pub keep_session: bool,
}

impl aliyun_iot_credentials {
    /// # Safety
    ///
    /// Promise 3 of this room.
    pub(super) unsafe fn read<'a>(&self) -> Result<(aliyun::Login<'a>, Options), aliyun::LoginError> {
        // SAFETY: promise 3.
        let field = |bytes: aliyun_iot_bytes| unsafe { bytes.field() };
        let login = aliyun::Login {
            identity: aliyun::Identity {
                product_key: field(self.product_key).unwrap_or_default(),
                device_name: field(self.device_name).unwrap_or_default(),
                region: field(self.region),
                instance_id: field(self.instance_id),
                sign_method: sign_method(field(self.sign_method))?,
            },
            server: server(field(self.host), self.port, self.without_tls),
            device_secret: field(self.device_secret).unwrap_or_default(),
            device_token: field(self.device_token),
            client_id: field(self.client_id),
            timestamp: (self.timestamp != 0).then_some(self.timestamp),
        };
        let keepalive = if self.keepalive == 0 { Options::default().keepalive } else { self.keepalive };
        Ok((login, options(keepalive, self.keep_session, self.connect_timeout, self.offline_queue)))
    }
}

fn sign_method(name: Option<&str>) -> Result<SignMethod, aliyun::LoginError> {
    name.map_or(Some(SignMethod::default()), SignMethod::from_name).ok_or(aliyun::LoginError::SignMethod)
}

fn server(host: Option<&str>, port: u16, without_tls: bool) -> Server<'_> {
    Server { host, port: (port != 0).then_some(port), tls: !without_tls }
}

/// What a device has that is to be registered (help.aliyun.com document 147356). Initialise with 0 and set what you have;
/// what is not given (NULL, 0) takes its default.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_registration {
    /// Product key: 1 to 20 letters and digits.
    pub product_key: aliyun_iot_bytes,
    /// Device name: 1 to 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: aliyun_iot_bytes,
    /// Product secret: 1 to 64 printable characters. Not kept: the device holds only the signature made with it.
    pub product_secret: aliyun_iot_bytes,
    /// Region of the old public instance; `cn-shanghai` if not given.
    pub region: aliyun_iot_bytes,
    /// Instance id of a new public or an enterprise instance; the old public instance if not given.
    pub instance_id: aliyun_iot_bytes,
    /// Host; follows from the above if not given.
    pub host: aliyun_iot_bytes,
    /// `https` (old public instance), or over MQTT `register` (the platform knows the device's name) or `regnwl` (it does
    /// not, and gives a token); `register` with an instance, else `https` if not given.
    pub auth_type: aliyun_iot_bytes,
    /// `hmacsha256`, or `hmacsha1` or `hmacmd5` if the build has them; `hmacsha256` if not given.
    pub sign_method: aliyun_iot_bytes,
    /// TCP port; 443 for `https`, 8883 for an instance over TLS, else 1883 if not given.
    pub port: u16,
    /// Plain TCP instead of verified TLS: anybody on the way can read the new secret.
    pub without_tls: bool,
}

#[cfg(feature = "register")]
impl aliyun_iot_registration {
    /// # Safety
    ///
    /// Promise 3 of this room.
    pub(super) unsafe fn read<'a>(&self) -> Result<aliyun::Registration<'a>, aliyun::LoginError> {
        // SAFETY: promise 3.
        let field = |bytes: aliyun_iot_bytes| unsafe { bytes.field() };
        Ok(aliyun::Registration {
            identity: aliyun::Identity {
                product_key: field(self.product_key).unwrap_or_default(),
                device_name: field(self.device_name).unwrap_or_default(),
                region: field(self.region),
                instance_id: field(self.instance_id),
                sign_method: sign_method(field(self.sign_method))?,
            },
            server: server(field(self.host), self.port, self.without_tls),
            product_secret: field(self.product_secret).unwrap_or_default(),
            way: match field(self.auth_type) {
                Some(name) => Some(aliyun::Way::from_name(name).ok_or(aliyun::LoginError::AuthType)?),
                None => None,
            },
        })
    }
}

#[cfg(feature = "plain")]
impl aliyun_iot_login {
    /// # Safety
    ///
    /// Promise 3 of this room.
    pub(super) unsafe fn read<'a>(&self) -> (plain::Login<'a>, Options) {
        // SAFETY: promise 3.
        let field = |bytes: aliyun_iot_bytes| unsafe { bytes.field() };
        let login = plain::Login {
            server: server(field(self.host), self.port, self.without_tls),
            client_id: field(self.client_id).unwrap_or_default(),
            user_name: field(self.user_name),
            // SAFETY: promise 3.
            password: unsafe { self.password.get() },
        };
        (login, options(self.keepalive, self.keep_session, self.connect_timeout, self.offline_queue))
    }
}

fn options(keepalive: u16, keep_session: bool, connect_timeout: u16, offline_queue: i8) -> Options {
    let usual = Options::default();
    Options {
        keepalive,
        clean_session: !keep_session,
        connect_timeout: match connect_timeout {
            0 => usual.connect_timeout,
            seconds => u32::from(seconds) * 1_000,
        },
        offline_queue: match offline_queue {
            0 => usual.offline_queue,
            count => count.max(0) as u8,
        },
    }
}

/// The link that the device wants.
#[repr(C)]
pub struct aliyun_iot_link {
    /// Host name or address, a text; NULL if no link is wanted.
    pub host: aliyun_iot_bytes,
    /// TCP port.
    pub port: u16,
    /// Number of the attempt: an open link of another attempt is to be closed.
    pub attempt: u16,
    /// Whether a link is wanted.
    pub open: bool,
    /// Whether it must be TLS, with the chain and the host name verified.
    pub tls: bool,
}
