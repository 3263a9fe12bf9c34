//! Registration with a form over HTTPS. The launcher reads the request and sends the answer.

use std::borrow::Cow;

use httparse::{EMPTY_HEADER, Request, Status};
use serde_json::{Value, json};

use super::{Claim, Registry, grant, note};
use crate::devices::Name;

const PATH: &str = "/auth/register/device";
/// A request with more headers is refused.
const HEADERS: usize = 32;

/// A request that the service has read: its head with the empty line, and its body. What to send back, and how.
pub fn over_https(registry: &mut Registry, head: &str, body: &str) -> Value {
    let (status, reply) = judge(registry, head, body);
    registry.provoked.response(status, reply)
}

fn judge(registry: &mut Registry, head: &str, body: &str) -> (u64, Value) {
    let mut headers = [EMPTY_HEADER; HEADERS];
    let mut request = Request::new(&mut headers);
    let status = match request.parse(head.as_bytes()) {
        Ok(Status::Complete(_)) if request.version == Some(1) => match (request.method, request.path) {
            (Some("POST"), Some(PATH)) if header(&request, "host").is_empty() => 400,
            (Some("POST"), Some(PATH)) if !is_form(header(&request, "content-type")) => 415,
            (Some("POST"), Some(PATH)) => return (200, answer(registry, body)),
            (_, Some(PATH)) => 405,
            _ => 404,
        },
        Ok(Status::Complete(_)) | Err(httparse::Error::Version) => 505,
        _ => 400,
    };
    (status, Value::Null)
}

/// The value of a header; empty if there is none, or if it is no text.
fn header<'a>(request: &Request<'_, 'a>, name: &str) -> &'a str {
    let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    found.and_then(|header| std::str::from_utf8(header.value).ok()).unwrap_or_default()
}

/// A media type is written in any case.
fn is_form(content_type: &str) -> bool {
    content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

fn answer(registry: &mut Registry, body: &str) -> Value {
    let Some(form) = read_form(body) else {
        return json!({ "code": 460, "message": "request parameter error" });
    };
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| &**value);
    let claim = Claim {
        name: Name::new(field("productKey"), field("deviceName")),
        random: field("random"),
        method: field("signMethod"),
        signature: field("sign"),
        listed: true,
    };
    let outcome = grant(registry.devices, &claim);
    note(registry, &claim.name, "https", &outcome);
    match outcome {
        Ok(data) => json!({ "code": 200, "data": data, "message": "success" }),
        Err(no) => json!({ "code": no.code, "data": null, "message": no.reason }),
    }
}

/// The fields of a form; `None` if it is not well formed, which the standard's way of reading lets pass.
fn read_form(body: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    let is_escape = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let is_well_formed = body.split('&').all(|pair| pair.contains('=')) && body.split('%').skip(1).all(is_escape);
    let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    let is_text = fields.iter().all(|(name, value)| !name.contains('\u{fffd}') && !value.contains('\u{fffd}'));
    (is_well_formed && is_text).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::super::tests::signature;
    use super::*;
    use crate::cloud::Cloud;
    use crate::cloud::tests::{cloud, seen};
    use crate::devices::Key;

    fn form(device: &str, signature: &str) -> String {
        format!("productKey=a1B2c3D4e5F&deviceName={device}&random=1&sign={signature}&signMethod=HmacSHA256")
    }

    const HEAD: &str =
        "POST /auth/register/device HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";

    fn post(cloud: &mut Cloud, body: &str) -> Value {
        let told = over_https(&mut cloud.registry(), HEAD, body);
        assert_eq!(told["status"], 200);
        serde_json::from_str(told["body"].as_str().unwrap()).unwrap()
    }

    #[test]
    fn the_last_secret_counts_until_the_device_has_connected() {
        let mut cloud = cloud();
        let body = form("dev01", &signature("dev01", "1"));
        let first = post(&mut cloud, &body)["data"]["deviceSecret"].clone();
        let second = post(&mut cloud, &body)["data"]["deviceSecret"].clone();
        assert!(first != second && second.is_string());
        let name = Name::new("a1B2c3D4e5F", "dev01");
        assert_eq!(cloud.devices.key(&name), Some(&Key::Secret(second.as_str().unwrap().into())));
        cloud.devices.set_active(&name, true);
        assert_eq!(post(&mut cloud, &body)["code"], 6288);
        cloud.devices.set_active(&name, false);
        assert_eq!(post(&mut cloud, &body)["code"], 200);
        assert_eq!(seen(&cloud, "registration").len(), 4);
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let fields = read_form("a=1&b=%E6%B8%A9+%2b&c=").unwrap();
        assert_eq!(fields, [("a", "1"), ("b", "温 +"), ("c", "")].map(|(name, value)| (name.into(), value.into())));
        for wrong in ["", "a", "a=1&", "a=%", "a=%4", "a=%4g", "a=%+1", "a=%ff"] {
            assert_eq!(read_form(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn refusals_over_https() {
        let good = signature("dev01", "1");
        for (body, code) in [
            (form("dev01", &good.replace(['0', '1', '2'], "3")), 6600),
            (form("dev01", "zz"), 6600),
            (form("nobody", &signature("nobody", "1")), 6100),
            (form("dev01", &good).replace("a1B2c3D4e5F", "a2"), 5005),
            (form("dev01", &good).replace("HmacSHA256", "plain"), 460),
            ("hello".into(), 460),
            (form("dev01", &good) + "&extra", 460),
            (form("dev%zz", &good), 460),
            (form("dev%3", &good) + "%", 460),
            (form("dev%ff", &good), 460),
        ] {
            assert_eq!(post(&mut cloud(), &body)["code"], code, "{body}");
        }
        let mut cloud = cloud();
        cloud.devices.allow("a1B2c3D4e5F", Some(false), None, None).unwrap();
        assert_eq!(post(&mut cloud, &form("dev01", &good))["code"], 6289);
    }

    #[test]
    fn the_request_must_be_the_documented_one() {
        for (from, to, status) in [
            ("POST", "GET", 405),
            ("/device", "/other", 404),
            ("HTTP/1.1", "HTTP/1.0", 505),
            ("HTTP/1.1", "HTTP/2.0", 505),
            (" HTTP/1.1", "", 400),
            ("Host: x", "Host x", 400),
            ("Host: x\r\n", "", 400),
            ("x-www-form-urlencoded", "json", 415),
        ] {
            let told = over_https(&mut cloud().registry(), &HEAD.replace(from, to), "");
            assert_eq!(told["status"], status, "{to}");
        }
    }
}
