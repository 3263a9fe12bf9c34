//! Network time: a device asks `/ext/ntp/{pk}/{dn}/request` and says when, by its own clock.

use serde_json::{Value, json};

use super::service::{Common, ReplyMode, Service, Taken, Up};

#[derive(Default)]
pub struct Ntp;

impl Service for Ntp {
    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        let own = format!("/ext/ntp/{}/request", up.from.name);
        if up.topic != own {
            return None;
        }
        let body: Value = serde_json::from_slice(up.payload).unwrap_or_default();
        let sent = &body["deviceSendTime"];
        let fault = match sent {
            Value::String(sent) if !sent.is_empty() && sent.bytes().all(|byte| byte.is_ascii_digit()) => None,
            Value::Number(_) => None,
            _ => Some("deviceSendTime is neither a number nor a text of decimal digits"),
        };
        let record = up.record("ntp").with("deviceSendTime", sent.clone()).with("fault", fault);
        // The real platform says nothing to a question that it cannot read.
        if fault.is_some() || common.next_reply_mode() == ReplyMode::Silent {
            return Some(Taken { record: record.with("answered", false), answer: None });
        }
        let now = up.now_ms.to_string();
        let answer = json!({ "deviceSendTime": sent, "serverRecvTime": now, "serverSendTime": now });
        let topic = format!("/ext/ntp/{}/response", up.from.name);
        Some(Taken { record: record.with("answered", true), answer: Some((topic, answer.to_string().into_bytes())) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::State;
    use crate::services::tests::publish;

    #[test]
    fn the_time_is_told() {
        let taken = publish(&mut State::default(), "/ext/ntp/pk/dn/request", br#"{"deviceSendTime":"123"}"#);
        let (topic, answer) = taken.answer.unwrap();
        assert_eq!(topic, "/ext/ntp/pk/dn/response");
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer, json!({"deviceSendTime": "123", "serverRecvTime": "5", "serverSendTime": "5"}));
    }

    #[test]
    fn a_number_stays_a_number() {
        let taken = publish(&mut State::default(), "/ext/ntp/pk/dn/request", br#"{"deviceSendTime":1760000000000}"#);
        let answer: Value = serde_json::from_slice(&taken.answer.unwrap().1).unwrap();
        assert_eq!(
            answer,
            json!({"deviceSendTime": 1_760_000_000_000_u64, "serverRecvTime": "5", "serverSendTime": "5"})
        );
    }

    #[test]
    fn a_question_must_say_when() {
        for body in [&b""[..], b"{}", br#"{"deviceSendTime":null}"#, br#"{"deviceSendTime":""}"#] {
            let taken = publish(&mut State::default(), "/ext/ntp/pk/dn/request", body);
            assert_eq!(taken.answer, None);
        }
    }
}
