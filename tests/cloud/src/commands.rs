//! What can a test, or a person at the terminal, make the cloud do?
//!
//! A command is a JSON object with a `do`; the reply says `"ok":true` and what it did, or what was wrong.

use serde_json::{Value, json};

use crate::acts::Act;
use crate::clock::shifted;
use crate::cloud::{Cloud, Disliking, Refusing, system_message};
use crate::fields::Fields;
use crate::journal::Record;
use crate::registration::{self, Provoked};
use crate::services::{Order, ReplyMode};

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

/// The commands that concern no service: name, the fields that it takes, what it does. A service has its own.
const COMMANDS: &[(&str, &[&str], Command)] = &[
    ("seen", &["device", "productKey", "kind", "since"], seen),
    ("clear", &[], clear),
    ("online", &[], online),
    ("publish", &["device", "productKey", "topic", "payload", "hex", "qos", "direct"], publish),
    ("drop", &["device", "productKey"], drop_link),
    ("clock", &["seconds"], clock),
    ("vendors", &[], vendors),
    ("device", &["device", "productKey", "certificate"], device),
    ("product", &["productKey", "dynamic", "unlisted", "broadcast"], product),
    ("reset", &["device", "productKey"], reset),
    ("http", &["mode", "status", "count"], http),
    ("post", &["head", "body"], post),
    ("refuse", &["code", "count"], refuse),
    ("dislike", &["topic", "payload"], dislike),
    ("reply", &["mode", "count"], reply),
];

fn dispatch(cloud: &mut Cloud, request: &Value) -> Outcome {
    let fields = Fields(request.as_object().ok_or("a command is a JSON object")?);
    let asked = fields.text("do")?;
    if let Some((_, known, command)) = COMMANDS.iter().find(|(name, ..)| *name == asked) {
        fields.must_be_of(known)?;
        return command(cloud, &fields);
    }
    let device = cloud.device(&fields);
    let session = device.clone().and_then(|name| cloud.session(&name).cloned());
    let online = device.as_ref().is_ok_and(|name| cloud.is_online(name));
    let outcome = match fields.vendor()? {
        None => {
            let now_ms = shifted(cloud.now_ms, cloud.clock_s);
            cloud.services.run(asked, &Order::new(fields, device, session.clone(), online, now_ms))
        }
        Some(vendor) => {
            let playing = cloud.vendors.named(vendor)?;
            let now_ms = playing.now_ms(cloud.now_ms);
            playing.run(asked, &Order::new(fields, device, session.clone(), online, now_ms))
        }
    };
    let Some(outcome) = outcome else {
        return Err(format!("no command is called {asked:?}"));
    };
    let (reply, down) = outcome?;
    let acts = match (down, session) {
        (Some(down), Ok(session)) => vec![system_message(&session, down.topic, down.payload, down.qos)],
        _ => vec![],
    };
    Ok((reply, acts))
}

fn seen(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let filter: Vec<(&str, &Value)> = ["cloud", "device", "productKey", "kind"]
        .into_iter()
        .filter_map(|key| Some((key, fields.value(key)?)))
        .collect();
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
                "cloud": session.name.cloud,
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

fn publish(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let topic = fields.text("topic")?.to_owned();
    if topic.is_empty() || topic.contains(['+', '#', '\0']) {
        return Err(format!("nothing can be published to {topic:?}"));
    }
    let payload = fields.payload()?;
    let to = match fields.flag("direct")?.unwrap_or(false) {
        true => {
            let name = cloud.device(fields)?;
            Some(cloud.session(&name)?.client_id.clone())
        }
        false => None,
    };
    let qos = fields.qos()?;
    Ok((json!({}), vec![Act::Publish { to, topic, payload, qos }]))
}

fn drop_link(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = cloud.device(fields)?;
    Ok((json!({}), vec![cloud.drop_link(&name, "dropped on command")?]))
}

/// Sets a cloud's clock wrong.
fn clock(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let seconds = fields.signed("seconds")?;
    let now_ms = match fields.vendor()? {
        None => {
            cloud.clock_s = seconds;
            shifted(cloud.now_ms, seconds)
        }
        Some(vendor) => {
            let playing = cloud.vendors.named(vendor)?;
            playing.clock_s = seconds;
            playing.now_ms(cloud.now_ms)
        }
    };
    Ok((json!({ "now": now_ms }), vec![]))
}

fn vendors(cloud: &mut Cloud, _: &Fields) -> Outcome {
    Ok((json!({ "vendors": cloud.vendors.describe() }), vec![]))
}

fn device(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let (product, name) = (fields.optional_text("productKey")?, fields.optional_text("device")?);
    let certified = fields.flag("certificate")?.unwrap_or(false);
    let credentials = match fields.vendor()? {
        Some(vendor) => cloud.vendors.named(vendor)?.create(product, name, certified)?,
        None if certified => return Err("Alibaba's devices have no certificate here".into()),
        None => cloud.devices.create(product, name)?,
    };
    Ok((json!({ "device": credentials }), vec![]))
}

fn product(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    if let Some(vendor) = fields.vendor()? {
        let playing = cloud.vendors.named(vendor)?;
        return Ok((json!({ "product": playing.allow(fields.flag("dynamic")?, fields.flag("unlisted")?) }), vec![]));
    }
    let key = fields.text("productKey")?;
    let flag = |key| fields.flag(key);
    let product = cloud.devices.allow(key, flag("dynamic")?, flag("unlisted")?, flag("broadcast")?)?;
    Ok((json!({ "product": product }), vec![]))
}

fn reset(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let name = cloud.device(fields)?;
    match fields.vendor()? {
        Some(vendor) => cloud.vendors.named(vendor)?.set_active(&name, false),
        None => cloud.devices.set_active(&name, false),
    }
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
    let (head, body) = (fields.text("head")?, fields.text("body")?);
    if let Some((name, response)) = cloud.vendors.http(head, body, cloud.now_ms) {
        let record = Record::new("registration", &name).with("way", "https").with("ok", response.fault.is_none());
        let record = match response.fault {
            Some((code, reason)) => record.with("code", code).with("reason", reason),
            None => record,
        };
        cloud.journal.add(cloud.now_ms, record);
        return Ok((cloud.provoked.vendor_response(response.status, response.headers, response.body), vec![]));
    }
    Ok((registration::over_https(&mut cloud.registry(), head, body), vec![]))
}

fn refuse(cloud: &mut Cloud, fields: &Fields) -> Outcome {
    let vendor = fields.vendor()?.map(|name| cloud.vendors.named(name).map(|playing| playing.name));
    cloud.refusing = Refusing {
        vendor: vendor.transpose()?,
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
    let common = match fields.vendor()? {
        Some(vendor) => &mut cloud.vendors.named(vendor)?.common,
        None => &mut cloud.services.common,
    };
    common.reply_mode = match fields.value("mode") {
        Some(Value::String(word)) if word == "normal" => ReplyMode::Normal,
        Some(Value::String(word)) if word == "silent" => ReplyMode::Silent,
        Some(Value::Number(code)) if code.is_u64() => ReplyMode::Code(code.as_u64().unwrap_or_default()),
        other => return Err(format!("mode is {other:?}: normal, silent or a code")),
    };
    common.reply_mode_left = match fields.value("count") {
        None => None,
        Some(_) => Some(fields.number("count", 1, u64::MAX)?.max(1)),
    };
    Ok((json!({}), vec![]))
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
        let all = COMMANDS.iter().map(|(name, fields, _)| (*name, *fields));
        for (name, fields) in all.chain(crate::services::commands()).chain(crate::vendors::COMMANDS) {
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
