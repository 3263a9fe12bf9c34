//! Properties and events that the device posts, and the platform's replies (help.aliyun.com document 89301).
//!
//! Setting properties is a call of the platform's, see [`super::call`].

use heapless::Vec;

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Answer, NoReply, PostError, Reply, Requests, Route, Uplink, is_identifier, request};
use crate::clouds::ALINK;
use crate::clouds::vendor::{Brand, HAS_BRANDS, Login, Post, Received};
use crate::codec::json::{check, take_string};
use crate::mqtt::{SendError, WINDOW};
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

/// The state of properties and events: none, but for clouds without replies.
pub struct Model {
    /// The packet identifiers of posts whose PUBACK is the reply.
    acknowledged: Vec<u16, ACKNOWLEDGED_MAX, u8>,
}

/// The number of posts at QoS 1 that may wait for their PUBACK.
const ACKNOWLEDGED_MAX: usize = if HAS_BRANDS { WINDOW } else { 0 };

impl Service for Model {
    type Event<'a> = Event<'a>;
    const OWNER: u8 = 0x30;
    const ROUTES: &'static [Route] = &[Route::Sys(ALINK.event[0])];

    fn new() -> Self {
        Self { acknowledged: Vec::new() }
    }

    fn on_received(
        &mut self,
        received: &mut Received,
        requests: &mut Requests,
        _: Instant,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        match received {
            // A refusal is reported even if the reply is not wanted.
            Received::Reply { id, code, words, payload }
                if requests.replied(Self::OWNER, *id) || requests.issued(*id) && *code != OK =>
            {
                report.report(Event::Reply { id: *id, code: *code, message: take_string(payload, *words) });
                Delivery::Reported
            }
            Received::Reply { id, .. } if requests.issued(*id) => Delivery::Used,
            _ => Delivery::Other,
        }
    }

    fn on_delivered(&mut self, packet_id: u16, report: impl for<'e> Report<Event<'e>>) -> bool {
        if !HAS_BRANDS || self.acknowledged.is_empty() {
            return false;
        }
        let Some(at) = self.acknowledged.iter().position(|id| *id == packet_id) else { return false };
        self.acknowledged.swap_remove(at);
        report.report(Event::Reply { id: packet_id.into(), code: OK, message: Text::known(b"") });
        true
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

impl Model {
    /// Posts to a vendor cloud.
    fn post_to_vendor(
        &mut self,
        uplink: &mut Uplink,
        (brand, login): (Brand, Login),
        event: &str,
        params: &str,
        reply: Reply,
        now: Instant,
    ) -> Result<u32, PostError> {
        let is_acknowledged = reply == Reply::Wanted && !brand.has_replies();
        if is_acknowledged && self.acknowledged.is_full() {
            return Err(SendError::Full.into());
        }
        uplink.requests.must_fit(reply)?;
        let event = (event != PROPERTY).then_some(event);
        let post = Post { event, params: params.as_bytes(), id: uplink.requests.upcoming() };
        let mut sender =
            if is_acknowledged { uplink.session.sender_with_packet_id() } else { uplink.session.sender() }?;
        brand.post(&login, &post, uplink.account.moment(uplink.seed, now), &mut sender)?;
        if is_acknowledged {
            let packet_id = sender.packet_id;
            let _ = self.acknowledged.push(packet_id);
            // The id in the message is another one for the next post.
            uplink.requests.next_id();
            return Ok(packet_id.into());
        }
        let reply = if brand.has_replies() { reply } else { Reply::Ignored };
        Ok(uplink.requests.sent(Self::OWNER, reply, now, 0))
    }
}

impl Handle<'_, '_, Model> {
    /// Posts properties: a JSON object of identifiers and values. Returns the id that [`Event::Reply`] or
    /// [`Event::NoReply`] will carry, if that is wanted. At most 20 replies are awaited.
    ///
    /// On a vendor cloud without replies the message goes at QoS 1 if the reply is wanted, and its PUBACK is reported as the
    /// reply, with code 200: over any number of links.
    pub fn post_properties(self, params: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (model, mut uplink) = self.open()?;
        post(model, &mut uplink, PROPERTY, params, reply, now)
    }

    /// Posts an event: its identifier, and a JSON object of output parameters. Returns the id of the reply.
    pub fn post_event(self, event: &str, params: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (model, mut uplink) = self.open()?;
        if !is_identifier(event.as_bytes()) {
            return Err(PostError::EventId);
        }
        post(model, &mut uplink, event, params, reply, now)
    }
}

fn post(
    model: &mut Model,
    uplink: &mut Uplink,
    event: &str,
    params: &str,
    reply: Reply,
    now: Instant,
) -> Result<u32, PostError> {
    check(params.as_bytes(), true)?;
    if let Some(vendor) = uplink.account.vendor() {
        return model.post_to_vendor(uplink, vendor, event, params, reply, now);
    }
    let [before, behind] = ALINK.event;
    let (path, method) = ([before, event, behind], ["thing.event.", event, ".post"]);
    Ok(request(uplink, Model::OWNER, path, method, params.as_bytes(), reply, now)?)
}
