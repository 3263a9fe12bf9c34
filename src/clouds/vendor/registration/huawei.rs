//! Huawei IoTDA: a device is created with the password of an IAM user, in two requests.
//!
//! Sources: support.huaweicloud.com documents iam_30_0001 (a token for a password: `X-Subject-Token`), iot_06_v5_0046 (the
//! device), iot_06_v5_0018 (refusals).
//!
//! Whoever reads such a password out of one device can create devices for the whole project. `docs/clouds.md` names better
//! ways.

use super::answer::{refused, refused_in_words, registered};
use super::creation::Creation;
use super::fields::Registration;
use crate::bytes::is_name;
use crate::clouds::Endpoint;
use crate::clouds::moment::Moment;
use crate::clouds::registration::Answer;
use crate::clouds::vendor::LoginError;
use crate::codec::json::members;
use crate::codec::template::Value::{Number, Text};
use crate::codec::template::{Value, fill, parts, template};
use crate::http::{Following, Request};
use crate::text::Text as Words;

pub(super) struct Huawei;

/// Bytes of the longest name, and of the longest password.
const TEXT_MAX: usize = 64;

impl Creation for Huawei {
    /// A token has 1 to 8 KB, and other headers stand beside it.
    const RESPONSE_MAX: usize = 12 * 1024;
    const SIGNS_TIME: bool = false;
    const HAS_FOLLOWING: bool = true;

    fn resolve(registration: &Registration, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let is = |text: Option<&[u8]>, max, also| text.is_some_and(|text| is_name(text, max, also));
        let is_text = |text: Option<&[u8]>| text.is_some_and(is_text);
        if !is(registration.product_id, 36, b"-_") {
            return Err(LoginError::ProductId);
        }
        if !is(registration.device_name, 64, b"-_") {
            return Err(LoginError::DeviceName);
        }
        if !is_name(region(registration), 32, b"-_") {
            return Err(LoginError::Region);
        }
        if registration.server.host.is_none() && !is(registration.instance_id, 64, b"-") {
            return Err(LoginError::InstanceId);
        }
        if !is(registration.project_id, 64, b"-_") {
            return Err(LoginError::ProjectId);
        }
        if !is_text(registration.iam_user) {
            return Err(LoginError::IamUser);
        }
        if !is_text(registration.iam_password) {
            return Err(LoginError::IamPassword);
        }
        if !is_text(registration.iam_domain) {
            return Err(LoginError::IamDomain);
        }
        let pieces: &[&[u8]] = &[b"iam.", region(registration), b".myhuaweicloud.com"];
        Ok(endpoint.set(&registration.server, pieces, 443)?)
    }

    fn write(registration: &Registration, endpoint: &Endpoint, _: Moment, request: &mut Request) -> Option<Following> {
        let field = Option::unwrap_or_default;
        // The second request stands in the note: behind the token, its host, before the token.
        let device = [
            template!(r#"{"node_id":"%","product_id":"%"}"#),
            Text(field(registration.device_name)),
            Text(field(registration.product_id)),
        ];
        request.put(&[template!("\r\n\r\n")]);
        request.put(&device);
        let tail_end = request.end();
        let host = match registration.server.host {
            Some(host) => [template!("%"), Text(host), Text(b"")],
            None => [
                template!("%.iotda.%.myhuaweicloud.com"),
                Text(field(registration.instance_id)),
                Text(region(registration)),
            ],
        };
        request.put(&host);
        let host_end = request.end();
        request.put(&[template!("POST /v5/iot/%/devices HTTP/1.1\r\nHost: "), Text(field(registration.project_id))]);
        request.put(&host);
        request.note(&[
            template!("\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %\r\nX-Auth-Token: "),
            Number(fill(&mut [], &device) as u32),
        ]);
        request.server(&endpoint.host, endpoint.port, endpoint.tls);
        let mut length = 0;
        ask_for_token(registration, &mut |text| length += fill(&mut [], text));
        request.put(&[
            template!(concat!(
                // Without a list of all services in the answer.
                "POST /v3/auth/tokens?nocatalog=true HTTP/1.1\r\nHost: %\r\n",
                "Content-Type: application/json;charset=utf8\r\nConnection: close\r\nContent-Length: %\r\n\r\n",
            )),
            Text(&endpoint.host),
            Number(length as u32),
        ]);
        ask_for_token(registration, &mut |text| request.put(text));
        Some(Following { header: b"X-Subject-Token", note_end: 0, tail_end, host_end })
    }

    fn read(status: u16, _: &[u8], answer: &mut [u8]) -> Option<Answer> {
        let [auth_info, error, code, message, ..] = members(answer, parts!("auth_info%error%error_code%error_msg"))?;
        if status < 300 {
            let [secret, ..] = members(auth_info.of(answer), parts!("secret"))?;
            return registered(answer, secret.within(auth_info));
        }
        if error.is_empty() {
            return Some(refused_in_words(status, answer, code, message));
        }
        let [code, message, ..] = members(error.of(answer), parts!("code%message"))?;
        Some(refused(status, answer, code.within(error), message.within(error)))
    }
}

fn region<'a>(registration: &Registration<'a>) -> &'a [u8] {
    registration.region.unwrap_or(b"cn-north-4")
}

/// Gives `put` the body of the first request, piece by piece.
fn ask_for_token(registration: &Registration, put: &mut dyn FnMut(&[Value])) {
    put(&[template!(r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":""#)]);
    escape(registration.iam_user, put);
    put(&[template!(r#"","password":""#)]);
    escape(registration.iam_password, put);
    put(&[template!(r#"","domain":{"name":""#)]);
    escape(registration.iam_domain, put);
    let project_id = Text(registration.project_id.unwrap_or_default());
    put(&[template!(r#""}}}},"scope":{"project":{"id":"%"}}}}"#), project_id]);
}

/// Gives `put` a text as it stands between the quotes of a string of JSON (RFC 8259, section 7).
fn escape(text: Option<&[u8]>, put: &mut dyn FnMut(&[Value])) {
    for byte in text.unwrap_or_default() {
        let before: &[u8] = if matches!(byte, b'"' | b'\\') { b"\\" } else { b"" };
        put(&[template!("%%"), Text(before), Text(core::slice::from_ref(byte))]);
    }
}

/// Whether this is a name or a password: any characters but control characters.
fn is_text(text: &[u8]) -> bool {
    (1..=TEXT_MAX).contains(&text.len()) && Words::read(text).is_some() && !text.iter().any(u8::is_ascii_control)
}
