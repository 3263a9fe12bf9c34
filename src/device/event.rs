//! What the user is told.

use crate::mqtt::{PeerError, Qos, Refusal, Sent};
use crate::services;
use crate::text::Text;

/// Why there is no session, told by blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The port could not open the link, or lost it; the number is the port's own (an errno, say), 0 for end of stream.
    Link(i32),
    /// The server said no.
    Refused(Refusal),
    /// The server did not keep to MQTT 3.1.1, or fell silent.
    Peer(PeerError),
    /// No CONNACK within [`Options::connect_timeout`](super::Options::connect_timeout) of the start.
    Timeout,
    /// The session has ended right after its start three times in a row: most likely a second device uses this
    /// identity, and each login closes the other's session.
    Kicked,
}

/// Something for the user. Texts and bytes live until the next call of [`Device::poll`](super::Device::poll).
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
    /// An attempt to connect has failed; the device tries again by itself.
    Failed(Loss),
    /// All is sent and the link is closed, as asked.
    Closed,
    /// The platform has registered the device, which is off now: keep this, and connect with it.
    Registered {
        /// The client identifier that goes with a device token; `None` with a device secret.
        client_id: Option<Text<'a>>,
        /// The device secret or the device token.
        secret: Text<'a>,
    },
    /// The platform has refused to register the device, which is off now.
    RegistrationRefused {
        /// The platform's code, or HTTP's status.
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
    /// No attempt to register the device has led to an answer, or the server has refused the login; it is off now.
    RegistrationFailed(Loss),
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
        /// Whether it was what the platform made of raw data: the reply to the oldest post that waits for one.
        raw_reply: bool,
    },
}
