//! Properties and events that the device posts, and the platform's replies (help.aliyun.com document 89301).
//!
//! Setting properties is a call of the platform's, see [`super::call`].

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Answer, NoReply, PostError, Reply, Requests, Route, Uplink, is_identifier, request};
use crate::clouds::ALINK;
use crate::codec::json::{check, take_string};
use crate::text::Text;
use crate::time::Instant;

/// The event that carries properties.
pub(crate) const PROPERTY: &str = ALINK.property;
/// The code of a reply to a post that was accepted.
const OK: i32 = 200;

/// Something about the device's posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform's reply to a post whose reply is wanted, or a refusal of any post.
    Reply {
        /// Message id, as the post returned it.
        id: u32,
        /// 200, or what was wrong (help.aliyun.com document 120329).
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
    /// No reply to a post comes any more.
    NoReply {
        /// Message id, as the post returned it.
        id: u32,
        /// Why.
        cause: NoReply,
    },
}

/// The state of properties and events: there is none.
pub struct Model;

impl Service for Model {
    type Event<'a> = Event<'a>;
    const OWNER: u8 = 0x30;
    const ROUTES: &'static [Route] = &[Route::Sys(ALINK.event[0])];

    fn new() -> Self {
        Self
    }

    fn poll(&mut self, uplink: &mut Uplink, now: Instant, report: impl for<'e> Report<Event<'e>>) -> bool {
        let Some((id, cause)) = uplink.requests.failed(Self::OWNER, now) else { return false };
        report.report(Event::NoReply { id, cause });
        true
    }

    fn on_message(
        &mut self,
        message: Downlink,
        requests: &mut Requests,
        _: Instant,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        if !message.rest.ends_with(b"_reply") {
            return Delivery::Other;
        }
        match Answer::read(message.payload) {
            // A refusal is reported even if the reply is not wanted.
            Some(Answer { id, code, message: words, .. })
                if requests.replied(Self::OWNER, id) || requests.issued(id) && code != OK =>
            {
                let message = take_string(message.payload, words);
                report.report(Event::Reply { id, code, message });
                Delivery::Reported
            }
            Some(answer) if requests.issued(answer.id) => Delivery::Used,
            _ => Delivery::Other,
        }
    }
}

impl Handle<'_, '_, Model> {
    /// Posts properties: a JSON object of identifiers and values. Returns the id that [`Event::Reply`] or
    /// [`Event::NoReply`] will carry, if that is wanted. At most 20 replies are awaited.
    pub fn post_properties(self, params: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (_, mut uplink) = self.open()?;
        post(&mut uplink, PROPERTY, params, reply, now)
    }

    /// Posts an event: its identifier, and a JSON object of output parameters. Returns the id of the reply.
    pub fn post_event(self, event: &str, params: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (_, mut uplink) = self.open()?;
        if !is_identifier(event.as_bytes()) {
            return Err(PostError::EventId);
        }
        post(&mut uplink, event, params, reply, now)
    }
}

fn post(uplink: &mut Uplink, event: &str, params: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
    check(params.as_bytes(), true)?;
    let [before, behind] = ALINK.event;
    let (path, method) = ([before, event, behind], ["thing.event.", event, ".post"]);
    Ok(request(uplink, Model::OWNER, path, method, params.as_bytes(), reply, now)?)
}
