//! Dynamic registration: a device that has its product's secret asks for one of its own.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS), Link SDK C `aiot_dynregmq_api.c` and the platform's pages on
//! "one type one secret" (over MQTT). All ways sign `deviceName`, `productKey` and `random`, in that order, without
//! separators; over MQTT the mode is 2 for all, as Alibaba's own SDKs for C and Python have it. The platform repeats a
//! registration until the device has first connected: the last secret counts.

use heapless::Vec;
use zeroize::Zeroize;

use super::answer;
use super::error::LoginError;
use super::identity::Identity;
use super::login::SECRET_MAX;
use super::way::Way;
use crate::bytes::is_printable;
use crate::clouds::moment::Moment;
use crate::clouds::registration::{Answer, Register};
use crate::clouds::sign::{Form, SIGNATURE, Signature};
use crate::clouds::{Endpoint, Server};
use crate::codec::json::Place;
use crate::codec::template::Value::{Number, Text};
use crate::codec::template::{fill, template};
use crate::http::Request;
use crate::mqtt::{Connect, LoginTooLong};

/// The port of the HTTPS service.
const HTTPS_PORT: u16 = 443;

/// What a device has that is to be registered. The layout is that of `aliyun_iot_aliyun_registration`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Registration<'a> {
    /// Which device it is.
    pub identity: Identity<'a>,
    /// Where to. Without TLS anybody on the way can read the new secret.
    pub server: Server<'a>,
    /// Product secret, at most 64 characters.
    pub product_secret: Option<&'a [u8]>,
    /// The name of a [`Way`]; if `None`, over MQTT with an instance, else over HTTPS.
    pub auth_type: Option<&'a [u8]>,
}

impl<'a> Registration<'a> {
    /// The usual registration: over HTTPS at the old public instance in `cn-shanghai`.
    pub const fn new(product_key: &'a str, device_name: &'a str, product_secret: &'a str) -> Self {
        let identity = Identity::new(product_key, device_name);
        let product_secret = Some(product_secret.as_bytes());
        Self { identity, server: Server::usual(), product_secret, auth_type: None }
    }

    /// How it goes; `None` if there is no such way.
    pub fn way(&self) -> Option<Way> {
        match self.auth_type {
            Some(name) => Way::from_name(name),
            None if self.identity.instance_id.is_some() => Some(Way::Mqtt),
            None => Some(Way::Https),
        }
    }

    fn secret(&self) -> &'a [u8] {
        self.product_secret.unwrap_or_default()
    }

    /// The signature that goes with `random`.
    #[inline(never)]
    fn sign<'s>(&self, random: u32, space: &'s mut Signature) -> &'s [u8] {
        let [product_key, device_name] = self.identity.names();
        let signed = [template!("deviceName%productKey%random%"), Text(device_name), Text(product_key), Number(random)];
        self.identity.sign_method().sign(self.secret(), &signed, Form::Upper, space)
    }
}

impl Register for Registration<'_> {
    type Error = LoginError;
    type Way = Way;

    fn way(&self) -> Result<Way, LoginError> {
        self.way().ok_or(LoginError::AuthType)
    }

    fn is_request(way: Way) -> bool {
        way == Way::Https
    }

    fn names(&self) -> [&[u8]; 2] {
        self.identity.names()
    }

    fn resolve(&self, way: Way, _: Moment, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let Self { identity, server, .. } = self;
        identity.check()?;
        if !is_printable(self.secret(), SECRET_MAX) {
            return Err(LoginError::ProductSecret);
        }
        if way != Way::Https {
            return identity.resolve(server, endpoint);
        }
        Ok(endpoint.set(server, &[b"iot-auth.", identity.region(), b".aliyuncs.com"], HTTPS_PORT)?)
    }

    fn write_login(&self, way: Way, Moment { random, .. }: Moment, connect: &mut Connect) -> Result<(), LoginError> {
        let [product_key, device_name] = self.identity.names();
        let (instance_option, instance): (&[u8], &[u8]) = match self.identity.instance_id {
            Some(instance) => (b",instanceId=", instance),
            None => (b"", b""),
        };
        connect.client_id(&[
            template!("%.%|securemode=2,authType=%,random=%,signmethod=%%%|"),
            Text(product_key),
            Text(device_name),
            Text(way.name().as_bytes()),
            Number(random),
            Text(self.identity.sign_method().name().as_bytes()),
            Text(instance_option),
            Text(instance),
        ]);
        connect.user_name(&[template!("%&%"), Text(device_name), Text(product_key)]);
        let mut space = SIGNATURE;
        connect.password(self.sign(random, &mut space));
        space.zeroize();
        // None of the fields is long enough for that.
        connect.finish().map_err(|LoginTooLong| LoginError::InstanceId)
    }

    fn write_request(
        &self,
        way: Way,
        endpoint: &Endpoint,
        Moment { random, .. }: Moment,
        request: &mut Request,
    ) -> Way {
        let [product_key, device_name] = self.identity.names();
        request.note(&[template!("%/%/"), Text(product_key), Text(device_name)]);
        let mut name = Vec::new();
        encode_for_a_form(device_name, &mut name);
        let mut space = SIGNATURE;
        let body = [
            template!("productKey=%&deviceName=%&random=%&sign=%&signMethod=%"),
            Text(product_key),
            Text(&name),
            Number(random),
            Text(self.sign(random, &mut space)),
            Text(self.identity.sign_method().name().as_bytes()),
        ];
        request.server(&endpoint.host, endpoint.port, endpoint.tls);
        request.put(&[
            template!(concat!(
                "POST /auth/register/device HTTP/1.1\r\nHost: %\r\n",
                "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: %\r\n\r\n",
            )),
            Text(&endpoint.host),
            Number(fill(&mut [], &body) as u32),
        ]);
        request.put(&body);
        space.zeroize();
        way
    }

    fn topic(way: Way) -> &'static str {
        match way {
            Way::MqttUnlisted => "/ext/regnwl",
            Way::Mqtt | Way::Https => "/ext/register",
        }
    }

    fn read(way: Way, status: u16, names: &[u8], answer: &mut [u8]) -> Option<Answer> {
        match status {
            200 => answer::read(way, names, answer),
            _ => Some(Answer::Refused { code: status.into(), message: Place::default() }),
        }
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
