//! What is a service, and what do all of them share?

use serde_json::{Value, json};

use crate::alink::{self, Params};
use crate::devices::Name;
use crate::fields::Fields;
use crate::journal::Record;
use crate::login::Session;

/// A message that a device published on one of its own topics.
#[derive(Clone, Copy)]
pub struct Up<'a> {
    pub from: &'a Session,
    pub topic: &'a str,
    pub payload: &'a [u8],
    pub qos: u8,
    pub now_ms: u64,
}

impl Up<'_> {
    /// The rest of `/sys/{pk}/{dn}/…`.
    pub fn path(&self) -> Option<&str> {
        let name = &self.from.name;
        let rest = self.topic.strip_prefix("/sys/")?.strip_prefix(&*name.product)?;
        rest.strip_prefix('/')?.strip_prefix(&*name.device)?.strip_prefix('/')
    }

    pub fn record(&self, kind: &str) -> Record {
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
pub struct Command<S>(pub &'static str, pub &'static [&'static str], pub fn(&mut S, &mut Common, &Order) -> Outcome);

/// One service, and what it remembers.
pub trait Service: Default + Sized + 'static {
    /// What the control port can ask of it.
    const COMMANDS: &'static [Command<Self>] = &[];

    /// Takes a message, unless it is for another service (`None`).
    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken>;
}

/// What all services share.
#[derive(Default)]
pub struct Common {
    pub reply_mode: ReplyMode,
    /// How many more replies that is for; `None` for all.
    pub reply_mode_left: Option<u64>,
    /// A device whose link is to be lost with the message just taken.
    pub cut: Option<Name>,
    /// Ids of the cloud's own requests.
    last_id: u64,
}

impl Common {
    pub fn next_id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    /// The platform's own are long numbers; so are these.
    pub fn next_rid(&mut self, now_ms: u64) -> String {
        self.last_id += 1;
        format!("{now_ms}{:06}", self.last_id % 1_000_000)
    }

    /// Calls `thing/service/{path}` of the device; it answers on the topic's `_reply`.
    pub fn call(&mut self, order: &Order, path: &str, params: &Value, qos: u8) -> Outcome {
        let name = &order.session()?.name;
        let id = self.next_id();
        let topic = format!("/sys/{name}/thing/service/{path}");
        let payload = alink::call(&id, &format!("thing.service.{}", path.replace('/', ".")), params);
        Ok((json!({ "id": id }), Some(Down { topic, payload, qos })))
    }

    /// What becomes of one reply.
    pub fn next_reply_mode(&mut self) -> ReplyMode {
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
    pub fn alink(&mut self, up: &Up, method: &str, record: Record) -> Taken {
        self.request(up, method, Value::is_object, record, |_| Ok(json!({})))
    }

    /// Takes an Alink request. `serve` makes the data of the reply from its params, or refuses.
    pub fn request(
        &mut self,
        up: &Up,
        method: &str,
        params: Params,
        record: Record,
        serve: impl FnOnce(&Value) -> Result<Value, String>,
    ) -> Taken {
        let message = alink::request(up.payload, method, params);
        let mode = self.next_reply_mode();
        let outcome = match (&message.fault, mode) {
            (_, ReplyMode::Code(told)) => Err((told, "told to fail".to_owned())),
            (Some(fault), _) => Err(fault.clone()),
            (None, _) => serve(&message.body["params"]).map_err(|why| (alink::BAD_PARAMS, why)),
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
