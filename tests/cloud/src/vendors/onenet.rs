//! OneNET of China Mobile: its IoT open platform with OneJSON.
//!
//! Sources: the platform's book at open.iot.10086.cn (MQTT: login, limits, topics; OneJSON: properties, events, services) and
//! LuatOS (`iotauth`, the demo `onenet`). The token is the one that China Mobile's own SDKs make. CONNACK codes, and the codes for
//! envelopes that are wrong, are conventions of ours.

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};

use super::envelope::{self, Pending};
use super::http::{Request, Response};
use super::{Account, Accounts, Entry, Limits, Vendor, Wish};
use crate::devices::Name;
use crate::login::{Attempt, BAD_PASSWORD, NOT_AUTHORISED, Refusal, refuse};
use crate::random;
use crate::services::{Common, Down, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};

const OK: u64 = 200;
const BAD_ENVELOPE: u64 = 400;
const VERSION: &str = "2018-10-31";
/// The version of a token for the platform's interface, which is not the one of a device's.
const API_VERSION: &str = "2022-05-01";
const CREATE: &str = "/device/create";
/// What the cloud keeps.
const PRODUCT_SECRET: &str = "productSecret";
const USER_ID: &str = "userId";
const USER_KEY: &str = "userKey";

#[derive(Default)]
pub struct Onenet {
    pending: Pending,
}

impl Vendor for Onenet {
    fn limits(&self) -> Limits {
        Limits { keepalive: 10..=1800, payload: 256 << 10, filters: 10, ..Limits::default() }
    }

    /// The key of the product, for logins that are signed with it, and the user who may create devices.
    fn prepare(&mut self, accounts: &mut Accounts) -> Result<(), String> {
        accounts.keep(USER_ID, || Ok("12345".into()))?;
        accounts.keep(USER_KEY, || Ok(BASE64_STANDARD.encode(random::text(32)?)))?;
        accounts.keep(PRODUCT_SECRET, || Ok(BASE64_STANDARD.encode(random::text(32)?)))
    }

    fn describe(&self, accounts: &Accounts) -> Map<String, Value> {
        let product = accounts.iter().next().map(|first| &*first.product);
        let (user, key) = (accounts.kept(USER_ID), accounts.kept(USER_KEY));
        let of_product =
            json!({ "cloud": "onenet", "productId": product, "productSecret": accounts.kept(PRODUCT_SECRET) });
        let registration = json!({ "cloud": "onenet", "productId": product, "userId": user, "userKey": key });
        Map::from_iter([("product".to_owned(), of_product), ("registration".to_owned(), registration)])
    }

    fn serves(&self, path: &str) -> bool {
        path == CREATE
    }

    /// `POST /device/create` with the token of a user in `authorization`, and the product and the device in the body.
    fn http(&mut self, accounts: &mut Accounts, request: &Request, now_ms: u64) -> Response {
        let body = request.json();
        let field = |key: &str| body.as_ref().map_err(Clone::clone).and_then(|body| envelope::text(body, key));
        let (product, device) = (field("product_id").unwrap_or_default(), field("device_name").unwrap_or_default());
        let created = (|| {
            let no = |code: u64, why: String| (code, why);
            let token = Token::read(request.header("authorization"), API_VERSION).map_err(|no| (10403, no.reason))?;
            if token.res != format!("userid/{}", accounts.kept(USER_ID)) {
                return Err(no(10403, format!("res {:?} is not the user", token.res)));
            }
            token.check(accounts.kept(USER_KEY), now_ms).map_err(|no| (10403, no.reason))?;
            let (product, device) = (
                field("product_id").map_err(|why| no(10001, why))?,
                field("device_name").map_err(|why| no(10001, why))?,
            );
            if !accounts.iter().any(|account| account.product == product) {
                return Err(no(10410, format!("no product has the id {product:?}")));
            }
            if accounts.get(product, device).is_some() {
                return Err(no(10406, format!("the device {device:?} exists already")));
            }
            let account =
                self.make(&Wish { product: Some(product), device }, accounts).map_err(|why| no(10001, why))?;
            let data = json!({
                "pid": product, "name": device, "did": device, "sec_key": account.text("deviceSecret"),
            });
            accounts.put(account);
            Ok(data)
        })();
        let id = random::text(20).unwrap_or_default();
        let response = |code, words: &str, data| {
            Response::new(200, json!({ "code": code, "msg": words, "request_id": id, "data": data }))
                .about(product, device)
        };
        match created {
            Ok(data) => response(0, "succ", data),
            Err((code, why)) => response(code, &why, Value::Null).refused(code, &why),
        }
    }

    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String> {
        let product = match wish.product.or_else(|| accounts.iter().next().map(|first| &*first.product)) {
            Some(product) => product.to_owned(),
            None => random::text(10)?,
        };
        let login = json!({
            "cloud": "onenet", "productId": product, "deviceName": wish.device,
            "deviceSecret": BASE64_STANDARD.encode(random::text(32)?),
        });
        Ok(Account::new(&product, wish.device, login))
    }

    fn claims(&self, attempt: &Attempt) -> Option<(String, String)> {
        Some((attempt.user_name.clone(), attempt.client_id.clone()))
    }

    /// The client id is the device's name, the user name the product's id, the password a token:
    /// `version=…&res=…&et=…&method=…&sign=…`, each value percent-encoded. The signature is the HMAC of
    /// `et\nmethod\nres\nversion`, with the key of the device or of its product.
    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal> {
        let (product, device) = (&*attempt.user_name, &*attempt.client_id);
        let Some(account) = accounts.get(product, device) else {
            return refuse(NOT_AUTHORISED, format!("the product {product:?} has no device {device:?}"));
        };
        let token = Token::read(&attempt.password, VERSION)?;
        let own = format!("products/{product}");
        let key = match &*token.res {
            res if res == format!("{own}/devices/{device}") => account.text("deviceSecret"),
            res if res == own => accounts.kept(PRODUCT_SECRET),
            other => return refuse(BAD_PASSWORD, format!("res {other:?} is neither the device nor its product")),
        };
        token.check(key, now_ms)?;
        Ok(Entry { account, sign_method: token.method, auto_subscribed: false })
    }

    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        let Some(path) = own_path(name, topic) else {
            return Err(format!("{topic:?} is not a topic of {name}"));
        };
        if usage == Use::Subscribe {
            return Ok(Kind::System);
        }
        let levels: Vec<&str> = path.split('/').collect();
        match levels[..] {
            ["thing", "property" | "event", "post"]
            | ["thing", "property", "set_reply" | "get_reply"]
            | ["thing", "service", _, "invoke_reply"]
            | ["thing", "property", "desired", "get" | "delete"]
            | ["dp", "post", "json"] => Ok(Kind::System),
            ["custome", "up"] | ["custome", "down_reply", _] => Ok(Kind::Custom),
            _ => Err(format!("{topic:?} is not a topic to publish")),
        }
    }

    fn take(&mut self, common: &mut Common, up: &Up) -> Taken {
        let levels: Vec<&str> = own_path(&up.from.name, up.topic).unwrap_or_default().split('/').collect();
        match levels[..] {
            ["thing", "property", "post"] => post(common, up, "property_post"),
            ["thing", "event", "post"] => post(common, up, "event_post"),
            ["thing", "property", "set_reply"] => self.answer(up, "set_reply"),
            ["thing", "property", "get_reply"] | ["thing", "service", _, "invoke_reply"] => {
                self.answer(up, "service_reply")
            }
            ["custome", ..] => Taken { record: up.record("publish"), answer: None },
            _ => Taken { record: up.record("unserved"), answer: None },
        }
    }

    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome {
        self.ask(common, order, "thing/property/set", "set", &order.fields.params()?)
    }

    /// A service of the thing model. `property.get` asks for properties: those that are the keys of `params`.
    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome {
        let (service, params) = (order.fields.text("service")?, order.fields.params()?);
        match service {
            "property.get" => {
                let names: Value = params.as_object().into_iter().flat_map(Map::keys).cloned().collect();
                self.ask(common, order, "thing/property/get", service, &names)
            }
            _ => self.ask(common, order, &format!("thing/service/{service}/invoke"), service, &params),
        }
    }
}

impl Onenet {
    fn ask(&mut self, common: &mut Common, order: &Order, path: &str, what: &str, params: &Value) -> Outcome {
        let name = &order.session()?.name;
        let id = common.next_id();
        let body = json!({ "id": id, "version": "1.0", "params": params });
        self.pending.add(name, &id, what);
        let down = Down {
            topic: format!("$sys/{name}/{path}"),
            payload: body.to_string().into_bytes(),
            qos: order.fields.qos()?,
        };
        Ok((json!({ "id": id }), Some(down)))
    }

    /// `{"id","code","msg"}`, with `data` where something was asked for.
    fn answer(&mut self, up: &Up, kind: &str) -> Taken {
        let record = up.record(kind);
        let body = match envelope::object(up.payload) {
            Ok(body) => body,
            Err(why) => return Taken { record: record.with("fault", why), answer: None },
        };
        let field = |key: &str| body.get(key).cloned().unwrap_or_default();
        let record = record.with("id", field("id")).with("code", field("code")).with("data", field("data"));
        let judged = (|| {
            if !field("code").is_i64() {
                return Err("code is not a number".to_owned());
            }
            envelope::text(&body, "msg")?;
            let what = self.pending.take(&up.from.name, envelope::text(&body, "id")?)?;
            let is_of = up.topic.ends_with("/property/get_reply") && what == "property.get"
                || up.topic.ends_with("/property/set_reply") && what == "set"
                || up.topic.ends_with(&format!("/service/{what}/invoke_reply"));
            is_of.then_some(what.clone()).ok_or(format!("the request was {what:?}, the answer is on another's topic"))
        })();
        let record = match judged {
            Ok(what) if kind == "service_reply" => record.with("service", what),
            Ok(_) => record,
            Err(why) => record.with("fault", why),
        };
        Taken { record, answer: None }
    }
}

/// The rest of `$sys/{product}/{device}/…`.
fn own_path<'a>(name: &Name, topic: &'a str) -> Option<&'a str> {
    topic.strip_prefix(&*format!("$sys/{name}/")).filter(|path| !path.is_empty())
}

/// A token as the device sent it, its values decoded.
struct Token {
    version: &'static str,
    res: String,
    et: String,
    method: String,
    sign: String,
}

impl Token {
    fn read(text: &str, version: &'static str) -> Result<Token, Refusal> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let field = |key: &str| match fields.iter().find(|(name, _)| name == key) {
            Some((_, value)) if !value.is_empty() => Ok(value.clone()),
            _ => refuse(BAD_PASSWORD, format!("the token has no {key}")),
        };
        match &*field("version")? {
            given if given == version => {}
            other => return refuse(BAD_PASSWORD, format!("the token's version is {other:?}, not {version}")),
        }
        Ok(Token { version, res: field("res")?, et: field("et")?, method: field("method")?, sign: field("sign")? })
    }

    /// Checks time and signature. `key` is base64.
    fn check(&self, key: &str, now_ms: u64) -> Result<(), Refusal> {
        let Token { version, res, et, method, sign } = self;
        let Ok(ends) = et.parse::<u64>() else {
            return refuse(BAD_PASSWORD, format!("et {et:?} is not a number of seconds"));
        };
        let content = format!("{et}\n{method}\n{res}\n{version}");
        let is_signed = match &*method.to_ascii_lowercase() {
            "md5" => is_signed::<Hmac<md5::Md5>>(key, &content, sign),
            "sha1" => is_signed::<Hmac<sha1::Sha1>>(key, &content, sign),
            "sha256" => is_signed::<Hmac<sha2::Sha256>>(key, &content, sign),
            _ => return refuse(BAD_PASSWORD, format!("method {method:?} is not md5, sha1 or sha256")),
        };
        if !is_signed {
            return refuse(BAD_PASSWORD, format!("sign is not the {method} of {content:?}"));
        }
        let now = now_ms / 1000;
        if ends <= now {
            return refuse(NOT_AUTHORISED, format!("the token expired: its time is {ends}, the cloud's {now}"));
        }
        Ok(())
    }
}

fn is_signed<M: Mac + hmac::digest::KeyInit>(key: &str, content: &str, sign: &str) -> bool {
    let (Ok(key), Ok(claimed)) = (BASE64_STANDARD.decode(key), BASE64_STANDARD.decode(sign)) else {
        return false;
    };
    <M as Mac>::new_from_slice(&key).is_ok_and(|mac| mac.chain_update(content).verify_slice(&claimed).is_ok())
}

/// Takes `{"id","version","params":{name:{"value":…,"time":…}}}`: properties, or events with an object for a value.
fn post(common: &mut Common, up: &Up, kind: &str) -> Taken {
    let (body, judged) = match envelope::object(up.payload) {
        Ok(body) => {
            let judged = check(&body, kind == "event_post");
            (body, judged)
        }
        Err(why) => (Map::new(), Err(why)),
    };
    let outcome = envelope::judge(common, OK, judged.as_ref().err().map(|why| (BAD_ENVELOPE, why.clone())));
    let id = body.get("id").cloned().unwrap_or(json!(""));
    let values = judged.unwrap_or_default();
    let (event, params) = match kind {
        "event_post" => (values.keys().next().cloned(), values.values().next().cloned()),
        _ => (None, Some(Value::Object(values))),
    };
    let record = up
        .record(kind)
        .with("id", id.clone())
        .with("event", event)
        .with("params", params)
        .with("code", outcome.code)
        .with("message", &*outcome.words)
        .with("answered", outcome.answers);
    let reply = json!({ "id": id, "code": outcome.code, "msg": outcome.words });
    let answer = outcome.answers.then(|| (format!("{}/reply", up.topic), reply.to_string().into_bytes()));
    Taken { record, answer }
}

/// The values by name, or what is wrong.
fn check(body: &Map<String, Value>, of_events: bool) -> Result<Map<String, Value>, String> {
    let id = envelope::text(body, "id")?;
    if id.len() > 13 || !id.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("id {id:?} is not up to 13 digits"));
    }
    match envelope::text(body, "version")? {
        "1.0" => {}
        other => return Err(format!("version is {other:?}, not \"1.0\"")),
    }
    let params = envelope::fields(body, "params")?;
    if params.is_empty() {
        return Err("params has nothing in it".into());
    }
    let value = |(name, entry): (&String, &Value)| {
        let entry = entry.as_object().ok_or(format!("{name} is {entry}, not an object with a value"))?;
        let value = entry.get("value").ok_or(format!("{name} has no value"))?;
        if of_events && !value.is_object() {
            return Err(format!("the value of the event {name} is {value}, not an object"));
        }
        match entry.get("time") {
            None | Some(Value::Number(_)) => Ok((name.clone(), value.clone())),
            Some(other) => Err(format!("the time of {name} is {other}, not a number of milliseconds")),
        }
    };
    params.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::commands;
    use crate::vendors::tests::{attempt, cloud, command, denied, last, login, publish};

    const KEY: &str = "KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=";
    const TOKEN: &str = "version=2018-10-31&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=md5\
                         &sign=htDD26UhXtXayMFAWRmNiA%3D%3D";

    fn onenet() -> Cloud {
        let device = json!({"cloud": "onenet", "productId": "Ck2AF9QD2K", "deviceName": "test", "deviceSecret": KEY});
        cloud("onenet", &json!({ "productSecret": KEY }), &[("Ck2AF9QD2K", "test", device)])
    }

    fn with(token: &str) -> Attempt {
        attempt("test", "Ck2AF9QD2K", token)
    }

    fn online() -> Cloud {
        let mut cloud = onenet();
        assert_eq!(login(&mut cloud, &with(TOKEN)).0, 0);
        cloud
    }

    /// Vectors of LuatOS's test case, and one with the key of the product.
    #[test]
    fn tokens_as_the_platform_makes_them() {
        for token in [
            TOKEN,
            "version=2018-10-31&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=sha256\
             &sign=6Y4zbk3Sa89tRf9lMxCCE0jG74uEcEuu%2Fnly1pU9ADM%3D",
            "version=2018-10-31&res=products%2FCk2AF9QD2K&et=32472115200&method=md5&sign=j%2BnMqNQKAZL5WurfUBqw2g%3D%3D",
        ] {
            assert_eq!(login(&mut onenet(), &with(token)), (0, String::new()), "{token}");
        }
    }

    #[test]
    fn a_token_that_is_wrong_is_refused_with_the_reason() {
        for (from, to, code, word) in [
            ("2018-10-31", "2022-05-01", BAD_PASSWORD, "version"),
            ("&et=32472115200", "", BAD_PASSWORD, "no et"),
            ("32472115200", "32472115201", BAD_PASSWORD, "sign is not"),
            ("32472115200", "soon", BAD_PASSWORD, "seconds"),
            ("method=md5", "method=md4", BAD_PASSWORD, "\"md4\""),
            ("method=md5", "method=sha1", BAD_PASSWORD, "sign is not"),
            ("%2Ftest", "%2Fother", BAD_PASSWORD, "neither"),
            ("htDD26", "htDD27", BAD_PASSWORD, "sign is not"),
        ] {
            let (told, reason) = login(&mut onenet(), &with(&TOKEN.replace(from, to)));
            assert!(told == code && reason.contains(word), "{to}: {told} {reason}");
        }
        assert_eq!(login(&mut onenet(), &attempt("nobody", "Ck2AF9QD2K", TOKEN)).0, NOT_AUTHORISED);
        // A plus sign that is not encoded is a space.
        let plus =
            "version=2018-10-31&res=products%2FCk2AF9QD2K&et=32472115200&method=md5&sign=j+nMqNQKAZL5WurfUBqw2g==";
        assert_eq!(login(&mut onenet(), &with(plus)).0, BAD_PASSWORD);
    }

    #[test]
    fn a_token_ends_by_the_clouds_clock() {
        let mut cloud = onenet();
        let until_the_end = 32_472_115_200 - 1_700_000_000_i64;
        for (seconds, code) in [(until_the_end - 1, 0), (until_the_end, NOT_AUTHORISED), (0, 0)] {
            commands::run(&mut cloud, &json!({"do": "clock", "cloud": "onenet", "seconds": seconds}));
            assert_eq!(login(&mut cloud, &with(TOKEN)).0, code, "{seconds}");
        }
        for (keepalive, code) in [(9, 3), (10, 0), (1800, 0), (1801, 3)] {
            assert_eq!(login(&mut cloud, &Attempt { keepalive, ..with(TOKEN) }).0, code);
        }
    }

    /// LuatOS's request, which writes the method in capitals both in the token and in what it signs.
    #[test]
    fn a_user_creates_a_device() {
        let login = json!({"cloud": "onenet", "productId": "Ck2AF9QD2K", "deviceName": "other", "deviceSecret": KEY});
        let fresh = || {
            let kept = json!({ "userId": "12345", "userKey": KEY });
            cloud("onenet", &kept, &[("Ck2AF9QD2K", "other", login.clone())])
        };
        let token = "version=2022-05-01&res=userid%2F12345&et=2051193600&method=SHA256\
                     &sign=wZwi5S3qQUaqjQjoL9L%2BezSd%2FKqxaSjCRtE53vZZI9A%3D";
        let head = format!(
            "POST /device/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nauthorization: {token}\r\n\r\n"
        );
        let body = r#"{"product_id":"Ck2AF9QD2K","device_name":"test"}"#;
        let post = |cloud: &mut Cloud, head: &str, body: &str| -> Value {
            let (told, _) = commands::run(cloud, &json!({ "do": "post", "head": head, "body": body }));
            serde_json::from_str(told["body"].as_str().unwrap_or_else(|| panic!("{told}"))).unwrap()
        };
        let mut cloud = fresh();
        let reply = post(&mut cloud, &head, body);
        assert_eq!(
            (&reply["code"], &reply["msg"], &reply["data"]["name"]),
            (&json!(0), &json!("succ"), &json!("test"))
        );
        let described = cloud.vendors.describe();
        assert_eq!(
            described["onenet"]["devices"].as_array().unwrap().last().unwrap()["deviceSecret"],
            reply["data"]["sec_key"]
        );
        assert_eq!(post(&mut cloud, &head, body)["code"], 10406);
        for (from, to, code) in [
            ("wZwi", "wZwj", 10403),
            ("12345", "12346", 10403),
            ("2022-05-01", "2018-10-31", 10403),
            ("SHA256", "sha256", 10403),
            ("authorization", "other", 10403),
            ("product_id", "product", 10001),
            ("Ck2AF9QD2K", "Ck2AF9QD2L", 10410),
        ] {
            let mut cloud = fresh();
            assert_eq!(post(&mut cloud, &head.replace(from, to), &body.replace(from, to))["code"], code, "{to}");
            assert_eq!(
                (&last(&cloud, "registration")["ok"], &last(&cloud, "registration")["code"]),
                (&json!(false), &json!(code))
            );
        }
        let mut late = fresh();
        commands::run(&mut late, &json!({"do": "clock", "cloud": "onenet", "seconds": 351_193_600}));
        assert!(post(&mut late, &head, body)["msg"].as_str().unwrap().contains("expired"));
    }

    #[test]
    fn own_topics_and_ten_of_them() {
        let mut cloud = online();
        assert_eq!(
            denied(
                &mut cloud,
                &[
                    "publish $sys/Ck2AF9QD2K/test/thing/property/post",
                    "publish $sys/Ck2AF9QD2K/test/thing/property/set",
                    "publish $sys/Ck2AF9QD2K/other/thing/property/post",
                    "publish $sys/Ck2AF9QD2K/test/custome/up",
                    "publish a/b",
                    "subscribe $sys/Ck2AF9QD2K/test/#",
                    "subscribe $sys/Ck2AF9QD2K/+/thing/property/set",
                    "subscribe a/b",
                ]
            ),
            [
                "publish $sys/Ck2AF9QD2K/test/thing/property/set",
                "publish $sys/Ck2AF9QD2K/other/thing/property/post",
                "publish a/b",
                "subscribe $sys/Ck2AF9QD2K/+/thing/property/set",
                "subscribe a/b",
            ]
        );
        let topics: Vec<String> = (0..10).map(|at| format!("subscribe $sys/Ck2AF9QD2K/test/x{at}")).collect();
        let topics: Vec<&str> = topics.iter().map(|topic| &**topic).collect();
        assert_eq!(denied(&mut cloud, &topics), [topics[9]]);
    }

    #[test]
    fn posts_are_answered() {
        let mut cloud = online();
        let property = "$sys/Ck2AF9QD2K/test/thing/property/post";
        let body = r#"{"id":"7","version":"1.0","params":{"power":{"value":1},"t":{"value":2.5,"time":1}}}"#;
        let (topic, reply) = publish(&mut cloud, property, body).unwrap();
        assert_eq!(topic, format!("{property}/reply"));
        assert_eq!(reply, json!({"id": "7", "code": 200, "msg": "success"}));
        assert_eq!(last(&cloud, "property_post")["params"], json!({"power": 1, "t": 2.5}));
        let event = "$sys/Ck2AF9QD2K/test/thing/event/post";
        let body = r#"{"id":"8","version":"1.0","params":{"low":{"value":{"v":2.8}}}}"#;
        assert_eq!(publish(&mut cloud, event, body).unwrap().1["code"], 200);
        let record = last(&cloud, "event_post");
        assert_eq!((&record["event"], &record["params"]), (&json!("low"), &json!({"v": 2.8})));
        for wrong in [
            "x",
            r#"{"version":"1.0","params":{"a":{"value":1}}}"#,
            r#"{"id":7,"version":"1.0","params":{"a":{"value":1}}}"#,
            r#"{"id":"a","version":"1.0","params":{"a":{"value":1}}}"#,
            r#"{"id":"12345678901234","version":"1.0","params":{"a":{"value":1}}}"#,
            r#"{"id":"7","version":"2.0","params":{"a":{"value":1}}}"#,
            r#"{"id":"7","version":"1.0","params":{}}"#,
            r#"{"id":"7","version":"1.0","params":{"a":1}}"#,
            r#"{"id":"7","version":"1.0","params":{"a":{"time":1}}}"#,
        ] {
            assert_eq!(publish(&mut cloud, property, wrong).unwrap().1["code"], BAD_ENVELOPE, "{wrong}");
        }
        assert_eq!(
            publish(&mut cloud, event, r#"{"id":"7","version":"1.0","params":{"a":{"value":1}}}"#).unwrap().1["code"],
            BAD_ENVELOPE
        );
    }

    #[test]
    fn requests_are_answered_on_their_own_topics() {
        let mut cloud = online();
        let about = |more: Value| {
            let mut request = json!({"cloud": "onenet", "device": "test"});
            request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            request
        };
        let start = "$sys/Ck2AF9QD2K/test/thing";
        for (request, path, params, kind, wrong_path) in [
            (json!({"do": "set", "params": {"a": 1}}), "property/set", json!({"a": 1}), "set_reply", "property/get"),
            (
                json!({"do": "service", "service": "open", "params": {"n": 1}}),
                "service/open/invoke",
                json!({"n": 1}),
                "service_reply",
                "service/shut/invoke",
            ),
            (
                json!({"do": "service", "service": "property.get", "params": {"a": 1}}),
                "property/get",
                json!(["a"]),
                "service_reply",
                "property/set",
            ),
        ] {
            let (topic, body) = command(&mut cloud, about(request.clone()));
            assert_eq!((topic, &body["params"], &body["version"]), (format!("{start}/{path}"), &params, &json!("1.0")));
            let answer = json!({"id": body["id"], "code": 200, "msg": "ok", "data": {"x": 1}}).to_string();
            publish(&mut cloud, &format!("{start}/{path}_reply"), &answer);
            let record = last(&cloud, kind);
            assert_eq!((&record["fault"], &record["code"]), (&Value::Null, &json!(200)), "{record}");
            // Answered already.
            publish(&mut cloud, &format!("{start}/{path}_reply"), &answer);
            assert!(last(&cloud, kind)["fault"].as_str().unwrap().contains("waits"));
            let (_, body) = command(&mut cloud, about(request));
            let answer = json!({"id": body["id"], "code": 200, "msg": "ok"}).to_string();
            publish(&mut cloud, &format!("{start}/{wrong_path}_reply"), &answer);
            let faults = ["set_reply", "service_reply"].map(|kind| last(&cloud, kind)["fault"].clone());
            assert!(
                faults.iter().any(|fault| fault.as_str().is_some_and(|fault| fault.contains("another"))),
                "{faults:?}"
            );
        }
    }
}
