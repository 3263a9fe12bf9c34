//! What can a test, or a person at the terminal, make the cloud do?
//!
//! A command is a JSON object with a `do`; the reply says `"ok":true` and what it did, or what was wrong.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::alink;
use crate::cloud::{Act, Cloud, Disliking, Refusing, system_message};
use crate::devices::Name;
use crate::registration::{self, Provoked};
use crate::services::upload::{Rate, Trouble};
use crate::services::{ReplyMode, call};
use crate::sign::{from_hex, to_hex};

type Outcome = Result<(Value, Vec<Act>), String>;
type Command = fn(&mut Cloud, &Fields) -> Outcome;

/// Carries out one command; the broker does the acts.
pub fn run(cloud: &mut Cloud, request: &Value) -> (Value, Vec<Act>) {
    match dispatch(cloud, request) {
        Ok((mut reply, acts)) => {
            reply["ok"] = json!(true);
            (reply, acts)
        }
        Err(why) => (json!({ "ok": false, "error": why }), Vec::new()),
    }
}

/// Every command: its name, the fields that it takes, what it does.
const COMMANDS: &[(&str, &[&str], Command)] = &[
    ("seen", &["device", "productKey", "kind", "since"], seen),
    ("clear", &[], clear),
    ("online", &[], online),
    ("set", &["device", "productKey", "params", "qos"], set),
    ("service", &["device", "productKey", "service", "params", "qos"], service),
    ("rrpc", &["device", "productKey", "service", "params", "topic", "payload", "hex", "wait_ms"], rrpc),
    ("raw", &["device", "productKey", "hex", "qos"], raw),
    ("publish", &["device", "productKey", "topic", "payload", "hex", "qos", "direct"], publish),
    ("drop", &["device", "productKey"], drop_link),
    ("device", &["device", "productKey"], device),
    ("product", &["productKey", "dynamic", "unlisted"], product),
    ("reset", &["device", "productKey"], reset),
    ("http", &["mode", "status", "count"], http),
    ("post", &["head", "body"], post),
    ("refuse", &["code", "count"], refuse),
    ("dislike", &["topic", "payload"], dislike),
    ("reply", &["mode", "count"], reply),
    ("upload", &["code", "count", "what", "cuts", "loses_block", "forget"], upload),
    ("limit", &["blocks"], limit),
    ("file", &["device", "productKey", "name"], file),
];

fn dispatch(cloud: &mut Cloud, request: &Value) -> Outcome {
    let fields = Fields(request.as_object().ok_or("a command is a JSON object")?);
    let asked = fields.text("do")?;
    let Some((_, known, command)) = COMMANDS.iter().find(|(name, ..)| *name == asked) else {
        return Err(format!("no command is called {asked:?}"));
    };
    if let Some(stray) = fields.0.keys().find(|key| *key != "do" && !known.contains(&&***key)) {
        return Err(format!("{stray:?} means nothing to this command; it takes {known:?}"));
    }
    command(cloud, &fields)
}

fn seen(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let filter: Vec<(&str, &Value)> =
        ["device", "productKey", "kind"].into_iter().filter_map(|key| Some((key, fields.0.get(key)?))).collect();
    let since = fields.number("since", 0, u64::MAX)?;
    Ok((cloud.journal.seen(&filter, since), vec![]))
}

fn clear(cloud: &mut Cloud, _: &Fields) -> Outcome {
    cloud.journal.clear();
    Ok((json!({}), vec![]))
}

fn online(cloud: &mut Cloud, _: &Fields) -> Outcome {
    let mut devices: Vec<Value> = cloud
        .sessions()
        .map(|session| {
            json!({
                "device": session.name.device,
                "productKey": session.name.product,
                "clientId": session.client_id,
                "keepalive": session.keepalive,
                "clean": session.clean,
                "securemode": session.secure_mode,
                "signmethod": session.sign_method,
            })
        })
        .collect();
    devices.sort_by_key(|entry| entry["clientId"].to_string());
    Ok((json!({ "devices": devices }), vec![]))
}

fn set(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    thing_call(cloud, fields, "property/set", "thing.service.property.set")
}

fn service(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let id = fields.text("service")?;
    thing_call(cloud, fields, id, &format!("thing.service.{id}"))
}

/// An asynchronous call; the device answers on the topic's `_reply`.
fn thing_call(cloud: &mut Cloud, fields: &Fields, path: &str, method: &str) -> Outcome {
    let name = fields.device(cloud)?;
    let (params, qos) = (fields.params()?, fields.qos()?);
    let id = cloud.next_id();
    let topic = format!("/sys/{name}/thing/service/{path}");
    let act = system_message(cloud.session(&name)?, topic, alink::call(&id, method, &params), qos);
    Ok((json!({ "id": id }), vec![act]))
}

fn rrpc(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = fields.device(cloud)?;
    let wait_ms = fields.number("wait_ms", call::WAIT_MS, 60_000)?;
    if fields.0.contains_key("topic") {
        return custom_rrpc(cloud, fields, &name, wait_ms);
    }
    let (service, params) = (fields.text("service")?, fields.params()?);
    if !cloud.is_online(&name) {
        return Err(format!("{name} is not connected"));
    }
    let (id, rid) = (cloud.next_id(), cloud.next_rid());
    let session = cloud.session(&name)?;
    let topic = if session.custom_rrpc {
        format!("/ext/rrpc/{rid}/sys/{name}/thing/service/{service}")
    } else {
        format!("/sys/{name}/rrpc/request/{rid}")
    };
    let payload = alink::call(&id, &format!("thing.service.{service}"), &params);
    let act = system_message(session, topic.clone(), payload, 0);
    cloud.services.calls.expect(&name, &rid, service, cloud.now_ms, wait_ms);
    Ok((json!({ "id": id, "rid": rid, "topic": topic }), vec![act]))
}

/// A synchronous call of any payload, on a custom topic, or on the device's own if that is empty.
fn custom_rrpc(cloud: &mut Cloud, fields: &Fields, name: &Name, wait_ms: u64) -> Outcome {
    let custom = fields.text("topic")?;
    let payload = fields.payload()?;
    let rid = cloud.next_rid();
    let session = cloud.session(name)?;
    let topic = match custom {
        "" => format!("/sys/{name}/rrpc/request/{rid}"),
        _ if !custom.starts_with('/') => return Err(format!("{custom:?} does not begin with a slash")),
        _ if !session.custom_rrpc => return Err(format!("{name} did not log in with ext bit 1")),
        _ => format!("/ext/rrpc/{rid}{custom}"),
    };
    let act = system_message(session, topic.clone(), payload, 0);
    cloud.services.calls.expect(name, &rid, custom, cloud.now_ms, wait_ms);
    Ok((json!({ "rid": rid, "topic": topic }), vec![act]))
}

fn raw(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = fields.device(cloud)?;
    let payload = fields.hex()?.ok_or("hex is missing")?;
    let topic = format!("/sys/{name}/thing/model/down_raw");
    let act = system_message(cloud.session(&name)?, topic, payload, fields.qos()?);
    Ok((json!({}), vec![act]))
}

fn publish(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let topic = fields.text("topic")?.to_owned();
    if topic.is_empty() || topic.contains(['+', '#', '\0']) {
        return Err(format!("nothing can be published to {topic:?}"));
    }
    let payload = fields.payload()?;
    let to = match fields.flag("direct")?.unwrap_or(false) {
        true => Some(cloud.session(&fields.device(cloud)?)?.client_id.clone()),
        false => None,
    };
    let qos = fields.qos()?;
    Ok((json!({}), vec![Act::Publish { to, topic, payload, qos }]))
}

fn drop_link(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = fields.device(cloud)?;
    Ok((json!({}), vec![cloud.drop_link(&name, "dropped on command")?]))
}

fn device(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let credentials = cloud.devices.create(fields.optional_text("productKey")?, fields.optional_text("device")?)?;
    Ok((json!({ "device": credentials }), vec![]))
}

fn product(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let key = fields.text("productKey")?;
    let product = cloud.devices.allow(key, fields.flag("dynamic")?, fields.flag("unlisted")?)?;
    Ok((json!({ "product": product }), vec![]))
}

fn reset(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = fields.device(cloud)?;
    cloud.devices.set_active(&name, false);
    Ok((json!({}), vec![]))
}

fn http(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    cloud.provoked = Provoked::named(
        fields.text("mode")?,
        fields.number("status", 500, 599)?,
        fields.number("count", 1, u64::MAX)?,
    )?;
    Ok((json!({}), vec![]))
}

/// What came over HTTPS, from the launcher.
fn post(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    Ok((registration::over_https(cloud, fields.text("head")?, fields.text("body")?)?, vec![]))
}

fn refuse(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    cloud.refusing = Refusing {
        code: match fields.number("code", 3, 255)? {
            0 => return Err("code 0 would be a welcome".into()),
            code => code as u8,
        },
        left: fields.number("count", 1, u64::MAX)?,
    };
    Ok((json!({}), vec![]))
}

fn dislike(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let text = |key| fields.optional_text(key).map(|text| text.unwrap_or_default().to_owned());
    cloud.disliking = Disliking { topic: text("topic")?, payload: text("payload")? };
    Ok((json!({}), vec![]))
}

fn reply(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    cloud.services.reply_mode = match fields.0.get("mode") {
        Some(Value::String(word)) if word == "normal" => ReplyMode::Normal,
        Some(Value::String(word)) if word == "silent" => ReplyMode::Silent,
        Some(Value::Number(code)) if code.is_u64() => ReplyMode::Code(code.as_u64().unwrap_or_default()),
        other => return Err(format!("mode is {other:?}: normal, silent or a code")),
    };
    cloud.services.reply_mode_left = match fields.0.get("count") {
        None => None,
        Some(_) => Some(fields.number("count", 1, u64::MAX)?.max(1)),
    };
    Ok((json!({}), vec![]))
}

fn upload(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let cuts = match fields.0.get("cuts") {
        None => Vec::new(),
        Some(cuts) => serde_json::from_value(cuts.clone()).map_err(|_| "cuts is not a list of offsets")?,
    };
    let what = fields.optional_text("what")?.map(str::to_owned);
    if let Some(what) = what.as_ref().filter(|what| !matches!(&***what, "init" | "send")) {
        return Err(format!("what is {what:?}: init or send"));
    }
    let code = fields.number("code", 0, u64::MAX)?;
    let count = fields.number("count", fields.0.contains_key("code").into(), u64::MAX)?;
    cloud.services.trouble =
        Trouble { code, count, what, cuts, loses_block: fields.flag("loses_block")?.unwrap_or(false) };
    if fields.flag("forget")?.unwrap_or(false) {
        cloud.services.uploads.forget();
    }
    Ok((json!({}), vec![]))
}

fn limit(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let blocks = fields.number("blocks", 0, 1000)?;
    cloud.services.block_rate = Rate::new((blocks > 0).then_some(blocks as usize));
    Ok((json!({}), vec![]))
}

/// The largest file that is told in full.
const SHOWN: usize = 64 << 10;

fn file(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let device = fields.device(cloud)?;
    let name = fields.text("name")?;
    let file =
        cloud.services.uploads.file(&device, name).ok_or_else(|| format!("{device} has no file called {name:?}"))?;
    let mut reply = json!({
        "upload": file.upload,
        "size": file.content.len(),
        "sha256": to_hex(&Sha256::digest(&file.content)),
        "under_way": cloud.services.uploads.under_way(&device),
    });
    if file.content.len() <= SHOWN {
        reply["hex"] = to_hex(&file.content).into();
    }
    Ok((reply, vec![]))
}

impl Cloud {
    fn next_id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    /// The platform's own are long numbers; so are these.
    fn next_rid(&mut self) -> String {
        self.last_id += 1;
        format!("{}{:06}", self.now_ms, self.last_id % 1_000_000)
    }
}

/// The fields of a command, each with an error that names it.
struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn text(&self, key: &str) -> Result<&'a str, String> {
        self.optional_text(key)?.ok_or_else(|| format!("{key} is missing"))
    }

    fn optional_text(&self, key: &str) -> Result<Option<&'a str>, String> {
        let found = self.0.get(key);
        found.map(|value| value.as_str().ok_or_else(|| format!("{key} is not text"))).transpose()
    }

    fn number(&self, key: &str, default: u64, most: u64) -> Result<u64, String> {
        let Some(value) = self.0.get(key) else {
            return Ok(default);
        };
        value
            .as_u64()
            .filter(|number| *number <= most)
            .ok_or_else(|| format!("{key} is {value}, not a number up to {most}"))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        let found = self.0.get(key);
        found.map(|value| value.as_bool().ok_or_else(|| format!("{key} is not true or false"))).transpose()
    }

    fn qos(&self) -> Result<u8, String> {
        Ok(self.number("qos", 1, 1)? as u8)
    }

    fn hex(&self) -> Result<Option<Vec<u8>>, String> {
        let text = self.optional_text("hex")?;
        text.map(|text| from_hex(text).ok_or_else(|| format!("hex is not hex digits: {text:?}"))).transpose()
    }

    /// `hex`, or the text of `payload`.
    fn payload(&self) -> Result<Vec<u8>, String> {
        match self.hex()? {
            Some(bytes) => Ok(bytes),
            None => Ok(self.text("payload")?.as_bytes().to_vec()),
        }
    }

    fn params(&self) -> Result<Value, String> {
        match self.0.get("params") {
            None => Ok(json!({})),
            Some(params) if params.is_object() => Ok(params.clone()),
            Some(other) => Err(format!("params is {other}, not an object")),
        }
    }

    fn device(&self, cloud: &Cloud) -> Result<Name, String> {
        cloud.devices.find(self.optional_text("productKey")?, self.text("device")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::tests::{attempt, cloud};

    fn error(request: Value) -> String {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        run(&mut cloud, &request).0["error"].as_str().unwrap_or("none").to_owned()
    }

    #[test]
    fn errors_name_what_was_wrong() {
        for (request, word) in [
            (json!([]), "object"),
            (json!({}), "do is missing"),
            (json!({"do": "dance"}), "dance"),
            (json!({"do": "set"}), "device is missing"),
            (json!({"do": "set", "device": "nobody"}), "nobody"),
            (json!({"do": "set", "device": "dev02"}), "not connected"),
            (json!({"do": "set", "device": "dev01", "params": []}), "params"),
            (json!({"do": "set", "device": "dev01", "parms": {}}), "parms"),
            (json!({"do": "set", "device": "dev01", "qos": 2}), "qos"),
            (json!({"do": "raw", "device": "dev01", "hex": "0"}), "hex"),
            (json!({"do": "publish", "topic": "/a/#", "payload": ""}), "/a/#"),
            (json!({"do": "rrpc", "device": "dev02", "service": "x"}), "not connected"),
            (json!({"do": "reply", "mode": "loud"}), "mode"),
            (json!({"do": "refuse", "code": 0}), "code"),
            (json!({"do": "upload", "what": "cancel"}), "what"),
            (json!({"do": "upload", "cuts": 5}), "cuts"),
            (json!({"do": "upload", "forget": 1}), "forget"),
            (json!({"do": "limit", "blocks": 1001}), "blocks"),
            (json!({"do": "file", "device": "dev01", "name": "a"}), "no file"),
        ] {
            let told = error(request.clone());
            assert!(told.contains(word), "{request}: {told}");
        }
        assert_eq!(error(json!({"do": "set", "device": "dev01"})), "none");
    }

    /// The row of the README's table is `| `name` | what it takes | what it gives |`; `device` stands for `productKey` too.
    #[test]
    fn every_command_and_field_is_in_the_readme() {
        let readme = include_str!("../README.md");
        for (name, fields, _) in COMMANDS {
            let rows: String = rows(readme, name);
            assert!(!rows.is_empty(), "{name} is missing");
            for field in fields.iter().filter(|field| **field != "productKey" || !fields.contains(&"device")) {
                assert!(rows.contains(&format!("`{field}`")), "{name} takes {field}: {rows}");
            }
        }
    }

    /// The command's row, and those below it that go on about it.
    fn rows(readme: &str, command: &str) -> String {
        let from = readme.lines().skip_while(|line| !line.starts_with(&format!("| `{command}` |")));
        from.enumerate().take_while(|(at, line)| *at == 0 || line.starts_with("| |")).map(|(_, line)| line).collect()
    }

    fn topic(cloud: &mut Cloud, request: Value) -> (Option<String>, String) {
        let (reply, acts) = run(cloud, &request);
        match &acts[..] {
            [Act::Publish { to, topic, .. }] => (to.clone(), topic.clone()),
            other => panic!("{reply} {other:?}"),
        }
    }

    #[test]
    fn a_synchronous_service_follows_the_ext_bit() {
        let request = json!({"do": "rrpc", "device": "dev01", "service": "reboot"});
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        let (_, first) = topic(&mut cloud, request.clone());
        assert!(first.starts_with("/ext/rrpc/") && first.ends_with("/sys/a1B2c3D4e5F/dev01/thing/service/reboot"));
        let mut other = attempt();
        other.client_id = other.client_id.replace("ext=3", "ext=0");
        cloud.login(2, &other).unwrap();
        assert!(topic(&mut cloud, request).1.starts_with("/sys/a1B2c3D4e5F/dev01/rrpc/request/"));
    }

    #[test]
    fn without_ss_a_device_must_subscribe() {
        let request = json!({"do": "set", "device": "dev01", "params": {"a": 1}});
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        assert!(topic(&mut cloud, request.clone()).0.is_some());
        let mut other = attempt();
        other.client_id = other.client_id.replace("_ss=1", "_ss=0");
        cloud.login(2, &other).unwrap();
        assert_eq!(topic(&mut cloud, request).0, None);
    }
}
