//! Desired properties: values that the platform keeps until the device asks for them (help.aliyun.com document 109807).
//!
//! Each value has a version, which the platform changes whenever the value is set. The user asks for values
//! ([`Handle::get`]) and deletes those that the device has carried out ([`Handle::delete`]). [`Handle::follow`] has the
//! device ask by itself after each connect and report only values whose version is not the one reported before, so that
//! any number of changes while it was offline is reported once.

use core::ops::Range;

use heapless::Vec;

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Action, Answer, NoReply, PostError, Reply, Requests, Retry, Route, Uplink, is_identifier, request};
use crate::bytes::{close_gap, contains_byte, copy, cut};
use crate::codec::json::{self, NotJson, Place, members, take_string};
use crate::codec::template::parts;
use crate::mqtt::SendError;
use crate::text::Text;
use crate::time::{Earliest, Instant, note};

/// The most properties that can be followed.
pub const FOLLOWED_MAX: usize = 32;
/// Bytes of a version in the memory of [`Handle::follow`].
const VERSION: usize = 4;

/// What the topics have in common.
const PATH: &str = "thing/property/desired/";
/// The first of the routes.
const GET_REPLY: usize = 0;

const OK: i32 = 200;
/// The code of a request that was not sent, because the server has closed the link again and again behind such packets.
const GIVEN_UP: i32 = -7;
/// The code of a request that the send buffer cannot hold.
const TOO_LARGE: i32 = -3;

/// Something about desired properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform's reply to a [`get`](Handle::get) or a [`delete`](Handle::delete).
    Reply {
        /// Message id, as the call returned it.
        id: u32,
        /// 200, or what was wrong (help.aliyun.com document 120329).
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
        /// JSON: an object with a member `{"value":…,"version":…}` for each property that has a desired value.
        data: Text<'a>,
    },
    /// No reply to a [`get`](Handle::get) or a [`delete`](Handle::delete) comes any more.
    NoReply {
        /// Message id, as the call returned it.
        id: u32,
        /// Why.
        cause: NoReply,
    },
    /// Values of properties that are [followed](Handle::follow), which were not reported before.
    Values {
        /// JSON, as that of [`Reply`](Self::Reply).
        data: Text<'a>,
    },
    /// The values of properties that are followed could not be asked for. The device asks again after the next connect.
    Failed {
        /// The platform's code; 0 if it did not reply: 10 s, five times; -7 if it closed the link again and again behind
        /// the request; -3 if the send buffer cannot hold the request.
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
}

/// What the device follows.
pub struct Desired<'b> {
    retry: Retry,
    /// Message id of the request under way.
    id: u32,
    /// JSON of the identifiers; empty if nothing is followed.
    names: &'b [u8],
    /// For each of them the version that was reported last; 0 for none.
    versions: &'b mut [u8],
}

impl<'b> Service for Desired<'b> {
    type Event<'a> = Event<'a>;
    const OWNER: u8 = 0x90;
    const ROUTES: &'static [Route] =
        &[Route::Sys("thing/property/desired/get_reply"), Route::Sys("thing/property/desired/delete_reply")];

    fn new() -> Self {
        Self { retry: Retry::idle(), id: 0, names: &[], versions: &mut [] }
    }

    fn link_down(&mut self) {
        // What was set while there is no link is asked for on the next one.
        if self.names.is_empty() { self.retry.end() } else { self.retry.begin() }
    }

    fn closing(&mut self, _: &mut Uplink) {
        *self = Self::new();
    }

    fn deadline(&self, is_online: bool, now: Instant, earliest: &mut Earliest) {
        note(self.retry.deadline(is_online, now), earliest);
    }

    fn poll(&mut self, uplink: &mut Uplink, now: Instant, report: impl for<'e> Report<Event<'e>>) -> bool {
        if let Some((id, cause)) = uplink.requests.failed(Self::OWNER, now) {
            report.report(Event::NoReply { id, cause });
            return true;
        }
        let code = match self.retry.poll(uplink.session, now) {
            Action::Wait => return false,
            Action::GiveUp => 0,
            Action::Ask => match send(uplink, "get", self.names, Reply::Ignored, now) {
                Ok(id) => {
                    self.id = id;
                    self.retry.asked(now);
                    return false;
                }
                Err(SendError::GivenUp) => GIVEN_UP,
                Err(SendError::TooLarge { .. } | SendError::Payload) => TOO_LARGE,
                Err(_) => {
                    self.retry.no_room(now);
                    return false;
                }
            },
        };
        self.retry.end();
        report.report(Event::Failed { code, message: Text::default() });
        true
    }

    fn on_message(
        &mut self,
        message: Downlink,
        requests: &mut Requests,
        _: Instant,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        self.read(message, requests, report).unwrap_or(Delivery::Other)
    }
}

impl Desired<'_> {
    /// Reads a reply, if it is to a request of ours.
    #[cfg_attr(target_os = "none", inline(never))]
    fn read(
        &mut self,
        message: Downlink,
        requests: &mut Requests,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Option<Delivery> {
        let payload: &[u8] = message.payload;
        let Answer { id, code, message: words, data } = Answer::read(payload)?;
        let is_followed = self.retry.is_awaiting() && id == self.id;
        if !is_followed && !requests.issued(id) {
            return None;
        }
        let has_data = code == OK && message.route == GET_REPLY && data.of(payload).starts_with(b"{");
        let data = if has_data { data } else { Place::default() };
        if is_followed {
            self.retry.end();
            let new = self.note(data.of(payload));
            if !has_data {
                report.report(Event::Failed { code, message: take_string(message.payload, words) });
            } else if new == 0 {
                return Some(Delivery::Used);
            } else {
                report.report(Event::Values { data: Text::known(self.only(data.of_mut(message.payload), new)) });
            }
            return Some(Delivery::Reported);
        }
        // A refusal is reported even if the reply is not wanted.
        if !requests.replied(Self::OWNER, id) && code == OK {
            return Some(Delivery::Used);
        }
        self.note(data.of(payload));
        // The words are decoded in place, and the data stay where they are.
        let length = take_string(message.payload, words).as_bytes().len();
        let payload: &[u8] = message.payload;
        let message = words.string(payload).unwrap_or_default().of(payload).get(..length).unwrap_or_default();
        report.report(Event::Reply { id, code, message: Text::known(message), data: Text::known(data.of(payload)) });
        Some(Delivery::Reported)
    }

    /// Which of the followed properties this is.
    #[cfg_attr(target_os = "none", inline(never))]
    fn index(&self, name: &[u8]) -> Option<usize> {
        let mut rest = self.names;
        for at in 0.. {
            // Each name is between two quotes.
            let (followed, behind) = cut(cut(rest, b'"')?.1, b'"')?;
            if followed == name {
                return Some(at);
            }
            rest = behind;
        }
        None
    }

    fn version(&mut self, at: usize) -> Option<&mut [u8; VERSION]> {
        self.versions.get_mut(at * VERSION..)?.first_chunk_mut()
    }

    /// Notes the versions of values that the user is going to get. Returns a bit for each followed property that has another
    /// version than before.
    #[cfg_attr(target_os = "none", inline(never))]
    fn note(&mut self, data: &[u8]) -> u32 {
        let mut new = 0;
        // What is no object has no values.
        let _ = json::each(data, &mut |name, value| {
            let Some(at) = self.index(name.of(data)) else { return };
            let value = value.of(data);
            let version = members(value, parts!("version")).and_then(|[version, ..]| version.count(value));
            // A value without a version is new each time.
            let version = version.unwrap_or_default() as u32;
            let Some(noted) = self.version(at) else { return };
            if version == 0 || *noted != version.to_le_bytes() {
                *noted = version.to_le_bytes();
                new |= 1 << at;
            }
        });
        new
    }

    /// Moves those members of the object `data` to its front that are new. Returns an object of these alone.
    #[cfg_attr(target_os = "none", inline(never))]
    fn only<'a>(&self, data: &'a mut [u8], new: u32) -> &'a [u8] {
        let mut kept = Vec::<Range<usize>, FOLLOWED_MAX>::new();
        let _ = json::each(data, &mut |name, value| {
            if self.index(name.of(data)).is_some_and(|at| new >> at & 1 == 1) {
                // From the quote before the name on.
                let _ = kept.push(name.range().start.saturating_sub(1)..value.range().end);
            }
        });
        let mut end = 1;
        let put = |data: &mut [u8], at: usize, byte| {
            if let Some(place) = data.get_mut(at) {
                *place = byte;
            }
        };
        for Range { start, end: behind } in kept {
            if end > 1 {
                put(data, end, b',');
                end += 1;
            }
            if let Some(bytes) = data.get_mut(end..behind) {
                close_gap(bytes, start - end);
            }
            end += behind - start;
        }
        put(data, end, b'}');
        data.get(..=end).unwrap_or_default()
    }
}

/// Checks that `text` is a JSON array of identifiers, of one at least. Returns how many there are.
#[cfg_attr(target_os = "none", inline(never))]
fn count_names(text: &[u8]) -> Result<usize, PostError> {
    json::check(text, false)?;
    let (mut rest, mut count) = (text, 0);
    // What may be between names.
    let mut allowed: &[u8] = b"[ \t\n\r";
    let wrong = |rest: &[u8]| PostError::Json(NotJson { at: text.len() - rest.len() });
    loop {
        while let [byte, behind @ ..] = rest {
            if *byte == b'"' {
                break;
            }
            if !contains_byte(allowed, *byte) {
                return Err(wrong(rest));
            }
            if *byte == b'[' {
                allowed = b" \t\n\r";
            }
            rest = behind;
        }
        let Some((_, name)) = cut(rest, b'"') else { break };
        match cut(name, b'"') {
            Some((name, behind)) if is_identifier(name) => rest = behind,
            _ => return Err(wrong(rest)),
        }
        allowed = b"], \t\n\r";
        count += 1;
    }
    if count > 0 { Ok(count) } else { Err(wrong(rest)) }
}

/// Sends the request `what` with `params`, which is JSON. Returns its message id.
#[cfg_attr(target_os = "none", inline(never))]
fn send(uplink: &mut Uplink, what: &str, params: &[u8], reply: Reply, now: Instant) -> Result<u32, SendError> {
    let (path, method) = ([PATH, what, ""], ["thing.property.desired.", what, ""]);
    request(uplink, Desired::OWNER, path, method, params, reply, now)
}

impl<'b> Handle<'_, 'b, Desired<'b>> {
    /// Asks for the desired values of some properties: a JSON array of their identifiers. Returns the id that
    /// [`Event::Reply`] or [`Event::NoReply`] will carry.
    pub fn get(self, names: &str, now: Instant) -> Result<u32, PostError> {
        let (_, mut uplink) = self.open_alink()?;
        count_names(names.as_bytes())?;
        Ok(send(&mut uplink, "get", names.as_bytes(), Reply::Wanted, now)?)
    }

    /// Deletes desired values: a JSON object with a member `{"version":…}` for each property. The platform keeps a value that
    /// has another version. `{}` deletes any version. Returns the id that [`Event::Reply`] or [`Event::NoReply`] will carry,
    /// if that is wanted.
    ///
    /// A property that is followed is reported again if it still has a value after the next connect.
    pub fn delete(self, versions: &str, reply: Reply, now: Instant) -> Result<u32, PostError> {
        let (desired, mut uplink) = self.open_alink()?;
        let params = versions.as_bytes();
        // Where the first mistake is: the end of an empty object, or a member that is none.
        let (mut is_empty, mut wrong) = (true, None);
        json::each(params, &mut |name, value| {
            is_empty = false;
            if !is_identifier(name.of(params)) || !value.of(params).starts_with(b"{") {
                wrong = wrong.or(Some(name.range().start));
            }
            // Forgotten even if the request is not sent: at worst a value is reported twice.
            if let Some(noted) = desired.index(name.of(params)).and_then(|at| desired.version(at)) {
                *noted = [0; VERSION];
            }
        })?;
        if let Some(at) = wrong.or(is_empty.then_some(params.len())) {
            return Err(PostError::Json(NotJson { at }));
        }
        Ok(send(&mut uplink, "delete", params, reply, now)?)
    }

    /// Asks for the desired values of these properties now and after each connect: a JSON array of up to [`FOLLOWED_MAX`]
    /// identifiers. [`Event::Values`] reports those whose version was not reported before. An empty text ends this.
    ///
    /// `memory` belongs to the device until another call of this, or of `Device::close`, or the device's end. It must hold the
    /// text and 4 bytes for each identifier; [`SendError::TooLarge`] says how much that is.
    pub fn follow(self, names: &str, memory: &'b mut [u8]) -> Result<(), PostError> {
        let (desired, _) = self.open_alink()?;
        let count = if names.is_empty() { 0 } else { count_names(names.as_bytes())? };
        let needed = names.len() + count * VERSION;
        if count > FOLLOWED_MAX {
            return Err(PostError::Json(NotJson { at: names.len() }));
        }
        let Some((memory, _)) = memory.split_at_mut_checked(needed) else {
            return Err(PostError::Send(SendError::TooLarge { needed }));
        };
        *desired = Service::new();
        if let Some((text, versions)) = memory.split_at_mut_checked(names.len()) {
            copy(text, names.as_bytes());
            versions.fill(0);
            (desired.names, desired.versions) = (text, versions);
            desired.link_down();
        }
        Ok(())
    }
}
