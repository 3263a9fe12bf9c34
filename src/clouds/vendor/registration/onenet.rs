//! OneNET of China Mobile: a device is created with a token of the user's.
//!
//! Sources: open.iot.10086.cn documents `aiot/fuse/detail/1464` (the token) and `1465` (the request and `sec_key`). Version and
//! resource of a user's token, and the spelling of its method: LuatOS's `iotcloud.lua`. One hour of lifetime is our choice: a
//! clock that is some minutes slow does not use it up.

use zeroize::Zeroize;

use super::answer::{refused, registered};
use super::creation::Creation;
use super::fields::Registration;
use crate::bytes::is_name;
use crate::clouds::Endpoint;
use crate::clouds::key::Key;
use crate::clouds::moment::Moment;
use crate::clouds::registration::Answer;
use crate::clouds::sign::SignMethod;
use crate::clouds::vendor::LoginError;
use crate::clouds::vendor::onenet::{TOKEN_SIGNATURE, sign_token};
use crate::codec::json::members;
use crate::codec::template::Value::{Number, Text};
use crate::codec::template::{fill, parts, template};
use crate::http::{Following, Request};
use crate::time::seconds;

pub(super) struct Onenet;

/// Seconds that a token is good for.
const LIFETIME: u32 = 3600;

fn user_id<'a>(registration: &Registration<'a>) -> &'a [u8] {
    registration.user_id.unwrap_or_default()
}

fn key(registration: &Registration) -> Result<Key, LoginError> {
    Key::read(registration.user_key.unwrap_or_default()).ok_or(LoginError::UserKey)
}

impl Creation for Onenet {
    fn resolve(registration: &Registration, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        if !is_name(registration.product_id.unwrap_or_default(), 20, b"") {
            return Err(LoginError::ProductId);
        }
        if !is_name(registration.device_name.unwrap_or_default(), 64, b"-_") {
            return Err(LoginError::DeviceName);
        }
        if !is_name(user_id(registration), 32, b"") {
            return Err(LoginError::UserId);
        }
        key(registration)?;
        Ok(endpoint.set(&registration.server, &[b"iot-api.heclouds.com"], 443)?)
    }

    fn write(
        registration: &Registration,
        endpoint: &Endpoint,
        moment: Moment,
        request: &mut Request,
    ) -> Option<Following> {
        let key = key(registration).ok()?;
        let user_id = Text(user_id(registration));
        let expiry = Number((seconds(moment.unix_ms) as u32).wrapping_add(LIFETIME));
        let method = Text(b"SHA256");
        let mut space = [0; TOKEN_SIGNATURE];
        let text = [template!("%\n%\nuserid/%\n2022-05-01"), expiry, method, user_id];
        let signature = sign_token(SignMethod::HmacSha256, &key, &text, &mut space);
        let body = [
            template!(r#"{"product_id":"%","device_name":"%"}"#),
            Text(registration.product_id.unwrap_or_default()),
            Text(registration.device_name.unwrap_or_default()),
        ];
        request.server(&endpoint.host, endpoint.port, endpoint.tls);
        request.put(&[
            template!(concat!(
                "POST /device/create HTTP/1.1\r\nHost: %\r\nContent-Type: application/json\r\n",
                // In a template a percent sign is a place.
                "Authorization: version=2022-05-01&res=userid%%&et=%&method=%&sign=%\r\n",
                "Connection: close\r\nContent-Length: %\r\n\r\n",
            )),
            Text(&endpoint.host),
            Text(b"%2F"),
            user_id,
            expiry,
            method,
            Text(signature),
            Number(fill(&mut [], &body) as u32),
        ]);
        request.put(&body);
        space.zeroize();
        None
    }

    fn read(status: u16, _: &[u8], answer: &mut [u8]) -> Option<Answer> {
        let [code, message, data, ..] = members(answer, parts!("code%msg%data"))?;
        if code.number(answer)? != 0 {
            return Some(refused(status, answer, code, message));
        }
        let [secret, ..] = members(data.of(answer), parts!("sec_key"))?;
        registered(answer, secret.within(data))
    }
}
