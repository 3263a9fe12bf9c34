//! Messages on topics, and subscriptions.

use super::device::{aliyun_iot_device, device};
use super::status::{
    ALIYUN_IOT_STATUS_FULL, ALIYUN_IOT_STATUS_GIVEN_UP, ALIYUN_IOT_STATUS_NOT_CONNECTED, ALIYUN_IOT_STATUS_NULL,
    ALIYUN_IOT_STATUS_TOO_LARGE, Outcome, aliyun_iot_status,
};
use super::types::{NotUtf8, aliyun_iot_bytes, output};
use super::words::Family;
use crate::mqtt::{Qos, SendError};

pub(super) const FAMILY: Family = Family {
    size: size_of::<aliyun_iot_messages_event>(),
    kinds: &[
        (ALIYUN_IOT_EVENT_MESSAGES_RECEIVED, "MESSAGES_RECEIVED"),
        (ALIYUN_IOT_EVENT_MESSAGES_DELIVERED, "MESSAGES_DELIVERED"),
        (ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED, "MESSAGES_SUBSCRIBED"),
        (ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED, "MESSAGES_UNSUBSCRIBED"),
        (ALIYUN_IOT_EVENT_MESSAGES_DROPPED, "MESSAGES_DROPPED"),
        (ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP, "MESSAGES_GIVEN_UP"),
    ],
    statuses: &[
        (ALIYUN_IOT_STATUS_TOPIC, "topic must be text, without + and # unless subscribing"),
        (ALIYUN_IOT_STATUS_FILTER_TOO_LONG, "topic must have at most 255 bytes"),
        (ALIYUN_IOT_STATUS_QOS, "qos must be 0 or 1"),
        (ALIYUN_IOT_STATUS_PAYLOAD, "the payload is over the limit of the cloud (Alibaba: 256 KiB)"),
    ],
    features: 0,
};

// ---- Numbers ----

/// A message has come: `as.messages.received`.
pub const ALIYUN_IOT_EVENT_MESSAGES_RECEIVED: i32 = 0x20;
/// The server has acknowledged a QoS 1 message: `as.messages.delivered`.
pub const ALIYUN_IOT_EVENT_MESSAGES_DELIVERED: i32 = 0x21;
/// The server has granted or refused a subscription (SUBACK): `as.messages.subscribed`. The event comes again after each
/// reconnect, unless the server has kept the session.
pub const ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED: i32 = 0x22;
/// The server has ended a subscription, as `aliyun_iot_unsubscribe` asked (UNSUBACK): `as.messages.unsubscribed`.
pub const ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED: i32 = 0x23;
/// A message did not fit `rx` and was dropped: `as.messages.dropped`.
pub const ALIYUN_IOT_EVENT_MESSAGES_DROPPED: i32 = 0x24;
/// The server has closed the connection again and again right after a packet: `as.messages.given_up`. The library has
/// dropped the packet and goes on with the packets behind it. A subscription is forgotten.
pub const ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP: i32 = 0x25;

/// The topic is empty, over 65,535 bytes, not UTF-8, or has a character that is not allowed there.
pub const ALIYUN_IOT_STATUS_TOPIC: i32 = -0x20;
/// The topic filter is over 255 bytes.
pub const ALIYUN_IOT_STATUS_FILTER_TOO_LONG: i32 = -0x21;
/// The quality of service is not 0 or 1.
pub const ALIYUN_IOT_STATUS_QOS: i32 = -0x22;
/// The payload is larger than the cloud accepts: 256 KiB at Alibaba, 16 KiB at Tencent (docs/clouds.md).
pub const ALIYUN_IOT_STATUS_PAYLOAD: i32 = -0x23;

/// PUBLISH, as MQTT numbers packets.
pub const ALIYUN_IOT_PACKET_PUBLISH: i32 = 3;
/// SUBSCRIBE, as MQTT numbers packets.
pub const ALIYUN_IOT_PACKET_SUBSCRIBE: i32 = 8;
/// UNSUBSCRIBE, as MQTT numbers packets.
pub const ALIYUN_IOT_PACKET_UNSUBSCRIBE: i32 = 10;

// ---- Structs ----

/// `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_received {
    /// Topic name.
    pub topic: aliyun_iot_bytes,
    /// Any bytes; `aliyun_iot_is_utf8` tells whether they are a text.
    pub payload: aliyun_iot_bytes,
    /// QoS of the message, 0 or 1.
    pub qos: u8,
    /// The server may have sent the message before.
    pub dup: bool,
    /// The server had kept the message for new subscriptions.
    pub retain: bool,
}

/// `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_delivered {
    /// The packet identifier from `aliyun_iot_publish`.
    pub packet_id: u16,
}

/// `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_subscribed {
    /// Topic filter.
    pub filter: aliyun_iot_bytes,
    /// The server has granted the subscription. The library forgets a refused one.
    pub granted: bool,
}

/// `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_unsubscribed {
    /// Topic filter.
    pub filter: aliyun_iot_bytes,
}

/// `ALIYUN_IOT_EVENT_MESSAGES_DROPPED`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_dropped {
    /// Bytes that `rx` must have for this message.
    pub needed: usize,
    /// Dropped messages since connect.
    pub count: u32,
}

/// `ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_messages_given_up {
    /// The type of the packet, one of `ALIYUN_IOT_PACKET_…`.
    pub packet: i32,
    /// The packet identifier from `aliyun_iot_publish`; 0 for QoS 0 and for other packets.
    pub packet_id: u16,
    /// The topic or filter of the packet.
    pub topic: aliyun_iot_bytes,
}

/// The members of the family, by kind.
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_messages_event {
    /// `ALIYUN_IOT_EVENT_MESSAGES_RECEIVED`
    pub received: aliyun_iot_messages_received,
    /// `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED`
    pub delivered: aliyun_iot_messages_delivered,
    /// `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED`
    pub subscribed: aliyun_iot_messages_subscribed,
    /// `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED`
    pub unsubscribed: aliyun_iot_messages_unsubscribed,
    /// `ALIYUN_IOT_EVENT_MESSAGES_DROPPED`
    pub dropped: aliyun_iot_messages_dropped,
    /// `ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP`
    pub given_up: aliyun_iot_messages_given_up,
}

// ---- Calls ----

pub(super) fn of_send(error: SendError) -> Outcome {
    match error {
        SendError::NotConnected => (ALIYUN_IOT_STATUS_NOT_CONNECTED, 0),
        SendError::Full => (ALIYUN_IOT_STATUS_FULL, 0),
        SendError::TooLarge { needed } => (ALIYUN_IOT_STATUS_TOO_LARGE, needed),
        SendError::GivenUp => (ALIYUN_IOT_STATUS_GIVEN_UP, 0),
        SendError::Topic => (ALIYUN_IOT_STATUS_TOPIC, 0),
        SendError::FilterTooLong => (ALIYUN_IOT_STATUS_FILTER_TOO_LONG, 0),
        SendError::Payload => (ALIYUN_IOT_STATUS_PAYLOAD, 0),
        SendError::TopicLength { bytes } => (super::clouds::ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LENGTH, bytes),
        SendError::TopicLevels { levels } => (super::clouds::ALIYUN_IOT_STATUS_ALIYUN_TOPIC_LEVELS, levels),
        SendError::TopicOwner => (super::clouds::ALIYUN_IOT_STATUS_ALIYUN_TOPIC_OWNER, 0),
    }
}

fn qos(number: u8) -> Result<Qos, Outcome> {
    match number {
        0 => Ok(Qos::AtMostOnce),
        1 => Ok(Qos::AtLeastOnce),
        _ => Err((ALIYUN_IOT_STATUS_QOS, 0)),
    }
}

/// A text that must be given; `status` if it is not given, or not UTF-8.
///
/// # Safety
///
/// Promise 3.
pub(super) unsafe fn text<'a>(bytes: aliyun_iot_bytes, status: aliyun_iot_status) -> Result<&'a str, Outcome> {
    // SAFETY: promise 3.
    let text = unsafe { bytes.text() }.map_err(|NotUtf8 { at }| (status, at))?;
    text.ok_or((status, 0))
}

/// Publishes a message.
///
/// At QoS 0 the message is sent now or not at all, and `*packet_id` is 0. At QoS 1 it is kept until the server has
/// acknowledged it, also while the device is offline. `ALIYUN_IOT_EVENT_MESSAGES_DELIVERED` then has the number in
/// `*packet_id`. `packet_id` may be NULL.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_publish(
    device: *mut aliyun_iot_device,
    topic: aliyun_iot_bytes,
    payload: aliyun_iot_bytes,
    qos_number: u8,
    packet_id: *mut u16,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    let published = qos(qos_number).and_then(|qos| {
        // SAFETY: promise 3.
        let (topic, payload) = unsafe { (topic.get().unwrap_or_default(), payload.get().unwrap_or_default()) };
        this.device.publish_bytes(topic, payload, qos).map_err(of_send)
    });
    // SAFETY: promise 4.
    this.status(published.map(|number| unsafe { output(packet_id, number) }))
}

/// Subscribes to a topic filter of at most 255 bytes, now and after each reconnect. The event
/// `ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED` has the server's answer.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_subscribe(
    device: *mut aliyun_iot_device,
    filter: aliyun_iot_bytes,
    qos_number: u8,
) -> aliyun_iot_status {
    // SAFETY: the caller's promises.
    unsafe { request(device, filter, Some(qos_number)) }
}

/// Removes a subscription. The event `ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED` follows when the server has ended it.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_unsubscribe(
    device: *mut aliyun_iot_device,
    filter: aliyun_iot_bytes,
) -> aliyun_iot_status {
    // SAFETY: the caller's promises.
    unsafe { request(device, filter, None) }
}

/// Subscribes with a QoS, or removes the subscription.
///
/// # Safety
///
/// The promises of `src/ffi`.
unsafe fn request(
    device: *mut aliyun_iot_device,
    filter: aliyun_iot_bytes,
    qos_number: Option<u8>,
) -> aliyun_iot_status {
    let this = device!(device, ALIYUN_IOT_STATUS_NULL);
    let qos = qos_number.map_or(Ok(None), |number| qos(number).map(Some));
    let requested = qos.and_then(|qos| {
        // SAFETY: promise 3.
        let filter = unsafe { text(filter, ALIYUN_IOT_STATUS_TOPIC)? };
        match qos {
            Some(qos) => this.device.subscribe(filter, qos),
            None => this.device.unsubscribe(filter),
        }
        .map_err(of_send)
    });
    this.status(requested)
}

/// Returns the number of QoS 1 messages that wait for their acknowledgement, at most 20.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_unacknowledged(device: *mut aliyun_iot_device) -> usize {
    device!(device, 0).device.unacknowledged()
}
