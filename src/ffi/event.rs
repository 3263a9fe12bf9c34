//! Events. The file of each family has its kinds and its structs.

use super::connection::*;
use super::device::{aliyun_iot_device, device};
use super::link::number;
use super::messages::*;
use super::services::*;
use super::types::aliyun_iot_bytes;
use crate::device::{Event, Listener};
use crate::mqtt::Qos;
use crate::services::Listener as _;
use crate::time::Instant;

const NONE: aliyun_iot_bytes = aliyun_iot_bytes::NONE;

/// An event. Its texts and bytes are valid until the next call of `aliyun_iot_poll`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct aliyun_iot_event {
    /// What has happened: one of `ALIYUN_IOT_EVENT_…`.
    pub kind: i32,
    /// The details. `ALIYUN_IOT_EVENT_<FAMILY>_<KIND>` has `as.<family>.<kind>`.
    pub r#as: aliyun_iot_event_as,
}

/// A member for each family of events.
#[derive(Clone, Copy)]
#[repr(C)]
pub union aliyun_iot_event_as {
    /// `ALIYUN_IOT_EVENT_CONNECTION_…`
    pub connection: aliyun_iot_connection_event,
    /// `ALIYUN_IOT_EVENT_MESSAGES_…`
    pub messages: aliyun_iot_messages_event,
    /// `ALIYUN_IOT_EVENT_MODEL_…`
    pub model: aliyun_iot_model_event,
    /// `ALIYUN_IOT_EVENT_CALL_…`
    pub call: aliyun_iot_call_event,
    /// `ALIYUN_IOT_EVENT_RAW_…`
    pub raw: aliyun_iot_raw_event,
    /// `ALIYUN_IOT_EVENT_NTP_…`
    pub ntp: aliyun_iot_ntp_event,
    /// `ALIYUN_IOT_EVENT_UPLOAD_…`
    pub upload: aliyun_iot_upload_event,
    /// `ALIYUN_IOT_EVENT_DESIRED_…`
    pub desired: aliyun_iot_desired_event,
    /// `ALIYUN_IOT_EVENT_REGISTRATION_…`
    pub registration: aliyun_iot_registration_event,
}

/// Where an event is found, its kind is known: in line, what is left of this are the fields of that kind.
impl Listener for aliyun_iot_event {
    #[inline(always)]
    fn on_event(&mut self, event: Event<'_>) {
        match event {
            Event::Service(event) => self.on_service(event),
            event => self.kind = write(event, &mut self.r#as),
        }
    }
}

/// Writes an event that is not a service's to its member, and returns its kind.
#[inline(always)]
fn write(event: Event<'_>, to: &mut aliyun_iot_event_as) -> i32 {
    let of = aliyun_iot_bytes::of_text;
    match event {
        Event::Service(_) => 0,
        Event::Connected { again, session_present } => {
            to.connection.up = aliyun_iot_connection_up { again, session_present };
            ALIYUN_IOT_EVENT_CONNECTION_UP
        }
        Event::Disconnected(loss) => {
            to.connection.lost = aliyun_iot_connection_lost { loss: loss.into(), packet: 0, topic: NONE };
            ALIYUN_IOT_EVENT_CONNECTION_LOST
        }
        Event::DisconnectedBehind { loss, packet, topic } => {
            let (packet, topic) = (packet as i32, of(topic));
            to.connection.lost = aliyun_iot_connection_lost { loss: loss.into(), packet, topic };
            ALIYUN_IOT_EVENT_CONNECTION_LOST
        }
        Event::Failed { link, loss } => {
            to.connection.failed = aliyun_iot_connection_failed { loss: loss.into(), link: number(link) };
            ALIYUN_IOT_EVENT_CONNECTION_FAILED
        }
        Event::Closed => ALIYUN_IOT_EVENT_CONNECTION_CLOSED,
        Event::Message { topic, payload, qos, dup, retain } => {
            let (topic, payload) = (of(topic), aliyun_iot_bytes::of(payload));
            let qos = (qos == Qos::AtLeastOnce).into();
            to.messages.received = aliyun_iot_messages_received { topic, payload, qos, dup, retain };
            ALIYUN_IOT_EVENT_MESSAGES_RECEIVED
        }
        Event::Delivered { packet_id } => {
            to.messages.delivered = aliyun_iot_messages_delivered { packet_id };
            ALIYUN_IOT_EVENT_MESSAGES_DELIVERED
        }
        Event::Subscribed { filter, accepted } => {
            to.messages.subscribed = aliyun_iot_messages_subscribed { filter: of(filter), granted: accepted };
            ALIYUN_IOT_EVENT_MESSAGES_SUBSCRIBED
        }
        Event::Unsubscribed { filter } => {
            to.messages.unsubscribed = aliyun_iot_messages_unsubscribed { filter: of(filter) };
            ALIYUN_IOT_EVENT_MESSAGES_UNSUBSCRIBED
        }
        Event::Oversize { needed, dropped } => {
            to.messages.dropped = aliyun_iot_messages_dropped { needed, count: dropped };
            ALIYUN_IOT_EVENT_MESSAGES_DROPPED
        }
        Event::GivenUp { packet, topic, packet_id } => {
            let (packet, topic) = (packet as i32, of(topic));
            to.messages.given_up = aliyun_iot_messages_given_up { packet, packet_id, topic };
            ALIYUN_IOT_EVENT_MESSAGES_GIVEN_UP
        }
    }
}

/// Gets the next event; `false` if there is nothing more to do now. The call first finishes the event before: it
/// acknowledges a QoS 1 message, and answers a request that has no answer with 200 and `{}`. `event` must not be NULL.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_poll(
    device: *mut aliyun_iot_device,
    event: *mut aliyun_iot_event,
    now_ms: u32,
) -> bool {
    let this = device!(device, false);
    if event.is_null() {
        return false;
    }
    // SAFETY: promise 4; not NULL, and 0 is a value of each field.
    let event = unsafe {
        event.write_bytes(0, 1);
        &mut *event
    };
    this.device.report_next(Instant::from_millis(now_ms), event)
}

/// Returns the milliseconds after which `aliyun_iot_poll` has to be called even if nothing arrives; `UINT32_MAX` for never.
///
/// # Safety
///
/// The promises of `src/ffi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aliyun_iot_poll_in(device: *mut aliyun_iot_device, now_ms: u32) -> u32 {
    device!(device, u32::MAX).device.wait(Instant::from_millis(now_ms))
}
