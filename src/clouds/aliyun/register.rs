//! Dynamic registration: a device that has its product's secret asks for one of its own.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS), Link SDK C `aiot_dynregmq_api.c` and the platform's pages on
//! "one type one secret" (over MQTT). All ways sign `deviceName`, `productKey` and `random`, in that order, without
//! separators; over MQTT the mode is 2 for all, as Alibaba's own SDKs for C and Python have it. The platform repeats a registration until the device has first connected: the last secret counts.

use heapless::Vec;
use zeroize::Zeroize;

use super::Credentials;
use crate::clouds::{CredentialsError, Endpoint, Login, SignMethod, Signature};
use crate::text::decimal;

/// The port of the HTTPS service.
const HTTPS_PORT: u16 = 443;

/// How to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Over HTTPS, which only the old public instance serves; the device's name is known to the platform.
    Https,
    /// Over MQTT, `authType=register`; the device's name is known to the platform.
    Mqtt,
    /// Over MQTT, `authType=regnwl` ("no white list"): the platform takes any name, and gives a token instead of a secret.
    MqttUnlisted,
}

impl Way {
    /// The way of that name: `https`, or an `authType` of the platform's.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "https" => Some(Self::Https),
            "register" => Some(Self::Mqtt),
            "regnwl" => Some(Self::MqttUnlisted),
            _ => None,
        }
    }
}

/// What a device has that is to be registered.
#[derive(Clone, Copy)]
pub struct Registration<'a> {
    /// Product key, at most 20 letters and digits.
    pub product_key: &'a str,
    /// Device name within the product, at most 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: &'a str,
    /// Product secret, at most 64 characters.
    pub product_secret: &'a str,
    /// Region of the old public instance; `cn-shanghai` if `None`.
    pub region: Option<&'a str>,
    /// A new public or an enterprise instance; `None` is the old public instance.
    pub instance_id: Option<&'a str>,
    /// Another host than the one that follows from way, instance, product and region.
    pub host: Option<&'a str>,
    /// Another port than the usual one.
    pub port: Option<u16>,
    /// Verified TLS. Without it the new secret can be read on the way.
    pub tls: bool,
    /// How to sign.
    pub sign_method: SignMethod,
    /// How to register; if `None`, over MQTT with an instance, else over HTTPS.
    pub way: Option<Way>,
}

/// What opens the link.
pub(crate) enum Opening<'a> {
    /// A login over MQTT.
    Login(Login<'a>),
    /// An HTTP request: the pieces of its head, and of its body.
    Request([&'a [&'a [u8]]; 2]),
}

impl<'a> Registration<'a> {
    /// The usual registration: over HTTPS at the old public instance in `cn-shanghai`.
    pub const fn new(product_key: &'a str, device_name: &'a str, product_secret: &'a str) -> Self {
        Self {
            product_key,
            device_name,
            product_secret,
            region: None,
            instance_id: None,
            host: None,
            port: None,
            tls: true,
            sign_method: SignMethod::HmacSha256,
            way: None,
        }
    }

    /// How it goes.
    pub fn way(&self) -> Way {
        self.way.unwrap_or(if self.instance_id.is_some() { Way::Mqtt } else { Way::Https })
    }

    /// Has `endpoint` be the server to ask, once all fields are known to be good.
    pub(crate) fn find(&self, endpoint: &mut Endpoint) -> Result<(), CredentialsError> {
        let credentials = Credentials {
            region: self.region,
            instance_id: self.instance_id,
            host: self.host,
            port: self.port,
            tls: self.tls,
            ..Credentials::new(self.product_key, self.device_name, self.product_secret)
        };
        credentials.find(endpoint).map_err(|error| match error {
            CredentialsError::DeviceSecret => CredentialsError::ProductSecret,
            other => other,
        })?;
        if self.way() != Way::Https {
            return Ok(());
        }
        let host: &[&str] = match self.host {
            Some(given) => &[given],
            None => &["iot-auth.", self.region.unwrap_or("cn-shanghai"), ".aliyuncs.com"],
        };
        endpoint.set(host, self.port.unwrap_or(HTTPS_PORT), self.tls)
    }

    /// Signs the request to `endpoint` and hands it to `use_it`; the fields are good, as [`find`](Self::find) has told.
    /// `random` makes the signature differ from the last one.
    pub(crate) fn open<R>(&self, endpoint: &Endpoint, random: u32, use_it: impl FnOnce(Opening<'_>) -> R) -> R {
        let random = decimal(random.into());
        let random = &random;
        let [product_key, device_name] = [self.product_key.as_bytes(), self.device_name.as_bytes()];
        let method = self.sign_method.name().as_bytes();
        let signed = [b"deviceName", device_name, b"productKey", product_key, b"random", random];
        let mut room: Signature = [0; 64];
        let signature = self.sign_method.sign(self.product_secret.as_bytes(), &signed, &mut room);
        let kind: &[u8] = match self.way() {
            Way::Https => b"",
            Way::Mqtt => b"register",
            Way::MqttUnlisted => b"regnwl",
        };
        let used = if kind.is_empty() {
            let mut name = Vec::new();
            encode_for_a_form(device_name, &mut name);
            let body: [&[u8]; 10] = [
                b"productKey=",
                product_key,
                b"&deviceName=",
                &name,
                b"&random=",
                random,
                b"&sign=",
                signature,
                b"&signMethod=",
                method,
            ];
            let length = decimal(body.iter().map(|piece| piece.len() as u64).sum());
            let head: [&[u8]; 5] = [
                b"POST /auth/register/device HTTP/1.1\r\nHost: ",
                endpoint.host.as_bytes(),
                b"\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: ",
                &length,
                b"\r\n\r\n",
            ];
            use_it(Opening::Request([&head, &body]))
        } else {
            let (instance_option, instance): (&[u8], &[u8]) = match self.instance_id {
                Some(instance) => (b",instanceId=", instance.as_bytes()),
                None => (b"", b""),
            };
            let client_id: [&[u8]; 12] = [
                product_key,
                b".",
                device_name,
                b"|securemode=2,authType=",
                kind,
                b",random=",
                random,
                b",signmethod=",
                method,
                instance_option,
                instance,
                b"|",
            ];
            let user_name: [&[u8]; 3] = [device_name, b"&", product_key];
            let password = Some(signature);
            use_it(Opening::Login(Login { client_id: &client_id, user_name: Some(&user_name), password }))
        };
        room.zeroize();
        used
    }
}

/// A device name in a form's encoding: of the characters that it may have, two must not stand there.
fn encode_for_a_form(name: &[u8], encoded: &mut Vec<u8, 96>) {
    for byte in name {
        // 96 bytes hold 32 of these.
        let _ = encoded.extend_from_slice(match byte {
            b'@' => b"%40",
            b':' => b"%3A",
            other => core::slice::from_ref(other),
        });
    }
}
