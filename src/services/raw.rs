//! Raw data (help.aliyun.com document 89301, "transparent"): bytes that a script on the platform takes apart.
//!
//! A reply to raw data does not say to which post it is. The platform replies in the order of the posts, so it is to the
//! oldest one that has none. Posts whose reply is not wanted are counted for that reason.

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{NoReply, PostError, REPLY_MS, Reply, Requests, Route, Uplink, publish};
use crate::codec::template::{Value, template};
use crate::time::Instant;

const REPLY_PATH: &str = "thing/model/up_raw_reply";

/// Bytes from the platform, and what became of posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform sends raw data.
    Data(&'a [u8]),
    /// The platform's reply to raw data that was posted: bytes of the product's script.
    Reply {
        /// The post, as [`Handle::post`] returned it; 0 if no wanted reply is outstanding.
        id: u32,
        /// The bytes.
        data: &'a [u8],
    },
    /// No reply to a post comes any more.
    NoReply {
        /// The post.
        id: u32,
        /// Why.
        cause: NoReply,
    },
    /// The reply to a post was larger than the receive buffer, and was dropped.
    ReplyDropped {
        /// The post.
        id: u32,
        /// Bytes of buffer that it would have needed.
        needed: usize,
    },
}

/// The posts whose reply is not wanted.
pub struct Raw {
    /// Those since the last one whose reply is wanted.
    ignored: u8,
    /// When the last of them was sent, if there is one.
    last: Instant,
}

impl Service for Raw {
    type Event<'a> = Event<'a>;
    const OWNER: u8 = 0x50;
    const ROUTES: &'static [Route] = &[Route::Sys("thing/model/down_raw"), Route::Sys(REPLY_PATH)];

    fn new() -> Self {
        Self { ignored: 0, last: Instant::from_millis(0) }
    }

    fn link_down(&mut self) {
        self.ignored = 0;
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
        let data: &[u8] = message.payload;
        match message.route {
            0 => report.report(Event::Data(data)),
            _ => report.report(Event::Reply { id: self.replied(requests), data }),
        }
        Delivery::Reported
    }

    fn on_oversize(&mut self, uplink: &mut Uplink, needed: usize, report: impl for<'e> Report<Event<'e>>) -> bool {
        if !uplink.session.oversize_is_on([uplink.identity.prefix(), REPLY_PATH.as_bytes()]) {
            return false;
        }
        let id = self.replied(uplink.requests);
        if id != 0 {
            report.report(Event::ReplyDropped { id, needed });
        }
        id != 0
    }
}

impl Raw {
    /// A reply has come. Returns the id of its post; 0 if that reply is not wanted.
    fn replied(&mut self, requests: &mut Requests) -> u32 {
        match requests.replied_in_order(Self::OWNER) {
            Some(id) => id.unwrap_or_default(),
            None => {
                self.ignored = self.ignored.saturating_sub(1);
                0
            }
        }
    }
}

impl Handle<'_, '_, Raw> {
    /// Posts raw data. Returns the id that [`Event::Reply`] or [`Event::NoReply`] will carry, if that is wanted.
    pub fn post(self, data: &[u8], reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (raw, uplink) = self.open_alink()?;
        uplink.requests.must_fit(reply)?;
        let topic: [&[u8]; 2] = [uplink.identity.prefix(), b"thing/model/up_raw"];
        publish(uplink.session, &topic, &[template!("%"), Value::Text(data)])?;
        // Replies that have not come for so long do not come any more.
        if now.since(raw.last) >= REPLY_MS {
            raw.ignored = 0;
        }
        let before = core::mem::take(&mut raw.ignored);
        if reply == Reply::Ignored {
            raw.ignored = before.saturating_add(1);
            raw.last = now;
        }
        Ok(uplink.requests.sent(Raw::OWNER, reply, now, before))
    }
}
