//! Huawei Cloud IoT Device Access (IoTDA).
//!
//! Sources, documents of support.huaweicloud.com: api-iothub/iot_06_v5_3009 (login, CONNACK codes), 3004 (implicit subscriptions),
//! 3010 (properties), 3008 (sets), 3011 (queries), 3014 (commands), 3016 (messages), 3040 and 3041 (time); usermanual-iothub
//! (custom topics); huaweicloud/huaweicloud-iot-device-sdk-c (`mqtt_base.c`, `hmac_sha256.c`).
//! A report has no reply: a wrong one is in the journal only.

mod registration;

use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};

use registration::device_id;

use super::envelope::{self, Pending};
use super::http::{Request, Response};
use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::clock;
use crate::devices::Name;
use crate::login::{Attempt, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, ReplyMode, Taken, Up};
use crate::topics::{Kind, Use};

/// The service of the product model that every product here has.
const SERVICE: &str = "Basic";
const TIME: &str = "$time_sync";

#[derive(Default)]
pub struct Huawei {
    pending: Pending,
    tokens: registration::Tokens,
}

impl Vendor for Huawei {
    fn limits(&self) -> Limits {
        Limits {
            keepalive: 30..=1200,
            bad_keepalive: BAD_CLIENT_ID,
            payload: 1 << 20,
            implicit_qos: 0,
            ..Limits::default()
        }
    }

    /// The user who may create devices.
    fn prepare(&mut self, accounts: &mut Accounts) -> Result<(), String> {
        accounts.keep(registration::PROJECT, || Ok(hex::encode(random::text(16)?)))?;
        accounts.keep(registration::PASSWORD, || random::text(16))
    }

    fn describe(&self, accounts: &Accounts) -> Map<String, Value> {
        Map::from_iter([("registration".to_owned(), registration::describe(accounts))])
    }

    fn serves(&self, path: &str) -> bool {
        registration::serves(path)
    }

    fn http(&mut self, accounts: &mut Accounts, request: &Request, now_ms: u64) -> Response {
        registration::answer(&mut self.tokens, make, accounts, request, now_ms)
    }

    fn takes_certificates(&self) -> bool {
        true
    }

    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
        make(wish, accounts)
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        let (product, device) = attempt.user_name.split_once('_')?;
        Some((product.into(), device.into()))
    }

    /// 3009: client id `{device id}_0_{0: time not checked, 1: checked}_{UTC hour}`, user name the device id, password the
    /// HMAC-SHA256 of the secret with the hour as its key, in hex.
    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal> {
        let parts: Vec<&str> = attempt.client_id.rsplitn(4, '_').collect();
        let [hour, check, kind, id] = parts[..] else {
            return refuse(BAD_CLIENT_ID, format!("client id {:?} has not four parts", attempt.client_id));
        };
        if kind != "0" || !["0", "1"].contains(&check) {
            return refuse(
                BAD_CLIENT_ID,
                format!("client id {:?}: the kind is 0, the check 0 or 1", attempt.client_id),
            );
        }
        let Some(hours) = clock::hours(hour) else {
            return refuse(BAD_CLIENT_ID, format!("{hour:?} is not an hour as YYYYMMDDHH"));
        };
        if id != attempt.user_name {
            return refuse(BAD_PASSWORD, format!("user name {:?} is not the device id {id:?}", attempt.user_name));
        }
        let Some(account) = accounts.iter().find(|account| device_id(&account.product, &account.device) == id) else {
            return refuse(BAD_PASSWORD, format!("no device has the id {id:?}"));
        };
        let is_certified = account.is_certified(attempt)?;
        let now = now_ms / 3_600_000;
        if check == "1" && hours.abs_diff(now) > 1 {
            let reason =
                format!("the device's hour is {hour} UTC, the cloud's clock is {} hours off it", hours.abs_diff(now));
            return refuse(NOT_AUTHORISED, reason);
        }
        // 3009: with a certificate there is no password.
        if is_certified {
            if !attempt.password.is_empty() {
                return refuse(BAD_PASSWORD, "a device with a certificate has no password");
            }
            return Ok(Entry { account, sign_method: "certificate".into(), auto_subscribed: true });
        }
        let claimed = hex::decode(&attempt.password).unwrap_or_default();
        let mac = Hmac::<sha2::Sha256>::new_from_slice(hour.as_bytes());
        let is_signed = mac
            .is_ok_and(|mac| mac.chain_update(account.text("deviceSecret")).verify_slice(&claimed).is_ok())
            && attempt.password.bytes().all(|b| !b.is_ascii_uppercase());
        if !is_signed {
            return refuse(
                BAD_PASSWORD,
                format!("the password is not the HMAC-SHA256 of the secret with the key {hour:?}"),
            );
        }
        Ok(Entry { account, sign_method: "sha256".into(), auto_subscribed: true })
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let Some(own) = topic.strip_prefix("$oc/") else {
            // The user guide: topics that do not begin with $oc are not checked.
            return match topic {
                _ if topic.starts_with('$') || topic.is_empty() => Err(format!("{topic:?} is not a topic of a device")),
                _ => Ok(Kind::Custom),
            };
        };
        let start = format!("devices/{}/", device_id(&name.product, &name.device));
        let Some(path) = own.strip_prefix(&*start) else {
            return Err(format!("{topic:?} is not a topic of {}", device_id(&name.product, &name.device)));
        };
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        match (path, usage) {
            _ if path.starts_with("user/") && path.len() > 5 => Ok(Kind::Custom),
            (_, Use::Subscribe) if path.starts_with("sys/") => Ok(Kind::System),
            ("sys/properties/report" | "sys/messages/up" | "sys/events/up", _) => Ok(Kind::System),
            _ if response(path).is_some() => Ok(Kind::System),
            _ => Err(format!("{topic:?} is not a topic to publish")),
        }
    }

    fn take(&mut self, common: &mut Common, up: &Up) -> Taken {
        let start = format!("$oc/devices/{}/", device_id(&up.from.name.product, &up.from.name.device));
        let path = up.topic.strip_prefix(&*start).unwrap_or_default();
        // 3010: a report may give itself an id, `?request_id=…`.
        match path.split_once('?').map_or(path, |(path, _)| path) {
            "sys/properties/report" => report(common, up),
            "sys/messages/up" => message(up),
            "sys/events/up" => events(common, up, &start),
            _ => match response(path) {
                Some((what, id)) => self.answer(up, what, id),
                None => Taken { record: up.record("publish"), answer: None },
            },
        }
    }

    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let body = json!({ "services": [{ "service_id": SERVICE, "properties": order.fields.params()? }] });
        self.ask(common, order, "properties/set", "set", &body)
    }

    /// A command of the product model. `property.get` asks for properties.
    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let (service, params) = (order.fields.text("service")?, order.fields.params()?);
        match service {
            "property.get" => self.ask(common, order, "properties/get", service, &json!({ "service_id": SERVICE })),
            _ => {
                let body = json!({ "service_id": SERVICE, "command_name": service, "paras": params });
                self.ask(common, order, "commands", service, &body)
            }
        }
    }
}

/// A new device, of the first device's product if the wish names none.
fn make(wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
    let product = match wish.product.or_else(|| accounts.iter().next().map(|first| &*first.product)) {
        Some(product) => product.to_owned(),
        None => hex::encode(random::text(12)?),
    };
    let login = json!({
        "cloud": "huawei", "productId": product, "deviceName": wish.device, "deviceSecret": random::text(32)?,
        "serviceId": SERVICE,
    });
    Ok(Account::new(&product, wish.device, login))
}

impl Huawei {
    fn ask(&mut self, common: &mut Common, order: &Order, path: &str, what: &str, body: &Value) -> Outcome {
        let name = &order.session()?.name;
        let id = common.next_rid(order.now_ms);
        self.pending.add(name, &id, what);
        let down = Down {
            topic: format!("$oc/devices/{}/sys/{path}/request_id={id}", device_id(&name.product, &name.device)),
            payload: body.to_string().into_bytes(),
            qos: order.fields.qos()?,
        };
        Ok((json!({ "id": id }), Some(down)))
    }

    fn answer(&mut self, up: &Up, path: &str, id: &str) -> Taken {
        let kind = if path == "properties/set" { "set_reply" } else { "service_reply" };
        let record = up.record(kind).with("id", id);
        let body = match envelope::object(up.payload) {
            Ok(body) => body,
            Err(why) => return Taken { record: record.with("fault", why), answer: None },
        };
        let field = |key: &str| body.get(key).cloned().unwrap_or_default();
        let judged = (|| {
            let what = self.pending.take(&up.from.name, id)?;
            let asked = match &*what {
                "set" => "properties/set",
                "property.get" => "properties/get",
                _ => "commands",
            };
            if path != asked {
                return Err(format!("the request was {what:?}, the answer is on another's topic"));
            }
            match path {
                "properties/get" => services(&body, "properties").map(drop)?,
                _ if !field("result_code").is_i64() => return Err("result_code is not a number".to_owned()),
                _ => {}
            }
            Ok(what)
        })();
        let data = if path == "properties/get" { field("services") } else { field("paras") };
        let record = record.with("code", field("result_code")).with("data", data);
        let record = match judged {
            Ok(what) if kind == "service_reply" => record.with("service", what),
            Ok(_) => record,
            Err(why) => record.with("fault", why),
        };
        Taken { record, answer: None }
    }
}

/// Which request a path answers, and its id: `sys/{what}/response/request_id={id}`.
fn response(path: &str) -> Option<(&'static str, &str)> {
    let (what, id) = path.strip_prefix("sys/")?.split_once("/response/request_id=")?;
    let what = ["commands", "properties/set", "properties/get"].into_iter().find(|known| *known == what)?;
    (!id.is_empty() && !id.contains('/')).then_some((what, id))
}

/// The entries of `services`, each with its `service_id` and an object of that name.
fn services<'a>(body: &'a Map<String, Value>, of: &str) -> Result<Vec<&'a Map<String, Value>>, String> {
    let list = match body.get("services") {
        Some(Value::Array(list)) if !list.is_empty() => list,
        Some(other) => return Err(format!("services is {other}, not an array of services")),
        None => return Err("services is missing".into()),
    };
    let entry = |entry: &'a Value| {
        let entry = entry.as_object().ok_or(format!("a service is {entry}, not an object"))?;
        envelope::text(entry, "service_id")?;
        envelope::fields(entry, of)?;
        Ok(entry)
    };
    list.iter().map(entry).collect()
}

/// 3010: `{"services":[{"service_id","properties","event_time"?}]}`.
fn report(common: &mut Common, up: &Up) -> Taken {
    let body = envelope::object(up.payload);
    let judged = body.as_ref().map_err(Clone::clone).and_then(|body| {
        let all = services(body, "properties")?;
        let properties = all.iter().filter_map(|entry| entry["properties"].as_object());
        Ok(properties.flatten().map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
    });
    common.next_reply_mode();
    let record = up.record("property_post").with("answered", false);
    let record = match judged {
        Ok(params) => record.with("params", params),
        Err(why) => record.with("fault", why),
    };
    Taken { record, answer: None }
}

/// 3016: a message; JSON with `content`, or any other bytes. One with a name is how an event comes.
fn message(up: &Up) -> Taken {
    let body = envelope::object(up.payload).unwrap_or_default();
    let record = match (body.get("name").and_then(Value::as_str), body.get("content")) {
        (Some(name), Some(content @ Value::Object(_))) => up
            .record("event_post")
            .with("event", name)
            .with("id", body.get("id").cloned())
            .with("params", content.clone())
            .with("answered", false),
        _ => up.record("publish"),
    };
    Taken { record, answer: None }
}

/// 3040: `{"services":[{"service_id":"$time_sync","event_type":"time_sync_request","paras":{"device_send_time":…}}]}`. Other
/// services of the platform are not played.
fn events(common: &mut Common, up: &Up, start: &str) -> Taken {
    let body = envelope::object(up.payload).unwrap_or_default();
    let entry = services(&body, "paras").ok().and_then(|entries| entries.first().copied().cloned()).unwrap_or_default();
    if entry.get("service_id") != Some(&json!(TIME)) {
        return Taken { record: up.record("unserved"), answer: None };
    }
    let sent = entry["paras"]["device_send_time"].clone();
    let fault = match (entry.get("event_type").and_then(Value::as_str), sent.is_number()) {
        (Some("time_sync_request"), true) => None,
        (Some("time_sync_request"), false) => Some("device_send_time is not a number"),
        _ => Some("event_type is not time_sync_request"),
    };
    let answers = fault.is_none() && common.next_reply_mode() != ReplyMode::Silent;
    let now = up.now_ms;
    let reply = json!({
        "object_device_id": device_id(&up.from.name.product, &up.from.name.device),
        "services": [{
            "service_id": TIME, "event_type": "time_sync_response", "event_time": clock::iso(now),
            "paras": { "device_send_time": sent, "server_recv_time": now, "server_send_time": now },
        }],
    });
    let answer = answers.then(|| (format!("{start}sys/events/down"), reply.to_string().into_bytes()));
    Taken {
        record: up.record("ntp").with("deviceSendTime", sent).with("fault", fault).with("answered", answers),
        answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{NOW_MS, attempt, certify, cloud, command, denied, last, login, publish};

    const ID: &str = "6203cc94c7fb24029b110408_88888888";

    fn huawei(secret: &str) -> Cloud {
        let device = json!({
            "cloud": "huawei", "productId": "6203cc94c7fb24029b110408", "deviceName": "88888888",
            "deviceSecret": secret, "serviceId": SERVICE,
        });
        cloud("huawei", &json!({}), &[("6203cc94c7fb24029b110408", "88888888", device)])
    }

    fn with(check: &str, hour: &str, password: &str) -> Attempt {
        attempt(&format!("{ID}_0_{check}_{hour}"), ID, password)
    }

    fn online() -> Cloud {
        let mut cloud = huawei("123456789");
        let password = "5888ea6f4631ce76d621f452e8823507c36dd68a61f6e08518c8935e280c3c72";
        assert_eq!(login(&mut cloud, &with("0", "2999010100", password)), (0, String::new()));
        cloud
    }

    fn sign(hour: &str, secret: &str) -> String {
        let mac = Hmac::<sha2::Sha256>::new_from_slice(hour.as_bytes()).unwrap();
        hex::encode(mac.chain_update(secret).finalize().into_bytes())
    }

    /// The vectors of Huawei's document and of LuatOS's test case.
    #[test]
    fn logins_as_the_document_has_them() {
        online();
        let password = "c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a";
        assert_eq!(login(&mut huawei("12345678"), &with("0", "2025041401", password)).0, 0);
    }

    /// 14 November 2023, 22:13 UTC. LuatOS sends the local hour, eight more.
    #[test]
    fn a_checked_hour_is_the_clouds_in_utc() {
        let mut cloud = huawei("123456789");
        for (hour, code) in [
            ("2023111422", 0),
            ("2023111421", 0),
            ("2023111423", 0),
            ("2023111420", NOT_AUTHORISED),
            ("2023111506", NOT_AUTHORISED),
        ] {
            let (told, reason) = login(&mut cloud, &with("1", hour, &sign(hour, "123456789")));
            assert!(told == code && (code == 0 || reason.contains("hours off")), "{hour}: {told} {reason}");
        }
        commands::run(&mut cloud, &json!({"do": "clock", "cloud": "huawei", "seconds": 8 * 3600}));
        assert_eq!(login(&mut cloud, &with("1", "2023111506", &sign("2023111506", "123456789"))).0, 0);
        assert_eq!(login(&mut cloud, &with("1", "2023111422", &sign("2023111422", "123456789"))).0, NOT_AUTHORISED);
    }

    #[test]
    fn a_login_that_is_wrong_is_refused_with_the_reason() {
        let good = with("0", "2025041401", &sign("2025041401", "123456789"));
        let refused = |change: &dyn Fn(&mut Attempt), code: u8, word: &str| {
            let mut attempt = good.clone();
            change(&mut attempt);
            let (told, reason) = login(&mut huawei("123456789"), &attempt);
            assert!(told == code && reason.contains(word), "{told} {reason}");
        };
        refused(&|a| a.client_id = ID.into(), BAD_CLIENT_ID, "four parts");
        refused(&|a| a.client_id = a.client_id.replace("_0_0_", "_0_2_"), BAD_CLIENT_ID, "check 0 or 1");
        refused(&|a| a.client_id = a.client_id.replace("_0_0_", "_1_0_"), BAD_CLIENT_ID, "kind is 0");
        refused(&|a| a.client_id = a.client_id.replace("2025041401", "2025041424"), BAD_CLIENT_ID, "hour");
        refused(&|a| a.client_id = a.client_id.replace("2025041401", "202504140"), BAD_CLIENT_ID, "hour");
        refused(&|a| a.user_name = "x".into(), BAD_PASSWORD, "device id");
        refused(&|a| a.client_id = a.client_id.replace("2025041401", "2025041402"), BAD_PASSWORD, "HMAC");
        refused(&|a| a.password = a.password.to_uppercase(), BAD_PASSWORD, "HMAC");
        refused(&|a| a.password.clear(), BAD_PASSWORD, "HMAC");
        refused(
            &|a| {
                a.client_id = a.client_id.replace("88888888", "9");
                a.user_name = a.user_name.replace("88888888", "9");
            },
            BAD_PASSWORD,
            "no device",
        );
        refused(&|a| a.keepalive = 29, BAD_CLIENT_ID, "keepalive");
        refused(&|a| a.keepalive = 1201, BAD_CLIENT_ID, "keepalive");
    }

    #[test]
    fn a_certificate_stands_for_the_password() {
        let mut cloud = huawei("123456789");
        let own = certify(&mut cloud, "huawei", "6203cc94c7fb24029b110408", "88888888");
        let with = |certificate: Option<String>, hour| Attempt { certificate, ..with("1", hour, "") };
        assert_eq!(login(&mut cloud, &with(Some(own.clone()), "2023111422")).0, 0);
        for (shown, hour, word) in [
            (Some("00".to_owned()), "2023111422", "another device's"),
            (None, "2023111422", "showed none"),
            (Some(own), "2023111412", "hours off"),
        ] {
            let (code, reason) = login(&mut cloud, &with(shown, hour));
            assert!(code == NOT_AUTHORISED && reason.contains(word), "{reason}");
        }
    }

    #[test]
    fn own_topics_in_their_own_direction() {
        let topic = |words: &str| words.replace("ID", ID);
        let allowed = [
            "publish $oc/devices/ID/sys/properties/report",
            "publish $oc/devices/ID/sys/commands/response/request_id=1",
            "publish $oc/devices/ID/user/a",
            "publish a/b",
            "subscribe $oc/devices/ID/sys/commands/#",
            "subscribe $oc/devices/ID/sys/properties/set/#",
            "subscribe $oc/devices/ID/user/a",
            "subscribe a/+",
        ];
        let refused = [
            "publish $oc/devices/ID/sys/commands/request_id=1",
            "publish $oc/devices/ID/sys/commands/response/request_id=",
            "publish $oc/devices/other/sys/properties/report",
            "publish $other",
            "subscribe $oc/devices/other/sys/commands/#",
            "subscribe $oc/devices/+/sys/commands/#",
        ];
        let (allowed, refused) = (allowed.map(topic), refused.map(topic));
        let all: Vec<&str> = allowed.iter().chain(&refused).map(|topic| &**topic).collect();
        assert_eq!(denied(&mut online(), &all), refused);
    }

    #[test]
    fn reports_have_no_reply() {
        let mut cloud = online();
        let topic = format!("$oc/devices/{ID}/sys/properties/report");
        let good = r#"{"services":[{"service_id":"Basic","properties":{"power":1}},{"service_id":"More","properties":{"t":2.5}}]}"#;
        assert_eq!(publish(&mut cloud, &topic, good), None);
        let record = last(&cloud, "property_post");
        assert_eq!((&record["params"], &record["fault"]), (&json!({"power": 1, "t": 2.5}), &Value::Null));
        publish(&mut cloud, &format!("{topic}?request_id=7"), "{}");
        assert!(last(&cloud, "property_post")["fault"].is_string());
        for wrong in [
            "x",
            "{}",
            r#"{"services":[]}"#,
            r#"{"services":{}}"#,
            r#"{"services":[{"properties":{}}]}"#,
            r#"{"services":[{"service_id":"Basic"}]}"#,
        ] {
            assert_eq!(publish(&mut cloud, &topic, wrong), None);
            assert!(last(&cloud, "property_post")["fault"].is_string(), "{wrong}");
        }
    }

    #[test]
    fn a_message_with_a_name_is_an_event() {
        let mut cloud = online();
        let topic = format!("$oc/devices/{ID}/sys/messages/up");
        publish(&mut cloud, &topic, r#"{"name":"low","id":"1","content":{"v":2.8}}"#);
        let record = last(&cloud, "event_post");
        assert_eq!((&record["event"], &record["params"]), (&json!("low"), &json!({"v": 2.8})));
        publish(&mut cloud, &topic, "hello");
        assert_eq!(last(&cloud, "publish")["payload"], "hello");
    }

    #[test]
    fn requests_are_answered_with_their_id() {
        let mut cloud = online();
        let set = json!({"do": "set", "cloud": "huawei", "device": "88888888", "params": {"power": 0}});
        let call =
            json!({"do": "service", "cloud": "huawei", "device": "88888888", "service": "open", "params": {"n": 1}});
        let get = json!({"do": "service", "cloud": "huawei", "device": "88888888", "service": "property.get"});
        for (request, path, body, answer, kind) in [
            (
                set,
                "properties/set",
                json!({"services": [{"service_id": "Basic", "properties": {"power": 0}}]}),
                json!({"result_code": 0, "result_desc": "success"}),
                "set_reply",
            ),
            (
                call,
                "commands",
                json!({"service_id": "Basic", "command_name": "open", "paras": {"n": 1}}),
                json!({"result_code": 0, "response_name": "open", "paras": {"done": 1}}),
                "service_reply",
            ),
            (
                get,
                "properties/get",
                json!({"service_id": "Basic"}),
                json!({"services": [{"service_id": "Basic", "properties": {"power": 0}}]}),
                "service_reply",
            ),
        ] {
            let (topic, told) = command(&mut cloud, request.clone());
            let id = topic.strip_prefix(&format!("$oc/devices/{ID}/sys/{path}/request_id=")).unwrap();
            assert_eq!(told, body);
            let up = format!("$oc/devices/{ID}/sys/{path}/response/request_id={id}");
            publish(&mut cloud, &up, &answer.to_string());
            assert_eq!(last(&cloud, kind)["fault"], Value::Null);
            publish(&mut cloud, &up, &answer.to_string());
            assert!(last(&cloud, kind)["fault"].as_str().unwrap().contains("waits"));
            let (topic, _) = command(&mut cloud, request);
            let id = topic.rsplit('=').next().unwrap();
            publish(&mut cloud, &format!("$oc/devices/{ID}/sys/{path}/response/request_id={id}"), "{}");
            assert!(last(&cloud, kind)["fault"].is_string());
        }
        assert_eq!(last(&cloud, "service_reply")["service"], Value::Null);
    }

    #[test]
    fn the_time_is_the_clouds() {
        let mut cloud = online();
        let ask = r#"{"services":[{"service_id":"$time_sync","event_type":"time_sync_request","paras":{"device_send_time":5}}]}"#;
        let up = format!("$oc/devices/{ID}/sys/events/up");
        let (topic, reply) = publish(&mut cloud, &up, ask).unwrap();
        assert_eq!(topic, format!("$oc/devices/{ID}/sys/events/down"));
        let service = &reply["services"][0];
        assert_eq!(
            (&service["event_type"], &service["event_time"]),
            (&json!("time_sync_response"), &json!("20231114T221320Z"))
        );
        let paras = json!({"device_send_time": 5, "server_recv_time": NOW_MS, "server_send_time": NOW_MS});
        assert_eq!(service["paras"], paras);
        assert_eq!(publish(&mut cloud, &up, &ask.replace(":5", ":\"5\"")), None);
        assert_eq!(publish(&mut cloud, &up, &ask.replace("$time_sync", "$ota")), None);
    }
}
