//! TLINK: tlink.io.
//!
//! TLINK's documents were not at hand. What is said here is what public programs do that use its cloud: LuatOS's `iotcloud`
//! and its demo, and programs for NodeMCU, ESP32 and STM32 (client id and topic are the device's serial number, user name and
//! password those of the account, `{serial}/+` is what a device subscribes to, `sensorDatas` both ways). The rest is
//! convention, and the README says which.

use serde_json::{Map, Value, json};

use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::devices::Name;
use crate::login::{Attempt, BAD_CLIENT_ID, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};

#[derive(Default)]
pub struct Tlink;

impl Vendor for Tlink {
    fn limits(&self) -> Limits {
        // Public programs set a will and the retain flag.
        Limits {
            protocols: &[3, 4],
            keepalive: 0..=65535,
            payload: 64 << 10,
            retain: true,
            will: true,
            ..Limits::default()
        }
    }

    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
        let first = accounts.iter().next();
        let user = wish.product.or(first.map(|account| &*account.product)).unwrap_or("18800000000");
        let held = accounts.iter().find(|account| account.product == user).map(|account| account.text("password"));
        let password = match held {
            Some(password) => password.to_owned(),
            None => random::text(12)?,
        };
        let login = json!({ "cloud": "tlink", "userName": user, "password": password, "deviceName": wish.device });
        Ok(Account::new(user, wish.device, login))
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        Some((attempt.user_name.clone(), attempt.client_id.clone()))
    }

    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, _: u64) -> Result<Entry<'a>, Refusal> {
        let mut of_user = accounts.iter().filter(|account| account.product == attempt.user_name);
        let Some(any) = of_user.next() else {
            return refuse(NOT_AUTHORISED, format!("nobody has the account {:?}", attempt.user_name));
        };
        if any.text("password") != attempt.password {
            return refuse(BAD_PASSWORD, "that is not the account's password");
        }
        match accounts.get(&attempt.user_name, &attempt.client_id) {
            Some(account) => Ok(Entry { account, sign_method: String::new(), auto_subscribed: false }),
            None => refuse(BAD_CLIENT_ID, format!("the account has no device {:?}", attempt.client_id)),
        }
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let mut levels = topic.split('/');
        if levels.next() != Some(&*name.device) {
            return Err(format!("{topic:?} is not a topic of {}", name.device));
        }
        match (usage, levels.next(), levels.next()) {
            (Use::Publish, None, _) => Ok(Kind::System),
            (Use::Subscribe, Some(sensor), None) if !sensor.is_empty() => Ok(Kind::System),
            _ => Err(format!("{topic:?} is not a topic to {usage:?} of {}", name.device)),
        }
    }

    fn take(&mut self, _: &mut Common, up: &Up) -> Taken {
        let body: Value = serde_json::from_slice(up.payload).unwrap_or_default();
        let record = match body.get("sensorDatas") {
            None => up.record("publish"),
            Some(list) => match (event(list), properties(list)) {
                (Some((event, params)), _) => up.record("event_post").with("event", event).with("params", params),
                (None, Ok(params)) => up.record("property_post").with("params", params),
                (None, Err(fault)) => up.record("property_post").with("fault", fault),
            },
        };
        Taken { record, answer: None }
    }

    /// Each sensor has a topic of its own, so a command sets one.
    fn set(&mut self, _: &mut Common, order: &Order) -> Outcome {
        let device = &order.session()?.name.device;
        let params = order.fields.params()?;
        let one = params.as_object().filter(|all| all.len() == 1).and_then(|all| all.iter().next());
        let (sensor, value) = one.ok_or("TLINK sets one sensor at a time: params has to hold one")?;
        let mut item = Map::new();
        match sensor.parse::<u64>() {
            Ok(id) => item.insert("sensorsId".into(), json!(id)),
            Err(_) => item.insert("flag".into(), json!(sensor)),
        };
        match value {
            Value::Bool(on) => item.insert("switcher".into(), json!(u8::from(*on))),
            Value::Number(_) => item.insert("value".into(), value.clone()),
            Value::String(_) => item.insert("str".into(), value.clone()),
            other => return Err(format!("TLINK has no sensor for {other}")),
        };
        let topic = format!("{device}/{sensor}");
        let payload = json!({ "sensorDatas": [item] }).to_string().into_bytes();
        Ok((json!({ "topic": topic }), Some(Down { topic, payload, qos: order.fields.qos()? })))
    }

    fn call(&mut self, _: &mut Common, _: &Order) -> Outcome {
        Err("TLINK has no services".into())
    }
}

/// The name and the value of one sensor.
fn sensor(item: &Value) -> Result<(String, Value), String> {
    let name = match (&item["sensorsId"], &item["flag"]) {
        (Value::Number(id), _) if id.is_u64() => id.to_string(),
        (Value::Null, Value::String(flag)) if !flag.is_empty() => flag.clone(),
        _ => return Err(format!("{item} has neither a number sensorsId nor a text flag")),
    };
    let values = ["value", "switcher", "str"].map(|key| &item[key]);
    match values {
        [value @ Value::Number(_), Value::Null, Value::Null] => Ok((name, value.clone())),
        [Value::Null, on, Value::Null] if *on == 0 || *on == 1 => Ok((name, json!(*on == 1))),
        [Value::Null, Value::Null, text @ Value::String(_)] => Ok((name, text.clone())),
        _ => Err(format!("{item} has none, or more than one, of a number value, a switcher 0 or 1 and a text str")),
    }
}

fn properties(list: &Value) -> Result<Value, String> {
    let list = list.as_array().filter(|list| !list.is_empty()).ok_or("sensorDatas is not a list of sensors")?;
    list.iter().map(sensor).collect::<Result<Map<_, _>, _>>().map(Value::Object)
}

/// TLINK has no events. This project's are a sensor whose text is a JSON object.
fn event(list: &Value) -> Option<(String, Value)> {
    let [item] = &list.as_array()?[..] else {
        return None;
    };
    let (name, value) = sensor(item).ok()?;
    let params: Value = serde_json::from_str(value.as_str()?).ok()?;
    params.is_object().then_some((name, params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{attempt, cloud, command, denied, last, login, publish};

    const SERIAL: &str = "20289C362YL3OV93";

    fn tlink() -> Cloud {
        let login = json!({"cloud": "tlink", "userName": "PID", "password": "PSECRET", "deviceName": SERIAL});
        cloud("tlink", &json!({}), &[("PID", SERIAL, login)])
    }

    fn online() -> Cloud {
        let mut cloud = tlink();
        assert_eq!(login(&mut cloud, &attempt(SERIAL, "PID", "PSECRET")), (0, String::new()));
        cloud
    }

    #[test]
    fn a_login_is_the_accounts() {
        for (id, user, password, code) in [
            (SERIAL, "PID", "PSECRET", 0),
            (SERIAL, "PID", "psecret", BAD_PASSWORD),
            (SERIAL, "PID", "", BAD_PASSWORD),
            (SERIAL, "other", "PSECRET", NOT_AUTHORISED),
            ("other", "PID", "PSECRET", BAD_CLIENT_ID),
        ] {
            let (told, reason) = login(&mut tlink(), &attempt(id, user, password));
            assert_eq!((told, reason.is_empty()), (code, code == 0), "{id} {user} {password}: {reason}");
        }
    }

    #[test]
    fn own_topics_in_their_own_direction() {
        let words = [
            "publish 20289C362YL3OV93",
            "subscribe 20289C362YL3OV93/+",
            "subscribe 20289C362YL3OV93/200017107",
            "publish 20289C362YL3OV93/200017107",
            "publish other",
            "subscribe 20289C362YL3OV93",
            "subscribe 20289C362YL3OV93/",
            "subscribe 20289C362YL3OV93/+/a",
            "subscribe other/+",
        ];
        assert_eq!(denied(&mut online(), &words), words[3..]);
    }

    #[test]
    fn sensors_are_read_by_number_or_flag() {
        let mut cloud = online();
        let post = r#"{"sensorDatas":[{"sensorsId":200017493,"value":21.5},{"flag":"B","switcher":1},{"flag":"C","str":"x"}]}"#;
        assert_eq!(publish(&mut cloud, SERIAL, post), None);
        assert_eq!(last(&cloud, "property_post")["params"], json!({"200017493": 21.5, "B": true, "C": "x"}));
        publish(&mut cloud, SERIAL, r#"{"sensorDatas":[{"sensorsId":1,"flag":"1","value":10.0}]}"#);
        assert_eq!(last(&cloud, "property_post")["params"], json!({"1": 10.0}));
        publish(&mut cloud, SERIAL, r#"{"sensorDatas":[{"flag":"low","str":"{\"v\":2}"}]}"#);
        let record = last(&cloud, "event_post");
        assert_eq!((&record["event"], &record["params"]), (&json!("low"), &json!({"v": 2})));
        publish(&mut cloud, SERIAL, "hello");
        assert_eq!(last(&cloud, "publish")["payload"], "hello");
    }

    #[test]
    fn what_is_wrong_with_a_message_is_in_the_journal() {
        for list in [
            json!([]),
            json!({}),
            json!([{"value": 1}]),
            json!([{"sensorsId": "1", "value": 1}]),
            json!([{"sensorsId": 1}]),
            json!([{"sensorsId": 1, "value": "1"}]),
            json!([{"sensorsId": 1, "switcher": 2}]),
            json!([{"sensorsId": 1, "value": 1, "switcher": 1}]),
        ] {
            let mut cloud = online();
            publish(&mut cloud, SERIAL, &json!({"sensorDatas": list}).to_string());
            assert!(last(&cloud, "property_post")["fault"].is_string(), "{list}");
        }
    }

    #[test]
    fn one_sensor_is_set_at_a_time() {
        let mut cloud = online();
        let set = |params: Value| json!({"do": "set", "cloud": "tlink", "device": SERIAL, "params": params});
        for (params, sensor, item) in [
            (json!({"200017107": true}), "200017107", json!({"sensorsId": 200_017_107, "switcher": 1})),
            (json!({"B": 2.5}), "B", json!({"flag": "B", "value": 2.5})),
            (json!({"C": "x"}), "C", json!({"flag": "C", "str": "x"})),
        ] {
            let (topic, body) = command(&mut cloud, set(params));
            assert_eq!((topic, body), (format!("{SERIAL}/{sensor}"), json!({"sensorDatas": [item]})));
        }
        for params in [json!({}), json!({"a": 1, "b": 2}), json!({"a": {}})] {
            assert_eq!(commands::run(&mut cloud, &set(params)).0["ok"], false);
        }
        let call = json!({"do": "service", "cloud": "tlink", "device": SERIAL, "service": "a", "params": {}});
        assert!(commands::run(&mut cloud, &call).0["error"].as_str().unwrap().contains("no services"));
    }
}
