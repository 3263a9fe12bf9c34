//! Messages and subscriptions of the user's.

use super::Device;
use crate::mqtt::{Qos, SendError, is_topic_name};

impl<'b> Device<'b> {
    /// QoS 1 messages that wait for their acknowledgement, of [`WINDOW`](crate::mqtt::WINDOW) at most.
    pub fn unacknowledged(&self) -> usize {
        self.session.unacknowledged()
    }

    /// Acknowledgements since [`connect`](Self::connect) that named no packet under way. They are ignored: a server that
    /// sends them is at fault, but what was sent stays in order.
    pub fn unknown_acks(&self) -> u32 {
        self.session.unknown_acks()
    }

    /// Messages since [`connect`](Self::connect) that did not fit the receive buffer.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// Goes on with another send buffer, with what waits in the present one; on failure nothing has moved, and the
    /// error is the number of bytes that the buffer must have: no fewer than the present one.
    pub fn move_tx(&mut self, tx: &'b mut [u8]) -> Result<(), usize> {
        self.session.move_tx(tx)
    }

    fn must_be_started(&self) -> Result<(), SendError> {
        if self.is_started() { Ok(()) } else { Err(SendError::NotConnected) }
    }

    /// Whether the cloud may accept `topic`, or a filter.
    #[cfg_attr(not(target_os = "none"), inline(always))]
    fn check_topic(&self, topic: &[u8]) -> Result<(), SendError> {
        match &self.identity {
            Some(identity) => self.cloud.check_topic(identity.names(), identity.is_gateway, topic),
            None => Ok(()),
        }
    }

    /// Publishes. At QoS 0 the message goes now or not at all, and 0 is returned; at QoS 1 it is kept, over any number
    /// of links, until [`Event::Delivered`](super::Event::Delivered) tells its packet identifier, which is returned. A topic that Alibaba's
    /// platform is known not to take from this device is refused.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: Qos) -> Result<u16, SendError> {
        self.publish_bytes(topic.as_bytes(), payload, qos)
    }

    /// [`publish`](Self::publish), to a topic of any bytes: a name that is not UTF-8 is refused.
    pub(crate) fn publish_bytes(&mut self, topic: &[u8], payload: &[u8], qos: Qos) -> Result<u16, SendError> {
        self.must_be_started()?;
        if !is_topic_name(topic) {
            return Err(SendError::Topic);
        }
        self.check_topic(topic)?;
        if payload.len() > self.cloud.payload_max().min(self.account.payload_max()) {
            return Err(SendError::Payload);
        }
        let packet_id = self.session.publish(topic, payload, qos)?;
        if let Some(identity) = &mut self.identity {
            identity.is_gateway |= self.cloud.makes_gateway(topic);
        }
        Ok(packet_id)
    }

    /// Subscribes to a topic filter of at most [`FILTER_MAX`](crate::mqtt::FILTER_MAX) bytes, now and after each
    /// reconnect; [`Event::Subscribed`](super::Event::Subscribed) tells the server's answer.
    pub fn subscribe(&mut self, filter: &str, qos: Qos) -> Result<(), SendError> {
        self.must_be_started()?;
        self.session.filter_fits(filter)?;
        self.check_topic(filter.as_bytes())?;
        self.session.subscribe(filter, qos)
    }

    /// Takes a subscription back; [`Event::Unsubscribed`](super::Event::Unsubscribed) tells when the server has done so.
    pub fn unsubscribe(&mut self, filter: &str) -> Result<(), SendError> {
        self.must_be_started()?;
        self.session.unsubscribe(filter)
    }
}
