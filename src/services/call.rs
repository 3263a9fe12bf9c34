//! What the platform calls: a property set, a service, or bytes (help.aliyun.com document 89301).
//!
//! A call is asynchronous, or synchronous: the platform then waits up to 8 s for the answer. A synchronous call comes as a
//! remote procedure call (RRPC): with its topic behind `/ext/rrpc/{request}` to a device that logged in with `ext` bit 1,
//! else on `/sys/{pk}/{dn}/rrpc/request/{request}`. It need not be a service's: on a custom topic, or with a payload that is
//! not Alink, it is bytes that are answered with bytes.

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{self, Identity, PostError, Requests, Route, Uplink, answer};
use crate::bytes::{behind, close_gap, contains_byte, put};
use crate::clouds::ALINK;
use crate::clouds::vendor::{Account, Received};
use crate::codec::json::{Place, check, members};
use crate::codec::template::{Value, parts, template};
use crate::mqtt::{SendError, Sender};
use crate::text::Text;
use crate::time::Instant;

/// A call of the platform's. It wants an answer ([`Handle::answer`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform sets properties.
    SetProperties {
        /// Message id.
        id: Text<'a>,
        /// JSON, as it came.
        params: Text<'a>,
    },
    /// The platform calls a service.
    Service {
        /// Message id.
        id: Text<'a>,
        /// The service's identifier.
        service: Text<'a>,
        /// JSON, as it came.
        params: Text<'a>,
        /// Whether the platform waits for the answer (8 s at most).
        synchronous: bool,
    },
    /// The platform makes a synchronous call that is not a service's: on a custom topic, or with a payload that is not
    /// Alink. It is answered with bytes.
    Bytes {
        /// Number of the request.
        id: Text<'a>,
        /// The custom topic; empty if the call came on the device's own.
        name: Text<'a>,
        /// Payload.
        payload: &'a [u8],
        /// The whole topic of the message.
        topic: Text<'a>,
    },
}

/// The parts of a call in the Alink envelope.
struct Envelope<'a> {
    /// Where its id is in the payload.
    id: Place,
    /// The service that is called.
    service: &'a [u8],
    /// JSON, as it came.
    params: &'a [u8],
}

/// The call in use, and those that are answered later.
pub struct Call<'b> {
    /// Whether it is one of bytes; else where its id is in the payload. Of no meaning when none is in use.
    is_bytes: bool,
    id: Place,
    /// Whether it has no answer yet, and the code of the one that it gets otherwise.
    is_unanswered: bool,
    code: i32,
    later: Later<'b>,
}

/// Which service is called.
enum Name<'a> {
    /// This one.
    Service(&'a [u8]),
    /// The payload tells, if it is Alink.
    InPayload,
    /// None, but a custom topic.
    Custom(&'a [u8]),
}

/// What is before the number of a synchronous call.
const RRPC: &str = "/ext/rrpc/";
/// The same on the device's own topics.
const REQUEST: &str = "rrpc/request/";
/// The longest topic of a call: that of its answer may be longer by `_reply`, and its length has 16 bits as well
/// (MQTT 3.1.1, section 1.5.3).
const TOPIC_MAX: usize = u16::MAX as usize - b"_reply".len();

impl<'a> Name<'a> {
    /// What is called on a topic by its route, and the number of the request if the call is synchronous. `None` if nothing is
    /// called. Setting properties is such a call as well.
    fn of(identity: &Identity, route: usize, rest: &'a [u8]) -> Option<(Self, Option<&'a [u8]>)> {
        Some(match route {
            0 => (Self::Service(service(rest)?), None),
            1 => (Self::InPayload, Some(rest)),
            _ => {
                let (request, inner) = rest.split_at_checked(rest.iter().position(|byte| *byte == b'/')?)?;
                let path = identity.path(inner).and_then(|path| path.strip_prefix(ALINK.call.as_bytes()));
                (path.and_then(service).map_or(Self::Custom(inner), Self::Service), Some(request))
            }
        })
    }

    /// Finds the parts of the call in its `payload`; `None` if that is not Alink.
    fn read(&self, payload: &'a [u8]) -> Option<Envelope<'a>> {
        if let Self::Custom(_) = self {
            return None;
        }
        let [id, params, method, ..] = members(payload, parts!("id%params%method"))?;
        let service = match self {
            Self::Service(name) => name,
            _ => method.scalar(payload)?.of(payload).strip_prefix(b"thing.service.")?,
        };
        let params = if params.is_empty() { NO_DATA } else { params.of(payload) };
        Some(Envelope { id: id.scalar(payload).unwrap_or_default(), service, params })
    }
}

/// What is behind the path of calls in a topic, if it is a service.
fn service(name: &[u8]) -> Option<&[u8]> {
    let is_reply = name.ends_with(b"_reply");
    (!is_reply && !name.is_empty() && (!contains_byte(name, b'/') || name == b"property/set")).then_some(name)
}

/// Who answers.
#[derive(Clone, Copy)]
struct Answerer<'a> {
    identity: &'a Identity,
    account: &'a Account,
    seed: u32,
}

/// Answers a call that came on `topic`: in the cloud's envelope with the `id` of the request, or with `data` alone.
fn send(
    answerer: Answerer,
    sender: &mut Sender,
    topic: &[u8],
    id: Option<&[u8]>,
    code: i32,
    data: &[u8],
) -> Result<(), PostError> {
    let Answerer { identity, account, seed } = answerer;
    if let Some((brand, login)) = account.vendor() {
        check(data, false)?;
        let call = [topic, id.unwrap_or_default()];
        return Ok(brand.answer(&login, call, code, data, account.last_moment(seed), sender)?);
    }
    let pieces: [&[u8]; 3] = match identity.path(topic) {
        Some(path) => match path.strip_prefix(REQUEST.as_bytes()) {
            Some(request) => [identity.prefix(), b"rrpc/response/", request],
            None => [topic, b"_reply", b""],
        },
        None => [topic, b"", b""],
    };
    match id {
        Some(id) => answer(sender, &pieces, id, code, data),
        // Bytes have no place for the code: any that arrive look like success. Without them the platform sees a time-out.
        None if code != 200 && (data.is_empty() || data == b"{}") => Ok(()),
        None => Ok(alink::send(sender, &pieces, &[template!("%"), Value::Text(data)])?),
    }
}

/// Calls that are answered later, in memory of the caller's, the oldest first. Each is its handle, the length of its topic
/// and that of its id (with the highest bit set if it is bytes), topic, id.
#[repr(C)]
struct Later<'b> {
    count: u8,
    last: u16,
    used: usize,
    memory: &'b mut [u8],
}

/// A call that is answered later.
struct Record<'m> {
    handle: u16,
    topic: &'m [u8],
    /// `None` if it is bytes.
    id: Option<&'m [u8]>,
    length: usize,
}

/// What stands before the topic.
const HEAD: usize = 2 + 2 + 2;
/// The length of the id of a call of bytes.
const NO_ID: u16 = u16::MAX;
/// Calls that may wait for a later answer.
const LATER_MAX: u8 = 16;
/// What the oldest call is answered when there are more (help.aliyun.com document 89309).
const TOO_MANY: i32 = 429;
const NO_DATA: &[u8] = b"{}";

impl<'b> Later<'b> {
    fn new() -> Self {
        Self { memory: &mut [], used: 0, count: 0, last: 0 }
    }

    fn clear(&mut self) {
        (self.used, self.count) = (0, 0);
    }

    /// The call that begins at `at`.
    fn record(&self, at: usize) -> Option<Record<'_>> {
        let [h0, h1, t0, t1, i0, i1, rest @ ..] = self.memory.get(at..self.used)? else { return None };
        let (topic, rest) = rest.split_at_checked(u16::from_be_bytes([*t0, *t1]).into())?;
        let id = match u16::from_be_bytes([*i0, *i1]) {
            NO_ID => None,
            length => Some(rest.get(..length.into())?),
        };
        let length = HEAD + topic.len() + id.map_or(0, <[u8]>::len);
        Some(Record { handle: u16::from_be_bytes([*h0, *h1]), topic, id, length })
    }

    /// The call with this handle, and where it begins.
    fn find(&self, handle: u16) -> Option<(usize, Record<'_>)> {
        let mut at = 0;
        loop {
            let record = self.record(at)?;
            if record.handle == handle {
                return Some((at, record));
            }
            at += record.length;
        }
    }

    /// Whether there is place for another call of so many bytes.
    fn fits(&self, needed: usize) -> bool {
        self.count < LATER_MAX && self.memory.len() - self.used >= needed || self.count == 0
    }

    /// Keeps a call, which fits, by the handle `last`.
    fn keep(&mut self, topic: &[u8], id: Option<&[u8]>) {
        self.last = self.last.checked_add(1).unwrap_or(1);
        let ([h0, h1], [t0, t1]) = (self.last.to_be_bytes(), (topic.len() as u16).to_be_bytes());
        let [i0, i1] = id.map_or(NO_ID, |id| id.len() as u16).to_be_bytes();
        let room = put(behind(self.memory, self.used), &[h0, h1, t0, t1, i0, i1]);
        put(put(room, topic), id.unwrap_or_default());
        self.used += HEAD + topic.len() + id.unwrap_or_default().len();
        self.count += 1;
    }

    /// Forgets the call that begins at `at`.
    fn remove(&mut self, at: usize) {
        let Some(length) = self.record(at).map(|record| record.length) else { return self.clear() };
        close_gap(self.memory.get_mut(at..self.used).unwrap_or_default(), length);
        self.used -= length;
        self.count -= 1;
    }
}

impl Service for Call<'_> {
    type Event<'a> = Event<'a>;
    const ROUTES: &'static [Route] = &[Route::Sys(ALINK.call), Route::Sys(REQUEST), Route::Any(RRPC)];

    fn new() -> Self {
        Self { is_bytes: true, id: Place::default(), is_unanswered: false, code: 0, later: Later::new() }
    }

    fn start(&mut self) {
        self.is_unanswered = false;
        self.later.clear();
    }

    fn link_down(&mut self) {
        self.is_unanswered = false;
    }

    fn on_message(
        &mut self,
        message: Downlink,
        _: &mut Requests,
        _: Instant,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        let Downlink { identity, topic, route, rest, payload } = message;
        let payload: &[u8] = payload;
        let Some((name, request)) = Name::of(identity, route, rest).filter(|_| topic.len() <= TOPIC_MAX) else {
            return Delivery::Other;
        };
        match (name.read(payload), request) {
            (Some(Envelope { id, service, params }), request) => {
                (self.is_bytes, self.id) = (false, id);
                let (id, params) = (Text::known(id.of(payload)), Text::known(params));
                match service {
                    b"property/set" | b"property.set" => report.report(Event::SetProperties { id, params }),
                    _ => report.report(Event::Service {
                        id,
                        service: Text::known(service),
                        params,
                        synchronous: request.is_some(),
                    }),
                }
            }
            (None, Some(number)) => {
                self.is_bytes = true;
                let name = if let Name::Custom(custom) = name { custom } else { b"" };
                let [id, name, topic] = [number, name, topic].map(Text::known);
                report.report(Event::Bytes { id, name, payload, topic });
            }
            (None, None) => return Delivery::Other,
        }
        (self.is_unanswered, self.code) = (true, 200);
        Delivery::Reported
    }

    fn on_received(
        &mut self,
        received: &mut Received,
        _: &mut Requests,
        _: Instant,
        report: impl for<'e> Report<Event<'e>>,
    ) -> Delivery {
        let (place, event) = match received {
            Received::Set { id, params } => (id.place, Event::SetProperties { id: id.text, params: *params }),
            Received::Call { id, service, params } => {
                let (service, params) = (*service, *params);
                (id.place, Event::Service { id: id.text, service, params, synchronous: true })
            }
            _ => return Delivery::Other,
        };
        (self.is_bytes, self.id) = (false, place);
        (self.is_unanswered, self.code) = (true, 200);
        report.report(event);
        Delivery::Reported
    }

    fn finish(&mut self, uplink: &mut Uplink) {
        if core::mem::take(&mut self.is_unanswered) {
            // There is room: the session asks for it before it hands a message out. If the topic is too long even for
            // that, the platform sees a time-out, as it would of a device that is gone.
            let _ = self.answer(uplink, self.code, NO_DATA);
        }
    }
}

impl Call<'_> {
    /// Answers the call in use.
    fn answer(&self, uplink: &mut Uplink, code: i32, data: &[u8]) -> Result<(), PostError> {
        let Self { is_bytes, id, .. } = *self;
        let Uplink { session, identity, account, seed, .. } = uplink;
        let answerer = Answerer { identity, account, seed: *seed };
        session.respond(|topic, payload, sender| {
            let id = (!is_bytes).then(|| id.of(payload));
            send(answerer, sender, topic, id, code, data)
        })
    }
}

impl<'b> Handle<'_, 'b, Call<'b>> {
    /// Answers the call that the last poll returned. `data` is a JSON value; for [`Event::Bytes`] any bytes, which go without
    /// the code, and nothing at all if the code is not 200 and there are no bytes: the platform sees a time-out. Without
    /// this call the next poll answers 200 and `{}`; after one that failed, its code and `{}`.
    pub fn answer(self, code: i32, data: &[u8]) -> Result<(), PostError> {
        let (call, mut uplink) = self.attached()?;
        if !call.is_unanswered {
            return Err(PostError::Send(SendError::NotConnected));
        }
        call.code = code;
        call.answer(&mut uplink, code, data)?;
        call.is_unanswered = false;
        Ok(())
    }

    /// Provides memory for calls that are answered later: 6 bytes each, its topic and its message id. It stays until the end
    /// of the device; what the memory before held is forgotten.
    pub fn keep_later(self, memory: &'b mut [u8]) {
        self.parts().0.later = Later { memory, ..Later::new() };
    }

    /// Leaves the answer to [`reply`](Self::reply), which takes the handle that is returned. At most 16 calls wait for one,
    /// and what the memory of [`keep_later`](Self::keep_later) holds: the oldest is answered 429 to make place.
    pub fn answer_later(self) -> Result<u16, PostError> {
        let (call, uplink) = self.attached()?;
        let Uplink { session, identity, account, seed, .. } = uplink;
        let answerer = Answerer { identity, account, seed };
        if !call.is_unanswered {
            return Err(PostError::Send(SendError::NotConnected));
        }
        let later = &mut call.later;
        session.respond(|topic, payload, sender| {
            let id = (!call.is_bytes).then(|| call.id.of(payload));
            let needed = HEAD + topic.len() + id.unwrap_or_default().len();
            if needed > later.memory.len() {
                return Err(PostError::Send(SendError::TooLarge { needed }));
            }
            while !later.fits(needed) {
                if let Some(oldest) = later.record(0) {
                    let _ = send(answerer, sender, oldest.topic, oldest.id, TOO_MANY, NO_DATA);
                }
                later.remove(0);
            }
            later.keep(topic, id);
            Ok(())
        })?;
        call.is_unanswered = false;
        Ok(call.later.last)
    }

    /// Answers a call that was left with [`answer_later`](Self::answer_later), as [`answer`](Self::answer) does. Synchronous
    /// calls want their answer within 8 s.
    pub fn reply(self, handle: u16, code: i32, data: &[u8]) -> Result<(), PostError> {
        let (call, uplink) = self.open()?;
        let (at, call_then) = call.later.find(handle).ok_or(PostError::NoRequest)?;
        let Uplink { session, identity, account, seed, .. } = uplink;
        let answerer = Answerer { identity, account, seed };
        let mut sender = session.sender().map_err(PostError::Send)?;
        send(answerer, &mut sender, call_then.topic, call_then.id, code, data)?;
        call.later.remove(at);
        Ok(())
    }
}
