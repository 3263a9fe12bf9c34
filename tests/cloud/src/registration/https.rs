//! Registration with a form over HTTPS. The launcher reads the request and sends the answer.

use serde_json::{Value, json};

use super::{Claim, grant, note};
use crate::cloud::Cloud;
use crate::devices::Name;
use crate::sign;

const PATH: &str = "/auth/register/device";

/// A request that the launcher has read: its head up to the empty line, and its body. What to send back, and how.
pub fn over_https(cloud: &mut Cloud, head: &str, body: &str) -> Result<Value, String> {
    let mut lines = head.lines();
    let request: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| *value);
    let (status, reply) = match request[..] {
        [_, _, version] if version != "HTTP/1.1" => (505, Value::Null),
        ["POST", PATH, _] if header("host").is_empty() => (400, Value::Null),
        ["POST", PATH, _] if !is_form(header("content-type")) => (415, Value::Null),
        ["POST", PATH, _] => (200, answer(cloud, body)),
        [_, PATH, _] => (405, Value::Null),
        _ => (404, Value::Null),
    };
    Ok(cloud.provoked.response(status, reply))
}

/// A media type is written in any case.
fn is_form(content_type: &str) -> bool {
    content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

fn answer(cloud: &mut Cloud, body: &str) -> Value {
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
    let outcome = grant(&mut cloud.devices, &claim);
    note(cloud, &claim.name, "https", &outcome);
    match outcome {
        Ok(data) => json!({ "code": 200, "data": data, "message": "success" }),
        Err(no) => json!({ "code": no.code, "data": null, "message": no.reason }),
    }
}

/// The fields of a form; `None` if it is not well formed.
fn read_form(body: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| {
        let mut pieces = text.split('%');
        let mut bytes = pieces.next()?.replace('+', " ").into_bytes();
        for piece in pieces {
            bytes.extend(sign::from_hex(piece.get(..2)?)?);
            bytes.extend(piece.get(2..)?.replace('+', " ").into_bytes());
        }
        String::from_utf8(bytes).ok()
    };
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((decode(name)?, decode(value)?))
    };
    body.split('&').map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::signature;
    use super::*;
    use crate::cloud::tests::{cloud, seen};
    use crate::devices::Key;

    fn form(device: &str, signature: &str) -> String {
        format!("productKey=a1B2c3D4e5F&deviceName={device}&random=1&sign={signature}&signMethod=HmacSHA256")
    }

    const HEAD: &str =
        "POST /auth/register/device HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    fn post(cloud: &mut Cloud, body: &str) -> Value {
        let told = over_https(cloud, HEAD, body).unwrap();
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
    fn refusals_over_https() {
        let good = signature("dev01", "1");
        for (body, code) in [
            (form("dev01", &good.replace(['0', '1', '2'], "3")), 6600),
            (form("dev01", "zz"), 6600),
            (form("nobody", &signature("nobody", "1")), 6100),
            (form("dev01", &good).replace("a1B2c3D4e5F", "a2"), 5005),
            (form("dev01", &good).replace("HmacSHA256", "plain"), 460),
            ("hello".into(), 460),
        ] {
            assert_eq!(post(&mut cloud(), &body)["code"], code, "{body}");
        }
        let mut cloud = cloud();
        cloud.devices.allow("a1B2c3D4e5F", Some(false), None).unwrap();
        assert_eq!(post(&mut cloud, &form("dev01", &good))["code"], 6289);
    }

    #[test]
    fn the_request_must_be_the_documented_one() {
        for (from, to, status) in [
            ("POST", "GET", 405),
            ("/device", "/other", 404),
            ("HTTP/1.1", "HTTP/1.0", 505),
            ("Host: x\r\n", "", 400),
            ("x-www-form-urlencoded", "json", 415),
        ] {
            let told = over_https(&mut cloud(), &HEAD.replace(from, to), "").unwrap();
            assert_eq!(told["status"], status, "{to}");
        }
    }
}
