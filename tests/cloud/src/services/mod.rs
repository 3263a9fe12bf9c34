//! Which service does a device's message belong to, and what does the platform do with it?
//!
//! One file a service. Its `take` looks at a message on one of the device's own topics. It returns `None`, or the record
//! for the journal and the answer. Its `COMMANDS` are what the control port can ask of it, and its memory is a field of
//! [`State`]. A new service is a file here, its `mod` and a line in the list.

pub mod call;
mod custom;
mod event;
mod ntp;
mod property;
mod raw;
pub mod upload;

use serde_json::{Value, json};

use crate::alink::{self, Params};
use crate::devices::Name;
use crate::fields::Fields;
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

/// A command of the control port, and what a service may know to carry it out.
pub struct Order<'a> {
    pub fields: Fields<'a>,
    device: Result<Name, String>,
    session: Result<Session, String>,
    pub online: bool,
    pub now_ms: u64,
}

impl<'a> Order<'a> {
    /// `session` is that of the device that the fields name.
    pub fn new(
        fields: Fields<'a>,
        device: Result<Name, String>,
        session: Result<Session, String>,
        online: bool,
        now_ms: u64,
    ) -> Order<'a> {
        Order { fields, device, session, online, now_ms }
    }

    pub fn device(&self) -> Result<&Name, String> {
        self.device.as_ref().map_err(String::clone)
    }

    /// The session that a message for the device goes to.
    pub fn session(&self) -> Result<&Session, String> {
        self.device()?;
        self.session.as_ref().map_err(String::clone)
    }
}

/// A system message for the device that a command names.
pub struct Down {
    pub topic: String,
    pub payload: Vec<u8>,
    pub qos: u8,
}

/// What a command comes to: the fields of its reply, and a message.
pub type Outcome = Result<(Value, Option<Down>), String>;

/// A command: its name, the fields that it takes, what it does.
pub struct Command(pub &'static str, pub &'static [&'static str], pub fn(&mut State, &Order) -> Outcome);

/// One line a service: its file and, if it has any, the type of its memory. Services are asked in this order; the last
/// one takes everything.
macro_rules! services {
    ($($name:ident $(: $memory:ty)?),* $(,)?) => {
        /// What services remember between messages.
        #[derive(Default)]
        pub struct State {
            pub reply_mode: ReplyMode,
            /// How many more replies that is for; `None` for all.
            pub reply_mode_left: Option<u64>,
            /// A device whose link is to be lost with the message just taken.
            pub cut: Option<Name>,
            /// Ids of the cloud's own requests.
            last_id: u64,
            $($(pub $name: $memory,)?)*
        }

        /// Finds the service that takes this message.
        pub fn take(state: &mut State, up: &Up) -> Option<Taken> {
            None$(.or_else(|| $name::take(state, up)))*
        }

        /// The commands of every service.
        pub const COMMANDS: &[&[Command]] = &[$($name::COMMANDS),*];
    };
}

services! {
    property,
    event,
    raw,
    ntp,
    upload: upload::Memory,
    call: call::Calls,
    custom,
}

impl State {
    pub fn next_id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    /// The platform's own are long numbers; so are these.
    fn next_rid(&mut self, now_ms: u64) -> String {
        self.last_id += 1;
        format!("{now_ms}{:06}", self.last_id % 1_000_000)
    }

    /// Calls `thing/service/{path}` of the device; it answers on the topic's `_reply`.
    fn call(&mut self, order: &Order, path: &str, params: &Value, qos: u8) -> Outcome {
        let name = &order.session()?.name;
        let id = self.next_id();
        let topic = format!("/sys/{name}/thing/service/{path}");
        let payload = alink::call(&id, &format!("thing.service.{}", path.replace('/', ".")), params);
        Ok((json!({ "id": id }), Some(Down { topic, payload, qos })))
    }

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
        self.request(up, method, Params::Object, record, |_, _| Ok(json!({})))
    }

    /// Takes an Alink request. `serve` makes the data of the reply from its params, or refuses.
    fn request(
        &mut self,
        up: &Up,
        method: &str,
        params: Params,
        record: Record,
        serve: impl FnOnce(&mut State, &Value) -> Result<Value, String>,
    ) -> Taken {
        let message = alink::request(up.payload, method, params);
        let mode = self.next_reply_mode();
        let outcome = match (&message.fault, mode) {
            (_, ReplyMode::Code(told)) => Err((told, "told to fail".to_owned())),
            (Some(fault), _) => Err(fault.clone()),
            (None, _) => serve(self, &message.body["params"]).map_err(|why| (alink::BAD_PARAMS, why)),
        };
        let (code, text, data) = match outcome {
            Ok(data) => (alink::OK, "success".to_owned(), data),
            Err((code, why)) => (code, why, json!({})),
        };
        let answers = mode != ReplyMode::Silent && message.wants_answer();
        Taken {
            record: record
                .with("id", message.id())
                .with("params", message.body["params"].clone())
                .with("code", code)
                .with("message", &*text)
                .with("answered", answers),
            answer: answers.then(|| (format!("{}_reply", up.topic), message.reply(code, &text, &data, method))),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

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
