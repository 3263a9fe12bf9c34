//! Registration: what a device does before its first connect, if it has its product's secret only.
//!
//! The same link, buffers and clock serve it. It ends with one of three events, and the device is off then.

use core::ops::Range;

use super::connect::ConnectError;
use super::event::{Event, Loss};
use super::progress::Found;
use super::status::Status;
use super::{Device, Options};
pub(super) use crate::clouds::aliyun::Way;
use crate::clouds::aliyun::{self, Registration};
use crate::codec::http::{self, Response};
use crate::mqtt::{LoginTooLong, PeerError, Refusal};
use crate::services::register::{Answer, REGISTERED, topic};
use crate::text::Text;
use crate::time::Instant;

/// So many attempts are made, of [`CONNECT_TIMEOUT_MS`](crate::link::CONNECT_TIMEOUT_MS) each at most. With the waits
/// between them a registration is over within 65 s.
pub const REGISTER_TRIES: u8 = 5;
/// A larger HTTP response is refused, even if the receive buffer would take it: each part that arrives has it read anew.
pub const RESPONSE_MAX: usize = 4096;

/// How far a registration is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// There is none.
    Idle,
    /// An answer is awaited.
    Asking,
    /// The answer is here, but its acknowledgement has not left.
    Answered,
    /// The answer is in use.
    Told,
}

/// A registration.
pub(super) struct Phase {
    step: Step,
    way: Way,
    /// Attempts left, this one included.
    tries: u8,
    /// Whether the server has closed the link: over HTTP that may be how an answer ends.
    ended: bool,
    /// What the answer says: its texts lie in what was received.
    answer: Answer,
}

impl Phase {
    /// There is none.
    pub(super) fn idle() -> Self {
        Self { step: Step::Idle, way: Way::Https, tries: 0, ended: false, answer: Answer::default() }
    }
}

impl<'b> Device<'b> {
    /// Has the platform give this device a secret, or a token, of its own. It ends with [`Event::Registered`],
    /// [`Event::RegistrationRefused`] or [`Event::RegistrationFailed`], and the device is off then; each attempt that
    /// is followed by another one is told with [`Event::Failed`].
    ///
    /// The receive buffer must have room for the answer: some 300 bytes over MQTT, more with HTTP's headers, 1 KiB say.
    pub fn register(&mut self, registration: &Registration, now: Instant) -> Result<(), ConnectError> {
        self.must_be_off()?;
        registration.resolve(&mut self.endpoint)?;
        let random = self.random(now);
        let Self { session, endpoint, .. } = self;
        session.reset();
        if registration.way() == Way::Https {
            let mut fits = Ok(());
            registration.request(endpoint, random, |request| fits = session.configure_request(request));
            fits.map_err(|LoginTooLong| aliyun::LoginError::Host)?;
        } else {
            registration.write_login(random, session.configure(Options::default().keepalive, true, 0))?;
        }
        let identity = registration.identity;
        self.start(Some([identity.product_key, identity.device_name]), crate::link::CONNECT_TIMEOUT_MS, now);
        self.registration =
            Phase { step: Step::Asking, way: registration.way(), tries: REGISTER_TRIES, ..Phase::idle() };
        Ok(())
    }

    /// Whether a registration is under way.
    #[cfg_attr(target_os = "none", inline(never))]
    pub fn is_registering(&self) -> bool {
        matches!(self.registration.step, Step::Asking | Step::Answered)
    }

    /// Whether there is an answer that has not been told yet.
    pub(super) fn has_answer(&self) -> bool {
        self.registration.step == Step::Answered
    }

    /// How it is under way.
    pub(super) fn way(&self) -> Option<Way> {
        (self.registration.step == Step::Asking).then_some(self.registration.way)
    }

    /// Lets go of an answer, and leaves nothing of it behind.
    pub(super) fn forget_answer(&mut self) {
        if self.registration.step == Step::Told {
            self.registration.step = Step::Idle;
            self.session.wipe_received();
            self.session.reset();
        }
    }

    /// The server has closed the link; whether that is news to wait for.
    pub(super) fn ended(&mut self, code: i32) -> bool {
        let is_news = code == 0 && self.way() == Some(Way::Https);
        if is_news {
            self.registration.ended = true;
            self.link.stop();
        }
        is_news
    }

    /// Whether there is something to do at once.
    pub(super) fn has_ended(&self) -> bool {
        match self.registration.step {
            Step::Idle => false,
            Step::Asking => self.registration.ended,
            Step::Answered => self.may_tell(),
            Step::Told => true,
        }
    }

    /// An answer at QoS 1 is acknowledged before the link is closed (MQTT 3.1.1, section 4.3.2), but a link that does not
    /// take the acknowledgement does not keep the answer from the user.
    fn may_tell(&self) -> bool {
        self.session.is_drained() || self.link.is_off()
    }

    /// Has the answer be told once it may be.
    pub(super) fn use_answer(&mut self) -> Option<Found> {
        if !self.may_tell() {
            return None;
        }
        self.registration.step = Step::Told;
        self.link.stop();
        Some(Found::Answer)
    }

    /// Looks for an answer over HTTP.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn find_response(&mut self, now: Instant) -> Option<Found> {
        let (way, ended) = (self.way()?, self.registration.ended);
        let (bytes, is_full) = self.session.received_so_far();
        let is_full = is_full || bytes.len() > RESPONSE_MAX;
        let loss = match http::read(bytes, ended) {
            Ok(Some(Response { body, status: 200 })) => return self.answered(way, body, now),
            // The platform, or what stands before it, has too much to do, or a fault of its own.
            Ok(Some(Response { status: 408 | 429 | 500.., .. })) => Loss::Refused(Refusal::Unavailable),
            Ok(Some(Response { status, .. })) => {
                self.registration_ends();
                self.report(Status::RegistrationRefused(status));
                return None;
            }
            Ok(None) if is_full => Loss::Peer(PeerError::AnswerTooLarge),
            Ok(None) => return None,
            // Cut off: as good as a link lost.
            Err(_) if ended => Loss::Link(0),
            Err(_) => Loss::Peer(PeerError::Answer),
        };
        self.lost(loss, now);
        None
    }

    /// Looks whether the message in use is the answer.
    pub(super) fn find_answer(&mut self, way: Way, now: Instant) -> Option<Found> {
        let is_answer = self.session.message().is_some_and(|message| message.topic == topic(way).as_bytes());
        if is_answer {
            return self.answered(way, self.session.payload(), now);
        }
        self.session.finish(now);
        None
    }

    /// The answer stands at `place` in what was received.
    fn answered(&mut self, way: Way, place: Range<usize>, now: Instant) -> Option<Found> {
        let (start, end) = (place.start, place.end);
        let received = self.session.received_bytes_mut().get_mut(..end).unwrap_or_default();
        let loss = match Answer::read(self.identity.as_ref()?, way, received, start) {
            // As HTTP's status may be.
            Some(Answer { code: 429 | 500, .. }) => Loss::Refused(Refusal::Unavailable),
            Some(answer) => {
                (self.registration.step, self.registration.answer) = (Step::Answered, answer);
                self.session.acknowledge_in_use();
                return self.use_answer();
            }
            None => Loss::Peer(PeerError::Answer),
        };
        self.lost(loss, now);
        None
    }

    pub(super) fn event_of_answer(&self) -> Option<Event<'_>> {
        let Answer { code, text, client_id } = &self.registration.answer;
        let received = self.session.received_bytes();
        let at = |place: &Range<usize>| received.get(place.clone()).map(Text::known);
        let (text, client_id) = (at(text)?, at(client_id));
        Some(match *code {
            REGISTERED => Event::Registered { client_id, secret: text },
            code => Event::RegistrationRefused { code, message: text },
        })
    }

    /// Counts an attempt that has failed; whether it was the last one.
    pub(super) fn attempt_failed(&mut self, loss: Loss) -> bool {
        if self.way().is_none() {
            return false;
        }
        let registration = &mut self.registration;
        registration.tries = registration.tries.saturating_sub(1);
        registration.ended = false;
        let is_last = registration.tries == 0;
        // There may be half an answer.
        self.session.wipe_received();
        let refused = matches!(loss, Loss::Refused(refusal) if refusal != Refusal::Unavailable);
        if !is_last && !refused {
            return false;
        }
        self.registration_ends();
        self.report(Status::RegistrationFailed(loss));
        true
    }

    fn registration_ends(&mut self) {
        self.link.stop();
        self.drop_registration();
        self.session.reset();
    }

    /// Ends a registration, if there is one, without a word.
    pub(super) fn drop_registration(&mut self) {
        if self.is_registering() {
            self.registration.step = Step::Idle;
            self.session.wipe_received();
        }
    }
}
