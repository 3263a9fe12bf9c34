//! A file for the platform, block by block (help.aliyun.com document 354836; Link SDK C 4.2, `aiot_mqtt_upload_api.c`).
//!
//! The device asks for an upload, tells the file's name, size and sum, and gets an id. Then it sends block after block,
//! each when the one before has been acknowledged; a block goes from the caller straight into the send buffer. A lost
//! link costs the block that was under way. Replies are known by their message id, which a block sent anew keeps.

use heapless::{String, Vec};

use super::crc::crc16;
use super::exchange::{Exchange, Turn};
use super::json::{self, Object};
use super::{News, Thing};
use crate::bytes::copy;
use crate::mqtt::{BYTES_KEPT_BACK, Qos, SendError, Session, gathered};
use crate::text::{decimal, hex};
use crate::time::Instant;

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
/// So often an upload begins anew because the platform has lost it.
const RESTARTS: u8 = 3;
/// How long is waited when the platform says that it is too much; doubled each time.
const TOO_FAST_MS: u32 = 1_000;

/// Bytes of the sum behind a block.
const SUM: usize = 2;

const PATH: &[u8] = b"thing/file/upload/mqtt/";

/// What is told as the code of an upload behind whose packets the server has closed the link.
const GIVEN_UP: i32 = -7;
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
    /// The device did not log in to Alibaba's platform.
    NoThing,
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

/// What is to be uploaded.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name on the platform, where it replaces one of the same name.
    pub name: &'a str,
    /// Its size in bytes, 1 to [`SIZE_MAX`].
    pub size: u32,
    /// [`crc64`](super::crc64) over all of it.
    pub crc64: u64,
}

pub(super) struct Upload {
    exchange: Exchange,
    /// Whether the replies were subscribed to on this link.
    subscribed: bool,
    restarts: u8,
    name: String<NAME_MAX>,
    size: u32,
    crc64: u64,
    block: u32,
    /// Tells the platform that two requests are for the same upload.
    uid: u64,
    /// The platform's name for the upload, with its escapes, until that is told; empty before it has one.
    id: Vec<u8, ID_MAX>,
    /// Bytes that the platform has.
    offset: u32,
    /// Message id of the request under way.
    message: u32,
    /// How it has ended, by the platform's code, until that is told.
    end: Option<i32>,
}

impl Upload {
    pub(super) const fn new() -> Self {
        Self {
            exchange: Exchange::idle(),
            subscribed: false,
            restarts: 0,
            name: String::new(),
            size: 0,
            crc64: 0,
            block: 0,
            uid: 0,
            id: Vec::new(),
            offset: 0,
            message: 0,
            end: None,
        }
    }

    pub(super) fn id(&self) -> &str {
        core::str::from_utf8(&self.id).unwrap_or_default()
    }

    /// The size of the block that is due.
    fn length(&self) -> u32 {
        self.block.min(self.size - self.offset)
    }

    pub(super) fn link_down(&mut self) {
        self.exchange.link_down();
        self.subscribed = false;
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        if self.end.is_some() { Some(now) } else { self.exchange.deadline(now) }
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn finish(&mut self, code: i32) {
        self.exchange.end();
        self.end = Some(code);
    }

    /// The platform has everything before `offset`.
    fn go_on(&mut self, offset: u32) {
        self.offset = offset;
        if offset == self.size { self.finish(OK) } else { self.exchange.begin() }
    }

    /// The same request once more, in `ms` milliseconds.
    fn again(&mut self, code: i32, now: Instant, ms: u32) {
        if !self.exchange.again(now, ms) {
            self.finish(code);
        }
    }

    /// From the beginning.
    fn restart(&mut self, code: i32) {
        if self.restarts == RESTARTS {
            return self.finish(code);
        }
        self.restarts += 1;
        self.uid += 1;
        self.id.clear();
        self.offset = 0;
        self.exchange.begin();
    }

    /// What a reply to the request under way means.
    // In line, this and `poll` take 130 bytes more on small processors.
    #[cfg_attr(target_os = "none", inline(never))]
    fn replied(&mut self, code: i32, data: Option<Object>, now: Instant) {
        let offset = data.and_then(|data| u32::try_from(data.count("offset")?).ok());
        let offset = offset.filter(|offset| *offset <= self.size);
        let begins = self.id.is_empty();
        match code {
            OK if begins => {
                let id = data.and_then(|data| data.get("uploadId")?.strip_prefix('"')?.strip_suffix('"'));
                self.id = id.and_then(|id| Vec::from_slice(id.as_bytes()).ok()).unwrap_or_default();
                if self.id.is_empty() { self.finish(0) } else { self.go_on(offset.unwrap_or(0)) }
            }
            OK | DUPLICATE if !begins => {
                let end = self.offset + self.length();
                let sum = data.and_then(|data| data.text("ficValueServer"));
                if end == self.size && sum.is_some_and(|sum| !sum.as_bytes().eq_ignore_ascii_case(&hex(self.crc64))) {
                    return self.finish(WRONG_FILE);
                }
                self.go_on(end);
            }
            FINISHED => self.finish(OK),
            WRONG_OFFSET if !begins && offset.is_some_and(|offset| offset != self.offset) => {
                self.go_on(offset.unwrap_or(0));
            }
            WRONG_OFFSET | NO_TASK => self.restart(code),
            WRONG_CRC => self.again(code, now, 0),
            TOO_FAST | BUSY | INTERNAL => self.again(code, now, TOO_FAST_MS << self.exchange.tries()),
            _ => self.finish(code),
        }
    }
}

/// Begins; `seed` makes the upload another one than those of other devices and of earlier lives.
pub(super) fn begin(
    thing: &mut Thing,
    session: &Session,
    file: File,
    block: u32,
    seed: u32,
) -> Result<(), UploadError> {
    let Thing { upload, ids, .. } = thing;
    if !upload.exchange.is_idle() || upload.end.is_some() {
        return Err(UploadError::Busy);
    }
    let bytes = file.name.as_bytes();
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    if !bytes.first().is_some_and(u8::is_ascii_alphanumeric) || !bytes.iter().all(allowed) {
        return Err(UploadError::Name);
    }
    let name = file.name.try_into().map_err(|_| UploadError::Name)?;
    if file.size == 0 || file.size > SIZE_MAX {
        return Err(UploadError::Size);
    }
    if !BLOCK.contains(&block) {
        return Err(UploadError::Block);
    }
    let needed = (block.min(file.size) as usize + AROUND).max(INIT) + BYTES_KEPT_BACK;
    if needed > session.tx_size() {
        return Err(UploadError::TooLarge { needed });
    }
    let uid = u64::from(seed) << 16 | u64::from(ids.another() as u16);
    *upload =
        Upload { name, size: file.size, crc64: file.crc64, block, uid, subscribed: upload.subscribed, ..Upload::new() };
    upload.exchange.begin();
    Ok(())
}

/// Gives the upload up, and says so to the platform.
pub(super) fn cancel(thing: &mut Thing, session: &mut Session) {
    let upload = &mut thing.upload;
    let was_begun = !(upload.exchange.is_idle() && upload.end.is_none());
    upload.exchange.end();
    upload.end = None;
    session.end_publish(false);
    if was_begun && !upload.id.is_empty() {
        let message = decimal(thing.ids.another().into());
        let payload: [&[u8]; 5] =
            [b"{\"id\":\"", &message, b"\",\"params\":{\"uploadId\":\"", &thing.upload.id, b"\"}}"];
        // The platform forgets it by itself after 24 hours.
        let _ = Thing::publish(session, &topic(thing, b"cancel"), &payload, Qos::AtMostOnce);
    }
}

#[cfg_attr(target_os = "none", inline(never))]
fn topic<'a>(thing: &'a Thing, what: &'static [u8]) -> [&'a [u8]; 3] {
    [&thing.prefix, PATH, what]
}

#[cfg_attr(target_os = "none", inline(never))]
pub(super) fn poll(thing: &mut Thing, session: &mut Session, now: Instant) -> Option<News> {
    match thing.upload.exchange.poll(session, now) {
        Turn::Ask => match ask(thing, session, now) {
            Ok(news @ Some(_)) => return news,
            Ok(None) => {}
            Err(SendError::GivenUp) => thing.upload.finish(GIVEN_UP),
            Err(_) => thing.upload.exchange.no_room(now),
        },
        Turn::GiveUp => thing.upload.finish(0),
        Turn::Wait => {}
    }
    let code = thing.upload.end?;
    if code == OK {
        thing.upload.end = None;
        let length = json::unescape(&mut thing.upload.id);
        thing.upload.id.truncate(length);
        return Some(News::Uploaded);
    }
    cancel(thing, session);
    Some(News::NotUploaded(code))
}

/// Sends the request that is due: for an upload, or, once its bytes are there, for a block.
fn ask(thing: &mut Thing, session: &mut Session, now: Instant) -> Result<Option<News>, SendError> {
    if !thing.upload.subscribed {
        // Unlike other replies, the platform does not send these by itself (Link SDK C 4.2 subscribes to them).
        for what in &[&b"init_reply"[..], b"send_reply"] {
            session.subscribe_once(&topic(thing, what))?;
        }
        thing.upload.subscribed = true;
    }
    if thing.upload.exchange.tries() == 0 {
        thing.upload.message = thing.ids.another();
    }
    let upload = &thing.upload;
    let message = decimal(upload.message.into());
    if upload.id.is_empty() {
        let (size, sum, uid) = (decimal(upload.size.into()), hex(upload.crc64), decimal(upload.uid));
        let payload: [&[u8]; 11] = [
            b"{\"id\":\"",
            &message,
            b"\",\"params\":{\"fileName\":\"",
            upload.name.as_bytes(),
            b"\",\"fileSize\":",
            &size,
            b",\"conflictStrategy\":\"overwrite\",\"ficMode\":\"crc64\",\"ficValue\":\"",
            &sum,
            b"\",\"initUid\":\"",
            &uid,
            b"\"}}",
        ];
        Thing::publish(session, &topic(thing, b"init"), &payload, Qos::AtMostOnce)?;
        thing.upload.exchange.asked(now);
        return Ok(None);
    }
    let length = upload.length();
    let (offset, size) = (decimal(upload.offset.into()), decimal(length.into()));
    let mut payload: [&[u8]; 10] = [
        b"",
        b"{\"id\":\"",
        &message,
        b"\",\"params\":{\"uploadId\":\"",
        &upload.id,
        b"\",\"offset\":",
        &offset,
        b",\"bSize\":",
        &size,
        b",\"isComplete\":false}}",
    ];
    let json = (gathered(&payload) as u16).to_be_bytes();
    payload[0] = &json;
    session.begin_publish(&topic(thing, b"send"), &payload, length as usize + SUM)?;
    let news = News::Block { offset: upload.offset, length };
    thing.upload.exchange.hold();
    Ok(Some(news))
}

/// Where the bytes go of the block that was asked for.
pub(super) fn block<'s>(thing: &Thing, session: &'s mut Session) -> Option<&'s mut [u8]> {
    let upload = &thing.upload;
    if !upload.exchange.is_held() {
        return None;
    }
    let length = upload.length() as usize;
    session.tail_mut(length + SUM)?.get_mut(..length)
}

/// The block is whole.
pub(super) fn block_filled(thing: &mut Thing, session: &mut Session, now: Instant) {
    let Some(block) = block(thing, session) else { return };
    let sum = crc16(block).to_le_bytes();
    if let Some(place) = session.tail_mut(SUM) {
        copy(place, &sum);
    }
    session.end_publish(true);
    thing.upload.exchange.asked(now);
}

/// What the message behind `/sys/{pk}/{dn}/` means, if it is the reply that is awaited.
pub(super) fn hear(thing: &mut Thing, path: &[u8], payload: &[u8], now: Instant) -> Option<News> {
    path.strip_prefix(PATH)?.strip_suffix(b"_reply")?;
    let reply = Object::read(payload)?;
    let upload = &mut thing.upload;
    if !upload.exchange.is_awaiting() || reply.count("id")? != u64::from(upload.message) {
        return None;
    }
    let data = reply.get("data").and_then(|data| Object::read(data.as_bytes()));
    upload.replied(reply.number("code")?, data, now);
    Some(News::Nothing)
}
