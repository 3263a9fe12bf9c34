//! A person at the terminal: what the cloud sees, printed; what the person types, done.

use std::io::{self, BufRead, BufReader};
use std::net::TcpStream;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::control::Control;
use crate::escape::escaped;
use crate::options::VENDORS;

/// What a person can type: a verb, the words after it as `help` shows them, what it does, and the fields of its command.
struct Verb(&'static str, &'static str, &'static str, &'static [Field]);

/// A field of a command, from the words that are left.
enum Field {
    /// The next word; the error says what is missing.
    Word(&'static str, &'static str),
    /// The next word, if there is one.
    MayBeWord(&'static str),
    Number(&'static str),
    /// A whole number of either sign.
    Signed(&'static str),
    MayBeNumber(&'static str),
    /// A number, or another word.
    NumberOrWord(&'static str),
    /// Whether the next word is this one.
    Flag(&'static str, &'static str),
    /// All the rest, as text.
    Text(&'static str),
    /// All the rest, as a JSON value; `{}` if there is none.
    Json(&'static str),
    /// Says the same each time.
    Always(&'static str, &'static str),
}

use Field::{Always, Flag, Json, MayBeNumber, MayBeWord, Number, NumberOrWord, Signed, Text, Word};

const DEVICE: Field = Word("device", "a device");
const PARAMS: Field = Json("params");

/// One line a verb.
const VERBS: &[Verb] = &[
    Verb("set", "DEVICE {\"Name\":value}", "set properties", &[DEVICE, PARAMS]),
    Verb("desired", "DEVICE {\"Name\":value}", "set desired properties, and show all of them", &[DEVICE, PARAMS]),
    Verb(
        "service",
        "DEVICE ID {params}",
        "call a service; the device answers when it likes",
        &[DEVICE, Word("service", "a service"), PARAMS],
    ),
    Verb(
        "rrpc",
        "DEVICE ID {params}",
        "call a service; the device answers within 8 s",
        &[DEVICE, Word("service", "a service"), PARAMS],
    ),
    Verb("raw", "DEVICE HEX", "send raw data", &[DEVICE, Word("hex", "hex")]),
    Verb("publish", "TOPIC TEXT", "publish to whoever subscribed", &[Word("topic", "a topic"), Text("payload")]),
    Verb(
        "direct",
        "DEVICE TOPIC TEXT",
        "publish to a device, subscribed or not",
        &[Always("do", "publish"), Always("direct", "true"), DEVICE, Word("topic", "a topic"), Text("payload")],
    ),
    Verb("drop", "DEVICE", "close its connection", &[DEVICE]),
    Verb("device", "[NAME]", "make a device and show its credentials", &[MayBeWord("device")]),
    Verb("reset", "DEVICE", "let it register again, though it has connected", &[DEVICE]),
    Verb(
        "product",
        "KEY [unlisted]",
        "make a product; have it take devices that are not listed",
        &[Word("productKey", "a product key"), Flag("unlisted", "unlisted")],
    ),
    Verb(
        "broadcast",
        "KEY",
        "let a product's devices publish to /broadcast/KEY/…",
        &[Always("do", "product"), Always("broadcast", "true"), Word("productKey", "a product key")],
    ),
    Verb(
        "http",
        "MODE [COUNT]",
        "how the next registrations are answered: chunked, cut, …",
        &[Word("mode", "a mode"), MayBeNumber("count")],
    ),
    Verb(
        "refuse",
        "CODE [COUNT]",
        "refuse the next logins with this CONNACK code",
        &[Number("code"), MayBeNumber("count")],
    ),
    Verb("reply", "normal|silent|CODE", "how the next posts are answered", &[NumberOrWord("mode")]),
    Verb(
        "limit",
        "BLOCKS",
        "how many blocks of uploads a device may send a second; 0: any number",
        &[Number("blocks")],
    ),
    Verb("clock", "SECONDS", "set the cloud's clock wrong by so many seconds", &[Signed("seconds")]),
    Verb("online", "", "who is connected", &[]),
    Verb("seen", "[KIND]", "what was seen so far", &[MayBeWord("kind")]),
    Verb("clear", "", "forget it", &[]),
];

fn help() -> String {
    let line = |verb: &str, words: &str, help: &str| format!("  {:<32} {help}\n", format!("{verb} {words}"));
    let lines = VERBS.iter().map(|Verb(verb, words, help, _)| line(verb, words, help));
    let end = format!("  CLOUD before a command: that cloud, not Alibaba's ({})\n  quit", VENDORS.join(", "));
    lines.collect::<String>() + &end
}

static QUIT: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

/// Ends the program.
pub fn quit() {
    *QUIT.0.lock().unwrap_or_else(|e| e.into_inner()) = true;
    QUIT.1.notify_all();
}

pub fn quitting() -> bool {
    *QUIT.0.lock().unwrap_or_else(|e| e.into_inner())
}

/// Waits, but not beyond [`quit`].
pub fn pause(time: Duration) {
    let quit = QUIT.0.lock().unwrap_or_else(|e| e.into_inner());
    drop(QUIT.1.wait_timeout_while(quit, time, |quit| !*quit));
}

/// Says what there is and how to use it.
pub fn introduce(cloud: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let device = &cloud["devices"][0];
    println!("A local cloud is up.\n");
    println!("  endpoint      localhost:{} (TLS), localhost:{} (plain)", cloud["tls_port"], cloud["tcp_port"]);
    println!("  registration  https://localhost:{}/auth/register/device", cloud["https_port"]);
    println!("  trust root    {}", text(&cloud["ca_file"]));
    println!("  control port  {}\n", cloud["control_port"]);
    for key in ["productKey", "productSecret", "deviceName", "deviceSecret"] {
        println!("  {key:<13} {}", text(&device[key]));
    }
    println!("\nA script or an example, in another terminal:\n");
    let word = |value: &Value| quoted(&text(value));
    println!("  export ALIYUN_IOT_ENDPOINT=localhost:{} SSL_CERT_FILE={}", cloud["tls_port"], word(&cloud["ca_file"]));
    println!("  export ALIYUN_IOT_HTTPS_ENDPOINT=localhost:{}", cloud["https_port"]);
    println!(
        "  export ALIYUN_PRODUCT_KEY={} ALIYUN_PRODUCT_SECRET={}",
        word(&device["productKey"]),
        word(&device["productSecret"])
    );
    println!(
        "  export ALIYUN_DEVICE_NAME={} ALIYUN_DEVICE_SECRET={}",
        word(&device["deviceName"]),
        word(&device["deviceSecret"])
    );
    println!("  cargo xtask micropython examples/post_props.py\n");
    for (name, vendor) in cloud["vendors"].as_object().into_iter().flatten() {
        println!(
            "{name}: localhost:{} (TLS), localhost:{} (plain); for connect():",
            vendor["tls_port"], vendor["tcp_port"]
        );
        let mut device = vendor["devices"][0].clone();
        device["host"] = json!("localhost");
        device["port"] = vendor["tls_port"].clone();
        println!("  {device}\n");
    }
    println!("More devices and their secrets: cloud.json beside the trust root. Commands: help");
}

/// As a word for a shell. Secrets that a person gave may hold anything.
fn quoted(text: &str) -> String {
    match text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@".contains(c)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Prints what the cloud sees, from a thread of its own.
pub fn watch(control: &Control) -> Result<(), String> {
    let watch = || -> io::Result<BufReader<TcpStream>> {
        let mut lines = control.say(json!({ "do": "watch" }))?;
        // The reply; what is seen from now on follows.
        lines.read_line(&mut String::new())?;
        Ok(lines)
    };
    let lines = watch().map_err(|e| format!("control port {}: {e}", control.port))?;
    thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if let Ok(record) = serde_json::from_str(&line) {
                println!("{}", pretty(&record));
            }
        }
    });
    Ok(())
}

/// Reads commands until the person quits or standard input ends.
pub fn listen(control: &Control) {
    for line in io::stdin().lines().map_while(Result::ok) {
        match line.trim() {
            "" => {}
            "help" => println!("{}", help()),
            "quit" | "exit" => return quit(),
            words => match command(words).and_then(|command| ask(control, command)) {
                Ok(reply) => println!("{reply}"),
                Err(why) => println!("  {}", escaped(&why)),
            },
        }
    }
    // A launcher in the background has no terminal to read; it goes on.
}

/// The JSON command that these words mean.
fn command(words: &str) -> Result<Value, String> {
    let (first, tail) = split(words);
    let vendor = VENDORS.iter().find(|vendor| **vendor == first);
    let (typed, mut rest) = split(if vendor.is_some() { tail } else { words });
    let Some(Verb(verb, _, _, fields)) = VERBS.iter().find(|verb| verb.0 == typed) else {
        return Err(format!("{typed}? try help"));
    };
    let mut command = Map::new();
    command.insert("do".to_owned(), json!(verb));
    if let Some(vendor) = vendor {
        command.insert("cloud".to_owned(), json!(vendor));
    }
    for field in *fields {
        let (word, tail) = split(rest);
        let (key, value) = match *field {
            Always(key, "true") => (key, json!(true)),
            Always(key, value) => (key, json!(value)),
            MayBeWord(_) | MayBeNumber(_) if word.is_empty() => continue,
            Word(_, what) if word.is_empty() => return Err(format!("{verb}: {what} is missing; try help")),
            Word(key, _) | MayBeWord(key) => (key, json!(word)),
            Number(key) | MayBeNumber(key) => (key, number(word)?),
            Signed(key) => (key, word.parse::<i64>().map(Value::from).map_err(|e| format!("{word:?}: {e}"))?),
            NumberOrWord(key) => (key, number(word).unwrap_or_else(|_| json!(word))),
            Flag(key, name) => (key, json!(word == name)),
            Text(key) => (key, json!(rest)),
            Json(key) if rest.is_empty() => (key, json!({})),
            Json(key) => (key, serde_json::from_str::<Value>(rest).map_err(|why| format!("{rest}: {why}"))?),
        };
        if !matches!(field, Always(..)) {
            rest = tail;
        }
        command.insert(key.to_owned(), value);
    }
    Ok(Value::Object(command))
}

fn number(word: &str) -> Result<Value, String> {
    word.parse::<u64>().map(Value::from).map_err(|e| format!("{word:?}: {e}"))
}

/// The first word, and what follows it.
fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim_start())
}

/// Sends a command to the cloud; the reply as a person reads it.
fn ask(control: &Control, command: Value) -> Result<String, String> {
    let reply = control.ask(command).map_err(|e| format!("the cloud does not answer: {e}"))?;
    if let Some(why) = reply["error"].as_str() {
        return Err(why.to_owned());
    }
    if let Some(records) = reply["records"].as_array() {
        return Ok(records.iter().map(pretty).collect::<Vec<_>>().join("\n"));
    }
    let mut fields = reply.as_object().cloned().unwrap_or_default();
    fields.remove("ok");
    Ok(if fields.is_empty() { "  done".into() } else { format!("  {}", escaped(&Value::Object(fields).to_string())) })
}

/// `12:34:56.789 dev01 property_post id=1 … {"payload"}`, whatever a device has put into it.
fn pretty(record: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| escaped(&value.to_string()), escaped);
    let at = record["at"].as_u64().unwrap_or_default();
    let (seconds, ms) = (at / 1000 % 86400, at % 1000);
    let clock = format!("{:02}:{:02}:{:02}.{ms:03}Z", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut line = clock;
    // Nobody knows yet which device fails to shake hands.
    for word in [&record["device"], &record["kind"]].into_iter().filter(|word| !word.is_null()) {
        line += &format!(" {}", text(word));
    }
    // The payload says these again, or the line has them already.
    let quiet = ["at", "n", "device", "productKey", "kind", "params", "payload", "data"];
    for (key, value) in record.as_object().into_iter().flatten() {
        if !quiet.contains(&&**key) {
            line += &format!(" {}={}", escaped(key), text(value));
        }
    }
    if let Some(payload) = record["payload"].as_str() {
        line += &format!("\n             {}", escaped(payload));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_commands() {
        for (words, expected) in [
            (r#"set dev01 {"a": 1}"#, json!({"do":"set","device":"dev01","params":{"a":1}})),
            ("rrpc dev01 reboot", json!({"do":"rrpc","device":"dev01","service":"reboot","params":{}})),
            ("publish /a/b some  text", json!({"do":"publish","topic":"/a/b","payload":"some  text"})),
            ("direct dev01 /a x", json!({"do":"publish","direct":true,"device":"dev01","topic":"/a","payload":"x"})),
            ("refuse 3 2", json!({"do":"refuse","code":3,"count":2})),
            ("reply silent", json!({"do":"reply","mode":"silent"})),
            ("limit 5", json!({"do":"limit","blocks":5})),
            ("reply 460", json!({"do":"reply","mode":460})),
            ("device", json!({"do":"device"})),
            ("product pk unlisted", json!({"do":"product","productKey":"pk","unlisted":true})),
            ("broadcast pk", json!({"do":"product","productKey":"pk","broadcast":true})),
            ("clock -3600", json!({"do":"clock","seconds":-3600})),
            ("tencent clock 60", json!({"do":"clock","cloud":"tencent","seconds":60})),
            (r#"tencent set t1 {"a":1}"#, json!({"do":"set","cloud":"tencent","device":"t1","params":{"a":1}})),
            ("http cut 2", json!({"do":"http","mode":"cut","count":2})),
        ] {
            assert_eq!(command(words), Ok(expected), "{words}");
        }
        for words in ["set", "set dev01 {", "tencent", "clock x", "refuse x", "dance", "rrpc dev01"] {
            assert!(command(words).is_err(), "{words}");
        }
    }

    #[test]
    fn a_word_survives_the_shell() {
        for (text, word) in [("a1-b_c.d:e@f/g", "a1-b_c.d:e@f/g"), ("a b$c", "'a b$c'"), ("it's", r"'it'\''s'")] {
            assert_eq!(quoted(text), word);
        }
    }

    #[test]
    fn a_record_fits_the_eye() {
        let record = json!({"at": 3_661_007, "n": 1, "device": "dev01", "productKey": "pk", "kind": "publish",
            "topic": "/t", "payload": "hello"});
        assert_eq!(pretty(&record), "01:01:01.007Z dev01 publish topic=/t\n             hello");
        let record = json!({"at": 0, "n": 1, "kind": "tls_failure", "reason": "no shared cipher"});
        assert_eq!(pretty(&record), "00:00:00.000Z tls_failure reason=no shared cipher");
    }

    #[test]
    fn a_device_cannot_write_to_the_terminal() {
        let evil = "\u{1b}[2J\u{9b}31m\r\n00:00:00.000Z dev02 login\u{7}\u{202e}";
        let record = json!({"at": 0, "n": 1, "device": evil, "productKey": "pk", "kind": evil, "topic": evil,
            "reason": evil, "id": {evil: [evil]}, evil: evil, "payload": evil});
        let shown = pretty(&record);
        assert_eq!(shown.lines().count(), 2);
        assert!(shown.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{shown:?}");
        assert!(shown.contains(r"\u{1b}[2J\u{9b}31m\r\n00:"), "{shown}");
    }
}
