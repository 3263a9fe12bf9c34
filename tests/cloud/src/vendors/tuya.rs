//! Tuya: TuyaLink, which Tuya's documents also call the open or the standard MQTT protocol.
//!
//! Sources at developer.tuya.com: "Open MQTT Protocol" (Kb3nzwbv28sgk: login, keepalive), "Properties, Actions, and Events"
//! (Kbt4gcmizz8f4: envelopes, codes, the payload's limit), "Time Service" (Kc0uqqccj0c47), the list of topics
//! (Kbt4ezpeko2rz), "Custom transparent transmission" (Kc0rv6ub5vosx: `channel/raw`); and Tuya's SDK for C,
//! tuya/tuya-iot-core-sdk, `src/tuyalink_core.c` (the signature, the topic `auto_subscribe`).

use serde_json::{Map, Value, json};

use super::envelope::{self, Pending};
use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::clock;
use crate::devices::Name;
use crate::journal::Record;
use crate::login::{Attempt, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, ReplyMode, Taken, Up};
use crate::sign::{self, Method};
use crate::topics::{Kind, Use};

const OK: u64 = 0;
/// "Data format error".
const BAD_FORMAT: u64 = 1003;

/// What a device may publish, behind `tylink/{deviceId}/`.
const UP: [&str; 20] = [
    "thing/model/get",
    "thing/property/report",
    "thing/property/set_response",
    "thing/property/desired/get",
    "thing/property/desired/delete",
    "thing/event/trigger",
    "thing/action/execute_response",
    "thing/data/batch_report",
    "ota/firmware/report",
    "ota/get",
    "ota/progress/report",
    "ext/time/request",
    "ext/config/get",
    "ext/file/upload/request",
    "ext/file/download/request",
    "channel/raw/up",
    "channel/rpc/request",
    "device/tag/report",
    "device/tag/get",
    "device/tag/delete",
];

/// What a device may subscribe to.
const DOWN: [&str; 21] = [
    "thing/model/get_response",
    "thing/property/report_response",
    "thing/property/set",
    "thing/property/desired/get_response",
    "thing/property/desired/delete_response",
    "thing/event/trigger_response",
    "thing/action/execute",
    "thing/data/batch_report_response",
    "ota/issue",
    "ota/get_response",
    "ext/time/response",
    "ext/config/get_response",
    "ext/file/upload/response",
    "ext/file/download/response",
    "channel/raw/down",
    "channel/rpc/response",
    "device/tag/report_response",
    "device/tag/get_response",
    "device/tag/delete_response",
    AUTO_SUBSCRIBE,
    "#",
];

/// Whoever subscribes to this gets all that the cloud sends.
const AUTO_SUBSCRIBE: &str = "channel/downlink/auto_subscribe";

#[derive(Default)]
pub struct Tuya {
    /// With the action's code; empty for a property set.
    pending: Pending,
}

impl Vendor for Tuya {
    fn limits(&self) -> Limits {
        Limits { payload: 64 << 10, ..Limits::default() }
    }

    fn make(&mut self, wish: &Wish, _: &Accounts) -> Result<Account, String> {
        if wish.product.is_some() {
            return Err("a device of Tuya logs in without its product".into());
        }
        let secret = random::text(16)?;
        let login = json!({ "cloud": "tuya", "deviceName": wish.device, "deviceSecret": secret });
        Ok(Account::new("", wish.device, login))
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        let (device, _) = attempt.user_name.split_once('|')?;
        Some((String::new(), device.to_owned()))
    }

    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal> {
        if !attempt.tls {
            return refuse(NOT_AUTHORISED, "TuyaLink is served over TLS only");
        }
        let Some((device, signed)) = attempt.user_name.split_once('|') else {
            return refuse(BAD_PASSWORD, format!("user name {:?} is not deviceId|signMethod=…", attempt.user_name));
        };
        if attempt.client_id != format!("tuyalink_{device}") {
            return refuse(BAD_CLIENT_ID, format!("client id {:?} is not tuyalink_{device}", attempt.client_id));
        }
        let Some(account) = accounts.get("", device) else {
            return refuse(NOT_AUTHORISED, format!("no device has the id {device:?}"));
        };
        let fields: Vec<(&str, &str)> = signed.split(',').filter_map(|pair| pair.split_once('=')).collect();
        let [("signMethod", method), ("timestamp", stamp), ("secureMode", "1"), ("accessType", "1")] = fields[..]
        else {
            let wanted = "signMethod=…,timestamp=…,secureMode=1,accessType=1";
            return refuse(BAD_PASSWORD, format!("the user name says {signed:?}, not {wanted}"));
        };
        let hash = match method {
            "hmacSha256" => Method::Sha256,
            "hmacSha1" => Method::Sha1,
            _ => return refuse(BAD_PASSWORD, format!("signMethod={method} is not hmacSha256 or hmacSha1")),
        };
        let content = format!("deviceId={device},timestamp={stamp},secureMode=1,accessType=1");
        if !sign::verify_lower(hash, account.text("deviceSecret"), &content, &attempt.password) {
            return refuse(BAD_PASSWORD, format!("the password is not the {method} of {content:?}"));
        }
        let stamp_ms = match (stamp.len(), clock::number(stamp)) {
            (10, Some(seconds)) => seconds * 1000,
            (13, Some(milliseconds)) => milliseconds,
            _ => return refuse(BAD_PASSWORD, format!("timestamp={stamp} has neither 10 nor 13 digits")),
        };
        if let Err(off) = clock::is_near(stamp_ms, now_ms) {
            return refuse(NOT_AUTHORISED, format!("timestamp={stamp} {off}"));
        }
        Ok(Entry { account, sign_method: method.to_owned(), auto_subscribed: false })
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let path = path(name, topic).ok_or_else(|| format!("{topic:?} is not a topic of {}", name.device))?;
        let known = match usage {
            Use::Publish => UP.contains(&path),
            Use::Subscribe => DOWN.contains(&path),
        };
        match known {
            true => Ok(Kind::System),
            false => Err(format!("{topic:?} is not a topic to {usage:?} of {}", name.device)),
        }
    }

    fn subscribes_all(&self, name: &Name, topic: &str) -> bool {
        path(name, topic) == Some(AUTO_SUBSCRIBE)
    }

    fn take(&mut self, common: &mut Common, up: &Up) -> Taken {
        match path(&up.from.name, up.topic) {
            Some("thing/property/report") => posted(common, up, "property_post", properties),
            Some("thing/event/trigger") => posted(common, up, "event_post", event),
            Some("thing/property/set_response") => Taken { record: self.answer(up, "set_reply"), answer: None },
            Some("thing/action/execute_response") => Taken { record: self.answer(up, "service_reply"), answer: None },
            Some("ext/time/request") => time(common, up),
            Some("channel/raw/up") => Taken { record: up.record("publish"), answer: None },
            _ => Taken { record: up.record("unserved"), answer: None },
        }
    }

    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome {
        // Without `ack` the device answers nothing.
        let body = json!({ "sys": { "ack": 1 }, "data": order.fields.params()? });
        self.ask(common, order, "thing/property/set", body, "")
    }

    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let action = order.fields.text("service")?;
        let body = json!({ "data": { "actionCode": action, "inputParams": order.fields.params()? } });
        self.ask(common, order, "thing/action/execute", body, action)
    }
}

impl Tuya {
    /// A request of the cloud's.
    fn ask(&mut self, common: &mut Common, order: &Order, path: &str, mut body: Value, what: &str) -> Outcome {
        let name = &order.session()?.name;
        let id = common.next_id();
        body["msgId"] = json!(id);
        body["time"] = json!(order.now_ms);
        let topic = format!("tylink/{}/{path}", name.device);
        let down = Down { topic, payload: body.to_string().into_bytes(), qos: order.fields.qos()? };
        self.pending.add(name, &id, what);
        Ok((json!({ "id": id }), Some(down)))
    }

    /// A device's answer to a property set or to an action.
    fn answer(&mut self, up: &Up, kind: &str) -> Record {
        let record = up.record(kind);
        let body = match envelope::object(up.payload) {
            Ok(body) => body,
            Err(why) => return record.with("fault", why),
        };
        let field = |key: &str| body.get(key).cloned().unwrap_or_default();
        // "0: Success, which is the default value."
        let code = Some(field("code")).filter(|code| !code.is_null()).unwrap_or(json!(OK));
        let record = record.with("id", field("msgId"));
        let judged = is_message(&body).and_then(|()| match code.is_i64() {
            true => self.pending.take(&up.from.name, envelope::text(&body, "msgId")?),
            false => Err(format!("code is {code}, not a number")),
        });
        let record = record.with("code", code);
        match (judged, kind) {
            (Err(why), _) => record.with("fault", why),
            (Ok(what), "set_reply") if what.is_empty() => record,
            (Ok(what), "service_reply") if !what.is_empty() => {
                let given = &field("data")["actionCode"];
                let fault =
                    (!given.is_null() && *given != *what).then(|| format!("actionCode is {given}, not {what:?}"));
                let data = field("data")["outputParams"].clone();
                record.with("service", what).with("data", data).with("fault", fault)
            }
            (Ok(_), _) => record.with("fault", "it answers another kind of request"),
        }
    }
}

/// The rest of `tylink/{deviceId}/…`.
fn path<'a>(name: &Name, topic: &'a str) -> Option<&'a str> {
    topic.strip_prefix("tylink/")?.strip_prefix(&*name.device)?.strip_prefix('/')
}

/// `{"msgId","time",…}`.
fn is_message(body: &Map<String, Value>) -> Result<(), String> {
    let id = envelope::text(body, "msgId")?;
    if id.chars().count() > 32 {
        return Err(format!("msgId {id:?} has more than 32 characters"));
    }
    is_time(body, "time")?;
    match body.get("version") {
        None => Ok(()),
        Some(version) if version == "1.0" => Ok(()),
        Some(other) => Err(format!("version is {other}, not \"1.0\"")),
    }
}

/// Seconds or milliseconds since 1970.
fn is_time(of: &Map<String, Value>, key: &str) -> Result<(), String> {
    let time = of.get(key).unwrap_or(&Value::Null);
    match time.as_u64().map(|time| time.to_string().len()) {
        Some(10 | 13) => Ok(()),
        _ => Err(format!("{key} is {time}, not a number of 10 or 13 digits")),
    }
}

/// What a post says: the event, if it is one, and the values by name.
type Posted = (Option<String>, Map<String, Value>);

fn properties(data: &Map<String, Value>) -> Result<Posted, String> {
    if data.is_empty() {
        return Err("data has no property".into());
    }
    let value = |(name, property): (&String, &Value)| {
        let wrong = |why: String| format!("data.{name}: {why}");
        let property = property.as_object().ok_or_else(|| wrong(format!("{property} is not a value with its time")))?;
        is_time(property, "time").map_err(wrong)?;
        let value = property.get("value").ok_or_else(|| wrong("value is missing".into()))?;
        Ok((name.clone(), value.clone()))
    };
    Ok((None, data.iter().map(value).collect::<Result<_, String>>()?))
}

fn event(data: &Map<String, Value>) -> Result<Posted, String> {
    let event = envelope::text(data, "eventCode")?.to_owned();
    if data.contains_key("eventTime") {
        is_time(data, "eventTime")?;
    }
    let params = match data.contains_key("outputParams") {
        true => envelope::fields(data, "outputParams")?.clone(),
        false => Map::new(),
    };
    Ok((Some(event), params))
}

/// A post, which the cloud answers only if `sys.ack` is 1.
fn posted(common: &mut Common, up: &Up, kind: &str, read: fn(&Map<String, Value>) -> Result<Posted, String>) -> Taken {
    let body = envelope::object(up.payload);
    let found = body.as_ref().map_err(String::clone).and_then(|body| {
        is_message(body)?;
        read(envelope::fields(body, "data")?)
    });
    let body = Value::Object(body.unwrap_or_default());
    let outcome = envelope::judge(common, OK, found.as_ref().err().map(|why| (BAD_FORMAT, why.clone())));
    let answers = outcome.answers && body["sys"]["ack"] == 1;
    let (event, params) = found.unwrap_or_default();
    let record = up
        .record(kind)
        .with("id", body["msgId"].clone())
        .with("event", event)
        .with("params", params)
        .with("code", outcome.code)
        .with("message", outcome.words)
        .with("answered", answers);
    let reply = json!({ "msgId": body["msgId"], "time": up.now_ms, "code": outcome.code });
    Taken { record, answer: answers.then(|| (format!("{}_response", up.topic), reply.to_string().into_bytes())) }
}

fn time(common: &mut Common, up: &Up) -> Taken {
    let body = envelope::object(up.payload);
    let asked = body.as_ref().map_err(String::clone).and_then(|body| {
        is_message(body)?;
        let data = envelope::fields(body, "data")?;
        match (envelope::text(data, "bizType")?, data.get("dst")) {
            ("NTP", Some(Value::Number(sent))) => Ok(sent.clone()),
            _ => Err("data is not bizType \"NTP\" with a number dst".to_owned()),
        }
    });
    let record = up.record("ntp");
    let sent = match asked {
        Ok(sent) if common.next_reply_mode() != ReplyMode::Silent => sent,
        Ok(sent) => {
            let record = record.with("deviceSendTime", Value::Number(sent)).with("answered", false);
            return Taken { record, answer: None };
        }
        Err(why) => return Taken { record: record.with("fault", why).with("answered", false), answer: None },
    };
    let id = body.unwrap_or_default().get("msgId").cloned();
    let told = json!({ "bizType": "NTP", "dst": sent, "srt": up.now_ms, "sst": up.now_ms });
    let answer = json!({ "msgId": id, "time": up.now_ms, "code": OK, "data": told });
    let topic = format!("tylink/{}/ext/time/response", up.from.name.device);
    Taken {
        record: record.with("deviceSendTime", Value::Number(sent)).with("answered", true),
        answer: Some((topic, answer.to_string().into_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, Mac};

    use super::*;
    use crate::acts::Act;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{NOW_MS, attempt, cloud, command, denied, last, login, publish};

    const DEVICE: &str = "6c95875d0f5ba69607nzfl";
    const ID: &str = "tuyalink_6c95875d0f5ba69607nzfl";
    const AT: &str = "signMethod=hmacSha256,timestamp=1700000000,secureMode=1,accessType=1";
    const PASSWORD: &str = "1560ae9a5d22067b47f6e98347c6e408fd9e9b63cd6c1f354fedbe452b0375db";

    fn tuya() -> Cloud {
        let login = json!({"cloud": "tuya", "deviceName": DEVICE, "deviceSecret": "fb803786602df760"});
        cloud("tuya", &json!({}), &[("", DEVICE, login)])
    }

    fn try_login(cloud: &mut Cloud, signed: &str, password: &str) -> (u8, String) {
        login(cloud, &attempt(ID, &format!("{DEVICE}|{signed}"), password))
    }

    fn online() -> Cloud {
        let mut cloud = tuya();
        assert_eq!(try_login(&mut cloud, AT, PASSWORD), (0, String::new()));
        cloud
    }

    fn topic(path: &str) -> String {
        format!("tylink/{DEVICE}/{path}")
    }

    /// LuatOS's test case, whose timestamp is in the year 2200.
    #[test]
    fn a_published_login_is_taken_at_its_time() {
        let mut cloud = tuya();
        commands::run(
            &mut cloud,
            &json!({"do": "clock", "cloud": "tuya", "seconds": 7_258_089_600_i64 - 1_700_000_000}),
        );
        let signed = "signMethod=hmacSha256,timestamp=7258089600,secureMode=1,accessType=1";
        let password = "d4e2d498e4195db3ed213b33d662e3b7bf434dc3d5a1f2e63b602ac9248ba72c";
        assert_eq!(try_login(&mut cloud, signed, password), (0, String::new()));
    }

    #[test]
    fn a_login_that_is_wrong_is_refused_with_the_reason() {
        let signed = |stamp: &str| format!("{DEVICE}|{}", AT.replace("1700000000", stamp));
        let password = |stamp: &str| {
            let content = format!("deviceId={DEVICE},timestamp={stamp},secureMode=1,accessType=1");
            let mac = Hmac::<sha2::Sha256>::new_from_slice(b"fb803786602df760").unwrap().chain_update(content);
            hex::encode(mac.finalize().into_bytes())
        };
        assert_eq!(password("1700000000"), PASSWORD);
        for (id, user, password, code, word) in [
            ("tuyalink_other", format!("{DEVICE}|{AT}"), PASSWORD, BAD_CLIENT_ID, "tuyalink_6c"),
            (ID, DEVICE.to_owned(), PASSWORD, BAD_PASSWORD, "deviceId|"),
            ("tuyalink_nobody", format!("nobody|{AT}"), PASSWORD, NOT_AUTHORISED, "no device"),
            (ID, format!("{DEVICE}|{AT}"), "00", BAD_PASSWORD, "is not the hmacSha256"),
            (ID, signed("170000000"), &password("170000000"), BAD_PASSWORD, "10 nor 13 digits"),
            (ID, signed("+700000000"), &password("+700000000"), BAD_PASSWORD, "10 nor 13 digits"),
            (ID, format!("{DEVICE}|{AT}"), &PASSWORD.to_uppercase(), BAD_PASSWORD, "is not the hmacSha256"),
            (ID, format!("{DEVICE}|{}", AT.replace("hmacSha256", "md5")), PASSWORD, BAD_PASSWORD, "md5"),
            (
                ID,
                format!("{DEVICE}|{}", AT.replace("secureMode=1", "secureMode=2")),
                PASSWORD,
                BAD_PASSWORD,
                "secureMode=1",
            ),
            (ID, format!("{DEVICE}|{}", AT.replace(",accessType=1", "")), PASSWORD, BAD_PASSWORD, "accessType=1"),
        ] {
            let (told, reason) = login(&mut tuya(), &attempt(id, &user, password));
            assert!(told == code && reason.contains(word), "{user} {password}: {told} {reason}");
        }
    }

    #[test]
    fn the_time_is_compared_with_the_clouds() {
        for (seconds, code, word) in
            [(600, 0, ""), (601, NOT_AUTHORISED, "601 s behind"), (-601, NOT_AUTHORISED, "ahead of")]
        {
            let mut cloud = tuya();
            commands::run(&mut cloud, &json!({"do": "clock", "cloud": "tuya", "seconds": seconds}));
            let (told, reason) = try_login(&mut cloud, AT, PASSWORD);
            assert!(told == code && reason.contains(word), "{seconds}: {told} {reason}");
        }
    }

    #[test]
    fn tls_only_and_the_documents_keepalive() {
        let user = format!("{DEVICE}|{AT}");
        let plain = Attempt { tls: false, ..attempt(ID, &user, PASSWORD) };
        assert_eq!(login(&mut tuya(), &plain).0, NOT_AUTHORISED);
        for (keepalive, code) in [(29, 3), (30, 0), (1200, 0), (1201, 3)] {
            let attempt = Attempt { keepalive, ..attempt(ID, &user, PASSWORD) };
            assert_eq!(login(&mut tuya(), &attempt).0, code);
        }
    }

    #[test]
    fn own_topics_in_their_own_direction() {
        let mut cloud = online();
        let words: Vec<String> = [
            "publish thing/property/report",
            "publish channel/raw/up",
            "subscribe thing/property/set",
            "subscribe channel/downlink/auto_subscribe",
            "subscribe channel/raw/down",
            "publish thing/property/set",
            "subscribe thing/property/report",
            "subscribe thing/+/set",
        ]
        .iter()
        .map(|words| words.replacen(' ', &format!(" tylink/{DEVICE}/"), 1))
        .collect();
        let words: Vec<&str> =
            words.iter().map(|words| &**words).chain(["subscribe tylink/x/thing/property/set"]).collect();
        assert_eq!(denied(&mut cloud, &words), words[5..]);
    }

    #[test]
    fn posts_are_answered_if_they_ask_for_it() {
        let mut cloud = online();
        let post =
            r#"{"msgId":"7","time":1700000000123,"sys":{"ack":1},"data":{"a":{"value":1,"time":1700000000123}}}"#;
        let (to, reply) = publish(&mut cloud, &topic("thing/property/report"), post).unwrap();
        assert_eq!(to, topic("thing/property/report_response"));
        assert_eq!(reply, json!({"msgId": "7", "time": NOW_MS, "code": 0}));
        assert_eq!(last(&cloud, "property_post")["params"], json!({"a": 1}));
        assert_eq!(
            publish(&mut cloud, &topic("thing/property/report"), &post.replace(r#""ack":1"#, r#""ack":0"#)),
            None
        );
        assert_eq!(last(&cloud, "property_post")["answered"], false);

        let event = r#"{"msgId":"8","time":1700000000,"sys":{"ack":1},"data":{"eventCode":"low","eventTime":1700000000,"outputParams":{"v":2}}}"#;
        let (to, reply) = publish(&mut cloud, &topic("thing/event/trigger"), event).unwrap();
        assert_eq!((&*to, &reply["code"]), (&*topic("thing/event/trigger_response"), &json!(0)));
        let record = last(&cloud, "event_post");
        assert_eq!((&record["event"], &record["params"]), (&json!("low"), &json!({"v": 2})));
    }

    #[test]
    fn an_envelope_that_is_wrong_is_answered_with_1003() {
        let good = json!({
            "msgId": "7", "time": 1_700_000_000, "sys": {"ack": 1},
            "data": {"a": {"value": 1, "time": 1_700_000_000}},
        });
        for (key, value) in [
            ("msgId", json!(7)),
            ("msgId", json!("x".repeat(33))),
            ("time", json!(1_700_000)),
            ("time", json!("1700000000")),
            ("version", json!("2.0")),
            ("data", json!({})),
            ("data", json!({"a": 1})),
            ("data", json!({"a": {"value": 1}})),
            ("data", json!({"a": {"time": 1_700_000_000}})),
        ] {
            let mut body = good.clone();
            body[key] = value.clone();
            let reply = publish(&mut online(), &topic("thing/property/report"), &body.to_string()).unwrap();
            assert_eq!(reply.1["code"], BAD_FORMAT, "{key} {value}");
        }
        let mut cloud = online();
        assert_eq!(publish(&mut cloud, &topic("thing/property/report"), "x"), None);
        assert!(last(&cloud, "property_post")["message"].as_str().unwrap().contains("JSON"));
    }

    #[test]
    fn a_set_and_an_action_are_answered_once_and_by_their_own() {
        let mut cloud = online();
        let set = json!({"do": "set", "cloud": "tuya", "device": DEVICE, "params": {"power": true}});
        let (to, body) = command(&mut cloud, set.clone());
        assert_eq!(
            (&*to, &body["data"], &body["sys"]["ack"]),
            (&*topic("thing/property/set"), &json!({"power": true}), &json!(1))
        );
        let answer = |body: &Value, data: Value| {
            json!({"msgId": body["msgId"], "time": NOW_MS, "code": 0, "data": data}).to_string()
        };
        publish(&mut cloud, &topic("thing/property/set_response"), &answer(&body, json!({})));
        let record = last(&cloud, "set_reply");
        assert_eq!((&record["id"], &record["code"], &record["fault"]), (&body["msgId"], &json!(0), &Value::Null));
        publish(&mut cloud, &topic("thing/property/set_response"), &answer(&body, json!({})));
        assert!(last(&cloud, "set_reply")["fault"].as_str().unwrap().contains("waits"));

        let call = json!({"do": "service", "cloud": "tuya", "device": DEVICE, "service": "open", "params": {"n": 1}});
        let (to, body) = command(&mut cloud, call);
        assert_eq!(
            (&*to, &body["data"]),
            (&*topic("thing/action/execute"), &json!({"actionCode": "open", "inputParams": {"n": 1}}))
        );
        let data = json!({"actionCode": "open", "outputParams": {"a": 1}});
        publish(&mut cloud, &topic("thing/action/execute_response"), &answer(&body, data));
        let record = last(&cloud, "service_reply");
        assert_eq!(
            (&record["service"], &record["data"], &record["fault"]),
            (&json!("open"), &json!({"a": 1}), &Value::Null)
        );

        let (_, body) = command(&mut cloud, set);
        publish(&mut cloud, &topic("thing/action/execute_response"), &answer(&body, json!({})));
        assert!(last(&cloud, "service_reply")["fault"].as_str().unwrap().contains("another kind"));
    }

    /// Tuya's SDK for C subscribes to nothing else.
    #[test]
    fn one_subscription_can_stand_for_all() {
        let mut cloud = online();
        let set = json!({"do": "set", "cloud": "tuya", "device": DEVICE, "params": {"a": 1}});
        let to = |cloud: &mut Cloud| match &commands::run(cloud, &set).1[..] {
            [Act::Publish { to, .. }] => to.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(to(&mut cloud), None);
        assert_eq!(denied(&mut cloud, &[&format!("subscribe {}", topic(AUTO_SUBSCRIBE))]), [""; 0]);
        assert_eq!(to(&mut cloud), Some(ID.to_owned()));
    }

    #[test]
    fn the_time_is_told() {
        let mut cloud = online();
        let ask = r#"{"msgId":"9","time":1700000000,"data":{"bizType":"NTP","dst":1699999999000}}"#;
        let (to, reply) = publish(&mut cloud, &topic("ext/time/request"), ask).unwrap();
        assert_eq!(to, topic("ext/time/response"));
        let told = json!({"bizType": "NTP", "dst": 1_699_999_999_000_u64, "srt": NOW_MS, "sst": NOW_MS});
        assert_eq!((&reply["msgId"], &reply["data"]), (&json!("9"), &told));
        assert_eq!(publish(&mut cloud, &topic("ext/time/request"), &ask.replace("NTP", "DST")), None);
        assert!(last(&cloud, "ntp")["fault"].as_str().unwrap().contains("NTP"));
    }

    #[test]
    fn raw_data_is_a_custom_message() {
        let mut cloud = online();
        publish(&mut cloud, &topic("channel/raw/up"), "hello");
        assert_eq!(last(&cloud, "publish")["payload"], "hello");
    }
}
