//! What a service is.

use crate::alink::{Identity, Requests, Route, Unavailable, Uplink};
use crate::clouds::Endpoint;
use crate::clouds::vendor::{Account, Received};
use crate::http::{Exchange, Following};
use crate::link::{LinkId, Loss, Reconnect};
use crate::mqtt::Session;
use crate::time::{Earliest, Instant};

/// One service of the platform. It knows the session through an [`Uplink`], and nothing of the device or of other services.
///
/// A service learns when the link is lost, says when it wants to be polled, and is offered the messages on its routes. It
/// reports an event at the place where it finds it: the texts lie in the message, and nothing is kept for later.
pub(crate) trait Service {
    /// What the service reports.
    type Event<'a>;
    /// The service's number among those that send requests: that of its block of events in the C ABI.
    const OWNER: u8 = 0;
    /// Where the service's messages come in.
    const ROUTES: &'static [Route] = &[];

    /// A service that has nothing to do.
    fn new() -> Self;

    /// Another session begins: forget the one before.
    fn start(&mut self)
    where
        Self: Sized,
    {
        *self = Self::new();
    }

    /// The link is lost.
    fn link_down(&mut self) {}

    /// The device closes: give up.
    fn closing(&mut self, _: &mut Uplink) {}

    /// When to [`poll`](Self::poll), on a link with a session or without one.
    fn deadline(&self, _is_online: bool, _now: Instant, _: &mut Earliest) {}

    /// Goes on. Returns whether it has reported an event; `false` when all is done for now.
    fn poll(&mut self, _: &mut Uplink, _now: Instant, _: impl for<'e> Report<Self::Event<'e>>) -> bool {
        false
    }

    /// A message has come in on one of the [`ROUTES`](Self::ROUTES). A text may be decoded in place by the service that
    /// reports the message.
    fn on_message(
        &mut self,
        _: Downlink,
        _: &mut Requests,
        _now: Instant,
        _: impl for<'e> Report<Self::Event<'e>>,
    ) -> Delivery {
        Delivery::Other
    }

    /// A message of a vendor cloud has come in.
    fn on_received(
        &mut self,
        _: &mut Received,
        _: &mut Requests,
        _now: Instant,
        _: impl for<'e> Report<Self::Event<'e>>,
    ) -> Delivery {
        Delivery::Other
    }

    /// The server has acknowledged a message at QoS 1. Returns whether the service has sent it, and has reported an event.
    fn on_delivered(&mut self, _packet_id: u16, _: impl for<'e> Report<Self::Event<'e>>) -> bool {
        false
    }

    /// The message in use, whose event this service reported, is finished.
    fn finish(&mut self, _: &mut Uplink) {}

    // ---- A link of the service's own ----

    /// Whether the service may have a link of its own.
    const HAS_LINKS: bool = false;

    /// The link that is the service's alone at present: the HTTP link, or a session that is not the user's.
    fn own_link(&self) -> Option<LinkId> {
        None
    }

    /// A message has come in that session; `None` if it is not for the service. A result ends the link, a loss the attempt.
    /// Texts may be decoded in place. `names` is `{product key}/{device name}/`.
    fn on_reply(&mut self, _topic: &[u8], _names: &[u8], _payload: &mut [u8]) -> Option<Result<(), Loss>> {
        None
    }

    /// An HTTP response has come on that link, with this status. `note` is what the service noted with the request.
    fn on_response(&mut self, _status: u16, _note: &[u8], _body: &mut [u8]) -> Result<(), Loss> {
        Err(Loss::Answer)
    }

    /// Whether a request of the service's may be followed by another one in the same exchange.
    const HAS_FOLLOWING: bool = false;

    /// The request that follows on a successful response to the present one.
    fn following(&self) -> Option<Following> {
        None
    }

    /// That request is under way.
    fn followed(&mut self) {}

    /// An attempt at that link has failed. Returns whether it was the last one, which ends the link.
    fn on_attempt_failed(&mut self, _: Loss) -> bool {
        false
    }

    /// Reports how the link has ended. If a reply ended it, `payload` is that of the reply.
    fn report_end(&mut self, _payload: &mut [u8], _: impl for<'e> Report<Self::Event<'e>>) {}

    /// The link is no more.
    fn close_link(&mut self) {}

    /// A message that is too large for the receive buffer, of `size` bytes, has come in. What is seen of it is in the
    /// session. Returns whether an event is reported.
    fn on_oversize(&mut self, _: &mut Uplink, _size: usize, _: impl for<'e> Report<Self::Event<'e>>) -> bool {
        false
    }
}

/// A message from the platform.
pub(crate) struct Downlink<'a> {
    /// The device it came to.
    pub(crate) identity: &'a Identity,
    /// Its topic.
    pub(crate) topic: &'a [u8],
    /// Which of the service's routes it took.
    pub(crate) route: usize,
    /// What is behind the route in the topic.
    pub(crate) rest: &'a [u8],
    /// Its payload.
    pub(crate) payload: &'a mut [u8],
}

/// What became of a message.
pub(crate) enum Delivery {
    /// The service has reported it.
    Reported,
    /// The service has used it, and reports nothing.
    #[allow(dead_code)] // By services that a build may leave out.
    Used,
    /// It is not for the service after all. The user gets it as it is if a subscription matches.
    Other,
}

/// What a service reports an event to.
pub(crate) trait Report<E> {
    /// Takes an event, which lives until this returns.
    fn report(self, event: E);
}

/// What the call of a service works with: parts of the device.
#[allow(dead_code)] // Used by services that a build may leave out.
pub(crate) struct Parts<'d, 'b> {
    /// The MQTT session.
    pub(crate) session: &'d mut Session<'b>,
    /// The device on a cloud with services.
    pub(crate) identity: &'d mut Option<Identity>,
    /// The login to a vendor cloud.
    pub(crate) account: &'d Account,
    /// The requests of its services.
    pub(crate) requests: &'d mut Requests,
    /// The device's random number.
    pub(crate) seed: u32,
    /// Whether the device is connected or connecting.
    pub(crate) is_started: bool,
    /// The link of the session.
    pub(crate) link: &'d mut Reconnect,
    /// Where that link goes to.
    pub(crate) endpoint: &'d mut Endpoint,
    /// The other link.
    pub(crate) http: &'d mut Exchange<'b>,
}

/// A service of a device, to be called.
pub struct Handle<'d, 'b, S> {
    service: &'d mut S,
    parts: Parts<'d, 'b>,
}

impl<'d, 'b, S> Handle<'d, 'b, S> {
    pub(crate) fn new(service: &'d mut S, parts: Parts<'d, 'b>) -> Self {
        Self { service, parts }
    }

    /// The service and what it sends with, if the device is connected or connecting.
    pub(crate) fn open(self) -> Result<(&'d mut S, Uplink<'d, 'b>), Unavailable> {
        if self.parts.is_started { self.attached() } else { Err(Unavailable::NotConnected) }
    }

    /// The same for a service that only Alibaba's platform has.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) fn open_alink(self) -> Result<(&'d mut S, Uplink<'d, 'b>), Unavailable> {
        if self.parts.account.is_kept() { Err(Unavailable::NoService) } else { self.open() }
    }

    /// The same, also while the device closes.
    pub(crate) fn attached(self) -> Result<(&'d mut S, Uplink<'d, 'b>), Unavailable> {
        let Parts { session, identity, account, requests, seed, .. } = self.parts;
        let identity = identity.as_ref().ok_or(Unavailable::NoService)?;
        Ok((self.service, Uplink { session, identity, account, requests, seed }))
    }

    /// The service and the parts of the device, whatever its state.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) fn parts(self) -> (&'d mut S, Parts<'d, 'b>) {
        (self.service, self.parts)
    }
}
