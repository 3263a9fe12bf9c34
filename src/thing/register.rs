//! Registration: what the platform answers.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS: `code`, `data`, `message`), Link SDK C `aiot_dynregmq_api.c`
//! (over MQTT: what is in `data` there, pushed without a SUBSCRIBE).

use super::Thing;
use super::json::Object;
use crate::clouds::aliyun::Way;

/// What the platform says to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer<'a> {
    /// A device secret; or a device token, if there is a client identifier.
    Registered { client_id: Option<&'a str>, secret: &'a str },
    /// No, with its reasons.
    Refused { code: i32, message: &'a str },
}

/// The topic on which the answer comes over MQTT.
pub(crate) const fn topic(way: Way) -> &'static str {
    match way {
        Way::MqttUnlisted => "/ext/regnwl",
        Way::Mqtt | Way::Https => "/ext/register",
    }
}

impl Thing {
    /// Reads the answer; `None` if it is none, or for another device.
    pub(crate) fn read_registration<'a>(&self, way: Way, answer: &'a [u8]) -> Option<Answer<'a>> {
        let text = |object: Object<'a>, name, max| {
            let value = object.text(name)?;
            // Escapes would have to be undone: no secret of the platform's has any.
            let plain = value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
            (plain && !value.is_empty() && value.len() <= max).then_some(value)
        };
        let mut object = Object::parse(core::str::from_utf8(answer).ok()?).ok()?;
        if way == Way::Https {
            let code = object.number("code")?;
            if code != 200 {
                return Some(Answer::Refused { code, message: object.text("message").unwrap_or_default() });
            }
            object = Object::parse(object.get("data")?).ok()?;
        }
        let [key, name] = [object.text("productKey")?, object.text("deviceName")?].map(str::as_bytes);
        if self.names().strip_prefix(key)?.strip_prefix(b"/")?.strip_prefix(name)? != b"/" {
            return None;
        }
        Some(match way {
            Way::MqttUnlisted => Answer::Registered {
                client_id: Some(text(object, "clientId", 64)?),
                secret: text(object, "deviceToken", 128)?,
            },
            Way::Mqtt | Way::Https => Answer::Registered { client_id: None, secret: text(object, "deviceSecret", 64)? },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(way: Way, answer: &str) -> Option<Answer<'_>> {
        Thing::new("pk", "dn", 0).unwrap().read_registration(way, answer.as_bytes())
    }

    const SECRET: Option<Answer> = Some(Answer::Registered { client_id: None, secret: "s3cret" });
    const TOKEN: Option<Answer> = Some(Answer::Registered { client_id: Some("id|1"), secret: "t" });

    #[test]
    fn each_way_has_its_answer() {
        let data = r#"{"productKey":"pk","deviceName":"dn","deviceSecret":"s3cret"}"#;
        assert_eq!(read(Way::Mqtt, data), SECRET);
        let reply = std::format!(r#"{{"code":200,"data":{data},"message":"success"}}"#);
        assert_eq!(read(Way::Https, &reply), SECRET);
        let refusal = r#"{"code":6288,"message":"device is active","data":null}"#;
        assert_eq!(read(Way::Https, refusal), Some(Answer::Refused { code: 6288, message: "device is active" }));
        let data = r#"{"productKey":"pk","deviceName":"dn","clientId":"id|1","deviceToken":"t"}"#;
        assert_eq!(read(Way::MqttUnlisted, data), TOKEN);
    }

    #[test]
    fn what_is_none_is_not_taken() {
        let long = std::format!(r#"{{"productKey":"pk","deviceName":"dn","deviceSecret":"{}"}}"#, "x".repeat(65));
        for answer in [
            "",
            "{}",
            "[]",
            r#"{"productKey":"pk","deviceName":"other","deviceSecret":"s"}"#,
            r#"{"productKey":"other","deviceName":"dn","deviceSecret":"s"}"#,
            r#"{"productKey":"pk","deviceName":"dn","deviceSecret":""}"#,
            r#"{"productKey":"pk","deviceName":"dn","deviceSecret":"a\nb"}"#,
            r#"{"productKey":"pk","deviceName":"dn","deviceSecret":{"a":1}}"#,
            r#"{"productKey":"pk","deviceName":"dn","deviceToken":"t"}"#,
            &long,
        ] {
            for way in [Way::Https, Way::Mqtt, Way::MqttUnlisted] {
                assert_eq!(read(way, answer), None, "{way:?} {answer}");
            }
            let wrapped = std::format!(r#"{{"code":200,"data":{answer}}}"#);
            assert_eq!(read(Way::Https, &wrapped), None, "{wrapped}");
        }
        assert_eq!(read(Way::Https, r#"{"code":"200"}"#), None);
    }
}
