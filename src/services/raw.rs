//! Raw data (help.aliyun.com document 89301, "transparent"): bytes that a script on the platform takes apart.

use super::service::{Delivery, Downlink, Handle, InUse, Service};
use crate::alink::{PostError, Route, Uplink, publish};
use crate::time::Instant;

const REPLY: &str = "thing/model/up_raw_reply";

/// Bytes from the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform sends raw data.
    Data(&'a [u8]),
    /// What the platform made of raw data that was posted: bytes of the product's script. It does not say of which post.
    Reply(&'a [u8]),
}

/// Whether it is a reply.
pub(crate) type Pending = bool;

/// The state of raw data: there is none.
pub struct Raw;

impl Service for Raw {
    type Pending = Pending;
    type Event<'a> = Event<'a>;
    const ROUTES: &'static [Route] = &[Route::Sys("thing/model/down_raw"), Route::Sys(REPLY)];

    fn new() -> Self {
        Self
    }

    fn on_message(&mut self, message: &Downlink, _: Instant) -> Delivery<bool> {
        Delivery::Event(message.route == 1)
    }

    fn event<'a>(&'a self, is_reply: bool, message: InUse<'a>) -> Event<'a> {
        if is_reply { Event::Reply(message.payload) } else { Event::Data(message.payload) }
    }

    fn is_raw_reply(&self, uplink: &Uplink) -> bool {
        uplink.session.oversize_is_on([uplink.identity.prefix(), REPLY.as_bytes()])
    }
}

impl Handle<'_, '_, Raw> {
    /// Posts raw data.
    pub fn post(self, data: &[u8]) -> Result<(), PostError> {
        let (_, uplink) = self.open()?;
        let topic: [&[u8]; 2] = [uplink.identity.prefix(), b"thing/model/up_raw"];
        Ok(publish(uplink.session, &topic, &[data])?)
    }
}
