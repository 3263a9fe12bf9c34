//! Which service does a device's message belong to, and what does the platform do with it?
//!
//! One file a service: its [`Service::take`] makes of a message the record for the journal and the answer, its
//! [`Service::COMMANDS`] are what the control port can ask of it. A new service is a file here and a line in the list.

mod service;

use crate::journal::Record;
pub use service::{Common, Down, Order, Outcome, ReplyMode, Service, Taken, Up};

/// Everything that knows all services. They are asked in this order; the last one takes everything.
macro_rules! services {
    ($($name:ident: $Type:ident,)*) => {
        $(pub mod $name;)*

        /// What services remember between messages.
        #[derive(Default)]
        pub struct State {
            pub common: Common,
            $(pub $name: $name::$Type,)*
        }

        impl State {
            /// Finds the service that takes this message.
            pub fn take(&mut self, up: &Up) -> Option<Taken> {
                $(
                    if let Some(taken) = self.$name.take(&mut self.common, up) {
                        return Some(taken);
                    }
                )*
                None
            }

            /// Carries out a command, if a service has one of that name.
            pub fn run(&mut self, name: &str, order: &Order) -> Option<Outcome> {
                $(
                    for command in $name::$Type::COMMANDS.iter().filter(|command| command.0 == name) {
                        let fields = order.fields.must_be_of(command.1);
                        return Some(fields.and_then(|()| command.2(&mut self.$name, &mut self.common, order)));
                    }
                )*
                None
            }
        }

        /// The commands of every service, and their fields.
        #[cfg(test)]
        pub fn commands() -> Vec<(&'static str, &'static [&'static str])> {
            let mut commands = Vec::new();
            $(commands.extend($name::$Type::COMMANDS.iter().map(|command| (command.0, command.1)));)*
            commands
        }
    };
}

services! {
    property: Property,
    event: Event,
    raw: Raw,
    ntp: Ntp,
    upload: Upload,
    call: Call,
    desired: Desired,
    custom: Custom,
}

impl State {
    /// What is over after so much time.
    pub fn overdue(&mut self, now_ms: u64) -> Vec<Record> {
        self.call.overdue(now_ms)
    }
}

#[cfg(test)]
pub mod tests {
    use serde_json::Value;

    use super::*;
    use crate::devices::Name;
    use crate::login::Session;

    pub fn session() -> Session {
        Session {
            name: Name::new("pk", "dn"),
            client_id: "id|x|".into(),
            keepalive: 60,
            clean: true,
            secure_mode: "2".into(),
            sign_method: "hmacsha256".into(),
            auto_subscribed: true,
            implicit_qos: 1,
            filters: Vec::new(),
            custom_rrpc: true,
        }
    }

    pub fn publish(state: &mut State, topic: &str, payload: &[u8]) -> Taken {
        let up = Up { from: &session(), topic, payload, qos: 1, now_ms: 5 };
        state.take(&up).expect("the last service takes everything")
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
        let mut state = State::default();
        state.common.reply_mode = ReplyMode::Code(429);
        state.common.reply_mode_left = Some(1);
        let body = br#"{"id":"7","params":{}}"#;
        assert_eq!(reply(&publish(&mut state, POST, body)).unwrap().1["code"], 429);
        assert_eq!(reply(&publish(&mut state, POST, body)).unwrap().1["code"], 200);
        state.common.reply_mode = ReplyMode::Silent;
        assert!(reply(&publish(&mut state, POST, body)).is_none());
    }

    #[test]
    fn raw_data_comes_back() {
        let taken = publish(&mut State::default(), "/sys/pk/dn/thing/model/up_raw", b"\x01\xff");
        assert_eq!(taken.answer, Some(("/sys/pk/dn/thing/model/up_raw_reply".into(), b"\x01\xff".to_vec())));
    }
}
