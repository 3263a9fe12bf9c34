//! Alibaba Cloud IoT Platform, one secret per device.
//!
//! Sources: help.aliyun.com document 73742 (host, client id, user name, password), Link SDK C 4.2 `core_auth.c` (`_ss`,
//! `ext`). The signature covers `clientId`, `deviceName`, `productKey` and, if one is sent, `timestamp`, in alphabetical
//! order without separators.

#[cfg(feature = "register")]
mod register;

#[cfg(feature = "register")]
pub(crate) use register::Opening;
#[cfg(feature = "register")]
pub use register::{Registration, Way};
use zeroize::Zeroize;

use super::sign::KEY_MAX;
use super::{CredentialsError, Endpoint, Login, SignMethod, Signature, is_name, is_printable};
use crate::bytes::have;
use crate::text::decimal;

/// The port of the new instances' TLS listener under Alibaba's own root (the docs' root certificate page).
const TLS_PORT: u16 = 8883;
/// The port that every instance serves, TLS or plain as `securemode` says (document 73742).
const MQTT_PORT: u16 = 1883;
/// How a login with a token begins to tell its options (the platform's page on registration without a white list).
const TOKEN_MODE: &[u8] = b"|securemode=-2,authType=connwl";
/// `_ss=1` has the platform subscribe the system topics for us; `ext=1` has synchronous services come with their topic
/// (`/ext/rrpc/..`), Link SDK C 4.2.
const OPTIONS: &[u8] = concat!(",_ss=1,ext=1,_v=aliyun-iot-", env!("CARGO_PKG_VERSION")).as_bytes();

/// What the console shows of a device, and how to use it.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Product key, at most 20 letters and digits.
    pub product_key: &'a str,
    /// Device name within the product, at most 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: &'a str,
    /// Device secret, at most 64 characters; not looked at if there is a token.
    pub device_secret: &'a str,
    /// What a registration gave instead of a secret, at most 128 characters; goes with the client identifier that it
    /// gave.
    pub device_token: Option<&'a str>,
    /// Region of the old public instance; `cn-shanghai` if `None`.
    pub region: Option<&'a str>,
    /// A new public or an enterprise instance; `None` is the old public instance.
    pub instance_id: Option<&'a str>,
    /// Another host than the one that follows from instance, product and region.
    pub host: Option<&'a str>,
    /// Another port than the usual one.
    pub port: Option<u16>,
    /// Verified TLS (`securemode=2`), or plain TCP (`securemode=3`), which accounts opened since August 2022 refuse.
    pub tls: bool,
    /// How to sign.
    pub sign_method: SignMethod,
    /// A time stamp to sign along, in milliseconds; the platform does not compare it with a clock.
    pub timestamp: Option<u64>,
    /// Client identifier before the bar, at most 64 characters; `{product_key}.{device_name}` if `None`.
    pub client_id: Option<&'a str>,
}

/// The longest device secret, in bytes.
pub(crate) const SECRET_MAX: usize = 64;
const _: () = assert!(SECRET_MAX <= KEY_MAX);
/// The longest device token, in bytes.
pub(crate) const TOKEN_MAX: usize = 128;

/// Whether `id` is a client identifier that can go with a token: it is the platform's own.
pub(crate) fn is_token_client_id(id: &[u8]) -> bool {
    is_printable(id, 64) && !have(id, b'|')
}

impl<'a> Credentials<'a> {
    /// The usual login: TLS, HMAC-SHA256, the old public instance in `cn-shanghai`.
    pub const fn new(product_key: &'a str, device_name: &'a str, device_secret: &'a str) -> Self {
        Self {
            product_key,
            device_name,
            device_secret,
            device_token: None,
            region: None,
            instance_id: None,
            host: None,
            port: None,
            tls: true,
            sign_method: SignMethod::HmacSha256,
            timestamp: None,
            client_id: None,
        }
    }

    /// Which server to log in to.
    pub fn endpoint(&self) -> Result<Endpoint, CredentialsError> {
        let mut endpoint = Endpoint::none();
        self.find(&mut endpoint).map(|()| endpoint)
    }

    /// Has `endpoint` be the server to log in to, once all fields are known to be good.
    pub(crate) fn find(&self, endpoint: &mut Endpoint) -> Result<(), CredentialsError> {
        self.check()?;
        let region = self.region.unwrap_or("cn-shanghai");
        let host: &[&str] = match (self.host, self.instance_id) {
            (Some(given), _) => &[given],
            (None, Some(instance)) => &[instance, ".mqtt.iothub.aliyuncs.com"],
            (None, None) => &[self.product_key, ".iot-as-mqtt.", region, ".aliyuncs.com"],
        };
        let usual_port = if self.tls && self.instance_id.is_some() { TLS_PORT } else { MQTT_PORT };
        endpoint.set(host, self.port.unwrap_or(usual_port), self.tls)
    }

    /// Signs the login and hands it to `use_it`; the fields are good, as [`find`](Self::find) has told.
    pub(crate) fn login<R>(&self, use_it: impl FnOnce(Login<'_>) -> R) -> R {
        let [product_key, device_name] = [self.product_key.as_bytes(), self.device_name.as_bytes()];
        let [id, dot, rest]: [&[u8]; 3] = match self.client_id {
            Some(id) => [id.as_bytes(), b"", b""],
            None => [product_key, b".", device_name],
        };
        let mode: &[u8] = match (self.device_token, self.tls) {
            (Some(_), _) => TOKEN_MODE,
            (None, true) => b"|securemode=2,signmethod=",
            (None, false) => b"|securemode=3,signmethod=",
        };
        let method = if self.device_token.is_some() { "" } else { self.sign_method.name() };
        let stamp = self.timestamp.map(decimal);
        let (stamp_option, stamp_name, stamp): (&[u8], &[u8], &[u8]) = match &stamp {
            Some(stamp) => (b",timestamp=", b"timestamp", stamp),
            None => (b"", b"", b""),
        };
        let client_id = [id, dot, rest, mode, method.as_bytes(), OPTIONS, stamp_option, stamp, b"|"];
        let signed =
            [b"clientId", id, dot, rest, b"deviceName", device_name, b"productKey", product_key, stamp_name, stamp];
        let mut room: Signature = [0; 64];
        let signature = self.sign_method.sign(self.device_secret.as_bytes(), &signed, &mut room);
        let password = self.device_token.map_or(signature, str::as_bytes);
        let user_name: [&[u8]; 3] = [device_name, b"&", product_key];
        let used = use_it(Login { client_id: &client_id, user_name: Some(&user_name), password: Some(password) });
        room.zeroize();
        used
    }

    fn check(&self) -> Result<(), CredentialsError> {
        let given = |text: Option<&str>, max, also| text.is_none_or(|text| is_name(text, max, also));
        let client_id = match (self.device_token, self.client_id) {
            (Some(_), Some(id)) => is_token_client_id(id.as_bytes()),
            (Some(_), None) => false,
            (None, id) => given(id, 64, b"-_@.:"),
        };
        if !is_name(self.product_key, 20, b"") {
            Err(CredentialsError::ProductKey)
        } else if !is_name(self.device_name, 32, b"-_@.:") {
            Err(CredentialsError::DeviceName)
        } else if self.device_token.is_none() && !is_printable(self.device_secret.as_bytes(), SECRET_MAX) {
            Err(CredentialsError::DeviceSecret)
        } else if self.device_token.is_some_and(|token| !is_printable(token.as_bytes(), TOKEN_MAX)) {
            Err(CredentialsError::DeviceToken)
        } else if !given(self.region, 32, b"-") {
            Err(CredentialsError::Region)
        } else if !given(self.instance_id, 64, b"-_") {
            Err(CredentialsError::InstanceId)
        } else if !client_id {
            Err(CredentialsError::ClientId)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
