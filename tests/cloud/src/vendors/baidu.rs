//! Baidu: IoT Core.
//!
//! Sources at cloud.baidu.com/doc/IoTCore: "connect with MQTT" (Akck4811r: user name, password, the time in it), "topic
//! template" (2k7o8yf4k: `$iot/{device}/events`, `/msg`, `/user/…`), "system limits" (3k7o8yehh); and Baidu's SDK for Java,
//! baidu/iotcore-sdk-java (`SignatureGenerator.java`: hexadecimal digits in lower case).
//!
//! What a device and its owner say to each other on those topics is theirs. The envelope that is read here is this project's
//! convention, in the words of Baidu's older shadow (cloud.baidu.com/doc/IOT/s/1jwvy76cb: `requestId`, `reported`, `desired`).
//! The cloud itself replies to nothing.

use serde_json::{Map, Value, json};
use sha2::Digest;

use super::envelope::{self, Pending};
use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::clock;
use crate::devices::Name;
use crate::journal::Record;
use crate::login::{Attempt, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};

/// A device's topics, in bytes and levels.
const TOPIC: usize = 255;
const LEVEL: usize = 40;
const LEVELS: usize = 16;

#[derive(Default)]
pub struct Baidu {
    /// With the service; empty for a property set.
    pending: Pending,
}

/// `thingidp@{core}|{device}`, and behind that either nothing or `|{timestamp}|{algorithm}`.
struct User<'a> {
    core: &'a str,
    device: &'a str,
    stamp: &'a str,
    algorithm: &'a str,
}

impl<'a> User<'a> {
    fn read(user_name: &'a str) -> Option<User<'a>> {
        let mut parts = user_name.strip_prefix("thingidp@")?.split('|');
        let (core, device) = (parts.next()?, parts.next()?);
        let (stamp, algorithm) = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => ("0", "MD5"),
            (Some(stamp), Some(algorithm), None) => (stamp, algorithm),
            _ => return None,
        };
        Some(User { core, device, stamp, algorithm })
    }
}

impl Vendor for Baidu {
    fn limits(&self) -> Limits {
        Limits { payload: 32 << 10, will: true, ..Limits::default() }
    }

    fn takes_certificates(&self) -> bool {
        true
    }

    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
        let first = accounts.iter().next().map(|account| account.product.clone());
        let core = match wish.product.map(str::to_owned).or(first) {
            Some(core) => core,
            None => random::text(7)?.to_lowercase(),
        };
        let secret = random::text(16)?;
        let login = json!({ "cloud": "baidu", "instanceId": core, "deviceName": wish.device, "deviceSecret": secret });
        Ok(Account::new(&core, wish.device, login))
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        let user = User::read(&attempt.user_name)?;
        Some((user.core.to_owned(), user.device.to_owned()))
    }

    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal> {
        let id = &attempt.client_id;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if id.is_empty() || id.len() > 128 || !id.chars().all(allowed) {
            return refuse(BAD_CLIENT_ID, format!("client id {id:?}: 1 to 128 letters, digits, - and _ only"));
        }
        // Akck4811r: with a certificate, the user name is empty or the device's, and there is no password.
        let user = User::read(&attempt.user_name);
        let is_of = |account: &&Account| {
            let is_it = |user: &User| user.core == account.product && user.device == account.device;
            user.as_ref().map_or(attempt.user_name.is_empty(), is_it) && attempt.password.is_empty()
        };
        if let Some(account) = accounts.certified(attempt).filter(is_of) {
            return Ok(Entry { account, sign_method: "certificate".into(), auto_subscribed: false });
        }
        let Some(user) = user else {
            let wanted = "thingidp@{core}|{device}|{timestamp}|{algorithm}";
            return refuse(BAD_PASSWORD, format!("user name {:?} is not {wanted}", attempt.user_name));
        };
        let Some(account) = accounts.get(user.core, user.device) else {
            return refuse(NOT_AUTHORISED, format!("{:?} has no device {:?}", user.core, user.device));
        };
        if account.is_certified(attempt)? {
            return refuse(BAD_PASSWORD, "a device with a certificate has no password");
        }
        let User { device, stamp, algorithm, .. } = user;
        let text = format!("{device}&{stamp}&{algorithm}{}", account.text("deviceSecret"));
        let right = match algorithm {
            "MD5" => hex::encode(md5::Md5::digest(&text)),
            "SHA256" => hex::encode(sha2::Sha256::digest(&text)),
            other => return refuse(BAD_PASSWORD, format!("{other:?} is not MD5 or SHA256")),
        };
        if attempt.password != right {
            let signed = format!("{device}&{stamp}&{algorithm}");
            return refuse(BAD_PASSWORD, format!("the password is not the {algorithm} of {signed:?} and the secret"));
        }
        match clock::number(stamp) {
            Some(0) => {}
            Some(seconds) => {
                if let Err(off) = clock::is_near(seconds.saturating_mul(1000), now_ms) {
                    return refuse(NOT_AUTHORISED, format!("timestamp {stamp} {off}"));
                }
            }
            None => return refuse(BAD_PASSWORD, format!("timestamp {stamp:?} is not a number")),
        }
        Ok(Entry { account, sign_method: algorithm.to_owned(), auto_subscribed: false })
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let levels: Vec<&str> = topic.split('/').collect();
        if topic.len() > TOPIC || levels.len() > LEVELS || levels.iter().any(|level| level.len() > LEVEL) {
            return Err(format!("{topic:?}: at most {TOPIC} bytes, {LEVELS} levels of at most {LEVEL}"));
        }
        match levels[..] {
            ["$iot", device, ref path @ ..] if device == name.device => match (usage, path) {
                (Use::Publish, ["events"]) | (Use::Subscribe, ["msg" | "+" | "#"]) => Ok(Kind::System),
                (_, ["user", _, ..]) => Ok(Kind::Custom),
                (_, ["shadow", ..]) => Err("the shadow speaks protobuf, which is not played here".into()),
                _ => Err(format!("{topic:?} is not a topic to {usage:?} of {device}")),
            },
            _ => Err(format!("{topic:?} is not a topic of {}", name.device)),
        }
    }

    fn take(&mut self, _: &mut Common, up: &Up) -> Taken {
        let body = envelope::object(up.payload).unwrap_or_default();
        // A device may publish what it likes. What has a request id is in this project's envelope.
        let record = match up.topic.ends_with("/events") && body.contains_key("requestId") {
            true => self.read(up, &body),
            false => up.record("publish"),
        };
        Taken { record, answer: None }
    }

    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome {
        self.ask(common, order, json!({ "desired": order.fields.params()? }), "")
    }

    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let service = order.fields.text("service")?;
        self.ask(common, order, json!({ "service": service, "params": order.fields.params()? }), service)
    }
}

impl Baidu {
    fn ask(&mut self, common: &mut Common, order: &Order, mut body: Value, what: &str) -> Outcome {
        let name = &order.session()?.name;
        let id = common.next_id();
        body["requestId"] = json!(id);
        let topic = format!("$iot/{}/msg", name.device);
        let down = Down { topic, payload: body.to_string().into_bytes(), qos: order.fields.qos()? };
        self.pending.add(name, &id, what);
        Ok((json!({ "id": id }), Some(down)))
    }

    fn read(&mut self, up: &Up, body: &Map<String, Value>) -> Record {
        let record = |kind: &str| up.record(kind).with("id", body.get("requestId").cloned());
        let has = ["reported", "event", "code"].map(|key| body.contains_key(key));
        let judged = envelope::text(body, "requestId").and_then(|id| match has {
            [true, false, false] => {
                let params = envelope::fields(body, "reported")?;
                Ok(record("property_post").with("params", params.clone()))
            }
            [false, true, false] => {
                let (event, params) = (envelope::text(body, "event")?, envelope::fields(body, "params")?);
                Ok(record("event_post").with("event", event).with("params", params.clone()))
            }
            [false, false, true] => {
                let what = self.pending.take(&up.from.name, id)?;
                let code = body.get("code").filter(|code| code.is_i64()).ok_or("code is not a number")?;
                // The request's id says enough; a service that is named has to be its own.
                let named = body.get("service").filter(|named| **named != *what);
                let fault = named.map(|named| format!("service is {named}, not {what:?}"));
                let record = match what.is_empty() {
                    true => record("set_reply"),
                    false => record("service_reply").with("service", what),
                };
                Ok(record.with("code", code.clone()).with("data", body.get("data").cloned()).with("fault", fault))
            }
            _ => Err("it has to have one of reported, event and code".into()),
        });
        judged.unwrap_or_else(|why| record("unserved").with("fault", why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{attempt, certify, cloud, command, denied, last, login, publish};

    const ID: &str = "abcd123_mydevice";
    const USER: &str = "thingidp@abcd123|mydevice|0|MD5";
    const PASSWORD: &str = "22bc75231495220c7a2202fe15f7d286";

    fn baidu() -> Cloud {
        let login = json!({
            "cloud": "baidu", "instanceId": "abcd123", "deviceName": "mydevice", "deviceSecret": "ImSeCrEt0I1M2jkl",
        });
        cloud("baidu", &json!({}), &[("abcd123", "mydevice", login)])
    }

    fn online() -> Cloud {
        let mut cloud = baidu();
        assert_eq!(login(&mut cloud, &attempt(ID, USER, PASSWORD)), (0, String::new()));
        cloud
    }

    #[test]
    fn a_certificate_stands_for_user_name_and_password() {
        let mut cloud = baidu();
        let own = certify(&mut cloud, "baidu", "abcd123", "mydevice");
        let with =
            |certificate: &str, user| Attempt { certificate: Some(certificate.into()), ..attempt("auto-1", user, "") };
        for user in ["", USER, "thingidp@abcd123|mydevice"] {
            assert_eq!(login(&mut cloud, &with(&own, user)), (0, String::new()), "{user}");
            assert_eq!(last(&cloud, "login")["device"], "mydevice");
        }
        for (shown, user, code, word) in [
            ("00", USER, NOT_AUTHORISED, "another device's"),
            ("00", "", BAD_PASSWORD, "thingidp"),
            (&*own, "thingidp@abcd123|other", NOT_AUTHORISED, "no device"),
        ] {
            let (told, reason) = login(&mut cloud, &with(shown, user));
            assert!(told == code && reason.contains(word), "{user}: {told} {reason}");
        }
        let (code, reason) = login(&mut cloud, &attempt("auto-1", USER, ""));
        assert!(code == NOT_AUTHORISED && reason.contains("showed none"), "{reason}");
    }

    /// The document's vector, and the same with SHA-256.
    #[test]
    fn published_logins_are_taken() {
        let sha = "8b84e00accf874b07c1ac586830d211386294df1d2303d40d19c007c0e937af5";
        for (user, password) in
            [(USER, PASSWORD), ("thingidp@abcd123|mydevice", PASSWORD), ("thingidp@abcd123|mydevice|0|SHA256", sha)]
        {
            assert_eq!(login(&mut baidu(), &attempt("any-id_1", user, password)), (0, String::new()), "{user}");
        }
    }

    #[test]
    fn a_login_that_is_wrong_is_refused_with_the_reason() {
        for (id, user, password, code, word) in [
            ("", USER, PASSWORD, BAD_CLIENT_ID, "128"),
            ("a.b", USER, PASSWORD, BAD_CLIENT_ID, "128"),
            (&*"x".repeat(129), USER, PASSWORD, BAD_CLIENT_ID, "128"),
            (ID, "mydevice", PASSWORD, BAD_PASSWORD, "thingidp"),
            (ID, "thingidp@abcd123|mydevice|MD5", PASSWORD, BAD_PASSWORD, "thingidp"),
            (ID, "thingidp@other|mydevice|0|MD5", PASSWORD, NOT_AUTHORISED, "no device"),
            (ID, "thingidp@abcd123|other|0|MD5", PASSWORD, NOT_AUTHORISED, "no device"),
            (ID, "thingidp@abcd123|mydevice|0|SHA1", PASSWORD, BAD_PASSWORD, "SHA1"),
            (ID, "thingidp@abcd123|mydevice|0|SHA256", PASSWORD, BAD_PASSWORD, "is not the SHA256"),
            (ID, USER, &PASSWORD.to_uppercase(), BAD_PASSWORD, "is not the MD5"),
            (ID, USER, "", BAD_PASSWORD, "is not the MD5"),
        ] {
            let (told, reason) = login(&mut baidu(), &attempt(id, user, password));
            assert!(told == code && reason.contains(word), "{user} {password}: {told} {reason}");
        }
    }

    #[test]
    fn a_time_in_the_login_is_compared_with_the_clouds() {
        let user = "thingidp@abcd123|mydevice|1700000000|MD5";
        let password = |stamp: &str| hex::encode(md5::Md5::digest(format!("mydevice&{stamp}&MD5ImSeCrEt0I1M2jkl")));
        for stamp in ["", "+0", "soon"] {
            let user = user.replace("1700000000", stamp);
            let (code, reason) = login(&mut baidu(), &attempt(ID, &user, &password(stamp)));
            assert!(code == BAD_PASSWORD && reason.contains("not a number"), "{stamp}: {code} {reason}");
        }
        let password = password("1700000000");
        for (seconds, code, word) in
            [(-600, 0, ""), (601, NOT_AUTHORISED, "601 s behind"), (-601, NOT_AUTHORISED, "ahead of")]
        {
            let mut cloud = baidu();
            commands::run(&mut cloud, &json!({"do": "clock", "cloud": "baidu", "seconds": seconds}));
            let (told, reason) = login(&mut cloud, &attempt(ID, user, &password));
            assert!(told == code && reason.contains(word), "{seconds}: {told} {reason}");
            // A login without a time does not ask for the clock.
            assert_eq!(login(&mut cloud, &attempt(ID, USER, PASSWORD)).0, 0);
        }
    }

    #[test]
    fn own_topics_in_their_own_direction() {
        let long = format!("publish $iot/mydevice/user/{}", "x".repeat(41));
        let deep = format!("publish $iot/mydevice/user{}", "/x".repeat(14));
        let words = [
            "publish $iot/mydevice/events",
            "publish $iot/mydevice/user/a",
            "subscribe $iot/mydevice/msg",
            "subscribe $iot/mydevice/user/#",
            "publish $iot/mydevice/msg",
            "publish $iot/mydevice/user",
            "publish $iot/other/events",
            "publish $iot/mydevice/shadow/get",
            "subscribe $iot/mydevice/events",
            "subscribe $iot/other/msg",
            "subscribe #",
            &long,
            &deep,
        ];
        assert_eq!(denied(&mut online(), &words), words[4..]);
    }

    #[test]
    fn posts_get_no_reply() {
        let mut cloud = online();
        let events = "$iot/mydevice/events";
        assert_eq!(publish(&mut cloud, events, r#"{"requestId":"7","reported":{"a":1}}"#), None);
        let record = last(&cloud, "property_post");
        assert_eq!((&record["id"], &record["params"]), (&json!("7"), &json!({"a": 1})));
        assert_eq!(publish(&mut cloud, events, r#"{"requestId":"8","event":"low","params":{"v":2}}"#), None);
        let record = last(&cloud, "event_post");
        assert_eq!((&record["event"], &record["params"]), (&json!("low"), &json!({"v": 2})));
        for (topic, payload) in [(events, "hello"), (events, r#"{"a":1}"#), ("$iot/mydevice/user/a", "there")] {
            publish(&mut cloud, topic, payload);
            assert_eq!(last(&cloud, "publish")["payload"], payload);
        }
    }

    #[test]
    fn what_is_wrong_with_a_message_is_in_the_journal() {
        for (payload, word) in [
            (r#"{"requestId":7,"reported":{}}"#, "requestId"),
            (r#"{"requestId":"7"}"#, "one of"),
            (r#"{"requestId":"7","reported":{},"event":"a"}"#, "one of"),
            (r#"{"requestId":"7","reported":[]}"#, "reported"),
            (r#"{"requestId":"7","event":"a"}"#, "params"),
            (r#"{"requestId":"7","code":200}"#, "waits"),
        ] {
            let mut cloud = online();
            publish(&mut cloud, "$iot/mydevice/events", payload);
            let fault = last(&cloud, "unserved")["fault"].clone();
            assert!(fault.as_str().unwrap().contains(word), "{payload}: {fault}");
        }
    }

    #[test]
    fn a_set_and_a_call_are_answered_once() {
        let mut cloud = online();
        let (to, body) =
            command(&mut cloud, json!({"do": "set", "cloud": "baidu", "device": "mydevice", "params": {"a": 1}}));
        assert_eq!((&*to, &body["desired"]), ("$iot/mydevice/msg", &json!({"a": 1})));
        let answer = json!({"requestId": body["requestId"], "code": 200, "data": {}}).to_string();
        publish(&mut cloud, "$iot/mydevice/events", &answer);
        let record = last(&cloud, "set_reply");
        assert_eq!((&record["id"], &record["code"], &record["fault"]), (&body["requestId"], &json!(200), &Value::Null));
        publish(&mut cloud, "$iot/mydevice/events", &answer);
        assert!(last(&cloud, "unserved")["fault"].as_str().unwrap().contains("waits"));

        let call =
            json!({"do": "service", "cloud": "baidu", "device": "mydevice", "service": "open", "params": {"n": 1}});
        for (named, is_wrong) in [(None, false), (Some("open"), false), (Some("shut"), true)] {
            let (_, body) = command(&mut cloud, call.clone());
            assert_eq!((&body["service"], &body["params"]), (&json!("open"), &json!({"n": 1})));
            let mut answer = json!({"requestId": body["requestId"], "code": 200, "data": {"a": 1}});
            if let Some(named) = named {
                answer["service"] = json!(named);
            }
            publish(&mut cloud, "$iot/mydevice/events", &answer.to_string());
            let record = last(&cloud, "service_reply");
            assert_eq!((&record["service"], &record["data"]), (&json!("open"), &json!({"a": 1})));
            assert_eq!(record["fault"].as_str().is_some_and(|fault| fault.contains("shut")), is_wrong, "{record}");
        }
    }
}
