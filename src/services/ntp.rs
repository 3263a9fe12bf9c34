//! The time, as the platform's clock has it (Link SDK C 4.2, `aiot_ntp_api.c`).
//!
//! The device says when it asks, by its own clock. The platform sends that back, with when the question came and when the
//! answer left, by its clock. The rest of the round trip was spent on the way, and nobody knows how much of it on the way
//! back: half of it is assumed, so the error is half of it at most.

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Action, PostError, Requests, Retry, Route, Uplink, publish};
use crate::clouds::ALINK;
use crate::codec::json::members;
use crate::codec::template::{Value, parts, template};
use crate::mqtt::SendError;
use crate::time::{Earliest, Instant, note};

const BEFORE: &str = ALINK.time[0];
const QUESTION: &str = ALINK.time[1];
const ANSWER: &str = ALINK.time[2];

/// An answer to the question for the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The platform's clock.
    Time {
        /// Milliseconds since 1970-01-01 00:00 UTC at the moment of the poll that returned the event.
        unix_ms: u64,
        /// How far off that is at most: half of the time that the question and its answer were on the way.
        error_ms: u32,
    },
    /// The question for the time was not answered: 10 s, five times.
    NoTime,
}

/// A question for the time.
pub struct Ntp {
    retry: Retry,
    asked: Instant,
}

impl Service for Ntp {
    type Event<'a> = Event;
    const ROUTES: &'static [Route] = &[Route::Around(BEFORE, ANSWER)];

    fn new() -> Self {
        Self { retry: Retry::idle(), asked: Instant::from_millis(0) }
    }

    fn link_down(&mut self) {
        self.retry.link_down();
    }

    fn deadline(&self, is_online: bool, now: Instant, earliest: &mut Earliest) {
        note(self.retry.deadline(is_online, now), earliest);
    }

    fn poll(&mut self, uplink: &mut Uplink, now: Instant, report: impl Report<Event>) -> bool {
        let is_over = match self.retry.poll(uplink.session, now) {
            Action::Wait => false,
            Action::GiveUp => true,
            Action::Ask => self.ask(uplink, now),
        };
        if is_over {
            report.report(Event::NoTime);
        }
        is_over
    }

    fn on_message(
        &mut self,
        message: Downlink,
        _: &mut Requests,
        now: Instant,
        report: impl Report<Event>,
    ) -> Delivery {
        if !self.retry.is_awaiting() {
            return Delivery::Other;
        }
        match self.read(message.payload, now) {
            Some(time) => {
                report.report(time);
                Delivery::Reported
            }
            None => Delivery::Other,
        }
    }
}

impl Ntp {
    /// Sends the question. Returns whether it will have no answer: the server closes the link behind it.
    fn ask(&mut self, uplink: &mut Uplink, now: Instant) -> bool {
        let topic: [&[u8]; 3] = [BEFORE.as_bytes(), uplink.identity.names(), QUESTION.as_bytes()];
        let text = [template!(r#"{"deviceSendTime":"%"}"#), Value::Number(now.as_millis())];
        match publish(uplink.session, &topic, &text) {
            Ok(()) => self.retry.asked(now),
            Err(SendError::GivenUp) => {
                self.retry.end();
                return true;
            }
            Err(_) => self.retry.no_room(now),
        }
        self.asked = now;
        false
    }

    /// Reads the answer, if it is to the question under way.
    fn read(&mut self, payload: &[u8], now: Instant) -> Option<Event> {
        let [asked, received, sent, ..] = members(payload, parts!("deviceSendTime%serverRecvTime%serverSendTime"))?;
        // The answer to an earlier question would give too long a way.
        if asked.count(payload)? != u64::from(self.asked.as_millis()) {
            return None;
        }
        let (received, sent) = (received.count(payload)?, sent.count(payload)?);
        self.retry.end();
        let trip = u64::from(now.since(self.asked));
        let way = trip.saturating_sub(sent.saturating_sub(received)) as u32;
        // Three more for what is lost where two clocks give whole milliseconds.
        Some(Event::Time { unix_ms: sent.wrapping_add((way / 2).into()), error_ms: way.div_ceil(2).saturating_add(3) })
    }
}

impl Handle<'_, '_, Ntp> {
    /// Asks the platform for the time; before the session is up, as soon as it is. [`Event::Time`] brings the answer, to
    /// this question and to those asked meanwhile.
    pub fn ask_time(self) -> Result<(), PostError> {
        let (ntp, _) = self.open()?;
        if ntp.retry.is_idle() {
            ntp.retry.begin();
        }
        Ok(())
    }
}
