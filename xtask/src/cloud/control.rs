//! How is a running cloud asked? One JSON line there, one JSON line back, over TCP on this machine.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use tinyjson::JsonValue;

use crate::{Failure, Result};

const TO_ANSWER: Duration = Duration::from_secs(5);

/// Which fields of a record are not shown: they tell nothing to a person who has one device.
const NOT_SHOWN: [&str; 3] = ["n", "at", "productKey"];

/// What the cloud saw, one line each.
pub fn seen(port: u16) -> Result<Vec<String>> {
    let answer =
        ask(port, r#"{"do":"seen"}"#).map_err(|e| Failure::new(format!("the local cloud does not answer: {e}")))?;
    let records = answer.parse::<JsonValue>().ok().and_then(|answer| {
        let fields: &HashMap<String, JsonValue> = answer.get()?;
        let records: &Vec<JsonValue> = fields.get("records")?.get()?;
        Some(records.iter().filter_map(line).collect())
    });
    records.ok_or_else(|| Failure::new(format!("the local cloud does not say what it saw: {answer}")))
}

fn ask(port: u16, question: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TO_ANSWER))?;
    stream.write_all(question.as_bytes())?;
    stream.write_all(b"\n")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}

/// Who did what, its details, and the payload at the end, as it came.
fn line(record: &JsonValue) -> Option<String> {
    let fields: &HashMap<String, JsonValue> = record.get()?;
    let first = ["device", "kind"];
    let payload = "payload";
    let mut details: Vec<&String> = fields
        .keys()
        .filter(|name| !NOT_SHOWN.contains(&name.as_str()))
        .filter(|name| !first.contains(&name.as_str()) && *name != payload)
        .collect();
    details.sort();

    let mut words: Vec<String> = first.into_iter().filter_map(|name| fields.get(name)).map(shown).collect();
    words.extend(details.into_iter().map(|name| format!("{name}={}", shown(&fields[name]))));
    words.extend(fields.get(payload).map(shown));
    Some(words.join(" "))
}

fn shown(value: &JsonValue) -> String {
    match value.get::<String>() {
        Some(text) => text.clone(),
        None => value.stringify().unwrap_or_default(),
    }
}
