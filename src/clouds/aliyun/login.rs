//! The login of one device, with a secret or a token of its own.
//!
//! Sources: help.aliyun.com document 73742 (host, client id, user name, password), Link SDK C 4.2 `core_auth.c` (`_ss`,
//! `ext`). The signature covers `clientId`, `deviceName`, `productKey` and, if one is sent, `timestamp`, in alphabetical
//! order without separators.

use zeroize::Zeroize;

use super::error::LoginError;
use super::identity::Identity;
use super::topics;
use crate::bytes::{contains_byte, is_name, is_printable};
use crate::clouds::cloud::Cloud;
use crate::clouds::moment::Moment;
use crate::clouds::sign::{Form, KEY_MAX, SIGNATURE};
use crate::clouds::topics::Topics;
use crate::clouds::{Endpoint, Server};
use crate::codec::template::Value::Text;
use crate::codec::template::template;
use crate::mqtt::{Connect, LoginTooLong, SendError};
use crate::text::decimal;

/// Seconds of keepalive that the platform accepts (document 73742).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// The longest device secret, in bytes.
pub(crate) const SECRET_MAX: usize = 64;
const _: () = assert!(SECRET_MAX <= KEY_MAX);
/// The longest device token, in bytes.
pub(crate) const TOKEN_MAX: usize = 128;

/// Whether `id` is a client identifier that can go with a token: it is the platform's own.
pub(crate) fn is_token_client_id(id: &[u8]) -> bool {
    is_printable(id, 64) && !contains_byte(id, b'|')
}

/// What the console shows of a device, and how to use it.
///
/// Over plain TCP, which accounts opened since August 2022 refuse, the login says `securemode=3`. The layout is that of
/// `aliyun_iot_aliyun_login`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Login<'a> {
    /// Which device it is.
    pub identity: Identity<'a>,
    /// Where to.
    pub server: Server<'a>,
    /// Device secret, at most 64 characters; not looked at if there is a token.
    pub device_secret: Option<&'a [u8]>,
    /// What a registration gave instead of a secret, at most 128 characters; goes with the client identifier that it
    /// gave.
    pub device_token: Option<&'a [u8]>,
    /// Client identifier before the bar, at most 64 characters; `{product_key}.{device_name}` if `None`.
    pub client_id: Option<&'a [u8]>,
    /// A time stamp to sign along, in milliseconds, 0 for none; the platform does not compare it with a clock.
    pub timestamp: u64,
}

impl<'a> Login<'a> {
    /// The usual login: TLS, HMAC-SHA256, the old public instance in `cn-shanghai`.
    pub const fn new(product_key: &'a str, device_name: &'a str, device_secret: &'a str) -> Self {
        Self {
            identity: Identity::new(product_key, device_name),
            server: Server::usual(),
            device_secret: Some(device_secret.as_bytes()),
            device_token: None,
            client_id: None,
            timestamp: 0,
        }
    }

    fn secret(&self) -> &'a [u8] {
        self.device_secret.unwrap_or_default()
    }

    fn check(&self) -> Result<(), LoginError> {
        self.identity.check()?;
        let (secret, client_id) = match (self.device_token, self.client_id) {
            (Some(token), id) => {
                let is_token = is_printable(token, TOKEN_MAX);
                let client_id = id.is_some_and(is_token_client_id);
                (if is_token { Ok(()) } else { Err(LoginError::DeviceToken) }, client_id)
            }
            (None, id) => {
                let is_secret = is_printable(self.secret(), SECRET_MAX);
                let client_id = id.is_none_or(|id| is_name(id, 64, b"-_@.:"));
                (if is_secret { Ok(()) } else { Err(LoginError::DeviceSecret) }, client_id)
            }
        };
        secret?;
        if client_id { Ok(()) } else { Err(LoginError::ClientId) }
    }
}

impl Cloud for Login<'_> {
    type Error = LoginError;

    const TOPICS: Topics = topics::TOPICS;

    const PAYLOAD_MAX: usize = topics::PAYLOAD_MAX;

    fn resolve(&self, keepalive: u16, _: bool, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        if !KEEPALIVE.contains(&keepalive) {
            return Err(LoginError::Keepalive);
        }
        self.check()?;
        self.identity.resolve(&self.server, endpoint)
    }

    fn names(&self) -> Option<[&[u8]; 2]> {
        Some(self.identity.names())
    }

    fn write(&self, _: Moment, services: bool, connect: &mut Connect) -> Result<(), LoginError> {
        let [product_key, device_name] = self.identity.names();
        let [id, dot, rest]: [&[u8]; 3] = match self.client_id {
            Some(id) => [id, b"", b""],
            None => [product_key, b".", device_name],
        };
        let sign_method = self.identity.sign_method();
        // A login with a token is the one of the platform's page on registration without a white list.
        let (mode, method): (&[u8], _) = match (self.device_token, self.server.without_tls) {
            (Some(_), _) => (b"-2,authType=connwl", ""),
            (None, false) => (b"2,signmethod=", sign_method.name()),
            (None, true) => (b"3,signmethod=", sign_method.name()),
        };
        let stamp = (self.timestamp != 0).then(|| decimal(self.timestamp));
        let (comma, stamp_name, stamp): (&[u8], &[u8], &[u8]) = match &stamp {
            Some(stamp) => (b",timestamp=", b"timestamp", stamp),
            None => (b"", b"", b""),
        };
        // `_ss=1` has the platform subscribe the system topics for us; `ext=1` has synchronous services come with their
        // topic (`/ext/rrpc/..`), Link SDK C 4.2. Scripts that answer them by hand know `/sys/../rrpc/request/..`.
        let synchronous: &[u8] = if services { b",ext=1" } else { b"" };
        connect.client_id(&[
            template!(concat!("%%%|securemode=%%,_ss=1%,_v=aliyun-iot-", env!("CARGO_PKG_VERSION"), "%%|")),
            Text(id),
            Text(dot),
            Text(rest),
            Text(mode),
            Text(method.as_bytes()),
            Text(synchronous),
            Text(comma),
            Text(stamp),
        ]);
        connect.user_name(&[template!("%&%"), Text(device_name), Text(product_key)]);
        let signed = [
            template!("clientId%%%deviceName%productKey%%%"),
            Text(id),
            Text(dot),
            Text(rest),
            Text(device_name),
            Text(product_key),
            Text(stamp_name),
            Text(stamp),
        ];
        let mut space = SIGNATURE;
        let signature = sign_method.sign(self.secret(), &signed, Form::Upper, &mut space);
        connect.password(self.device_token.unwrap_or(signature));
        space.zeroize();
        // Of the fields only the client identifier may be long: 64 characters, which fit.
        connect.finish().map_err(|LoginTooLong| LoginError::ClientId)
    }

    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn check_topic(names: &[u8], is_gateway: bool, topic: &[u8]) -> Result<(), SendError> {
        topics::check(names, is_gateway, topic)
    }

    fn makes_gateway(topic: &[u8]) -> bool {
        // It logs other devices in.
        topic.starts_with(b"/ext/session/")
    }
}
