//! Which service does a device's message belong to, and what does the platform do with it?
//!
//! One file a service. Each has a `take`: it looks at a message on one of the device's own topics and
//! either leaves it (`None`) or returns what goes into the journal and what is answered. A new service
//! is a file here and a line in [`SERVICES`].

pub mod call;
mod custom;
mod event;
mod ntp;
mod property;
mod raw;
pub mod upload;

use crate::devices::Name;
use crate::journal::Record;
use crate::login::Session;

/// A message that a device published on one of its own topics.
pub struct Up<'a> {
    pub from: &'a Session,
    pub topic: &'a str,
    pub payload: &'a [u8],
    pub qos: u8,
    pub now_ms: u64,
}

impl Up<'_> {
    /// The rest of `/sys/{pk}/{dn}/…`.
    fn path(&self) -> Option<&str> {
        let name = &self.from.name;
        let rest = self.topic.strip_prefix("/sys/")?.strip_prefix(&*name.product)?;
        rest.strip_prefix('/')?.strip_prefix(&*name.device)?.strip_prefix('/')
    }

    fn record(&self, kind: &str) -> Record {
        Record::new(kind, &self.from.name).with("topic", self.topic).with("qos", self.qos).with_payload(self.payload)
    }
}

/// What a service makes of a message.
pub struct Taken {
    pub record: Record,
    /// Topic and payload, sent with the quality of service of the message that it answers.
    pub answer: Option<(String, Vec<u8>)>,
}

/// What the platform replies to the next posts: a test can make it fail or fall silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyMode {
    #[default]
    Normal,
    Code(u64),
    Silent,
}

/// What services remember between messages.
#[derive(Default)]
pub struct State {
    pub reply_mode: ReplyMode,
    /// How many more replies that is for; `None` for all.
    pub reply_mode_left: Option<u64>,
    pub calls: call::Calls,
    pub uploads: upload::Tasks,
    pub block_rate: upload::Rate,
    pub trouble: upload::Trouble,
    /// A device whose link is to be lost with the message just taken.
    pub cut: Option<Name>,
}

impl State {
    /// What becomes of one reply.
    fn next_reply_mode(&mut self) -> ReplyMode {
        let mode = self.reply_mode;
        if let Some(left) = &mut self.reply_mode_left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.reply_mode = ReplyMode::Normal;
                self.reply_mode_left = None;
            }
        }
        mode
    }

    /// Takes an Alink post: the record gets id and code, the device its reply.
    fn alink(&mut self, up: &Up, method: &str, record: Record) -> Taken {
        let message = crate::alink::request(up.payload, method);
        let (mut code, mut text) = message.fault.clone().unwrap_or((crate::alink::OK, "success".into()));
        let mode = self.next_reply_mode();
        if let ReplyMode::Code(told) = mode {
            (code, text) = (told, "told to fail".into());
        }
        let answers = mode != ReplyMode::Silent && message.wants_answer();
        Taken {
            record: record
                .with("id", message.id())
                .with("params", message.body["params"].clone())
                .with("code", code)
                .with("message", &*text)
                .with("answered", answers),
            answer: answers.then(|| (format!("{}_reply", up.topic), message.reply(code, &text, method))),
        }
    }
}

type Service = fn(&mut State, &Up) -> Option<Taken>;

/// Asked in this order; the last one takes everything.
const SERVICES: &[Service] =
    &[property::take, event::take, raw::take, ntp::take, upload::take, call::take, custom::take];

/// Finds the service that takes this message.
pub fn take(state: &mut State, up: &Up) -> Option<Taken> {
    SERVICES.iter().find_map(|service| service(state, up))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use serde_json::Value;

    pub fn session() -> Session {
        Session {
            name: Name::new("pk", "dn"),
            client_id: "id|x|".into(),
            keepalive: 60,
            clean: true,
            secure_mode: "2".into(),
            sign_method: "hmacsha256".into(),
            auto_subscribed: true,
            custom_rrpc: true,
        }
    }

    pub fn publish(state: &mut State, topic: &str, payload: &[u8]) -> Taken {
        let up = Up { from: &session(), topic, payload, qos: 1, now_ms: 5 };
        take(state, &up).expect("the last service takes everything")
    }

    fn reply(taken: &Taken) -> Option<(&str, Value)> {
        let (topic, payload) = taken.answer.as_ref()?;
        Some((topic, serde_json::from_slice(payload).unwrap()))
    }

    const POST: &str = "/sys/pk/dn/thing/event/property/post";

    #[test]
    fn a_post_is_answered_on_its_reply_topic() {
        let taken = publish(&mut State::default(), POST, br#"{"id":"7","params":{"a":1}}"#);
        let (topic, body) = reply(&taken).unwrap();
        assert_eq!(topic, "/sys/pk/dn/thing/event/property/post_reply");
        assert_eq!((&body["id"], &body["code"]), (&"7".into(), &200.into()));
        let event = publish(&mut State::default(), "/sys/pk/dn/thing/event/alarm/post", br#"{"id":"8","params":{}}"#);
        assert_eq!(reply(&event).unwrap().1["method"], "thing.event.alarm.post");
    }

    #[test]
    fn bad_params_are_told_and_ack_zero_is_kept() {
        let bad = publish(&mut State::default(), POST, br#"{"id":"7","params":[]}"#);
        assert_eq!(reply(&bad).unwrap().1["code"], 460);
        let quiet = publish(&mut State::default(), POST, br#"{"id":"7","params":{},"sys":{"ack":0}}"#);
        assert!(reply(&quiet).is_none());
    }

    #[test]
    fn a_reply_mode_wears_off() {
        let mut state = State { reply_mode: ReplyMode::Code(429), reply_mode_left: Some(1), ..State::default() };
        let body = br#"{"id":"7","params":{}}"#;
        assert_eq!(reply(&publish(&mut state, POST, body)).unwrap().1["code"], 429);
        assert_eq!(reply(&publish(&mut state, POST, body)).unwrap().1["code"], 200);
        state.reply_mode = ReplyMode::Silent;
        assert!(reply(&publish(&mut state, POST, body)).is_none());
    }

    #[test]
    fn raw_data_comes_back() {
        let taken = publish(&mut State::default(), "/sys/pk/dn/thing/model/up_raw", b"\x01\xff");
        assert_eq!(taken.answer, Some(("/sys/pk/dn/thing/model/up_raw_reply".into(), b"\x01\xff".to_vec())));
    }
}
