//! The time, as the platform's clock has it (Link SDK C 4.2, `aiot_ntp_api.c`).
//!
//! The device says when it asks, by its own clock. The platform sends that back, with when the question came and when the
//! answer left, by its clock. The rest of the round trip was spent on the way, and nobody knows how much of it on the way
//! back: half of it is assumed, so the error is half of it at most.

use super::service::{Delivery, Downlink, Handle, Report, Service};
use crate::alink::{Action, PostError, Requests, Retry, Route, Uplink, publish};
use crate::clouds::ALINK;
use crate::clouds::vendor::{NotSent, Received};
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

    fn on_received(
        &mut self,
        received: &mut Received,
        _: &mut Requests,
        now: Instant,
        report: impl Report<Event>,
    ) -> Delivery {
        let Received::Time { asked, received, sent } = *received else { return Delivery::Other };
        // A cloud sends the time to those alone that ask for it: this comes too late.
        if !self.retry.is_awaiting() {
            return Delivery::Used;
        }
        // A cloud that does not send the question back has one way only to know it: its replies come in order.
        match self.answered(asked.unwrap_or(self.asked.as_millis().into()), received, sent, now) {
            Some(time) => {
                report.report(time);
                Delivery::Reported
            }
            None => Delivery::Used,
        }
    }
}

impl Ntp {
    /// Sends the question. Returns whether it will have no answer: the server closes the link behind it.
    fn ask(&mut self, uplink: &mut Uplink, now: Instant) -> bool {
        match send_question(uplink, now) {
            Ok(()) => self.retry.asked(now),
            Err(NotSent::Send(SendError::GivenUp)) => {
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
        self.answered(asked.count(payload)?, received.count(payload)?, sent.count(payload)?, now)
    }

    /// The answer to the question of the moment `asked` has come; `received` and `sent` are the platform's clock.
    fn answered(&mut self, asked: u64, received: u64, sent: u64, now: Instant) -> Option<Event> {
        // The answer to an earlier question would give too long a way.
        if asked != u64::from(self.asked.as_millis()) {
            return None;
        }
        self.retry.end();
        let trip = u64::from(now.since(self.asked));
        let way = trip.saturating_sub(sent.saturating_sub(received)) as u32;
        // Three more for what is lost where two clocks give whole milliseconds.
        Some(Event::Time { unix_ms: sent.wrapping_add((way / 2).into()), error_ms: way.div_ceil(2).saturating_add(3) })
    }
}

fn send_question(uplink: &mut Uplink, now: Instant) -> Result<(), NotSent> {
    if let Some((brand, login)) = uplink.account.vendor() {
        let moment = uplink.account.moment(uplink.seed, now);
        return brand.ask_time(&login, now.as_millis(), moment, &mut uplink.session.sender()?);
    }
    let topic: [&[u8]; 3] = [BEFORE.as_bytes(), uplink.identity.names(), QUESTION.as_bytes()];
    let text = [template!(r#"{"deviceSendTime":"%"}"#), Value::Number(now.as_millis())];
    Ok(publish(uplink.session, &topic, &text)?)
}

impl Handle<'_, '_, Ntp> {
    /// Asks the platform for the time; before the session is up, as soon as it is. [`Event::Time`] brings the answer, to
    /// this question and to those asked meanwhile.
    pub fn ask_time(self) -> Result<(), PostError> {
        let (ntp, uplink) = self.open()?;
        if uplink.account.vendor().is_some_and(|(brand, _)| !brand.has_time()) {
            return Err(PostError::NoService);
        }
        if ntp.retry.is_idle() {
            ntp.retry.begin();
        }
        Ok(())
    }
}
