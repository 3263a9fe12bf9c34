//! Tencent IoT Explorer and IoT Hub: dynamic registration.
//!
//! Sources: cloud.tencent.com documents 634/47225 and 1105/41820 (request, answer and encryption), 1105/41501 (signature);
//! Tencent's `iot-hub-device-c-sdk` `http_signed.c` and `dynreg.c` (the signature is the raw HMAC in base64, the key is the
//! secret as it is written). The older way: `qcloud-iot-explorer-sdk-embedded-c` `dynreg.c`, tencentyun/qcloud-documents
//! issue 7422 (a refusal).
//!
//! A product whose devices have certificates returns a certificate and its private key.

use zeroize::Zeroize;

use super::answer::{refused, refused_in_words, registered};
use super::cipher::{BLOCK, decrypt};
use super::creation::Creation;
use super::fields::Registration;
use crate::bytes::{is_name, is_printable};
use crate::clouds::Endpoint;
use crate::clouds::base64;
use crate::clouds::moment::Moment;
use crate::clouds::registration::{Answer, decode};
use crate::clouds::sign::{Form, SIGNATURE, SignMethod};
use crate::clouds::vendor::LoginError;
use crate::codec::json::{Place, members};
use crate::codec::template::Value::{Number, Text};
use crate::codec::template::{fill, parts, template};
use crate::http::{Following, Request};
use crate::time::seconds;

pub(super) struct Tencent;

/// A longer host does not fit the text that is signed.
const SIGNED_HOST_MAX: usize = 64;

impl Creation for Tencent {
    /// A certificate and its key, encrypted and in base64, take five.
    const RESPONSE_MAX: usize = 8 * 1024;

    fn resolve(registration: &Registration, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let [product_id, device_name] = names(registration);
        if !is_name(product_id, 32, b"") {
            return Err(LoginError::ProductId);
        }
        if !is_name(device_name, 48, b"-_:") {
            return Err(LoginError::DeviceName);
        }
        // Its first bytes are the key of the answer.
        if secret(registration).len() < BLOCK || !is_printable(secret(registration), 64) {
            return Err(LoginError::ProductSecret);
        }
        if registration.legacy && SignMethod::from_name(b"hmacsha1").is_none() {
            return Err(LoginError::SignMethod);
        }
        endpoint.set(&registration.server, &[b"ap-guangzhou.gateway.tencentdevices.com"], 443)?;
        if endpoint.host.len() > SIGNED_HOST_MAX { Err(LoginError::Host) } else { Ok(()) }
    }

    fn write(
        registration: &Registration,
        endpoint: &Endpoint,
        moment: Moment,
        request: &mut Request,
    ) -> Option<Following> {
        request.note(&[template!("%"), Text(secret(registration).get(..BLOCK).unwrap_or_default())]);
        request.server(&endpoint.host, endpoint.port, endpoint.tls);
        let seconds = seconds(moment.unix_ms) as u32;
        if registration.legacy {
            write_legacy(registration, endpoint, seconds, moment.random, request);
        } else {
            write_present(registration, endpoint, seconds, moment.random, request);
        }
        None
    }

    fn read(status: u16, key: &[u8], answer: &mut [u8]) -> Option<Answer> {
        let [response, code, message, payload, ..] = members(answer, parts!("Response%code%message%payload"))?;
        if response.is_empty() {
            // The older way.
            return match code.number(answer)? {
                0 => unwrap(key, answer, payload),
                _ => Some(refused(status, answer, code, message)),
            };
        }
        let [error, payload, ..] = members(response.of(answer), parts!("Error%Payload"))?.map(|it| it.within(response));
        if error.is_empty() {
            return unwrap(key, answer, payload);
        }
        let [code, message, ..] = members(error.of(answer), parts!("Code%Message"))?.map(|it| it.within(error));
        Some(refused_in_words(status, answer, code, message))
    }
}

fn names<'a>(registration: &Registration<'a>) -> [&'a [u8]; 2] {
    [registration.product_id.unwrap_or_default(), registration.device_name.unwrap_or_default()]
}

fn secret<'a>(registration: &Registration<'a>) -> &'a [u8] {
    registration.product_secret.unwrap_or_default()
}

fn write_present(registration: &Registration, endpoint: &Endpoint, seconds: u32, nonce: u32, request: &mut Request) {
    let [product_id, device_name] = names(registration);
    let body = [template!(r#"{"ProductId":"%","DeviceName":"%"}"#), Text(product_id), Text(device_name)];
    let method = SignMethod::HmacSha256;
    let (mut hash, mut signature) = (SIGNATURE, SIGNATURE);
    let signed = [
        template!("POST\n%\n/device/register\n\n%\n%\n%\n%"),
        Text(&endpoint.host),
        Text(method.name().as_bytes()),
        Number(seconds),
        Number(nonce),
        Text(method.hash(&body, Form::Lower, &mut hash)),
    ];
    let mut digits = [0; 44];
    request.put(&[
        template!(concat!(
            "POST /device/register HTTP/1.1\r\nHost: %\r\nContent-Type: application/json; charset=utf-8\r\n",
            "X-TC-Algorithm: %\r\nX-TC-Timestamp: %\r\nX-TC-Nonce: %\r\nX-TC-Signature: %\r\n",
            "Connection: close\r\nContent-Length: %\r\n\r\n",
        )),
        Text(&endpoint.host),
        Text(method.name().as_bytes()),
        Number(seconds),
        Number(nonce),
        Text(base64::encode(method.sign(secret(registration), &signed, Form::Bytes, &mut signature), &mut digits)),
        Number(fill(&mut [], &body) as u32),
    ]);
    request.put(&body);
    signature.zeroize();
}

fn write_legacy(registration: &Registration, endpoint: &Endpoint, seconds: u32, nonce: u32, request: &mut Request) {
    let [product_id, device_name] = names(registration);
    // As `resolve` has found, the build has this method.
    let method = SignMethod::from_name(b"hmacsha1").unwrap_or_default();
    let mut signature = SIGNATURE;
    let signed = [
        template!("deviceName=%&nonce=%&productId=%&timestamp=%"),
        Text(device_name),
        Number(nonce),
        Text(product_id),
        Number(seconds),
    ];
    let mut digits = [0; 88];
    let body = [
        template!(r#"{"deviceName":"%","nonce":%,"productId":"%","timestamp":%,"signature":"%"}"#),
        Text(device_name),
        Number(nonce),
        Text(product_id),
        Number(seconds),
        Text(base64::encode(method.sign(secret(registration), &signed, Form::Lower, &mut signature), &mut digits)),
    ];
    request.put(&[
        template!(concat!(
            "POST /register/dev HTTP/1.1\r\nHost: %\r\nContent-Type: application/json;charset=UTF-8\r\n",
            "Connection: close\r\nContent-Length: %\r\n\r\n",
        )),
        Text(&endpoint.host),
        Number(fill(&mut [], &body) as u32),
    ]);
    request.put(&body);
    signature.zeroize();
}

/// What the encrypted text at `place` says.
fn unwrap(key: &[u8], answer: &mut [u8], place: Place) -> Option<Answer> {
    let place = decode(answer, place);
    let start = place.range().start;
    let length = base64::decode_in_place(place.of_mut(answer))?;
    let plain = Place::new(start, length);
    decrypt(key.first_chunk()?, plain.of_mut(answer))?;
    // The last block is filled up with zeros.
    let zeros = plain.of(answer).iter().rev().take_while(|byte| **byte == 0).count();
    let plain = Place::new(start, length - zeros);
    let found = members(plain.of(answer), parts!("encryptionType%psk%clientCert%clientKey"))?;
    let [kind, psk, certificate, private_key, ..] = found.map(|it| it.within(plain));
    match kind.number(answer)? {
        WITH_CERTIFICATE => {
            let [certificate, private_key] = [certificate, private_key].map(|place| decode(answer, place));
            let is_good = is_pem(certificate.of(answer)) && is_pem(private_key.of(answer));
            is_good.then_some(Answer::Certified { certificate, private_key })
        }
        WITH_SECRET => registered(answer, psk),
        _ => None,
    }
}

const WITH_CERTIFICATE: i32 = 1;
const WITH_SECRET: i32 = 2;

/// Whether `text` looks like PEM (RFC 7468).
fn is_pem(text: &[u8]) -> bool {
    text.starts_with(b"-----BEGIN ") && text.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}
