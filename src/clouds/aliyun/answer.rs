//! What the platform answers to a registration.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS: `code`, `data`, `message`), Link SDK C `aiot_dynregmq_api.c`
//! (over MQTT: what is in `data` there, pushed without a SUBSCRIBE).

use super::login::{SECRET_MAX, TOKEN_MAX, is_token_client_id};
use super::way::Way;
use crate::bytes::is_printable;
use crate::clouds::registration::{Answer, decode};
use crate::codec::json::{Place, members};
use crate::codec::template::parts;

/// The code of an answer that is no refusal.
const REGISTERED: i32 = 200;

/// See [`Register::read`](crate::clouds::registration::Register::read).
pub(super) fn read(way: Way, names: &[u8], answer: &mut [u8]) -> Option<Answer> {
    let mut object = Place::new(0, answer.len());
    if way == Way::Https {
        let [code, message, data, ..] = members(answer, parts!("code%message%data"))?;
        let code = code.number(answer)?;
        if code != REGISTERED {
            return Some(Answer::Refused { code, message: decode(answer, message) });
        }
        object = data;
    }
    // All are found before one is decoded, after which the answer is no JSON any more.
    let texts = parts!("productKey%deviceName%clientId%deviceSecret%deviceToken");
    let mut places = members(object.of(answer), texts)?;
    for place in &mut places {
        *place = decode(answer, place.within(object));
    }
    let [key, name, mut client_id, secret, token] = places;
    let at = |place: Place| place.of(answer);
    if names.strip_prefix(at(key))?.strip_prefix(b"/")?.strip_prefix(at(name))? != b"/" {
        return None;
    }
    let (secret, is_good) = if way == Way::MqttUnlisted {
        (token, is_printable(at(token), TOKEN_MAX) && is_token_client_id(at(client_id)))
    } else {
        client_id = Place::default();
        (secret, is_printable(at(secret), SECRET_MAX))
    };
    is_good.then_some(Answer::Registered { secret, client_id })
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
        let text = |place: Place| String::from_utf8(place.of(&bytes).to_vec()).unwrap();
        Some(match answer {
            Answer::Registered { secret, client_id } => {
                Said::Registered((!client_id.is_empty()).then(|| text(client_id)), text(secret))
            }
            Answer::Refused { code, message } => Said::Refused(code, text(message)),
            #[allow(unreachable_patterns)] // Without the cloud that has such answers.
            _ => panic!("no answer of this platform"),
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
