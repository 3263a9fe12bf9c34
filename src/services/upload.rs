//! A file for the platform, block by block (help.aliyun.com document 354836; Link SDK C 4.2, `aiot_mqtt_upload_api.c`).
//!
//! The device asks for an upload, tells the file's name, size and sum, and gets an id. Then it sends block after block,
//! each when the one before has been acknowledged; a block goes from the caller straight into the send buffer. A lost
//! link costs the block that was under way. Replies are known by their message id, which a block that is sent again keeps.

use heapless::{String, Vec};

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Action, Answer, Identity, Requests, Retry, Route, Unavailable, Uplink, publish};
use crate::bytes::{copy, is_name, put};
use crate::codec::crc::crc16;
use crate::codec::json::{Place, members, unescape};
use crate::codec::template::Value::{self, Number};
use crate::codec::template::{fill, parts, template};
use crate::mqtt::{BYTES_KEPT_BACK, SendError};
use crate::text::{Text, hex};
use crate::time::{Earliest, Instant, note};

/// Longest name of a file, in bytes.
pub const NAME_MAX: usize = 100;
/// Largest file, in bytes.
pub const SIZE_MAX: u32 = 16 << 20;
/// Smallest and largest block, in bytes; the last one may be smaller.
pub const BLOCK: core::ops::RangeInclusive<u32> = 256..=128 << 10;

/// Longest upload id that is taken, in bytes.
const ID_MAX: usize = 64;
/// What a packet has beside its block: 93 bytes of header and topic, 159 of JSON, the length of that, the sum.
const AROUND: usize = 256;
/// The request for an upload: 93 bytes of header and topic, 166 of JSON, the name.
const INIT: usize = 260 + NAME_MAX;
/// How often an upload restarts because the platform has lost it.
const RESTARTS: u8 = 3;
/// How long is waited when the platform says that it is too much; doubled each time.
const TOO_FAST_MS: u32 = 1_000;

/// Bytes of the length before the JSON.
const LENGTH: usize = 2;
/// Bytes of the sum behind a block.
const SUM: usize = 2;

const PATH: &str = "thing/file/upload/mqtt/";

/// The code of an upload behind whose packets the server has closed the link.
pub(crate) const GIVEN_UP: i32 = -7;
/// The code of an upload that has stalled.
pub(crate) const STALLED: i32 = -8;
/// An upload has stalled when no block of it was accepted for so long, on whatever links.
const STALLED_MS: u32 = 360_000;
const OK: i32 = 200;
const BUSY: i32 = 429;
const INTERNAL: i32 = 500;
const WRONG_OFFSET: i32 = 78119;
const WRONG_CRC: i32 = 78121;
const NO_TASK: i32 = 78122;
const FINISHED: i32 = 78124;
const WRONG_FILE: i32 = 78125;
const DUPLICATE: i32 = 78126;
const TOO_FAST: i32 = 78127;

/// An upload that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadError {
    /// The device did not log in to a cloud that has the service.
    NoService,
    /// The device is not connected, nor connecting.
    NotConnected,
    /// There is an upload under way.
    Busy,
    /// The name is empty, over [`NAME_MAX`] bytes, does not begin with a letter or a digit, or has a character outside
    /// `A-Z a-z 0-9 _ .`.
    Name,
    /// The file is empty, or larger than [`SIZE_MAX`].
    Size,
    /// The block's size is not in [`BLOCK`].
    Block,
    /// The send buffer is too small for such blocks.
    TooLarge {
        /// Bytes that the buffer would have to have.
        needed: usize,
    },
}

impl From<Unavailable> for UploadError {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::NotConnected => Self::NotConnected,
            Unavailable::NoService => Self::NoService,
        }
    }
}

/// Something about the upload under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The upload goes on with this block of the file: [`Handle::block`] has the place for it.
    Block {
        /// Where in the file it begins, in bytes; the platform has what is before.
        offset: u32,
        /// Bytes.
        length: u32,
    },
    /// The platform has the file, and has found its sum right.
    Done {
        /// The platform's name for the upload.
        id: Text<'a>,
    },
    /// The upload has failed.
    Failed {
        /// The platform's code (help.aliyun.com document 354836), 0 if it fell silent: 10 s, five times; -7 if it
        /// closed the link again and again behind a block; or -8 if it accepted no block for six minutes, on whatever links.
        code: i32,
    },
}

/// What is to be uploaded.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name on the platform, where it replaces one of the same name.
    pub name: &'a str,
    /// Its size in bytes, 1 to [`SIZE_MAX`].
    pub size: u32,
    /// [`crc64`](crate::codec::crc::crc64) over all of it.
    pub crc64: u64,
}

/// An upload.
pub struct Upload {
    retry: Retry,
    /// Whether the replies were subscribed to on this link.
    subscribed: bool,
    restarts: u8,
    name: String<NAME_MAX, u8>,
    size: u32,
    /// The bytes of the sum: as a number it would align the whole device.
    crc64: [u8; 8],
    block: u32,
    /// Tells the platform that two requests are for the same upload.
    uid: u16,
    /// The platform's name for the upload, with its escapes, until the event reports it; empty before it has one.
    id: Vec<u8, ID_MAX, u8>,
    /// Bytes that the platform has.
    offset: u32,
    /// Message id of the request under way.
    message: u32,
    /// When the platform accepted something of it last, or it began.
    moved: Instant,
    /// Whether that is now, which the next poll says.
    has_moved: bool,
    /// Whether it has ended, until that is reported, and how, by the platform's code.
    has_ended: bool,
    code: i32,
}

impl Upload {
    /// The size of the block that is due.
    #[cfg_attr(target_os = "none", inline(never))]
    fn length(&self) -> u32 {
        self.block.min(self.size - self.offset)
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn end(&mut self, code: i32) {
        self.retry.end();
        (self.has_ended, self.code) = (true, code);
    }

    /// The platform has everything before `offset`.
    fn go_on(&mut self, offset: u32) {
        (self.offset, self.has_moved) = (offset, true);
        if offset == self.size { self.end(OK) } else { self.retry.begin() }
    }

    /// The same request once more, in `ms` milliseconds.
    fn again(&mut self, code: i32, now: Instant, ms: u32) {
        if !self.retry.again(now, ms) {
            self.end(code);
        }
    }

    /// From the beginning.
    fn restart(&mut self, code: i32) {
        if self.restarts == RESTARTS {
            return self.end(code);
        }
        self.restarts += 1;
        self.uid = self.uid.wrapping_add(1);
        self.id.clear();
        self.offset = 0;
        self.retry.begin();
    }

    /// What a reply to the request under way means.
    // In line, this and `poll` take 130 bytes more on small processors.
    #[cfg_attr(target_os = "none", inline(never))]
    fn replied(&mut self, code: i32, data: &[u8], now: Instant) {
        let [offset, id, sum, ..] = members(data, parts!("offset%uploadId%ficValueServer")).unwrap_or_default();
        let offset = offset.count(data).and_then(|offset| u32::try_from(offset).ok());
        let offset = offset.filter(|offset| *offset <= self.size);
        let begins = self.id.is_empty();
        match code {
            OK if begins => {
                self.id = id.string(data).and_then(|id| Vec::from_slice(id.of(data)).ok()).unwrap_or_default();
                if self.id.is_empty() { self.end(0) } else { self.go_on(offset.unwrap_or(0)) }
            }
            OK | DUPLICATE if !begins => {
                let end = self.offset + self.length();
                let is_wrong = |sum: Place| !sum.of(data).eq_ignore_ascii_case(&hex(u64::from_be_bytes(self.crc64)));
                if end == self.size && sum.scalar(data).is_some_and(is_wrong) {
                    return self.end(WRONG_FILE);
                }
                self.go_on(end);
            }
            FINISHED => self.end(OK),
            WRONG_OFFSET if !begins && offset.is_some_and(|offset| offset != self.offset) => {
                self.go_on(offset.unwrap_or(0));
            }
            WRONG_OFFSET | NO_TASK => self.restart(code),
            WRONG_CRC => self.again(code, now, 0),
            TOO_FAST | BUSY | INTERNAL => self.again(code, now, TOO_FAST_MS << self.retry.tries()),
            _ => self.end(code),
        }
    }
}

#[cfg_attr(target_os = "none", inline(never))]
fn topic<'a>(identity: &'a Identity, what: &'static [u8]) -> [&'a [u8]; 3] {
    [identity.prefix(), PATH.as_bytes(), what]
}

impl Service for Upload {
    type Event<'a> = Event<'a>;
    const ROUTES: &'static [Route] = &[Route::Sys(PATH)];

    fn new() -> Self {
        Self {
            retry: Retry::idle(),
            subscribed: false,
            restarts: 0,
            name: String::new(),
            size: 0,
            crc64: [0; 8],
            block: 0,
            uid: 0,
            id: Vec::new(),
            offset: 0,
            message: 0,
            moved: Instant::from_millis(0),
            has_moved: true,
            has_ended: false,
            code: 0,
        }
    }

    fn link_down(&mut self) {
        self.retry.link_down();
        self.subscribed = false;
    }

    fn closing(&mut self, uplink: &mut Uplink) {
        self.cancel(uplink);
    }

    fn deadline(&self, is_online: bool, now: Instant, earliest: &mut Earliest) {
        let is_idle = self.retry.is_idle();
        if self.has_ended || self.has_moved && !is_idle {
            earliest.wait = 0;
        } else if !is_idle {
            note(self.retry.deadline(is_online, now), earliest);
            note(Some(self.moved.after(STALLED_MS)), earliest);
        }
    }

    fn poll(&mut self, uplink: &mut Uplink, now: Instant, report: impl for<'e> Report<Event<'e>>) -> bool {
        (!self.retry.is_idle() || self.has_ended) && self.advance(uplink, now, report)
    }

    fn on_message(
        &mut self,
        message: Downlink,
        _: &mut Requests,
        now: Instant,
        _: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        if self.read(&message, now).is_some() { Delivery::Used } else { Delivery::Other }
    }
}

impl Upload {
    /// Does what is due for the upload under way.
    #[inline(never)]
    fn advance(&mut self, uplink: &mut Uplink, now: Instant, report: impl for<'e> Report<Event<'e>>) -> bool {
        if !self.retry.is_idle() {
            if core::mem::take(&mut self.has_moved) {
                self.moved = now;
            }
            if now.since(self.moved) >= STALLED_MS {
                self.end(STALLED);
            }
        }
        match self.retry.poll(uplink.session, now) {
            Action::Ask => match self.ask(uplink, now) {
                Ok(Some(length)) => {
                    report.report(Event::Block { offset: self.offset, length });
                    return true;
                }
                Ok(None) => {}
                Err(SendError::GivenUp) => self.end(GIVEN_UP),
                Err(_) => self.retry.no_room(now),
            },
            Action::GiveUp => self.end(0),
            Action::Wait => {}
        }
        if !self.has_ended {
            return false;
        }
        let code = self.code;
        if code == OK {
            self.has_ended = false;
            let length = unescape(&mut self.id);
            self.id.truncate(length);
            report.report(Event::Done { id: Text::known(&self.id) });
        } else {
            self.cancel(uplink);
            report.report(Event::Failed { code });
        }
        true
    }

    /// Reads the reply that is awaited, if it is that.
    fn read(&mut self, message: &Downlink, now: Instant) -> Option<()> {
        message.rest.strip_suffix(b"_reply")?;
        let payload: &[u8] = message.payload;
        let Answer { id, code, data, .. } = Answer::read(payload)?;
        if !self.retry.is_awaiting() || id != self.message {
            return None;
        }
        self.replied(code, data.of(payload), now);
        Some(())
    }

    /// Gives the upload up, and says so to the platform.
    fn cancel(&mut self, uplink: &mut Uplink) {
        let was_begun = !self.retry.is_idle() || self.has_ended;
        self.retry.end();
        self.has_ended = false;
        uplink.session.end_publish(false);
        if was_begun && !self.id.is_empty() {
            let text = [
                template!(r#"{"id":"%","params":{"uploadId":"%"}}"#),
                Number(uplink.requests.next_id()),
                Value::Text(&self.id),
            ];
            // The platform forgets it by itself after 24 hours.
            let _ = publish(uplink.session, &topic(uplink.identity, b"cancel"), &text);
        }
    }

    /// Sends the request that is due: for an upload, or, once its bytes are there, for a block. Returns the length of the
    /// block that the user is to fill in.
    fn ask(&mut self, uplink: &mut Uplink, now: Instant) -> Result<Option<u32>, SendError> {
        let Uplink { session, identity, requests, seed, .. } = uplink;
        if !self.subscribed {
            // Unlike other replies, the platform does not send these by itself (Link SDK C 4.2 subscribes to them).
            for what in &[&b"init_reply"[..], b"send_reply"] {
                session.subscribe_once(&topic(identity, what))?;
            }
            self.subscribed = true;
        }
        if self.retry.tries() == 0 {
            self.message = requests.next_id();
        }
        if self.id.is_empty() {
            let text = [
                template!(concat!(
                    r#"{"id":"%","params":{"fileName":"%","fileSize":%,"conflictStrategy":"overwrite","ficMode":"crc64","#,
                    r#""ficValue":"%","initUid":"%%"}}"#
                )),
                Number(self.message),
                Value::Text(self.name.as_bytes()),
                Number(self.size),
                Value::Text(&hex(u64::from_be_bytes(self.crc64))),
                // The seed makes the upload another one than those of other devices and of earlier lives.
                Number(*seed),
                Number(self.uid.into()),
            ];
            publish(session, &topic(identity, b"init"), &text)?;
            self.retry.asked(now);
            return Ok(None);
        }
        let length = self.length();
        let text = [
            template!(r#"{"id":"%","params":{"uploadId":"%","offset":%,"bSize":%,"isComplete":false}}"#),
            Number(self.message),
            Value::Text(&self.id),
            Number(self.offset),
            Number(length),
        ];
        let json = fill(&mut [], &text);
        let whole = LENGTH + json + length as usize + SUM;
        session.begin_publish(&topic(identity, b"send"), whole)?;
        let place = session.tail_mut(whole).unwrap_or_default();
        fill(put(place, &(json as u16).to_be_bytes()), &text);
        self.retry.hold();
        Ok(Some(length))
    }
}

impl<'d> Handle<'d, '_, Upload> {
    /// Begins to upload a file, in blocks of `block` bytes ([`BLOCK`]), as soon as the session is up. [`Event::Block`] asks
    /// for one block after another, also for one that it has asked for before. At the end comes [`Event::Done`],
    /// [`Event::Failed`] or the end of the device. A lost link only interrupts it.
    pub fn begin(self, file: File, block: u32) -> Result<(), UploadError> {
        let (upload, uplink) = self.open_alink()?;
        if !upload.retry.is_idle() || upload.has_ended {
            return Err(UploadError::Busy);
        }
        let bytes = file.name.as_bytes();
        if !bytes.first().is_some_and(u8::is_ascii_alphanumeric) || !is_name(bytes, NAME_MAX, b"_.") {
            return Err(UploadError::Name);
        }
        if file.size == 0 || file.size > SIZE_MAX {
            return Err(UploadError::Size);
        }
        if !BLOCK.contains(&block) {
            return Err(UploadError::Block);
        }
        let needed = (block.min(file.size) as usize + AROUND).max(INIT) + BYTES_KEPT_BACK;
        if needed > uplink.session.tx_size() {
            return Err(UploadError::TooLarge { needed });
        }
        let uid = uplink.requests.next_id() as u16;
        (upload.size, upload.crc64) = (file.size, file.crc64.to_be_bytes());
        (upload.block, upload.uid) = (block, uid);
        (upload.restarts, upload.offset) = (0, 0);
        upload.name.clear();
        let _ = upload.name.push_str(file.name);
        upload.id.clear();
        upload.has_moved = true;
        upload.retry.begin();
        Ok(())
    }

    /// Where the bytes go of the block that [`Event::Block`] asked for last: it is in the send buffer, and holds up what is
    /// queued behind it. `None` if it is not wanted any more.
    pub fn block(self) -> Option<&'d mut [u8]> {
        let (upload, uplink) = self.open_alink().ok()?;
        if !upload.retry.is_held() {
            return None;
        }
        let length = upload.length() as usize;
        uplink.session.tail_mut(length + SUM)?.get_mut(..length)
    }

    /// All of [`block`](Self::block) has been written: send it.
    pub fn filled(self, now: Instant) {
        let Ok((upload, uplink)) = self.open_alink() else { return };
        if !upload.retry.is_held() {
            return;
        }
        let length = upload.length() as usize;
        let Some((block, sum)) = uplink.session.tail_mut(length + SUM).and_then(|all| all.split_at_mut_checked(length))
        else {
            return;
        };
        copy(sum, &crc16(block).to_le_bytes());
        uplink.session.end_publish(true);
        upload.retry.asked(now);
    }

    /// Gives the upload up, if there is one; no event follows.
    pub fn cancel(self) {
        if let Ok((upload, mut uplink)) = self.attached() {
            upload.cancel(&mut uplink);
        }
    }
}
