//! How is a running cloud asked? One JSON line there, one JSON line back, over TCP on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Failure, Result};

const TO_ANSWER: Duration = Duration::from_secs(5);

/// Which fields of a record are not shown: they tell nothing to a person who has one device.
const NOT_SHOWN: [&str; 3] = ["n", "at", "productKey"];

/// Where a cloud takes commands, and the token that it asks for.
pub struct Control {
    pub port: u16,
    pub token: String,
}

/// Does the cloud run?
pub fn answers(control: &Control) -> bool {
    ask(control, "online").is_ok_and(|answer| answer.contains(r#""ok":true"#))
}

/// What the cloud saw, one line each.
pub fn seen(control: &Control) -> Result<Vec<String>> {
    let answer = ask(control, "seen").map_err(|e| Failure::new(format!("the local cloud does not answer: {e}")))?;
    let answered: Value = serde_json::from_str(&answer).unwrap_or_default();
    let records = answered["records"].as_array();
    let records =
        records.ok_or_else(|| Failure::new(format!("the local cloud does not say what it saw: {answer:?}")))?;
    Ok(records.iter().filter_map(line).collect())
}

fn ask(control: &Control, what: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, control.port))?;
    stream.set_read_timeout(Some(TO_ANSWER))?;
    let question = json!({ "do": what, "token": control.token });
    stream.write_all(format!("{question}\n").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}

/// Who did what, its details, and the payload at the end, with escapes for what would steer a terminal.
fn line(record: &Value) -> Option<String> {
    let fields = record.as_object()?;
    let first = ["device", "kind"];
    let payload = "payload";
    let is_detail = |name: &&String| {
        !NOT_SHOWN.contains(&name.as_str()) && !first.contains(&name.as_str()) && name.as_str() != payload
    };
    let mut details: Vec<(&String, &Value)> = fields.iter().filter(|(name, _)| is_detail(name)).collect();
    details.sort_by_key(|(name, _)| *name);
    let mut words: Vec<String> = first.into_iter().filter_map(|name| fields.get(name)).map(shown).collect();
    words.extend(details.into_iter().map(|(name, value)| format!("{name}={}", shown(value))));
    words.extend(fields.get(payload).map(shown));
    Some(escaped(&words.join(" ")))
}

/// Control characters, ends of lines, and marks of direction as escapes: a device has written some of this.
fn escaped(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_does_not_steer_the_terminal() {
        let record: Value = serde_json::from_str(
            r#"{"n":1,"device":"dev01","kind":"publish","\u001bkey":"\u009b1m","payload":"温度\u001b[2J\r\n\u202e"}"#,
        )
        .unwrap();
        let shown = line(&record).unwrap();
        assert_eq!(shown, r"dev01 publish \u{1b}key=\u{9b}1m 温度\u{1b}[2J\r\n\u{202e}");
    }
}
