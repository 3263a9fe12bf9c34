//! Dynamic registration: a device that has its product's secret asks for one of its own.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS), Link SDK C `aiot_dynregmq_api.c` and the platform's pages on
//! "one type one secret" (over MQTT). All ways sign `deviceName`, `productKey` and `random`, in that order, without
//! separators; over MQTT the mode is 2 for all, as Alibaba's own SDKs for C and Python have it. The platform repeats a registration until the device has first connected: the last secret counts.

use heapless::String;
use zeroize::Zeroize;

use super::Credentials;
use crate::clouds::{CredentialsError, Endpoint, Login, SignMethod, host};
use crate::text::{append, concat, decimal};

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
    /// An HTTP request, in pieces.
    Request(&'a [&'a str]),
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

    /// Which server to ask.
    pub fn endpoint(&self) -> Result<Endpoint, CredentialsError> {
        let credentials = Credentials {
            region: self.region,
            instance_id: self.instance_id,
            host: self.host,
            port: self.port,
            tls: self.tls,
            ..Credentials::new(self.product_key, self.device_name, self.product_secret)
        };
        let endpoint = credentials.endpoint().map_err(|error| match error {
            CredentialsError::DeviceSecret => CredentialsError::ProductSecret,
            other => other,
        })?;
        if self.way() != Way::Https {
            return Ok(endpoint);
        }
        let name = match self.host {
            Some(given) => host(given)?,
            None => concat(&["iot-auth.", self.region.unwrap_or("cn-shanghai"), ".aliyuncs.com"])
                .map_err(|_| CredentialsError::Region)?,
        };
        Ok(Endpoint { host: name, port: self.port.unwrap_or(HTTPS_PORT), tls: self.tls })
    }

    /// Signs the request and hands it to `use_it`. `random` makes the signature differ from the last one.
    pub(crate) fn open<R>(
        &self,
        endpoint: &Endpoint,
        random: u32,
        use_it: impl FnOnce(Opening<'_>) -> R,
    ) -> Result<R, CredentialsError> {
        let random = decimal(random.into());
        let signed = ["deviceName", self.device_name, "productKey", self.product_key, "random", &random];
        let signature = self.sign_method.sign(self.product_secret.as_bytes(), &signed);
        let used = match self.way() {
            Way::Https => self.request(endpoint, &random, &signature, use_it),
            Way::Mqtt => self.login("register", &random, &signature, use_it),
            Way::MqttUnlisted => self.login("regnwl", &random, &signature, use_it),
        };
        signature.into_bytes().as_mut_slice().zeroize();
        used
    }

    fn request<R>(
        &self,
        endpoint: &Endpoint,
        random: &str,
        signature: &str,
        use_it: impl FnOnce(Opening<'_>) -> R,
    ) -> Result<R, CredentialsError> {
        // Of the characters that a name may have, these two are not for a form.
        let mut name = String::<96>::new();
        for character in self.device_name.chars() {
            let pushed = match character {
                '@' => name.push_str("%40"),
                ':' => name.push_str("%3A"),
                other => name.push(other),
            };
            pushed.map_err(|_| CredentialsError::DeviceName)?;
        }
        let body = [
            "productKey=",
            self.product_key,
            "&deviceName=",
            &name,
            "&random=",
            random,
            "&sign=",
            signature,
            "&signMethod=",
            self.sign_method.name(),
        ];
        let length = decimal(body.iter().map(|piece| piece.len() as u64).sum());
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = body;
        Ok(use_it(Opening::Request(&[
            "POST /auth/register/device HTTP/1.1\r\nHost: ",
            &endpoint.host,
            "\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: ",
            &length,
            "\r\n\r\n",
            b0,
            b1,
            b2,
            b3,
            b4,
            b5,
            b6,
            b7,
            b8,
            b9,
        ])))
    }

    fn login<R>(
        &self,
        kind: &str,
        random: &str,
        signature: &str,
        use_it: impl FnOnce(Opening<'_>) -> R,
    ) -> Result<R, CredentialsError> {
        let mut client_id: String<256> = concat(&[
            self.product_key,
            ".",
            self.device_name,
            "|securemode=2,authType=",
            kind,
            ",random=",
            random,
            ",signmethod=",
            self.sign_method.name(),
        ])
        .map_err(|_| CredentialsError::ClientId)?;
        let instance = match self.instance_id {
            Some(instance) => [",instanceId=", instance, "|"],
            None => ["|", "", ""],
        };
        append(&mut client_id, &instance).map_err(|_| CredentialsError::InstanceId)?;
        let user_name: String<53> =
            concat(&[self.device_name, "&", self.product_key]).map_err(|_| CredentialsError::UserName)?;
        Ok(use_it(Opening::Login(Login {
            client_id: &client_id,
            user_name: Some(&user_name),
            password: Some(signature.as_bytes()),
        })))
    }
}
