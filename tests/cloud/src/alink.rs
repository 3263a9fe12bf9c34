//! What does an Alink message say, and how is it answered?
//!
//! Requests are `{"id","version","params","method"?,"sys":{"ack"}?}`, replies
//! `{"id","code","data","message","method","version"}`; the codes are document 120329's.

use serde_json::{Value, json};

pub const OK: u64 = 200;
pub const BAD_PARAMS: u64 = 460;
pub const NOT_JSON: u64 = 6207;

/// A request or reply as the device sent it, and what was wrong with it, if anything.
pub struct Message {
    pub body: Value,
    pub fault: Option<(u64, String)>,
}

/// Whether a JSON value is of the kind that the `params` of a request must be.
pub type Params = fn(&Value) -> bool;

/// Parses a request. `method` is the one that the topic stands for.
pub fn request(payload: &[u8], method: &str, params: Params) -> Message {
    let mut message = read(payload);
    if message.fault.is_none() {
        message.fault = judge(&message.body, method, params).map(|why| (BAD_PARAMS, why));
    }
    message
}

/// Parses a device's answer: it must have an id and a code.
pub fn answer(payload: &[u8]) -> Message {
    let mut message = read(payload);
    if message.fault.is_none() {
        message.fault = bad_id(&message.body)
            .or_else(|| message.body["code"].as_i64().is_none().then(|| "code is not a number".to_owned()))
            .map(|why| (BAD_PARAMS, why));
    }
    message
}

fn read(payload: &[u8]) -> Message {
    match serde_json::from_slice::<Value>(payload) {
        Ok(body) if body.is_object() => Message { body, fault: None },
        Ok(body) => Message { body, fault: Some((NOT_JSON, "the payload is not a JSON object".into())) },
        Err(why) => Message { body: Value::Null, fault: Some((NOT_JSON, format!("the payload is not JSON: {why}"))) },
    }
}

fn judge(body: &Value, method: &str, params: Params) -> Option<String> {
    if let Some(why) = bad_id(body) {
        return Some(why);
    }
    if !params(&body["params"]) {
        return Some(format!("params of {method} cannot be {}", body["params"]));
    }
    match &body["method"] {
        Value::Null => None,
        Value::String(given) if given == method => None,
        other => Some(format!("method is {other}, the topic is for {method}")),
    }
}

/// An id is a string or a number. The documents ask for a decimal string, but the platform also serves `"id": 1` and the
/// `1|exp-topic|…` of Alibaba's npm SDK.
fn bad_id(body: &Value) -> Option<String> {
    let good = body["id"].is_string() || body["id"].is_number();
    (!good).then(|| format!("id is {}, not a string or a number", body["id"]))
}

impl Message {
    /// Does the device want an answer? `"sys":{"ack":0}` says no.
    pub fn wants_answer(&self) -> bool {
        self.body["sys"]["ack"] != 0
    }

    /// The id as it came: a number stays that number. The empty string if there is none to echo.
    pub fn id(&self) -> Value {
        match &self.body["id"] {
            id @ (Value::String(_) | Value::Number(_)) => id.clone(),
            _ => json!(""),
        }
    }

    /// The cloud's reply to this request.
    pub fn reply(&self, code: u64, text: &str, data: &Value, method: &str) -> Vec<u8> {
        json!({
            "id": self.id(), "code": code, "data": data, "message": text, "method": method, "version": "1.0",
        })
        .to_string()
        .into_bytes()
    }
}

/// A request of the cloud's.
pub fn call(id: &str, method: &str, params: &Value) -> Vec<u8> {
    json!({ "id": id, "version": "1.0", "params": params, "method": method }).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = "thing.event.property.post";

    fn fault(payload: &str) -> Option<u64> {
        request(payload.as_bytes(), METHOD, Value::is_object).fault.map(|(code, _)| code)
    }

    #[test]
    fn takes_what_the_sdk_sends() {
        assert_eq!(fault(r#"{"id":"1","version":"1.0","params":{"a":1},"sys":{"ack":1}}"#), None);
        assert_eq!(fault(r#"{"id":"4294967295","params":{},"method":"thing.event.property.post"}"#), None);
    }

    #[test]
    fn params_and_id_must_be_of_the_right_kind() {
        for payload in [
            r#"{"id":"1","params":[1]}"#,
            r#"{"id":"1","params":"{}"}"#,
            r#"{"id":"1"}"#,
            r#"{"id":null,"params":{}}"#,
            r#"{"id":true,"params":{}}"#,
            r#"{"id":["1"],"params":{}}"#,
            r#"{"params":{}}"#,
            r#"{"id":"1","params":{},"method":"thing.event.x.post"}"#,
        ] {
            assert_eq!(fault(payload), Some(BAD_PARAMS), "{payload}");
        }
        let list = request(br#"{"id":"1","params":["a"]}"#, METHOD, Value::is_array);
        assert_eq!(list.fault, None);
        assert!(request(br#"{"id":"1","params":{}}"#, METHOD, Value::is_array).fault.is_some());
        assert_eq!(fault("{"), Some(NOT_JSON));
        assert_eq!(fault("[]"), Some(NOT_JSON));
    }

    #[test]
    fn any_string_or_number_is_an_id_and_comes_back_as_it_was() {
        for id in [
            "1",
            "0",
            "-1",
            "1.50",
            "1e+3",
            "4294967296",
            "123456789012345678901234567890",
            r#""1""#,
            r#""""#,
            r#""4294967296""#,
            r#""-1""#,
            r#""1|exp-topic|/sys/a/b/thing/event/property/post_reply""#,
            r#""消息 7""#,
        ] {
            let message = request(format!(r#"{{"id":{id},"params":{{}}}}"#).as_bytes(), METHOD, Value::is_object);
            assert_eq!(message.fault, None, "{id}");
            let reply = String::from_utf8(message.reply(OK, "success", &json!({}), METHOD)).unwrap();
            assert!(reply.contains(&format!(r#""id":{id},"#)), "{id}: {reply}");
            assert!(answer(format!(r#"{{"id":{id},"code":200}}"#).as_bytes()).fault.is_none(), "{id}");
        }
    }

    #[test]
    fn version_method_and_sys_may_be_left_out_or_null() {
        for rest in ["", r#","method":null"#, r#","version":1.0"#, r#","version":null,"sys":null"#, r#","sys":{}"#] {
            let message = request(format!(r#"{{"id":1,"params":{{}}{rest}}}"#).as_bytes(), METHOD, Value::is_object);
            assert!(message.fault.is_none() && message.wants_answer(), "{rest}");
        }
    }

    #[test]
    fn ack_zero_means_no_answer() {
        let wants = |payload: &[u8]| request(payload, METHOD, Value::is_object).wants_answer();
        assert!(wants(br#"{"id":"1","params":{}}"#));
        assert!(!wants(br#"{"id":"1","params":{},"sys":{"ack":0}}"#));
    }

    #[test]
    fn an_answer_needs_a_code() {
        assert!(answer(br#"{"id":"1","code":200,"data":{}}"#).fault.is_none());
        assert!(answer(br#"{"id":"1","data":{}}"#).fault.is_some());
    }
}
