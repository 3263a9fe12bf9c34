//! How is a running cloud asked? One JSON line there, one JSON line back, over TCP on this machine.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use tinyjson::JsonValue;

use crate::{Failure, Result};

const TO_ANSWER: Duration = Duration::from_secs(5);

/// What the cloud received, one line each.
pub fn seen(port: u16) -> Result<Vec<String>> {
    let answer = ask(port, r#"{"do":"seen"}"#)
        .map_err(|e| Failure::new(format!("the local cloud does not answer: {e}")))?;
    let list = answer.parse::<JsonValue>().ok().and_then(|answer| {
        let fields: &HashMap<String, JsonValue> = answer.get()?;
        fields.get("seen")?.get::<Vec<JsonValue>>().cloned()
    });
    let list = list.ok_or_else(|| {
        Failure::new(format!(
            "the local cloud does not say what it saw: {answer}"
        ))
    })?;
    Ok(list.iter().map(line).collect())
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

/// A message as topic and payload, anything else as it is.
fn line(entry: &JsonValue) -> String {
    let as_message = || {
        let fields: &HashMap<String, JsonValue> = entry.get()?;
        let topic: &String = fields.get("topic")?.get()?;
        let payload = fields.get("payload")?;
        let payload = match payload.get::<String>() {
            Some(text) => text.clone(),
            None => payload.stringify().ok()?,
        };
        Some(format!("{topic}  {payload}"))
    };
    as_message().unwrap_or_else(|| entry.stringify().unwrap_or_default())
}
