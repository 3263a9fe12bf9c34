//! What a device reports to the user.

use crate::link::{LinkId, Loss};
use crate::mqtt::{Qos, Sent};
use crate::services;
use crate::text::Text;

/// Something for the user, from [`Device::poll`](super::Device::poll).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The session is up, for the first time since `connect` or again.
    Connected {
        /// Whether it was up before.
        again: bool,
        /// Whether the server kept the session.
        session_present: bool,
    },
    /// The session is lost; the device tries again by itself.
    Disconnected(Loss),
    /// The session is lost right behind something that the user sent, most often since the server does not accept that;
    /// the device tries again by itself.
    DisconnectedBehind {
        /// How it was lost.
        loss: Loss,
        /// What was sent.
        packet: Sent,
        /// The topic, or the filter; empty if it is not known any more.
        topic: Text<'a>,
    },
    /// The server has closed the link again and again right behind the same packet: it is not sent any more, and what
    /// waited behind it goes on. A subscription is forgotten. Another packet like this is given up sooner, and then
    /// [`SendError::GivenUp`](crate::mqtt::SendError::GivenUp) for five minutes.
    GivenUp {
        /// What was sent.
        packet: Sent,
        /// The topic, or the filter.
        topic: Text<'a>,
        /// The packet identifier that `publish` returned; 0 at QoS 0.
        packet_id: u16,
    },
    /// An attempt to open a link has failed; the device tries again by itself.
    Failed {
        /// Which link.
        link: LinkId,
        /// Why.
        loss: Loss,
    },
    /// All is sent and the link is closed, as asked.
    Closed,
    /// A service reports something.
    Service(services::Event<'a>),
    /// A message on a topic of the user's.
    Message {
        /// Topic name.
        topic: Text<'a>,
        /// Payload.
        payload: &'a [u8],
        /// QoS it came with.
        qos: Qos,
        /// Whether it may have come before.
        dup: bool,
        /// Whether the server had kept it.
        retain: bool,
    },
    /// A QoS 1 publish has been acknowledged.
    Delivered {
        /// Packet identifier, as `publish` returned it.
        packet_id: u16,
    },
    /// The server has answered a subscription.
    Subscribed {
        /// The topic filter.
        filter: Text<'a>,
        /// Whether it was granted; a refused one is forgotten.
        accepted: bool,
    },
    /// The server has ended a subscription that was taken back.
    Unsubscribed {
        /// The topic filter.
        filter: Text<'a>,
    },
    /// A message larger than the receive buffer came and was dropped.
    Oversize {
        /// Bytes of buffer that it would have taken.
        needed: usize,
        /// How many were dropped so far, since `connect`.
        dropped: u32,
    },
}

/// What gets the events of a device. A function of the user's does, and so does the event of the C ABI, into which each event
/// is written at the place where it is found.
pub(crate) trait Listener: services::Listener {
    /// The device reports this.
    fn on_event(&mut self, event: Event<'_>);
}

impl<F: FnMut(Event<'_>)> Listener for F {
    fn on_event(&mut self, event: Event<'_>) {
        self(event);
    }
}

impl<F: FnMut(Event<'_>)> services::Listener for F {
    fn on_service(&mut self, event: services::Event<'_>) {
        self(Event::Service(event));
    }
}
