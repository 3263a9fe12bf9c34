//! Registration: a device that has its product's secret gets a secret, or a token, of its own.
//!
//! Sources: help.aliyun.com document 147356 (over HTTPS: `code`, `data`, `message`), Link SDK C `aiot_dynregmq_api.c`
//! (over MQTT: what is in `data` there, pushed without a SUBSCRIBE). Over HTTPS it needs a link of its own, and runs beside
//! a session. Over MQTT it is a session of its own, with a login of its own.

use core::ops::Range;

use super::service::{Handle, InUse, Parts, Reply, Service};
use crate::alink::Identity;
use crate::clouds::aliyun::{LoginError, Registration, SECRET_MAX, TOKEN_MAX, Way, is_token_client_id};
use crate::clouds::{Endpoint, is_printable};
use crate::codec::json::{Place, members, unescape};
use crate::http::Request;
use crate::link::{CONNECT_TIMEOUT_MS, LinkId, Loss};
use crate::mqtt::Refusal;
use crate::text::Text;
use crate::time::Instant;

/// So many attempts are made, of [`CONNECT_TIMEOUT_MS`](crate::link::CONNECT_TIMEOUT_MS) each at most. With the waits
/// between them a registration is over within 65 s.
pub const TRIES: u8 = 5;
/// Seconds of keepalive that the login over MQTT asks for.
const KEEPALIVE: u16 = 60;

/// Where nothing stands.
const NONE: Range<usize> = usize::MAX..usize::MAX;

/// The code of an answer that is no refusal.
const REGISTERED: i32 = 200;

/// A registration that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// The registration cannot be used.
    Login(LoginError),
    /// A registration is under way, or the device is connected and the registration would need its link.
    AlreadyConnected,
    /// The scratch buffer is too small.
    TooLarge {
        /// Bytes that it would have to have.
        needed: usize,
    },
}

impl From<LoginError> for RegisterError {
    fn from(error: LoginError) -> Self {
        Self::Login(error)
    }
}

/// The end of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform has registered the device: keep this, and connect with it.
    Done {
        /// The client identifier that goes with a device token; `None` with a device secret.
        client_id: Option<Text<'a>>,
        /// The device secret or the device token.
        secret: Text<'a>,
    },
    /// The platform has refused to register the device.
    Refused {
        /// The platform's code, or HTTP's status.
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
    /// No attempt has led to an answer, or the server has refused the login.
    Failed(Loss),
}

/// The same, without its texts.
pub(crate) enum Pending {
    Answer(Answer),
    Failed(Loss),
}

/// The platform's answer. Its texts stand, decoded, in the reply.
#[derive(Clone)]
pub(crate) struct Answer {
    /// [`REGISTERED`], or the code of a refusal.
    code: i32,
    /// A device secret or a device token, or the words of a refusal.
    text: Range<usize>,
    /// The client identifier that goes with a token.
    client_id: Range<usize>,
}

/// A registration, if there is one.
pub struct Register {
    /// The link on which an answer is awaited.
    link: Option<LinkId>,
    way: Way,
    /// Attempts left, this one included.
    tries: u8,
}

impl Service for Register {
    type Pending = Pending;
    type Event<'a> = Event<'a>;
    const HAS_LINKS: bool = true;

    fn new() -> Self {
        Self { link: None, way: Way::Https, tries: 0 }
    }

    fn start(&mut self) {
        // It may go on beside the session.
    }

    fn own_link(&self) -> Option<LinkId> {
        self.link
    }

    fn on_reply(&mut self, reply: Reply<'_>) -> Option<Result<Pending, Loss>> {
        let (names, bytes) = match reply {
            Reply::Response { status: 200, note, body } => (note, body),
            // The platform, or a proxy before it, has too much to do, or a fault.
            Reply::Response { status: 408 | 429 | 500.., .. } => return Some(Err(Loss::Refused(Refusal::Unavailable))),
            Reply::Response { status, .. } => {
                let answer = Answer { code: status.into(), text: NONE, client_id: NONE };
                return Some(Ok(Pending::Answer(answer)));
            }
            Reply::Message { topic, .. } if topic != self::topic(self.way).as_bytes() => return None,
            Reply::Message { names, payload, .. } => (names, payload),
        };
        Some(match read(self.way, names, bytes) {
            // As HTTP's status may be.
            Some(Answer { code: 429 | 500, .. }) => Err(Loss::Refused(Refusal::Unavailable)),
            Some(answer) => Ok(Pending::Answer(answer)),
            None => Err(Loss::Answer),
        })
    }

    fn on_attempt_failed(&mut self, loss: Loss) -> Option<Pending> {
        self.tries = self.tries.saturating_sub(1);
        let is_refused = matches!(loss, Loss::Refused(refusal) if refusal != Refusal::Unavailable);
        (self.tries == 0 || is_refused).then_some(Pending::Failed(loss))
    }

    fn close_link(&mut self) {
        self.link = None;
    }

    fn event<'a>(&'a self, pending: Pending, message: InUse<'a>) -> Event<'a> {
        let answer = match pending {
            Pending::Answer(answer) => answer,
            Pending::Failed(loss) => return Event::Failed(loss),
        };
        // `read` has decoded the texts.
        let at = |place| message.payload.get(place).map(Text::known);
        let text = at(answer.text).unwrap_or(Text::known(b""));
        match answer.code {
            REGISTERED => Event::Done { client_id: at(answer.client_id), secret: text },
            code => Event::Refused { code, message: text },
        }
    }
}

impl<'b> Handle<'_, 'b, Register> {
    /// Has the platform give a device a secret, or a token, of its own. The registration ends with an [`Event`]; each
    /// attempt that is followed by another one is reported with [`Event::Failed`](crate::device::Event::Failed).
    /// [`close`](crate::device::Device::close) ends it early.
    ///
    /// Over HTTPS it has a link of its own, and may run while the device is connected. `scratch` holds the request and
    /// the response, and is the device's until the [`poll`](crate::device::Device::poll) behind the last event; some 1,300
    /// bytes are needed, and more than 5 KiB are of no use. Over MQTT the device must be off, and `scratch` may be empty:
    /// the answer of some 300 bytes must fit the receive buffer.
    pub fn begin(
        self,
        registration: &Registration,
        scratch: &'b mut [u8],
        now: Instant,
    ) -> Result<(), RegisterError> {
        let (register, Parts { session, identity, seed, link, endpoint, http, .. }) = self.parts();
        if register.link.is_some() {
            return Err(RegisterError::AlreadyConnected);
        }
        let way = registration.way();
        // Another one at each call: the seed differs from start to start, the time from call to call.
        let random = seed ^ now.as_millis();
        let registered = Identity::new(registration.identity.product_key, registration.identity.device_name, seed);
        let mut server = Endpoint::none();
        registration.resolve(&mut server)?;
        register.link = Some(if way == Way::Https {
            // The scratch buffer may be that of the registration before.
            http.finish();
            let mut request = Request::new(scratch);
            request.note(&[registered.as_ref().map_or(b"", Identity::names)]);
            registration.write_request(&server, random, &mut request);
            http.start(request, now).map_err(|needed| RegisterError::TooLarge { needed })?;
            LinkId::Http
        } else {
            if !link.is_off() {
                return Err(RegisterError::AlreadyConnected);
            }
            *endpoint = server;
            session.reset();
            registration.write_login(random, session.configure(KEEPALIVE, true, 0))?;
            *identity = registered;
            link.start(CONNECT_TIMEOUT_MS, now);
            LinkId::Session
        });
        (register.way, register.tries) = (way, TRIES);
        Ok(())
    }

    /// Whether a registration is under way.
    pub fn is_under_way(self) -> bool {
        self.parts().0.link.is_some()
    }
}

/// The topic on which the answer comes over MQTT.
const fn topic(way: Way) -> &'static str {
    match way {
        Way::MqttUnlisted => "/ext/regnwl",
        Way::Mqtt | Way::Https => "/ext/register",
    }
}

/// Reads an answer for the device of these `names`; `None` if it is none, for another device, or has a secret that is no
/// string or that no device can log in with. Its texts are decoded in place: it can be read once only.
fn read(way: Way, names: &[u8], answer: &mut [u8]) -> Option<Answer> {
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
