//! What does a command say? Each field is read with an error that names it.

use serde_json::{Map, Value, json};

use crate::devices::{ALIYUN, Devices, Name};

/// The fields of a command.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub &'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub fn text(&self, key: &str) -> Result<&'a str, String> {
        self.optional_text(key)?.ok_or_else(|| format!("{key} is missing"))
    }

    pub fn optional_text(&self, key: &str) -> Result<Option<&'a str>, String> {
        let found = self.0.get(key);
        found.map(|value| value.as_str().ok_or_else(|| format!("{key} is not text"))).transpose()
    }

    /// Fails if there is a field that the command does not know.
    pub fn must_be_of(&self, known: &[&str]) -> Result<(), String> {
        // Each command is carried out by the cloud that it names, else by Alibaba's.
        let is_known = |key: &str| ["do", "cloud"].contains(&key) || known.contains(&key);
        match self.0.keys().find(|key| !is_known(key)) {
            Some(stray) => Err(format!("{stray:?} means nothing to this command; it takes {known:?}")),
            None => Ok(()),
        }
    }

    pub fn value(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub fn number(&self, key: &str, default: u64, most: u64) -> Result<u64, String> {
        let Some(value) = self.0.get(key) else {
            return Ok(default);
        };
        value
            .as_u64()
            .filter(|number| *number <= most)
            .ok_or_else(|| format!("{key} is {value}, not a number up to {most}"))
    }

    /// A number of either sign.
    pub fn signed(&self, key: &str) -> Result<i64, String> {
        let value = self.0.get(key).ok_or_else(|| format!("{key} is missing"))?;
        value.as_i64().ok_or_else(|| format!("{key} is {value}, not a whole number"))
    }

    /// The cloud that it names, unless that is Alibaba's.
    pub fn vendor(&self) -> Result<Option<&'a str>, String> {
        Ok(self.optional_text("cloud")?.filter(|cloud| *cloud != ALIYUN))
    }

    pub fn flag(&self, key: &str) -> Result<Option<bool>, String> {
        let found = self.0.get(key);
        found.map(|value| value.as_bool().ok_or_else(|| format!("{key} is not true or false"))).transpose()
    }

    pub fn qos(&self) -> Result<u8, String> {
        Ok(self.number("qos", 1, 1)? as u8)
    }

    pub fn hex(&self) -> Result<Option<Vec<u8>>, String> {
        let text = self.optional_text("hex")?;
        text.map(|text| hex::decode(text).map_err(|why| format!("hex is {text:?}: {why}"))).transpose()
    }

    /// `hex`, or the text of `payload`.
    pub fn payload(&self) -> Result<Vec<u8>, String> {
        match self.hex()? {
            Some(bytes) => Ok(bytes),
            None => Ok(self.text("payload")?.as_bytes().to_vec()),
        }
    }

    pub fn params(&self) -> Result<Value, String> {
        match self.0.get("params") {
            None => Ok(json!({})),
            Some(params) if params.is_object() => Ok(params.clone()),
            Some(other) => Err(format!("params is {other}, not an object")),
        }
    }

    pub fn device(&self, devices: &Devices) -> Result<Name, String> {
        devices.find(self.optional_text("productKey")?, self.text("device")?)
    }
}
