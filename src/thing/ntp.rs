//! The time, as the platform's clock has it (Link SDK C 4.2, `aiot_ntp_api.c`).
//!
//! The device tells when it asks, by its own clock; the platform sends that back, with when the question came and when
//! the answer left, by its clock. What is left of the round trip was spent on the way, and nobody knows how much of it
//! on the way back: half of it is assumed, so the error is half of it at most.

use super::exchange::{Exchange, Turn};
use super::json::Object;
use super::{News, Thing};
use crate::mqtt::{Qos, SendError, Session};
use crate::text::decimal;
use crate::time::Instant;

pub(super) struct Ntp {
    exchange: Exchange,
    asked: Instant,
}

impl Ntp {
    pub(super) const fn new() -> Self {
        Self { exchange: Exchange::idle(), asked: Instant::from_millis(0) }
    }

    /// Asks, now or as soon as there is a session. A question under way answers this one too.
    pub(super) fn ask(&mut self) {
        if self.exchange.is_idle() {
            self.exchange.begin();
        }
    }

    pub(super) fn link_down(&mut self) {
        self.exchange.link_down();
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        self.exchange.deadline(now)
    }
}

pub(super) fn poll(thing: &mut Thing, session: &mut Session, now: Instant) -> Option<News> {
    match thing.ntp.exchange.poll(session, now) {
        Turn::Wait => return None,
        Turn::GiveUp => return Some(News::NoTime),
        Turn::Ask => {}
    }
    let asked = decimal(now.as_millis().into());
    let topic: [&[u8]; 3] = [b"/ext/ntp/", thing.names(), b"request"];
    let payload: [&[u8]; 3] = [b"{\"deviceSendTime\":\"", &asked, b"\"}"];
    let queued = Thing::publish(session, &topic, &payload, Qos::AtMostOnce);
    match queued {
        Ok(_) => thing.ntp.exchange.asked(now),
        Err(SendError::GivenUp) => {
            thing.ntp.exchange.end();
            return Some(News::NoTime);
        }
        Err(_) => thing.ntp.exchange.no_room(now),
    }
    thing.ntp.asked = now;
    None
}

/// What the message on `topic` tells, if it answers the question under way.
pub(super) fn hear(thing: &mut Thing, topic: &[u8], payload: &[u8], now: Instant) -> Option<News> {
    if topic.strip_prefix(b"/ext/ntp/")?.strip_prefix(thing.names())? != b"response"
        || !thing.ntp.exchange.is_awaiting()
    {
        return None;
    }
    let answer = Object::read(payload)?;
    // The answer to an earlier question would tell too long a way.
    if answer.count("deviceSendTime")? != u64::from(thing.ntp.asked.as_millis()) {
        return None;
    }
    let (received, sent) = (answer.count("serverRecvTime")?, answer.count("serverSendTime")?);
    thing.ntp.exchange.end();
    let trip = u64::from(now.since(thing.ntp.asked));
    let way = trip.saturating_sub(sent.saturating_sub(received)) as u32;
    // Three more for what is lost where two clocks tell whole milliseconds.
    Some(News::Time { unix_ms: sent.wrapping_add((way / 2).into()), error_ms: way.div_ceil(2).saturating_add(3) })
}
