//! What a device says, and what is said to it: topics, the Alink envelope, properties, events, services, raw data,
//! network time, files.
//!
//! One file per service. Each answers the same two questions: how is it posted, and is a topic under `/sys/{pk}/{dn}/`
//! one of its own? Sources: help.aliyun.com document 89299 ff. (device properties, events and services), Link SDK C 4.2
//! `aiot_dm_api.c` (the topics).

mod alink;
#[cfg(feature = "upload")]
mod crc;
mod event;
#[cfg(any(feature = "ntp", feature = "upload"))]
mod exchange;
mod json;
#[cfg(feature = "ntp")]
mod ntp;
mod property;
mod raw;
#[cfg(feature = "register")]
mod register;
mod service;
mod topic;
#[cfg(feature = "upload")]
mod upload;

use alink::Ids;
#[cfg(feature = "upload")]
pub use crc::crc64;
use heapless::Vec;
pub(crate) use json::take_string;
pub use json::{NESTING_MAX, NotJson};
#[cfg(feature = "register")]
pub(crate) use register::{Answer, REGISTERED, topic as register_topic};
#[cfg(feature = "upload")]
pub use upload::{BLOCK, File, NAME_MAX, SIZE_MAX, UploadError};

use crate::mqtt::{Priority, Qos, SendError, Session, gathered};
use crate::time::Instant;
#[cfg(any(feature = "ntp", feature = "upload"))]
use crate::time::earliest;

/// The largest payload that the platform takes, in bytes (MQTT messages: 256 KB).
pub const PAYLOAD_MAX: usize = 256 * 1024;

/// A post that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// The device did not log in to Alibaba's platform: there is no thing model.
    NoThing,
    /// The parameters are not one JSON object.
    Json(NotJson),
    /// The parameters are nested deeper than [`NESTING_MAX`].
    Nesting {
        /// The offset of the first bracket that is too deep.
        at: usize,
    },
    /// The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
    EventId,
    /// It could not be sent.
    Send(SendError),
}

/// The member of a reply that holds the platform's words for people.
pub(crate) const MESSAGE: &str = "message";

/// What a message from the platform means. Texts stand in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning<'a> {
    /// The platform sets properties.
    SetProperties { id: &'a str, params: &'a str },
    /// The platform calls a service; synchronously if it waits for the answer.
    CallService { id: &'a str, service: &'a str, params: &'a str, synchronous: bool },
    /// The platform makes a synchronous call that is none of a service; `name` is the custom topic, or empty.
    CallRaw { id: &'a str, name: &'a str },
    /// Raw data, in a format of the user's.
    Raw,
    /// What the platform made of raw data that was posted.
    RawReply,
    /// The answer to a post, of ours or of the user's own making. What it says beside is in [`MESSAGE`].
    Reply { id: u32, code: i32 },
    /// For nobody: not well formed.
    Nothing,
    /// Not of the thing model.
    Other,
}

/// What a service that asks the platform something has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The time, when the answer came.
    #[cfg(feature = "ntp")]
    Time { unix_ms: u64, error_ms: u32 },
    /// The question for the time was not answered.
    #[cfg(feature = "ntp")]
    NoTime,
    /// The next block is wanted.
    #[cfg(feature = "upload")]
    Block { offset: u32, length: u32 },
    /// The platform has the file.
    #[cfg(feature = "upload")]
    Uploaded,
    /// The upload has failed, with the platform's code, or 0 for silence.
    #[cfg(feature = "upload")]
    NotUploaded(i32),
    /// Nothing that concerns the user.
    #[cfg(feature = "upload")]
    Nothing,
}

/// Who the device is on the platform, and which of its posts wait for an answer.
pub(crate) struct Thing {
    /// `/sys/{product key}/{device name}/`, which topics begin with.
    prefix: Vec<u8, 59>,
    ids: Ids,
    /// Whether it speaks for other devices as well.
    is_gateway: bool,
    #[cfg(feature = "ntp")]
    ntp: ntp::Ntp,
    #[cfg(feature = "upload")]
    upload: upload::Upload,
}

impl Thing {
    /// `None` if the names are too long.
    pub(crate) fn new(product_key: &str, device_name: &str, seed: u32) -> Option<Self> {
        let mut prefix = Vec::new();
        for piece in &["/sys/", product_key, "/", device_name, "/"] {
            prefix.extend_from_slice(piece.as_bytes()).ok()?;
        }
        Some(Self {
            prefix,
            ids: Ids::new(seed),
            is_gateway: false,
            #[cfg(feature = "ntp")]
            ntp: ntp::Ntp::new(),
            #[cfg(feature = "upload")]
            upload: upload::Upload::new(),
        })
    }

    /// Posts properties, a JSON object; returns the message id that the reply will carry.
    pub(crate) fn post_properties(&mut self, session: &mut Session, params: &str) -> Result<u32, PostError> {
        property::post(self, session, params)
    }

    /// Posts the event `event` with its parameters, a JSON object; returns the message id.
    pub(crate) fn post_event(&mut self, session: &mut Session, event: &str, params: &str) -> Result<u32, PostError> {
        event::post(self, session, event, params)
    }

    /// Posts raw data.
    pub(crate) fn post_raw(&mut self, session: &mut Session, data: &[u8]) -> Result<(), PostError> {
        raw::post(self, session, data)
    }

    /// Asks for the time, now or as soon as there is a session.
    #[cfg(feature = "ntp")]
    pub(crate) fn ask_time(&mut self) {
        self.ntp.ask();
    }

    /// Begins to upload a file, in blocks of `block` bytes; `seed` is that of the device.
    #[cfg(feature = "upload")]
    pub(crate) fn upload(&mut self, session: &Session, file: File, block: u32, seed: u32) -> Result<(), UploadError> {
        upload::begin(self, session, file, block, seed)
    }

    /// Where the bytes go of the block that was asked for.
    #[cfg(feature = "upload")]
    pub(crate) fn upload_block<'s>(&self, session: &'s mut Session) -> Option<&'s mut [u8]> {
        upload::block(self, session)
    }

    /// The block is whole.
    #[cfg(feature = "upload")]
    pub(crate) fn upload_filled(&mut self, session: &mut Session, now: Instant) {
        upload::block_filled(self, session, now);
    }

    /// Gives the upload up, if there is one.
    #[cfg(feature = "upload")]
    pub(crate) fn cancel_upload(&mut self, session: &mut Session) {
        upload::cancel(self, session);
    }

    /// The platform's name for the upload.
    #[cfg(feature = "upload")]
    pub(crate) fn upload_id(&self) -> &str {
        self.upload.id()
    }

    /// Has the services go on that ask the platform something; `None` when all is done for now.
    #[cfg_attr(not(any(feature = "ntp", feature = "upload")), allow(unused_variables))]
    pub(crate) fn poll(&mut self, session: &mut Session, now: Instant) -> Option<News> {
        #[cfg(feature = "ntp")]
        if let Some(news) = ntp::poll(self, session, now) {
            return Some(news);
        }
        #[cfg(feature = "upload")]
        if let Some(news) = upload::poll(self, session, now) {
            return Some(news);
        }
        None
    }

    /// When to [`poll`](Self::poll), on a link with a session.
    #[cfg_attr(not(any(feature = "ntp", feature = "upload")), allow(unused_variables))]
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        let deadline: Option<Instant> = None;
        #[cfg(feature = "ntp")]
        let deadline = earliest(now, deadline, self.ntp.deadline(now));
        #[cfg(feature = "upload")]
        let deadline = earliest(now, deadline, self.upload.deadline(now));
        deadline
    }

    /// What the message on `topic` tells, if it is the platform's answer to such a service.
    #[cfg_attr(not(any(feature = "ntp", feature = "upload")), allow(unused_variables))]
    pub(crate) fn hear(&mut self, topic: &[u8], payload: &[u8], now: Instant) -> Option<News> {
        #[cfg(feature = "ntp")]
        if let Some(news) = ntp::hear(self, topic, payload, now) {
            return Some(news);
        }
        #[cfg(feature = "upload")]
        if let Some(path) = self.path(topic) {
            return upload::hear(self, path, payload, now);
        }
        None
    }

    /// The link is lost.
    pub(crate) fn link_down(&mut self) {
        #[cfg(feature = "ntp")]
        self.ntp.link_down();
        #[cfg(feature = "upload")]
        self.upload.link_down();
    }

    /// What the message on `topic` means.
    pub(crate) fn read<'a>(&self, topic: &'a [u8], payload: &'a [u8]) -> Meaning<'a> {
        if let Some(path) = self.path(topic) {
            if raw::is_down(path) {
                return Meaning::Raw;
            }
            if raw::is_reply(path) {
                return Meaning::RawReply;
            }
            if let Some(reply) = alink::read_reply(path, payload) {
                return reply;
            }
        }
        match service::call(self, topic) {
            Some(call) => service::read(call, payload),
            None => Meaning::Other,
        }
    }

    /// Whether the message that was too large for the receive buffer is a reply to raw data.
    pub(crate) fn is_oversize_raw_reply(&self, session: &Session) -> bool {
        raw::is_oversize_reply(self, session)
    }

    /// Whether `id` is that of a post of ours.
    pub(crate) fn issued(&self, id: u32) -> bool {
        self.ids.issued(id)
    }

    /// Answers the message in use, which is a call.
    pub(crate) fn answer(&self, session: &mut Session, code: i32, data: &[u8]) -> Result<(), PostError> {
        session.respond(|message, sender| {
            let id = match self.read(message.topic, message.payload) {
                Meaning::SetProperties { id, .. } | Meaning::CallService { id, .. } => Some(id),
                _ => None,
            };
            service::answer(self, sender, message.topic, id, code, data)
        })
    }

    /// Answers a call that came on `topic` earlier; `id` is that of the request, `None` for one that is none of a
    /// service.
    pub(crate) fn reply(
        &self,
        session: &mut Session,
        topic: &[u8],
        id: Option<&str>,
        code: i32,
        data: &[u8],
    ) -> Result<(), PostError> {
        let mut sender = session.sender().map_err(PostError::Send)?;
        service::answer(self, &mut sender, topic, id, code, data)
    }

    /// Publishes, within the platform's limit. All that a device sends goes through here, but for answers.
    pub(crate) fn publish(
        session: &mut Session,
        topic: &[&[u8]],
        payload: &[&[u8]],
        qos: Qos,
    ) -> Result<u16, SendError> {
        if gathered(payload) > PAYLOAD_MAX {
            return Err(SendError::Payload);
        }
        session.publish(Priority::User, topic, payload, qos)
    }

    /// Whether the platform may let this device use `topic`, or subscribe to it.
    pub(crate) fn check_topic(&self, topic: &str) -> Result<(), SendError> {
        topic::check(self, topic.as_bytes())
    }

    /// Publishes on a topic of the user's.
    pub(crate) fn publish_own(
        &mut self,
        session: &mut Session,
        topic: &str,
        payload: &[u8],
        qos: Qos,
    ) -> Result<u16, SendError> {
        self.check_topic(topic)?;
        let packet_id = Self::publish(session, &[topic.as_bytes()], &[payload], qos)?;
        // It logs others in.
        self.is_gateway |= topic.starts_with("/ext/session/");
        Ok(packet_id)
    }

    /// What follows `/sys/{product key}/{device name}/` in `topic`.
    fn path<'a>(&self, topic: &'a [u8]) -> Option<&'a [u8]> {
        topic.strip_prefix(&*self.prefix)
    }

    /// `{product key}/{device name}/`.
    fn names(&self) -> &[u8] {
        self.prefix.get(b"/sys/".len()..).unwrap_or_default()
    }
}
