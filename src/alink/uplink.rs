//! The way up: what a service sends with.

use super::identity::Identity;
use super::request::Requests;
use crate::clouds::aliyun::PAYLOAD_MAX;
use crate::mqtt::{Priority, Qos, SendError, Session, gathered};

/// The session, and who the device is in it.
pub(crate) struct Uplink<'u, 'b> {
    /// The MQTT session.
    pub(crate) session: &'u mut Session<'b>,
    /// The device.
    pub(crate) identity: &'u Identity,
    /// The requests.
    pub(crate) requests: &'u mut Requests,
    /// The device's random number.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) seed: u32,
}

/// Publishes at QoS 0 on a topic in pieces, within the platform's limit. All that a service sends goes through here, except
/// answers.
pub(crate) fn publish(session: &mut Session, topic: &[&[u8]], payload: &[&[u8]]) -> Result<(), SendError> {
    if gathered(payload) > PAYLOAD_MAX {
        return Err(SendError::Payload);
    }
    session.publish(Priority::User, topic, payload, Qos::AtMostOnce).map(|_| ())
}
