//! The message that the user is being told: where are its parts?

use super::Qos;

/// A message at the front of the inbox.
pub(crate) struct Message<'a> {
    /// A text, as far as MQTT allows any.
    pub(crate) topic: &'a [u8],
    pub(crate) payload: &'a [u8],
    pub(crate) qos: Qos,
    pub(crate) dup: bool,
    pub(crate) retain: bool,
}

/// Where the parts of the message in use stand in its packet.
pub(super) struct InUse {
    pub(super) size: usize,
    pub(super) topic: usize,
    pub(super) topic_end: usize,
    pub(super) payload: usize,
    pub(super) packet_id: Option<u16>,
}

impl InUse {
    /// The topic and the payload in the `packet`.
    pub(super) fn split<'a>(&self, packet: &'a mut [u8]) -> Option<(&'a [u8], &'a mut [u8])> {
        let (head, payload) = packet.get_mut(..self.size)?.split_at_mut_checked(self.payload)?;
        Some((head.get(self.topic..self.topic_end)?, payload))
    }

    pub(super) fn read<'a>(&self, packet: &'a [u8]) -> Option<Message<'a>> {
        let first = packet.first()?;
        let (head, payload) = packet.split_at_checked(self.payload)?;
        Some(Message {
            topic: head.get(self.topic..self.topic_end)?,
            payload,
            qos: if self.packet_id.is_some() { Qos::AtLeastOnce } else { Qos::AtMostOnce },
            dup: first & 0x08 != 0,
            retain: first & 0x01 != 0,
        })
    }
}
