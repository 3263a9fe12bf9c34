//! Why a packet was not accepted for sending.

use super::outbox::Full;

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
    /// The topic filter is over [`FILTER_MAX`](super::FILTER_MAX) bytes.
    FilterTooLong,
    /// The server has closed the link again and again right behind such packets: none is sent for five minutes.
    GivenUp,
    /// There is no session yet (or no more) and the message would not be kept: QoS 0 goes now or never.
    NotConnected,
    /// [`WINDOW`](super::WINDOW) messages wait for their acknowledgement, or the buffer is full of packets not yet sent: try again
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

impl From<Full> for SendError {
    fn from(full: Full) -> Self {
        match full {
            Full::Packets | Full::Bytes => Self::Full,
            Full::Never { needed } => Self::TooLarge { needed },
            Full::GivenUp => Self::GivenUp,
        }
    }
}
