//! What the platform answers to a registration.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS: `code`, `data`, `message`), Link SDK C `aiot_dynregmq_api.c`
//! (over MQTT: what is in `data` there, pushed without a SUBSCRIBE).

use core::ops::Range;

use super::login::{SECRET_MAX, TOKEN_MAX, is_token_client_id};
use super::way::Way;
use crate::bytes::is_printable;
use crate::clouds::registration::{Answer, NONE, REGISTERED};
use crate::codec::json::{Place, members, unescape};

/// See [`Register::read`](crate::clouds::registration::Register::read).
pub(super) fn read(way: Way, names: &[u8], answer: &mut [u8]) -> Option<Answer> {
    let (mut object, mut start) = (&*answer, 0);
    if way == Way::Https {
        let [code, message, data] = members(object, ["code", "message", "data"]).ok()?;
        let code = code.number(object)?;
        if code != REGISTERED {
            let mut text = string(object, message, 0);
            decode(answer, &mut text);
            return Some(Answer { code, text, client_id: NONE });
        }
        start = data.range().start;
        object = data.of(object);
    }
    // All are found before one is decoded, after which the answer is no JSON any more.
    let (is_token, secret) = match way {
        Way::MqttUnlisted => (true, "deviceToken"),
        Way::Mqtt | Way::Https => (false, "deviceSecret"),
    };
    let places = members(object, ["productKey", "deviceName", secret, "clientId"]).ok()?;
    let mut places = places.map(|place| string(object, place, start));
    for place in &mut places {
        decode(answer, place);
    }
    let at = |place: &Range<usize>| at(answer, place);
    let [key, name, text, client_id] = &places;
    if names.strip_prefix(at(key))?.strip_prefix(b"/")?.strip_prefix(at(name))? != b"/" {
        return None;
    }
    if !is_printable(at(text), if is_token { TOKEN_MAX } else { SECRET_MAX }) {
        return None;
    }
    if is_token && !is_token_client_id(at(client_id)) {
        return None;
    }
    let client_id = if is_token { client_id.clone() } else { NONE };
    Some(Answer { code: REGISTERED, text: text.clone(), client_id })
}

/// What stands at `place`.
#[cfg_attr(target_os = "none", inline(never))]
fn at<'a>(answer: &'a [u8], place: &Range<usize>) -> &'a [u8] {
    answer.get(place.clone()).unwrap_or_default()
}

/// Where the string at `place` of `object`, which begins at `start`, stands in the whole answer; nowhere if it is no string.
fn string(object: &[u8], place: Place, start: usize) -> Range<usize> {
    let Range { start: from, end } = place.string(object).unwrap_or_default().range();
    from + start..end + start
}

/// Decodes the string at `place`.
fn decode(answer: &mut [u8], place: &mut Range<usize>) {
    place.end = place.start + answer.get_mut(place.clone()).map_or(0, unescape);
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// The texts of an answer: client identifier and secret, or code and message.
    #[derive(Debug, PartialEq)]
    enum Said {
        Registered(Option<String>, String),
        Refused(i32, String),
    }

    fn read(way: Way, answer: &str) -> Option<Said> {
        let mut bytes = Vec::from(answer);
        let answer = super::read(way, b"pk/dn/", &mut bytes)?;
        let text = |place: Range<usize>| String::from_utf8(bytes[place].to_vec()).unwrap();
        Some(match answer.code {
            REGISTERED => {
                Said::Registered((answer.client_id != NONE).then(|| text(answer.client_id)), text(answer.text))
            }
            code => Said::Refused(code, text(answer.text)),
        })
    }

    fn secret(secret: &str) -> Option<Said> {
        Some(Said::Registered(None, secret.into()))
    }

    fn wrapped(data: &str) -> String {
        std::format!(r#"{{"code":200,"data":{data},"message":"success"}}"#)
    }

    #[test]
    fn each_way_has_its_answer() {
        let data = r#"{"productKey":"pk","deviceName":"dn","deviceSecret":"s3cret"}"#;
        assert_eq!(read(Way::Mqtt, data), secret("s3cret"));
        assert_eq!(read(Way::Https, &wrapped(data)), secret("s3cret"));
        let refusal = r#"{"code":6288,"message":"device is active","data":null}"#;
        assert_eq!(read(Way::Https, refusal), Some(Said::Refused(6288, "device is active".into())));
        let data = r#"{"productKey":"pk","deviceName":"dn","clientId":"^1^id","deviceToken":"t"}"#;
        assert_eq!(read(Way::MqttUnlisted, data), Some(Said::Registered(Some("^1^id".into()), "t".into())));
    }

    #[test]
    fn escapes_are_undone() {
        let data = r#"{"deviceSecret":"a\/b\"c\\d\u0065","deviceName":"\u0064n","x":["\""],"productKey":"p\u006B"}"#;
        assert_eq!(read(Way::Mqtt, data), secret(r#"a/b"c\de"#));
        assert_eq!(read(Way::Https, &wrapped(data)), secret(r#"a/b"c\de"#));
        let data = r#"{"clientId":"^1\/\u005e","productKey":"pk","deviceToken":"\/\/","deviceName":"dn"}"#;
        assert_eq!(read(Way::MqttUnlisted, data), Some(Said::Registered(Some("^1/^".into()), "//".into())));
        let refusal = r#"{"message":"\u5c5e\u6027: \"\ud83d\ude00\" \ud83d","code":-1}"#;
        assert_eq!(read(Way::Https, refusal), Some(Said::Refused(-1, "属性: \"\u{1f600}\" \u{fffd}".into())));
    }

    #[test]
    fn a_refusal_keeps_its_code_whatever_its_message_is() {
        for message in ["null", "true", "5", "-1.5e3", "{}", r#"{"message":"x"}"#, "[]", r#"["x"]"#, r#""""#] {
            let refusal = std::format!(r#"{{"code":6288,"message":{message}}}"#);
            assert_eq!(read(Way::Https, &refusal), Some(Said::Refused(6288, String::new())), "{message}");
        }
        assert_eq!(read(Way::Https, r#"{"code":6288}"#), Some(Said::Refused(6288, String::new())));
    }

    #[test]
    fn what_is_none_is_not_taken() {
        for answer in [
            "",
            "{}",
            "[]",
            r#"{"productKey":"pk","deviceName":"other","deviceSecret":"s"}"#,
            r#"{"productKey":"other","deviceName":"dn","deviceSecret":"s"}"#,
            r#"{"productKey":"p","deviceName":"k/dn","deviceSecret":"s"}"#,
            r#"{"productKey":null,"deviceName":"dn","deviceSecret":"s"}"#,
            r#"{"productKey":"pk","deviceName":["dn"],"deviceSecret":"s"}"#,
            r#"{"deviceName":"dn","deviceSecret":"s"}"#,
        ] {
            for way in [Way::Https, Way::Mqtt, Way::MqttUnlisted] {
                assert_eq!(read(way, answer), None, "{way:?} {answer}");
            }
            assert_eq!(read(Way::Https, &wrapped(answer)), None, "{answer}");
        }
        for code in [r#""200""#, "null", "2e2", "200.0", "99999999999"] {
            assert_eq!(read(Way::Https, &std::format!(r#"{{"code":{code}}}"#)), None, "{code}");
        }
        for data in ["null", "true", "5", r#""s""#, "[]", r#"[{"deviceSecret":"s"}]"#] {
            assert_eq!(read(Way::Https, &wrapped(data)), None, "{data}");
        }
    }

    #[test]
    fn only_a_string_that_a_device_can_log_in_with_is_a_secret() {
        let strings = |max| {
            let (fits, long) = ("x".repeat(max), "x".repeat(max + 1));
            let escaped = r"\u0078".repeat(max);
            let good = std::vec![std::format!("{fits:?}"), std::format!("\"{escaped}\""), "\"null\"".into()];
            (good, std::format!("{long:?}"))
        };
        let wrong = [
            "null",
            "true",
            "false",
            "0",
            "123456",
            "-1.5e3",
            "{}",
            r#"{"a":"s"}"#,
            "[]",
            r#"["s"]"#,
            r#""""#,
            r#"" ""#,
            r#""a b""#,
            r#""a\nb""#,
            r#""a\u0000""#,
            r#""\u007f""#,
            r#""\u00e9""#,
            r#""云""#,
            r#""\ud800""#,
        ];
        let with = |name: &str, value: &str| {
            let mut fields = std::vec![("productKey", "\"pk\""), ("deviceName", "\"dn\""), ("deviceSecret", "\"s\"")];
            fields.extend([("clientId", "\"^1^id\""), ("deviceToken", "\"t\"")]);
            let fields =
                fields.iter().map(|(key, usual)| std::format!("{key:?}:{}", if *key == name { value } else { usual }));
            std::format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        };
        for (way, name, max) in [
            (Way::Mqtt, "deviceSecret", 64),
            (Way::Https, "deviceSecret", 64),
            (Way::MqttUnlisted, "deviceToken", 128),
            (Way::MqttUnlisted, "clientId", 64),
        ] {
            let answer = |value: &str| {
                let data = with(name, value);
                read(way, &if way == Way::Https { wrapped(&data) } else { data })
            };
            let (good, long) = strings(max);
            for good in &good {
                assert!(matches!(answer(good), Some(Said::Registered(..))), "{name} {good}");
            }
            for wrong in wrong.iter().copied().chain([&*long]) {
                assert_eq!(answer(wrong), None, "{name} {wrong}");
            }
        }
        // The last one counts for nothing: the first is what the platform says.
        let twice = r#"{"productKey":"pk","deviceName":"dn","deviceSecret":null,"deviceSecret":"s"}"#;
        assert_eq!(read(Way::Mqtt, twice), None);
        assert_eq!(read(Way::MqttUnlisted, &with("clientId", "\"a|b\"")), None, "no device can log in with it");
    }
}
