//! One MQTT 3.1.1 session: handshake, window of unacknowledged messages, subscriptions, keepalive.
//!
//! Sections named in this folder are those of the OASIS standard "MQTT Version 3.1.1".

#[cfg(test)]
mod differences;
mod inbox;
mod message;
mod outbox;
mod packet;
mod session;
mod subscriptions;
mod suspects;

pub(crate) use message::Message;
#[cfg(feature = "upload")]
pub(crate) use outbox::BYTES_KEPT_BACK;
pub use outbox::WINDOW;
pub(crate) use outbox::{Claim, gathered};
pub(crate) use packet::is_topic_name;
pub use packet::{PeerError, Qos};
pub use session::Refusal;
pub(crate) use session::{Cut, Incoming, LoginTooLong, Sender, Session};
pub use subscriptions::FILTER_MAX;
pub use suspects::Sent;

/// A publish or a subscription that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The topic is empty, over 65,535 bytes, or has a character that is not allowed there.
    Topic,
    /// The topic is longer than Alibaba's platform allows, 127 bytes.
    TopicLength {
        /// Its length.
        bytes: usize,
    },
    /// The topic has more levels than Alibaba's platform allows, 7.
    TopicLevels {
        /// How many it has.
        levels: usize,
    },
    /// The topic is of another product or device, or none of the topics that Alibaba's platform has.
    TopicOwner,
    /// The topic filter is over [`FILTER_MAX`] bytes.
    FilterTooLong,
    /// The server has closed the link again and again right behind such packets: none is sent for five minutes.
    GivenUp,
    /// There is no session yet (or no more) and the message would not be kept: QoS 0 goes now or never.
    NotConnected,
    /// [`WINDOW`] messages wait for their acknowledgement, or the buffer is full of packets not yet sent: try again
    /// when some have gone.
    Full,
    /// The payload is larger than the platform takes.
    Payload,
    /// The buffer that the caller gave is too small for this, however long one waits.
    TooLarge {
        /// Bytes that the buffer would have to have.
        needed: usize,
    },
}

/// The smallest receive buffer that a session can live with, in bytes.
pub const RX_MIN: usize = 256;
/// The smallest send buffer that a session can live with, in bytes; 384 of it are kept for the session's own packets.
pub const TX_MIN: usize = 512;

/// Buffers of the caller's, for one session.
pub struct Buffers<'b> {
    /// What arrives, at least [`RX_MIN`] bytes; bounds the largest packet that can be received.
    pub rx: &'b mut [u8],
    /// What goes out, and the window of unacknowledged messages; at least [`TX_MIN`] bytes.
    pub tx: &'b mut [u8],
    /// Topic filters; each takes its length and 5 bytes.
    pub subscriptions: &'b mut [u8],
}
