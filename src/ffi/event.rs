//! Events, flat.

use super::status::{aliyun_iot_loss, of_loss};
use super::types::aliyun_iot_bytes;
use crate::device::Event;
use crate::mqtt::Qos;
#[cfg(feature = "ntp")]
use crate::services::ntp;
#[cfg(feature = "upload")]
use crate::services::upload;
use crate::services::{self, call, model, raw};
use crate::text::{Text, parse_decimal};

/// What an event tells. The numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum aliyun_iot_event_kind {
    /// The session is up; `again` if not for the first time since connect, `session_present` if the server kept it.
    Connected = 1,
    /// The session is lost (`loss`, `code`); the device tries again by itself. If it was lost right behind something that
    /// was sent, `number` is the type of that packet (3 PUBLISH, 8 SUBSCRIBE, 10 UNSUBSCRIBE), and `name` its topic or
    /// filter, empty if that is not known any more; else `number` is 0.
    Disconnected = 2,
    /// An attempt has failed (`loss`, `code`); the device tries again by itself.
    Failed = 3,
    /// The link is closed, as asked.
    Closed = 4,
    /// The platform sets properties: `message_id`, `payload` (JSON).
    Properties = 5,
    /// The platform calls the service `name`: `message_id`, `payload` (JSON), `synchronous` if it waits for the answer.
    Service = 6,
    /// Raw data in `payload`.
    Raw = 7,
    /// A message on the topic `name`: `payload`, `qos`, `dup`, `retain`.
    Message = 8,
    /// The platform's reply to the post `number`: `code`, `payload` (its words).
    Reply = 9,
    /// The QoS 1 publish `number` has been acknowledged.
    Delivered = 10,
    /// The subscription to `name` was `accepted` or not.
    Subscribed = 11,
    /// A message that would have taken a receive buffer of `number` bytes was dropped, the `code`th since connect. With
    /// `raw_reply`, it was the `RawReply` to the oldest post that waits for one.
    Oversize = 12,
    /// The platform's clock: `time_ms`, at most `number` milliseconds off.
    Time = 16,
    /// The question for the time was not answered: 10 s, five times.
    NoTime = 17,
    /// The platform has registered the device, which is off now. `payload` is its device secret if `name` is NULL; else
    /// it is a device token, and `name` the client identifier that goes with it.
    Registered = 13,
    /// The device could not be registered (`loss`, `code`), and is off now. If the platform has refused it (`loss` is
    /// `Refused`), `code` is that of a CONNACK (1 to 5), HTTP's status, or the platform's own, and `payload` has its words.
    NotRegistered = 14,
    /// The upload goes on with the block at `number`; the platform has what is before. `aliyun_iot_upload_block` takes it.
    UploadBlock = 18,
    /// The platform has the file; `name` is its name for the upload.
    Uploaded = 19,
    /// The upload has failed, with the platform's `code`, or 0 if it fell silent: 10 s, five times.
    UploadFailed = 20,
    /// The platform makes a synchronous call that is none of a service: `name` the custom topic (empty if it came on the
    /// device's own), `message_id` the number of the request, `payload` any bytes.
    CallRaw = 21,
    /// What the platform made of raw data that was posted, in `payload`; of which post is not told.
    RawReply = 22,
    /// The server has ended the subscription to `name`, as `aliyun_iot_unsubscribe` asked.
    Unsubscribed = 23,
    /// The server has closed the connection again and again right behind a packet: it is not sent any more, and what
    /// waited behind it goes on. `code` is its type (3 PUBLISH, 8 SUBSCRIBE, 10 UNSUBSCRIBE), `name` its topic or filter,
    /// `number` what `aliyun_iot_publish` returned. A subscription is forgotten.
    GivenUp = 24,
}

/// Something for the user; which fields count is told by `kind`. Texts and bytes live until the next
/// `aliyun_iot_poll`.
#[repr(C)]
pub struct aliyun_iot_event {
    /// What it is.
    pub kind: aliyun_iot_event_kind,
    /// Whom to blame.
    pub loss: aliyun_iot_loss,
    /// Milliseconds since 1970-01-01 00:00 UTC, when the event was told.
    pub time_ms: u64,
    /// A code; whose, `kind` tells.
    pub code: i32,
    /// Id of a post or of a request (0 if that is no number), packet identifier, bytes needed, milliseconds or an offset.
    pub number: u32,
    /// Topic name, topic filter, service or upload id.
    pub name: aliyun_iot_bytes,
    /// Parameters, payload or words.
    pub payload: aliyun_iot_bytes,
    /// Id of a request, most often decimal digits.
    pub message_id: aliyun_iot_bytes,
    /// QoS that the message came with.
    pub qos: u8,
    /// The message may have come before.
    pub dup: bool,
    /// The server had kept the message.
    pub retain: bool,
    /// The session was up before.
    pub again: bool,
    /// The server kept the session.
    pub session_present: bool,
    /// The platform waits for the answer, 8 seconds at most.
    pub synchronous: bool,
    /// The server granted the subscription.
    pub accepted: bool,
    /// The payload of a message or of a raw call is UTF-8.
    pub is_text: bool,
    /// The message that was dropped was a reply to raw data.
    pub raw_reply: bool,
}

impl From<Event<'_>> for aliyun_iot_event {
    fn from(event: Event<'_>) -> Self {
        use aliyun_iot_event_kind as Kind;
        let blank = |kind| Self {
            kind,
            loss: aliyun_iot_loss::Link,
            time_ms: 0,
            code: 0,
            number: 0,
            name: aliyun_iot_bytes::NONE,
            payload: aliyun_iot_bytes::NONE,
            message_id: aliyun_iot_bytes::NONE,
            qos: 0,
            dup: false,
            retain: false,
            again: false,
            session_present: false,
            synchronous: false,
            accepted: false,
            is_text: false,
            raw_reply: false,
        };
        let text = |text: Text| aliyun_iot_bytes::of(text.as_bytes());
        match event {
            Event::Service(event) => of_service(event, blank),
            Event::Connected { again, session_present } => Self { again, session_present, ..blank(Kind::Connected) },
            Event::Disconnected(why) => {
                let (loss, code) = of_loss(why);
                Self { loss, code, ..blank(Kind::Disconnected) }
            }
            Event::DisconnectedBehind { loss, packet, topic } => {
                let (loss, code) = of_loss(loss);
                Self { loss, code, number: packet as u32, name: text(topic), ..blank(Kind::Disconnected) }
            }
            Event::GivenUp { packet, topic, packet_id } => {
                Self { code: packet as i32, name: text(topic), number: packet_id.into(), ..blank(Kind::GivenUp) }
            }
            Event::Failed(why) => {
                let (loss, code) = of_loss(why);
                Self { loss, code, ..blank(Kind::Failed) }
            }
            Event::Closed => blank(Kind::Closed),
            Event::Message { topic, payload, qos, dup, retain } => Self {
                name: text(topic),
                payload: aliyun_iot_bytes::of(payload),
                qos: (qos == Qos::AtLeastOnce).into(),
                dup,
                retain,
                is_text: core::str::from_utf8(payload).is_ok(),
                ..blank(Kind::Message)
            },
            Event::Delivered { packet_id } => Self { number: packet_id.into(), ..blank(Kind::Delivered) },
            Event::Subscribed { filter, accepted } => Self { name: text(filter), accepted, ..blank(Kind::Subscribed) },
            Event::Unsubscribed { filter } => Self { name: text(filter), ..blank(Kind::Unsubscribed) },
            Event::Registered { client_id, secret } => Self {
                name: client_id.map_or(aliyun_iot_bytes::NONE, text),
                payload: text(secret),
                ..blank(Kind::Registered)
            },
            Event::RegistrationRefused { code, message } => {
                Self { loss: aliyun_iot_loss::Refused, code, payload: text(message), ..blank(Kind::NotRegistered) }
            }
            Event::RegistrationFailed(why) => {
                let (loss, code) = of_loss(why);
                Self { loss, code, ..blank(Kind::NotRegistered) }
            }
            Event::Oversize { needed, dropped, raw_reply } => Self {
                raw_reply,
                number: u32::try_from(needed).unwrap_or(u32::MAX),
                code: dropped as i32,
                ..blank(Kind::Oversize)
            },
        }
    }
}

/// The event of a service, of a `blank` one.
fn of_service(event: services::Event, blank: impl Fn(aliyun_iot_event_kind) -> aliyun_iot_event) -> aliyun_iot_event {
    use aliyun_iot_event_kind as Kind;
    let number = |id: Text| parse_decimal(id.as_bytes()).unwrap_or_default();
    let text = |text: Text| aliyun_iot_bytes::of(text.as_bytes());
    match event {
        services::Event::Call(call::Event::SetProperties { id, params }) => aliyun_iot_event {
            message_id: text(id),
            number: number(id),
            payload: text(params),
            ..blank(Kind::Properties)
        },
        services::Event::Call(call::Event::Service { id, service, params, synchronous }) => aliyun_iot_event {
            message_id: text(id),
            number: number(id),
            name: text(service),
            payload: text(params),
            synchronous,
            ..blank(Kind::Service)
        },
        services::Event::Call(call::Event::Bytes { id, name, payload }) => aliyun_iot_event {
            message_id: text(id),
            number: number(id),
            name: text(name),
            payload: aliyun_iot_bytes::of(payload),
            synchronous: true,
            is_text: core::str::from_utf8(payload).is_ok(),
            ..blank(Kind::CallRaw)
        },
        services::Event::Raw(raw::Event::Data(data)) => {
            aliyun_iot_event { payload: aliyun_iot_bytes::of(data), ..blank(Kind::Raw) }
        }
        services::Event::Raw(raw::Event::Reply(data)) => {
            aliyun_iot_event { payload: aliyun_iot_bytes::of(data), ..blank(Kind::RawReply) }
        }
        services::Event::Model(model::Event::Reply { id, code, message }) => {
            aliyun_iot_event { number: id, code, payload: text(message), ..blank(Kind::Reply) }
        }
        #[cfg(feature = "ntp")]
        services::Event::Ntp(ntp::Event::Time { unix_ms, error_ms }) => {
            aliyun_iot_event { time_ms: unix_ms, number: error_ms, ..blank(Kind::Time) }
        }
        #[cfg(feature = "ntp")]
        services::Event::Ntp(ntp::Event::NoTime) => blank(Kind::NoTime),
        #[cfg(feature = "upload")]
        services::Event::Upload(upload::Event::Block { offset, .. }) => {
            aliyun_iot_event { number: offset, ..blank(Kind::UploadBlock) }
        }
        #[cfg(feature = "upload")]
        services::Event::Upload(upload::Event::Done { id }) => {
            aliyun_iot_event { name: text(id), ..blank(Kind::Uploaded) }
        }
        #[cfg(feature = "upload")]
        services::Event::Upload(upload::Event::Failed { code }) => {
            aliyun_iot_event { code, ..blank(Kind::UploadFailed) }
        }
    }
}
