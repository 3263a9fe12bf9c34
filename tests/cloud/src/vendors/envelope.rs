//! What vendors' messages have in common: JSON objects with an id, requests and answers that belong together.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::devices::Name;
use crate::services::{Common, ReplyMode};

/// The payload as a JSON object, or why it is none.
pub fn object(payload: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(payload) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("the payload is not a JSON object".into()),
        Err(why) => Err(format!("the payload is not JSON: {why}")),
    }
}

/// A field that has to be a text with at least one character.
pub fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    match fields.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(other) => Err(format!("{key} is {other}, not a text")),
        None => Err(format!("{key} is missing")),
    }
}

/// A field that has to be an object.
pub fn fields<'a>(of: &'a Map<String, Value>, key: &str) -> Result<&'a Map<String, Value>, String> {
    match of.get(key) {
        Some(Value::Object(fields)) => Ok(fields),
        Some(other) => Err(format!("{key} is {other}, not an object")),
        None => Err(format!("{key} is missing")),
    }
}

/// What a request comes to: a code, words for it, and whether a reply goes out.
pub struct Outcome {
    pub code: u64,
    pub words: String,
    pub answers: bool,
}

/// Judges a request: `ok` is the cloud's code of success, `fault` its code and words for what is wrong. A test can have the
/// cloud fail or stay silent.
pub fn judge(common: &mut Common, ok: u64, fault: Option<(u64, String)>) -> Outcome {
    let mode = common.next_reply_mode();
    let (code, words) = match (mode, fault) {
        (ReplyMode::Code(told), _) => (told, "told to fail".to_owned()),
        (_, Some((code, words))) => (code, words),
        (_, None) => (ok, "success".to_owned()),
    };
    Outcome { code, words, answers: mode != ReplyMode::Silent }
}

/// The cloud's requests that wait for a device's answer: device and id, and what was asked for.
#[derive(Default)]
pub struct Pending(HashMap<(Name, String), String>);

impl Pending {
    pub fn add(&mut self, name: &Name, id: &str, what: &str) {
        self.0.insert((name.clone(), id.to_owned()), what.to_owned());
    }

    /// What this is the answer to. A request is answered once.
    pub fn take(&mut self, name: &Name, id: &str) -> Result<String, String> {
        let found = self.0.remove(&(name.clone(), id.to_owned()));
        found.ok_or_else(|| format!("no request with the id {id:?} waits for an answer"))
    }
}
