//! Properties and events that the device posts, and the platform's replies (help.aliyun.com document 89301).
//!
//! Setting properties is a call of the platform's, see [`super::call`].

use super::service::{Delivery, Downlink, Handle, InUse, Service};
use crate::alink::{PostError, Route, post};
use crate::clouds::ALINK;
use crate::codec::json::{Place, members, take_string};
use crate::text::Text;
use crate::time::Instant;

/// Longest event identifier, in bytes.
const EVENT_ID_MAX: usize = 64;

/// Something about the device's posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform's reply to a post. If the link is lost it may never come; if the server repeats itself, twice.
    Reply {
        /// Message id, as the post returned it.
        id: u32,
        /// 200, or what was wrong (help.aliyun.com document 120329).
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
}

/// The state of properties and events: there is none.
pub struct Model;

/// A reply, and where its words are in the payload.
pub(crate) struct Pending {
    id: u32,
    code: i32,
    message: Place,
}

impl Service for Model {
    type Pending = Pending;
    type Event<'a> = Event<'a>;
    const ROUTES: &'static [Route] = &[Route::Sys(ALINK.event[0])];

    fn new() -> Self {
        Self
    }

    fn on_message(&mut self, message: &Downlink, _: Instant) -> Delivery<Pending> {
        if !message.rest.ends_with(b"_reply") {
            return Delivery::Other;
        }
        match read(message.payload) {
            Some(reply) if message.identity.ids.issued(reply.id) => Delivery::Event(reply),
            _ => Delivery::Other,
        }
    }

    fn event<'a>(&'a self, Pending { id, code, message }: Pending, in_use: InUse<'a>) -> Event<'a> {
        Event::Reply { id, code, message: take_string(in_use.payload, message) }
    }
}

fn read(payload: &[u8]) -> Option<Pending> {
    let [id, code, message] = members(payload, ["id", "code", "message"]).ok()?;
    Some(Pending { id: id.count(payload)?.try_into().ok()?, code: code.number(payload)?, message })
}

impl Handle<'_, '_, Model> {
    /// Posts properties: a JSON object of identifiers and values. Returns the id that [`Event::Reply`] will carry.
    pub fn post_properties(self, params: &str) -> Result<u32, PostError> {
        let (_, mut uplink) = self.open()?;
        post(&mut uplink, ALINK.property, ["property.post", "\"}"], params)
    }

    /// Posts an event: its identifier, and a JSON object of output parameters. Returns the id of the reply.
    pub fn post_event(self, event: &str, params: &str) -> Result<u32, PostError> {
        let (_, mut uplink) = self.open()?;
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
        if event.is_empty() || event.len() > EVENT_ID_MAX || !event.bytes().all(named) {
            return Err(PostError::EventId);
        }
        post(&mut uplink, event, [event, ".post\"}"], params)
    }
}
