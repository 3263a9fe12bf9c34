//! Tencent Cloud IoT Explorer (and IoT Hub).
//!
//! Sources, documents of cloud.tencent.com: 1081/102803 and 1105/41824 (host, login, limits, custom topics), 1081/34916
//! (properties, events, actions), 1105/41511 (network time); and Tencent's SDK for C (`mqtt_client_connect.c`).
//! CONNACK codes, and the codes for envelopes that are wrong, are conventions of ours: no document has them.

mod registration;

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};

use super::envelope::{self, Pending};
use super::http::{Request, Response};
use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::devices::Name;
use crate::journal::Record;
use crate::login::{Attempt, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, ReplyMode, Taken, Up};
use crate::topics::{Kind, Use};

const OK: u64 = 0;
const BAD_ENVELOPE: u64 = 400;
/// A product ID has ten letters and digits.
const PRODUCT: usize = 10;
const EVENT_TYPES: [&str; 3] = ["info", "alert", "fault"];

#[derive(Default)]
pub struct Tencent {
    pending: Pending,
}

impl Vendor for Tencent {
    fn limits(&self) -> Limits {
        Limits { protocols: &[3, 4], keepalive: 0..=900, payload: 16 << 10, ..Limits::default() }
    }

    fn takes_certificates(&self) -> bool {
        true
    }

    fn prepare(&mut self, accounts: &mut Accounts) -> Result<(), String> {
        accounts.keep(registration::PRODUCT_SECRET, || random::text(24))
    }

    fn describe(&self, accounts: &Accounts) -> Map<String, Value> {
        let product = accounts.iter().next().map(|first| &*first.product);
        let registration = json!({ "cloud": "tencent", "productId": product, "productSecret": accounts.kept(registration::PRODUCT_SECRET) });
        Map::from_iter([("registration".to_owned(), registration)])
    }

    fn serves(&self, path: &str) -> bool {
        registration::PATHS.contains(&path)
    }

    fn http(&mut self, accounts: &mut Accounts, request: &Request, now_ms: u64) -> Response {
        registration::answer(make, accounts, request, now_ms)
    }

    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
        make(wish, accounts)
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        let (product, device) = attempt.client_id.split_at_checked(PRODUCT)?;
        Some((product.into(), device.into()))
    }

    /// 1081/102803: the user name is `{client id};{SDK app id};{connection id};{expiry, seconds}`, the password the HMAC of the
    /// user name in hex, a semicolon, and the method.
    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal> {
        let is_it = |account: &&Account| format!("{}{}", account.product, account.device) == attempt.client_id;
        let Some(account) = accounts.iter().find(is_it) else {
            return refuse(BAD_CLIENT_ID, format!("no device has the client id {:?}", attempt.client_id));
        };
        let parts: Vec<&str> = attempt.user_name.split(';').collect();
        let [id, app, connection, expiry] = parts[..] else {
            return refuse(BAD_PASSWORD, format!("user name {:?} has not four parts", attempt.user_name));
        };
        if id != attempt.client_id {
            return refuse(BAD_PASSWORD, format!("the user name begins with {id:?}, not with the client id"));
        }
        if app.parse::<u64>().is_err() {
            return refuse(BAD_PASSWORD, format!("SDK app id {app:?} is not a number"));
        }
        if connection.is_empty() || !connection.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return refuse(BAD_PASSWORD, format!("connection id {connection:?}: letters and digits only"));
        }
        let Ok(expiry) = expiry.parse::<u64>() else {
            return refuse(BAD_PASSWORD, format!("expiry {expiry:?} is not a number of seconds"));
        };
        // 1081/102803: with a certificate, the password is any, or none.
        if account.is_certified(attempt)? {
            return Ok(Entry { account, sign_method: "certificate".into(), auto_subscribed: false });
        }
        let now = now_ms / 1000;
        if expiry <= now {
            return refuse(NOT_AUTHORISED, format!("the login expired: its time is {expiry}, the cloud's {now}"));
        }
        let Some((signature, method)) = attempt.password.split_once(';') else {
            return refuse(BAD_PASSWORD, "the password is not signature;method");
        };
        let is_signed = match method {
            "hmacsha256" => is_signed::<Hmac<sha2::Sha256>>(account, &attempt.user_name, signature),
            "hmacsha1" => is_signed::<Hmac<sha1::Sha1>>(account, &attempt.user_name, signature),
            other => return refuse(BAD_PASSWORD, format!("method {other:?} is not hmacsha256 or hmacsha1")),
        };
        if !is_signed {
            return refuse(BAD_PASSWORD, format!("the password is not the {method} of {:?}", attempt.user_name));
        }
        Ok(Entry { account, sign_method: method.to_owned(), auto_subscribed: false })
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let own = format!("{}/{}", name.product, name.device);
        let system: &[&str] = match usage {
            Use::Publish => {
                &["$thing/up/property", "$thing/up/event", "$thing/up/action", "$sys/operation", "$ota/report"]
            }
            Use::Subscribe => &[
                "$thing/down/property",
                "$thing/down/event",
                "$thing/down/action",
                // Tencent's SDK for Python subscribes to it, whether it is used or not.
                "$thing/down/service",
                "$sys/operation/result",
                "$ota/update",
            ],
        };
        if system.iter().any(|start| topic.strip_prefix(start).and_then(|rest| rest.strip_prefix('/')) == Some(&own)) {
            return Ok(Kind::System);
        }
        let custom = topic.strip_prefix(&own).and_then(|rest| rest.strip_prefix('/'));
        match (custom, usage) {
            (Some("control"), Use::Publish) => Err(format!("{topic:?} is for subscribing only")),
            (Some("event"), Use::Subscribe) => Err(format!("{topic:?} is for publishing only")),
            (Some(rest), _) if !rest.is_empty() => Ok(Kind::Custom),
            _ => Err(format!("{topic:?} is not a topic to {usage:?} of {own}")),
        }
    }

    fn take(&mut self, common: &mut Common, up: &Up) -> Taken {
        let kind = up.topic.strip_suffix(&*format!("/{}", up.from.name)).unwrap_or_default();
        match kind {
            "$thing/up/property" => self.property(common, up),
            "$thing/up/event" => event(common, up),
            "$thing/up/action" => Taken { record: self.answer(up, "action_reply", "service_reply"), answer: None },
            "$sys/operation" => time(common, up),
            _ if up.topic.starts_with('$') => Taken { record: up.record("unserved"), answer: None },
            _ => Taken { record: up.record("publish"), answer: None },
        }
    }

    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let name = &order.session()?.name;
        let id = common.next_id();
        let body = json!({ "method": "control", "clientToken": id, "params": order.fields.params()? });
        self.pending.add(name, &id, "control");
        down(name, "property", &id, &body, order)
    }

    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let (name, action) = (&order.session()?.name, order.fields.text("service")?);
        let id = common.next_id();
        let body = json!({
            "method": "action", "clientToken": id, "actionId": action,
            "timestamp": order.now_ms, "params": order.fields.params()?,
        });
        self.pending.add(name, &id, action);
        down(name, "action", &id, &body, order)
    }
}

/// A new device, of the first device's product if the wish names none.
fn make(wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
    let product = match wish.product.or_else(|| accounts.iter().next().map(|first| &*first.product)) {
        Some(product) if product.len() == PRODUCT && product.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            product.to_owned()
        }
        Some(product) => {
            return Err(format!("productKey {product:?}: a product ID has {PRODUCT} letters or digits"));
        }
        None => random::text(PRODUCT)?.to_uppercase(),
    };
    let login = json!({
        "cloud": "tencent", "productId": product, "deviceName": wish.device,
        "deviceSecret": BASE64_STANDARD.encode(random::text(16)?),
    });
    Ok(Account::new(&product, wish.device, login))
}

impl Tencent {
    fn property(&mut self, common: &mut Common, up: &Up) -> Taken {
        let body = envelope::object(up.payload).unwrap_or_default();
        match body.get("method").and_then(Value::as_str) {
            Some("control_reply") => Taken { record: self.answer(up, "control_reply", "set_reply"), answer: None },
            // The answer of Tencent's SDK for Python.
            None if body.contains_key("code") => Taken { record: self.answer(up, "", "set_reply"), answer: None },
            _ => request(common, up, "report", "property_post", |body| envelope::fields(body, "params").map(drop)),
        }
    }

    /// A device's answer to a control or an action.
    fn answer(&mut self, up: &Up, method: &str, kind: &str) -> Record {
        let record = up.record(kind);
        let body = match envelope::object(up.payload) {
            Ok(body) => body,
            Err(why) => return record.with("fault", why),
        };
        let field = |key: &str| body.get(key).cloned().unwrap_or_default();
        let record =
            record.with("id", field("clientToken")).with("code", field("code")).with("data", field("response"));
        let judged = (|| {
            if !method.is_empty() {
                is_method(&body, method)?;
            }
            if !field("code").is_i64() {
                return Err("code is not a number".to_owned());
            }
            self.pending.take(&up.from.name, envelope::text(&body, "clientToken")?)
        })();
        match judged {
            Ok(what) if kind == "service_reply" => record.with("service", what),
            Ok(_) => record,
            Err(why) => record.with("fault", why),
        }
    }
}

/// Takes the hex digits of either case.
fn is_signed<M: Mac + hmac::digest::KeyInit>(account: &Account, content: &str, signature: &str) -> bool {
    let (Ok(key), Ok(claimed)) = (BASE64_STANDARD.decode(account.text("deviceSecret")), hex::decode(signature)) else {
        return false;
    };
    <M as Mac>::new_from_slice(&key).is_ok_and(|mac| mac.chain_update(content).verify_slice(&claimed).is_ok())
}

fn is_method(body: &Map<String, Value>, method: &str) -> Result<(), String> {
    match envelope::text(body, "method")? {
        given if given == method => Ok(()),
        other => Err(format!("method is {other:?}, not {method:?}")),
    }
}

/// Takes `{"method","clientToken",…}`, and replies with the method's `_reply`.
fn request(
    common: &mut Common,
    up: &Up,
    method: &str,
    kind: &str,
    check: impl FnOnce(&Map<String, Value>) -> Result<(), String>,
) -> Taken {
    let (body, judged) = match envelope::object(up.payload) {
        Ok(body) => {
            let judged = is_method(&body, method)
                .and_then(|()| envelope::text(&body, "clientToken").map(drop))
                .and_then(|()| match body.get("timestamp") {
                    None | Some(Value::Number(_)) => check(&body),
                    Some(other) => Err(format!("timestamp is {other}, not a number")),
                });
            (body, judged)
        }
        Err(why) => (Map::new(), Err(why)),
    };
    let outcome = envelope::judge(common, OK, judged.err().map(|why| (BAD_ENVELOPE, why)));
    let field = |key: &str| body.get(key).cloned().unwrap_or_default();
    let token = field("clientToken");
    let record = up
        .record(kind)
        .with("id", token.clone())
        .with("event", field("eventId"))
        .with("events", field("events"))
        .with("params", field("params"))
        .with("code", outcome.code)
        .with("message", &*outcome.words)
        .with("answered", outcome.answers);
    let token = if token.is_null() { json!("") } else { token };
    let reply = match method {
        "report" => json!({
            "method": "report_reply", "clientToken": token, "code": outcome.code, "status": outcome.words,
        }),
        _ => json!({
            "method": method.replace("_post", "_reply"), "clientToken": token, "version": "1.0", "code": outcome.code,
            "status": outcome.words, "data": {},
        }),
    };
    let topic = up.topic.replacen("/up/", "/down/", 1);
    Taken { record, answer: outcome.answers.then(|| (topic, reply.to_string().into_bytes())) }
}

/// One event, or several in `events`. Tencent's SDK for Python posts those as `event_post`, its SDK for C as `events_post`.
fn event(common: &mut Common, up: &Up) -> Taken {
    let body = envelope::object(up.payload).unwrap_or_default();
    let method = match (body.get("method").and_then(Value::as_str), body.contains_key("events")) {
        (Some("events_post"), true) => "events_post",
        _ => "event_post",
    };
    request(common, up, method, "event_post", |body| match body.get("events") {
        None => check_event(body),
        Some(Value::Array(events)) if !events.is_empty() => events.iter().try_for_each(|event| match event {
            Value::Object(event) => check_event(event),
            other => Err(format!("an event is {other}, not an object")),
        }),
        Some(other) => Err(format!("events is {other}, not an array of events")),
    })
}

fn check_event(event: &Map<String, Value>) -> Result<(), String> {
    envelope::text(event, "eventId")?;
    match event.get("type").and_then(Value::as_str) {
        Some(kind) if EVENT_TYPES.contains(&kind) => {}
        _ => return Err(format!("type is not one of {EVENT_TYPES:?}")),
    }
    envelope::fields(event, "params").map(drop)
}

/// 1105/41511: `{"type":"get","resource":["time"]}`.
fn time(common: &mut Common, up: &Up) -> Taken {
    let asked = json!({ "type": "get", "resource": ["time"] });
    let given = serde_json::from_slice::<Value>(up.payload).unwrap_or_default();
    let fault = (given != asked).then(|| format!("the payload is not {asked}"));
    let answers = fault.is_none() && common.next_reply_mode() != ReplyMode::Silent;
    let topic = format!("$sys/operation/result/{}", up.from.name);
    let now = up.now_ms;
    let reply = json!({ "type": "get", "time": now / 1000, "ntptime1": now, "ntptime2": now });
    Taken {
        record: up.record("ntp").with("fault", fault).with("answered", answers),
        answer: answers.then(|| (topic, reply.to_string().into_bytes())),
    }
}

fn down(name: &Name, kind: &str, id: &str, body: &Value, order: &Order) -> Outcome {
    let topic = format!("$thing/down/{kind}/{name}");
    let down = Down { topic, payload: body.to_string().into_bytes(), qos: order.fields.qos()? };
    Ok((json!({ "id": id }), Some(down)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{NOW_MS, attempt, certify, cloud, command, denied, last, login, publish};

    const USER: &str = "LD8S5J1L07test;12010126;abcde;1700003600";
    const PASSWORD: &str = "d5f3e6bd65661f954d3168a6f35be03dacbc1e7b67cc7d243fcfe4241e5936d0;hmacsha256";

    fn tencent() -> Cloud {
        let device = json!({
            "cloud": "tencent", "productId": "LD8S5J1L07", "deviceName": "test",
            "deviceSecret": "acyv3QDJrRa0fW5UE58KnQ==",
        });
        cloud("tencent", &json!({}), &[("LD8S5J1L07", "test", device)])
    }

    fn online() -> Cloud {
        let mut cloud = tencent();
        assert_eq!(login(&mut cloud, &attempt("LD8S5J1L07test", USER, PASSWORD)).0, 0);
        cloud
    }

    /// Published vectors, of LuatOS's test case and of Tencent's formula.
    #[test]
    fn logins_as_the_document_has_them() {
        let far = "LD8S5J1L07test;12010126;abcde;32472115200";
        for (user, password) in [
            (USER, PASSWORD),
            (far, "3dc0d946301a04219b1c5ff4446109ad24982539;hmacsha1"),
            (far, "330d31dbd0758c2429e92b586981346962759a5c8742b5af18fb81a1ecf4e318;hmacsha256"),
        ] {
            assert_eq!(login(&mut tencent(), &attempt("LD8S5J1L07test", user, password)), (0, String::new()));
        }
    }

    #[test]
    fn a_login_that_is_wrong_is_refused_with_the_reason() {
        for (id, user, password, code, word) in [
            ("LD8S5J1L07other", USER, PASSWORD, BAD_CLIENT_ID, "no device"),
            ("LD8S5J1L07test", "LD8S5J1L07test", PASSWORD, BAD_PASSWORD, "four parts"),
            ("LD8S5J1L07test", "x;1;abcde;1700003600", PASSWORD, BAD_PASSWORD, "client id"),
            ("LD8S5J1L07test", "LD8S5J1L07test;x;abcde;1700003600", PASSWORD, BAD_PASSWORD, "app id"),
            ("LD8S5J1L07test", "LD8S5J1L07test;1;;1700003600", PASSWORD, BAD_PASSWORD, "connection id"),
            ("LD8S5J1L07test", "LD8S5J1L07test;1;abcde;soon", PASSWORD, BAD_PASSWORD, "expiry"),
            ("LD8S5J1L07test", "LD8S5J1L07test;1;abcde;1700000000", PASSWORD, NOT_AUTHORISED, "expired"),
            (
                "LD8S5J1L07test",
                "LD8S5J1L07test;12010126;abcdf;1700003600",
                PASSWORD,
                BAD_PASSWORD,
                "is not the hmacsha256",
            ),
            ("LD8S5J1L07test", USER, "d5f3", BAD_PASSWORD, "signature;method"),
            ("LD8S5J1L07test", USER, "d5f3;md5", BAD_PASSWORD, "\"md5\""),
        ] {
            let (told, reason) = login(&mut tencent(), &attempt(id, user, password));
            assert!(told == code && reason.contains(word), "{user} {password}: {told} {reason}");
        }
    }

    #[test]
    fn a_certificate_stands_for_the_signature() {
        let mut cloud = tencent();
        let own = certify(&mut cloud, "tencent", "LD8S5J1L07", "test");
        let with = |certificate: Option<String>| Attempt { certificate, ..attempt("LD8S5J1L07test", USER, "") };
        assert_eq!(login(&mut cloud, &with(Some(own))).0, 0);
        assert_eq!(last(&cloud, "login")["signmethod"], "certificate");
        for (shown, word) in [(Some("00".to_owned()), "another device's"), (None, "showed none")] {
            let (code, reason) = login(&mut cloud, &with(shown));
            assert!(code == NOT_AUTHORISED && reason.contains(word), "{reason}");
        }
    }

    #[test]
    fn the_limits_are_the_documents() {
        for (keepalive, code) in [(0, 0), (900, 0), (901, 3)] {
            let attempt = Attempt { keepalive, ..attempt("LD8S5J1L07test", USER, PASSWORD) };
            assert_eq!(login(&mut tencent(), &attempt).0, code);
        }
        let will = Attempt { will: true, ..attempt("LD8S5J1L07test", USER, PASSWORD) };
        assert_eq!(login(&mut tencent(), &will).0, NOT_AUTHORISED);
    }

    /// The expiry is compared with the cloud's clock, not with that of this machine.
    #[test]
    fn a_login_expires_by_the_clouds_clock() {
        let mut cloud = tencent();
        for (seconds, code) in [(3599, 0), (3600, NOT_AUTHORISED), (-86_400, 0)] {
            commands::run(&mut cloud, &json!({"do": "clock", "cloud": "tencent", "seconds": seconds}));
            assert_eq!(login(&mut cloud, &attempt("LD8S5J1L07test", USER, PASSWORD)).0, code, "{seconds}");
        }
    }

    #[test]
    fn own_topics_in_their_own_direction() {
        let mut cloud = online();
        assert_eq!(
            denied(
                &mut cloud,
                &[
                    "publish $thing/up/property/LD8S5J1L07/test",
                    "publish $thing/down/property/LD8S5J1L07/test",
                    "publish $thing/up/property/LD8S5J1L07/other",
                    "publish $sys/operation/LD8S5J1L07/test",
                    "publish LD8S5J1L07/test/event",
                    "publish LD8S5J1L07/test/data",
                    "publish LD8S5J1L07/test/control",
                    "publish LD8S5J1L07/test/",
                    "subscribe $thing/down/property/LD8S5J1L07/test",
                    "subscribe $thing/down/+/LD8S5J1L07/test",
                    "subscribe $thing/up/property/LD8S5J1L07/test",
                    "subscribe $sys/operation/result/LD8S5J1L07/test",
                    "subscribe LD8S5J1L07/test/control",
                    "subscribe LD8S5J1L07/test/event",
                    "subscribe LD8S5J1L07/other/control",
                    "subscribe #",
                ]
            ),
            [
                "publish $thing/down/property/LD8S5J1L07/test",
                "publish $thing/up/property/LD8S5J1L07/other",
                "publish LD8S5J1L07/test/control",
                "publish LD8S5J1L07/test/",
                "subscribe $thing/down/+/LD8S5J1L07/test",
                "subscribe $thing/up/property/LD8S5J1L07/test",
                "subscribe LD8S5J1L07/test/event",
                "subscribe LD8S5J1L07/other/control",
                "subscribe #",
            ]
        );
    }

    #[test]
    fn properties_and_events_are_answered() {
        let mut cloud = online();
        let up = "$thing/up/property/LD8S5J1L07/test";
        let reply = publish(&mut cloud, up, r#"{"method":"report","clientToken":"7","params":{"power":1}}"#).unwrap();
        assert_eq!(reply.0, "$thing/down/property/LD8S5J1L07/test");
        assert_eq!(reply.1, json!({"method": "report_reply", "clientToken": "7", "code": 0, "status": "success"}));
        assert_eq!(last(&cloud, "property_post")["params"], json!({"power": 1}));

        let up = "$thing/up/event/LD8S5J1L07/test";
        let event = r#"{"method":"event_post","clientToken":"8","version":"1.0","eventId":"low","type":"alert","params":{"v":2.8}}"#;
        let (topic, reply) = publish(&mut cloud, up, event).unwrap();
        assert_eq!((&*topic, &reply["method"]), ("$thing/down/event/LD8S5J1L07/test", &json!("event_reply")));
        assert_eq!(last(&cloud, "event_post")["event"], "low");
    }

    /// What Tencent's own SDKs send beside the documents' envelopes.
    #[test]
    fn the_sdks_envelopes_are_taken() {
        let event = |method: &str| {
            json!({
                "method": method, "clientToken": "9",
                "events": [{"eventId": "low", "type": "info", "timestamp": 1, "params": {}}],
            })
            .to_string()
        };
        for (method, answer) in [("event_post", "event_reply"), ("events_post", "events_reply")] {
            let (_, reply) = publish(&mut online(), "$thing/up/event/LD8S5J1L07/test", &event(method)).unwrap();
            assert_eq!((&reply["method"], &reply["code"]), (&json!(answer), &json!(0)));
        }
        let mut cloud = online();
        let (_, body) = command(&mut cloud, json!({"do": "set", "cloud": "tencent", "device": "test"}));
        let answer = json!({"clientToken": body["clientToken"], "code": 0, "status": "ok"}).to_string();
        publish(&mut cloud, "$thing/up/property/LD8S5J1L07/test", &answer);
        assert_eq!(last(&cloud, "set_reply")["fault"], Value::Null);
        let old = Attempt { protocol: 3, ..attempt("LD8S5J1L07test", USER, PASSWORD) };
        assert_eq!(login(&mut tencent(), &old).0, 0);
        let new = Attempt { protocol: 5, ..attempt("LD8S5J1L07test", USER, PASSWORD) };
        assert_eq!(login(&mut tencent(), &new).0, 1);
    }

    #[test]
    fn an_envelope_that_is_wrong_is_answered_with_400() {
        for (topic, payload) in [
            ("property", "x"),
            ("property", "[]"),
            ("property", r#"{"method":"report","params":{}}"#),
            ("property", r#"{"method":"report","clientToken":7,"params":{}}"#),
            ("property", r#"{"method":"report","clientToken":"7"}"#),
            ("property", r#"{"method":"report","clientToken":"7","params":[]}"#),
            ("property", r#"{"method":"post","clientToken":"7","params":{}}"#),
            ("property", r#"{"method":"report","clientToken":"7","timestamp":"1","params":{}}"#),
            ("event", r#"{"method":"event_post","clientToken":"7","eventId":"a","params":{}}"#),
            ("event", r#"{"method":"event_post","clientToken":"7","eventId":"a","type":"loud","params":{}}"#),
            ("event", r#"{"method":"event_post","clientToken":"7","type":"info","params":{}}"#),
        ] {
            let (_, reply) = publish(&mut online(), &format!("$thing/up/{topic}/LD8S5J1L07/test"), payload).unwrap();
            assert_eq!(reply["code"], BAD_ENVELOPE, "{payload}");
        }
    }

    #[test]
    fn a_control_and_an_action_are_answered_once() {
        let mut cloud = online();
        let set = json!({"do": "set", "cloud": "tencent", "device": "test", "params": {"power": 0}});
        let (topic, body) = command(&mut cloud, set);
        assert_eq!(topic, "$thing/down/property/LD8S5J1L07/test");
        assert_eq!((&body["method"], &body["params"]), (&json!("control"), &json!({"power": 0})));
        let answer = json!({"method": "control_reply", "clientToken": body["clientToken"], "code": 0}).to_string();
        let up = "$thing/up/property/LD8S5J1L07/test";
        assert_eq!(publish(&mut cloud, up, &answer), None);
        assert_eq!(
            (&last(&cloud, "set_reply")["code"], &last(&cloud, "set_reply")["fault"]),
            (&json!(0), &Value::Null)
        );
        publish(&mut cloud, up, &answer);
        assert!(last(&cloud, "set_reply")["fault"].as_str().unwrap().contains("waits"));

        let call =
            json!({"do": "service", "cloud": "tencent", "device": "test", "service": "open", "params": {"n": 1}});
        let (topic, body) = command(&mut cloud, call);
        assert_eq!(topic, "$thing/down/action/LD8S5J1L07/test");
        assert_eq!(
            (&body["method"], &body["actionId"], &body["timestamp"]),
            (&json!("action"), &json!("open"), &json!(NOW_MS))
        );
        let answer = json!({
            "method": "action_reply", "clientToken": body["clientToken"], "code": 0, "status": "", "response": {"a": 1},
        });
        publish(&mut cloud, "$thing/up/action/LD8S5J1L07/test", &answer.to_string());
        let record = last(&cloud, "service_reply");
        assert_eq!(
            (&record["service"], &record["data"], &record["fault"]),
            (&json!("open"), &json!({"a": 1}), &Value::Null)
        );
    }

    #[test]
    fn the_time_is_the_clouds() {
        let mut cloud = online();
        commands::run(&mut cloud, &json!({"do": "clock", "cloud": "tencent", "seconds": 10}));
        let ask = r#"{"type":"get","resource":["time"]}"#;
        let (topic, reply) = publish(&mut cloud, "$sys/operation/LD8S5J1L07/test", ask).unwrap();
        assert_eq!(topic, "$sys/operation/result/LD8S5J1L07/test");
        let now = NOW_MS + 10_000;
        assert_eq!(reply, json!({"type": "get", "time": now / 1000, "ntptime1": now, "ntptime2": now}));
        assert_eq!(publish(&mut cloud, "$sys/operation/LD8S5J1L07/test", "{}"), None);
    }
}
