//! The message that the user is being told: where are its parts?

use super::Qos;
use super::subscriptions::Subscriptions;

/// A message at the front of the inbox.
pub(crate) struct Message<'a, 'b> {
    /// A text, as far as MQTT allows any.
    pub(crate) topic: &'a [u8],
    /// May be worked on in place.
    pub(crate) payload: &'a mut [u8],
    /// The filters that it may match.
    pub(crate) filters: &'a Subscriptions<'b>,
    /// The first byte of the packet.
    pub(super) first: u8,
}

impl Message<'_, '_> {
    pub(crate) fn qos(&self) -> Qos {
        if self.first & 0x02 != 0 { Qos::AtLeastOnce } else { Qos::AtMostOnce }
    }

    pub(crate) fn is_dup(&self) -> bool {
        self.first & 0x08 != 0
    }

    pub(crate) fn is_retained(&self) -> bool {
        self.first & 0x01 != 0
    }
}

/// Where the parts of the message in use stand in the inbox, in which nothing moves meanwhile.
pub(super) struct InUse {
    pub(super) topic: usize,
    pub(super) payload: usize,
    pub(super) end: usize,
    /// The packet identifier that is to be acknowledged, or 0.
    pub(super) packet_id: u16,
    /// The first byte of the packet.
    pub(super) first: u8,
}

impl InUse {
    /// Where the topic ends.
    fn topic_end(&self) -> usize {
        self.payload - usize::from(self.first & 0x02)
    }

    /// The topic and the payload in the inbox's `bytes`.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    pub(super) fn split<'a>(&self, bytes: &'a mut [u8]) -> Option<(&'a [u8], &'a mut [u8])> {
        let (head, payload) = bytes.get_mut(..self.end)?.split_at_mut_checked(self.payload)?;
        Some((head.get(self.topic..self.topic_end())?, payload))
    }
}
