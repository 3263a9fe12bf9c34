//! What a test can have go wrong with the answers to registrations.

use serde_json::{Map, Value, json};

/// How the next answers to registrations go out.
#[derive(Default)]
pub struct Provoked {
    mode: String,
    status: u64,
    left: u64,
}

const MODES: [&str; 11] = [
    "normal",
    "chunked",
    "until_close",
    "trickle",
    "cut",
    "stall",
    "large",
    "garbage",
    "status",
    "other_device",
    "not_json",
];

impl Provoked {
    pub fn named(mode: &str, status: u64, count: u64) -> Result<Provoked, String> {
        match MODES.contains(&mode) {
            true => Ok(Provoked { mode: mode.into(), status, left: count }),
            false => Err(format!("mode is {mode:?}, not one of {MODES:?}")),
        }
    }

    fn next(&mut self) -> &str {
        if self.left == 0 {
            return "normal";
        }
        self.left -= 1;
        &self.mode
    }

    fn spoil(mode: &str, mut data: Value) -> String {
        match mode {
            "large" => data["padding"] = json!("x".repeat(100_000)),
            "other_device" => data["deviceName"] = json!("somebody-else"),
            "not_json" | "garbage" => return "<html>hello</html>".into(),
            _ => {}
        }
        data.to_string()
    }

    /// What is pushed over MQTT.
    pub fn payload(&mut self, data: Value) -> String {
        Self::spoil(self.next(), data)
    }

    /// What a vendor's service sends over HTTPS, with its headers.
    pub fn vendor_response(&mut self, status: u64, headers: Map<String, Value>, reply: Value) -> Value {
        let provoked = self.status;
        let mode = self.next().to_owned();
        let status = if mode == "status" { provoked } else { status };
        json!({ "status": status, "headers": headers, "body": Self::spoil(&mode, reply), "manner": mode })
    }

    /// What is sent over HTTPS: status, body, and the manner, which is the launcher's.
    pub fn response(&mut self, status: u64, mut reply: Value) -> Value {
        let provoked = self.status;
        let mode = self.next().to_owned();
        let status = if mode == "status" { provoked } else { status };
        let body = match reply["data"].take() {
            Value::Null if status != 200 => String::new(),
            Value::Null => reply.to_string(),
            data => {
                let spoilt = Self::spoil(&mode, data);
                match serde_json::from_str(&spoilt) {
                    Ok(data) => {
                        reply["data"] = data;
                        reply.to_string()
                    }
                    Err(_) => spoilt,
                }
            }
        };
        json!({ "status": status, "body": body, "manner": mode })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_provoked_wears_off() {
        let mut provoked = Provoked::named("not_json", 0, 1).unwrap();
        assert!(provoked.payload(json!({"a": 1})).contains("html"));
        assert_eq!(provoked.payload(json!({"a": 1})), "{\"a\":1}");
        assert!(Provoked::named("loud", 0, 1).is_err());
    }
}
