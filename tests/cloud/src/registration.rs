//! May this device have a secret of its own, because it knows its product's?
//!
//! Sources: document 147356 and Alibaba's SDK for Python (over HTTPS), Link SDK C `aiot_dynregmq_api.c` and that SDK
//! (over MQTT). A device may ask again until it has first connected, and the last answer counts. The codes of refusals are
//! conventions of ours, as far as document 120329 does not have them.

use serde_json::{Value, json};

use crate::cloud::{Act, Cloud};
use crate::devices::{Devices, Key, Name};
use crate::journal::Record;
use crate::login::{self, BAD_CLIENT_ID, BAD_PASSWORD, BAD_PROTOCOL, Knock, NOT_AUTHORISED, Refusal};
use crate::random;
use crate::sign::{self, Method};

const PATH: &str = "/auth/register/device";

/// Who asks, and how it proves to be one of the product's.
struct Claim<'a> {
    name: Name,
    random: &'a str,
    method: &'a str,
    signature: &'a str,
    /// Does it claim to be on the platform's list?
    listed: bool,
}

/// No, as HTTPS and as MQTT have it.
struct No {
    code: u64,
    connack: u8,
    reason: String,
}

fn no<T>(code: u64, connack: u8, reason: impl Into<String>) -> Result<T, No> {
    Err(No { code, connack, reason: reason.into() })
}

/// Gives the device a key, and tells it.
fn grant(devices: &mut Devices, claim: &Claim) -> Result<Value, No> {
    let Claim { name, .. } = claim;
    let Some(secret) = devices.product_secret(&name.product) else {
        return no(5005, NOT_AUTHORISED, format!("no product has the key {:?}", name.product));
    };
    let Some(method) = Method::named(&claim.method.to_ascii_lowercase()) else {
        return no(460, BAD_PASSWORD, format!("{:?} is not hmacmd5, hmacsha1 or hmacsha256", claim.method));
    };
    if claim.random.is_empty() {
        return no(460, BAD_CLIENT_ID, "random is missing");
    }
    let content = sign::registration_content(&name.device, &name.product, claim.random);
    if !sign::verify(method, secret, &content, claim.signature) {
        return no(6600, BAD_PASSWORD, format!("the signature is not the {} of {content:?}", claim.method));
    }
    if !devices.is_dynamic(&name.product) {
        return no(6289, NOT_AUTHORISED, "dynamic registration is switched off for this product");
    }
    if devices.is_active(name) {
        return no(6288, NOT_AUTHORISED, format!("{name} has been active already: reset it first"));
    }
    let fault = |why: String| No { code: 500, connack: login::UNAVAILABLE, reason: why };
    let text = |length| random::text(length).map_err(fault);
    let mut data = json!({ "productKey": name.product, "deviceName": name.device });
    let key = match (devices.key(name), claim.listed) {
        (None, true) => return no(6100, NOT_AUTHORISED, format!("the product has no device {:?}", name.device)),
        (Some(Key::Secret(_)), false) => {
            return no(6100, NOT_AUTHORISED, format!("{name} is listed: authType=register"));
        }
        (Some(Key::Token { .. }), true) => return no(6100, NOT_AUTHORISED, format!("{name} is not listed")),
        (Some(Key::Secret(_)), true) => {
            let secret = text(32)?;
            data["deviceSecret"] = json!(secret);
            Key::Secret(secret)
        }
        (_, false) if !devices.takes_unlisted(&name.product) => {
            return no(6289, NOT_AUTHORISED, "this product takes listed devices only");
        }
        (_, false) => {
            let (client_id, token) = (format!("^1^{}", text(10)?), format!("^1^{}", text(40)?));
            data["clientId"] = json!(client_id);
            data["deviceToken"] = json!(token);
            Key::Token { client_id, token }
        }
    };
    devices.add(name, key);
    Ok(data)
}

fn note(cloud: &mut Cloud, name: &Name, way: &str, outcome: &Result<Value, No>) {
    let record = Record::new("registration", name).with("way", way).with("ok", outcome.is_ok());
    let record = match outcome {
        Ok(_) => record,
        Err(no) => record.with("code", no.code).with("reason", &*no.reason),
    };
    cloud.journal.add(cloud.now_ms, record);
}

// ---- Over MQTT ----

/// Is this login none, but a registration?
pub fn is_asked_for(knock: &Knock) -> bool {
    let asks = |pair: &str| matches!(pair, "authType=register" | "authType=regnwl");
    knock.client_id.split(['|', ',']).any(asks)
}

/// The answer is pushed on a topic that nobody has subscribed to, and CONNACK says no.
pub fn over_mqtt(cloud: &mut Cloud, knock: &Knock) -> Result<Vec<Act>, Refusal> {
    if knock.protocol != 4 {
        return login::refuse(BAD_PROTOCOL, format!("protocol level {}: only MQTT 3.1.1 is served", knock.protocol));
    }
    let (_, options) = login::split_client_id(&knock.client_id)?;
    let option = |key: &str| options.iter().find(|(k, _)| *k == key).map_or("", |(_, value)| *value);
    let Some(name) = login::claimed_name(&knock.user_name) else {
        return login::refuse(BAD_PASSWORD, format!("user name {:?} is not deviceName&productKey", knock.user_name));
    };
    let way = option("authType");
    let claim = Claim {
        name: name.clone(),
        random: option("random"),
        method: option("signmethod"),
        signature: &knock.password,
        listed: way == "register",
    };
    let outcome = match option("securemode") {
        _ if !knock.tls => no(460, NOT_AUTHORISED, "registration needs TLS"),
        _ if knock.will => no(460, NOT_AUTHORISED, "a will is not supported"),
        "2" | "-2" => grant(&mut cloud.devices, &claim),
        other => no(460, NOT_AUTHORISED, format!("securemode={other} is not for registration")),
    };
    note(cloud, &name, way, &outcome);
    match outcome {
        Ok(data) => {
            let topic = format!("/ext/{way}");
            let payload = cloud.provoked.payload(data).into_bytes();
            Ok(vec![Act::Publish { to: Some(knock.client_id.clone()), topic, payload, qos: 1 }])
        }
        Err(no) => login::refuse(no.connack, no.reason),
    }
}

// ---- Over HTTPS ----

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
        ["POST", PATH, _] if !header("content-type").starts_with("application/x-www-form-urlencoded") => {
            (415, Value::Null)
        }
        ["POST", PATH, _] => (200, answer(cloud, body)),
        [_, PATH, _] => (405, Value::Null),
        _ => (404, Value::Null),
    };
    Ok(cloud.provoked.response(status, reply))
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

// ---- What a test can have go wrong ----

/// How the next answers to registrations go out.
#[derive(Default)]
pub struct Provoked {
    mode: String,
    status: u64,
    left: u64,
}

const MODES: [&str; 11] = [
    "normal",
    "chunked",
    "until_close",
    "trickle",
    "cut",
    "stall",
    "large",
    "garbage",
    "status",
    "other_device",
    "not_json",
];

impl Provoked {
    pub fn named(mode: &str, status: u64, count: u64) -> Result<Provoked, String> {
        match MODES.contains(&mode) {
            true => Ok(Provoked { mode: mode.into(), status, left: count }),
            false => Err(format!("mode is {mode:?}, not one of {MODES:?}")),
        }
    }

    fn next(&mut self) -> &str {
        if self.left == 0 {
            return "normal";
        }
        self.left -= 1;
        &self.mode
    }

    fn spoil(mode: &str, mut data: Value) -> String {
        match mode {
            "large" => data["padding"] = json!("x".repeat(100_000)),
            "other_device" => data["deviceName"] = json!("somebody-else"),
            "not_json" | "garbage" => return "<html>hello</html>".into(),
            _ => {}
        }
        data.to_string()
    }

    /// What is pushed over MQTT.
    fn payload(&mut self, data: Value) -> String {
        Self::spoil(self.next(), data)
    }

    /// What is sent over HTTPS: status, body, and the manner, which is the launcher's.
    fn response(&mut self, status: u64, mut reply: Value) -> Value {
        let provoked = self.status;
        let mode = self.next().to_owned();
        let status = if mode == "status" { provoked } else { status };
        let body = match reply["data"].take() {
            Value::Null if status != 200 => String::new(),
            Value::Null => reply.to_string(),
            data => {
                let spoilt = Self::spoil(&mode, data);
                match serde_json::from_str(&spoilt) {
                    Ok(data) => {
                        reply["data"] = data;
                        reply.to_string()
                    }
                    Err(_) => spoilt,
                }
            }
        };
        json!({ "status": status, "body": body, "manner": mode })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::tests::{cloud, seen};

    const SECRET: &str = "x";

    /// `deviceNamedev01productKeya1B2c3D4e5Frandom1` under the secret `x`.
    fn signature(device: &str, random: &str) -> String {
        use hmac::{Hmac, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("deviceName{device}productKeya1B2c3D4e5Frandom{random}").as_bytes());
        sign::to_hex(&mac.finalize().into_bytes())
    }

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

    fn knock(device: &str, kind: &str) -> Knock {
        Knock {
            client_id: format!("me|random=1,authType={kind},securemode=2,signmethod=hmacsha256|"),
            user_name: format!("{device}&a1B2c3D4e5F"),
            password: signature(device, "1"),
            keepalive: 1200,
            clean: true,
            protocol: 4,
            tls: true,
            will: false,
        }
    }

    /// The vector that Link SDK C's way of signing gives, computed with Python's hmac.
    #[test]
    fn signs_as_the_sdk_does() {
        let content = sign::registration_content("dev01", "a1B2c3D4e5F", "123456");
        let signature = "40DCC0740FF9325F0D7AF0BCC2AD322C39B97A31DE610B6AD385395C7CA29DF9";
        assert!(sign::verify(Method::Sha256, "psecret0123456789", &content, signature));
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

    #[test]
    fn over_mqtt_a_listed_device_gets_a_secret_and_another_a_token() {
        let mut cloud = cloud();
        let acts = over_mqtt(&mut cloud, &knock("dev01", "register")).unwrap();
        assert!(matches!(&acts[..], [Act::Publish { to: Some(_), topic, .. }] if topic == "/ext/register"));
        assert_eq!(over_mqtt(&mut cloud, &knock("new", "register")).unwrap_err().code, NOT_AUTHORISED);
        assert_eq!(over_mqtt(&mut cloud, &knock("new", "regnwl")).unwrap_err().code, NOT_AUTHORISED);
        cloud.devices.allow("a1B2c3D4e5F", None, Some(true)).unwrap();
        let acts = over_mqtt(&mut cloud, &knock("new", "regnwl")).unwrap();
        assert!(matches!(&acts[..], [Act::Publish { topic, .. }] if topic == "/ext/regnwl"));
        assert_eq!(over_mqtt(&mut cloud, &knock("dev01", "regnwl")).unwrap_err().code, NOT_AUTHORISED);

        let Some(Key::Token { client_id, token }) = cloud.devices.key(&Name::new("a1B2c3D4e5F", "new")).cloned() else {
            panic!()
        };
        let login = |id: &str, password: &str| Knock {
            client_id: format!("{id}|authType=connwl,securemode=-2,_ss=1,ext=3|"),
            password: password.into(),
            ..knock("new", "")
        };
        let mut code = |knock: &Knock| cloud.login(1, knock).err().map_or(0, |refusal| refusal.code);
        assert_eq!(code(&login(&client_id, "other")), BAD_PASSWORD);
        assert_eq!(code(&login("other", &token)), BAD_PASSWORD);
        assert_eq!(code(&Knock { tls: false, ..login(&client_id, &token) }), NOT_AUTHORISED);
        assert_eq!(
            code(&Knock { client_id: "me|securemode=2,signmethod=hmacsha256|".into(), ..knock("new", "") }),
            BAD_PASSWORD
        );
        assert_eq!(code(&login(&client_id, &token)), 0);
    }

    #[test]
    fn refusals_over_mqtt() {
        let wrong = |change: fn(&mut Knock)| {
            let mut knock = knock("dev01", "register");
            change(&mut knock);
            cloud().login(1, &knock).err().map_or(0, |refusal| refusal.code)
        };
        assert_eq!(wrong(|_| ()), 0);
        assert_eq!(wrong(|k| k.password.clear()), BAD_PASSWORD);
        assert_eq!(wrong(|k| k.user_name = "dev01".into()), BAD_PASSWORD);
        assert_eq!(wrong(|k| k.user_name = "dev01&other".into()), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.tls = false), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.protocol = 5), BAD_PROTOCOL);
        assert_eq!(wrong(|k| k.client_id = k.client_id.replace("securemode=2", "securemode=3")), NOT_AUTHORISED);
        assert_eq!(wrong(|k| k.client_id = k.client_id.replace("random=1,", "")), BAD_CLIENT_ID);
    }

    #[test]
    fn what_is_provoked_wears_off() {
        let mut provoked = Provoked::named("not_json", 0, 1).unwrap();
        assert!(provoked.payload(json!({"a": 1})).contains("html"));
        assert_eq!(provoked.payload(json!({"a": 1})), "{\"a\":1}");
        assert!(Provoked::named("loud", 0, 1).is_err());
    }
}
