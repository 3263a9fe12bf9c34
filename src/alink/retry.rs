//! A question that is asked again until its answer comes: when to ask, when to ask again, when to give up.

use crate::mqtt::Session;
use crate::time::Instant;

/// How long an answer may take once the question has left (Link SDK C 4.2, `aiot_mqtt_upload_api.c`).
const TIMEOUT_MS: u32 = 10_000;
/// The number of times that a question is asked on one link before it is given up (the same).
const TRIES: u8 = 5;
/// How soon to look again when there was no room for the question.
const NO_ROOM_MS: u32 = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// There is nothing to ask.
    Idle,
    /// To be asked as soon as there is a session.
    Due,
    /// To be asked at that moment.
    Resting(Instant),
    /// The question is being put together, by the user.
    Held,
    /// Asked; the answer is awaited until that moment.
    Awaiting(Instant),
}

/// What is to be done now.
pub(crate) enum Action {
    Wait,
    Ask,
    GiveUp,
}

pub(crate) struct Retry {
    step: Step,
    tries: u8,
}

impl Retry {
    pub(crate) const fn idle() -> Self {
        Self { step: Step::Idle, tries: 0 }
    }

    /// Asks something new.
    pub(crate) fn begin(&mut self) {
        *self = Self { step: Step::Due, tries: 0 };
    }

    /// The answer has come, or nobody waits for it any more.
    pub(crate) fn end(&mut self) {
        self.step = Step::Idle;
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.step == Step::Idle
    }

    pub(crate) fn is_awaiting(&self) -> bool {
        matches!(self.step, Step::Awaiting(_))
    }

    /// The link is lost, and with it what was under way.
    pub(crate) fn link_down(&mut self) {
        if !self.is_idle() {
            self.begin();
        }
    }

    /// How often this was asked on this link.
    pub(crate) fn tries(&self) -> u8 {
        self.tries
    }

    /// Asks the same once more, in `ms` milliseconds; `false` if that was often enough.
    pub(crate) fn again(&mut self, now: Instant, ms: u32) -> bool {
        self.step = Step::Resting(now.after(ms));
        self.tries < TRIES
    }

    /// The question is being put together; [`asked`](Self::asked) ends that.
    pub(crate) fn hold(&mut self) {
        self.step = Step::Held;
    }

    pub(crate) fn is_held(&self) -> bool {
        self.step == Step::Held
    }

    /// The question was queued.
    pub(crate) fn asked(&mut self, now: Instant) {
        self.tries += 1;
        self.step = Step::Awaiting(now.after(TIMEOUT_MS));
    }

    /// There was no room for the question.
    pub(crate) fn no_room(&mut self, now: Instant) {
        self.step = Step::Resting(now.after(NO_ROOM_MS));
    }

    pub(crate) fn poll(&mut self, session: &Session, now: Instant) -> Action {
        match &mut self.step {
            Step::Resting(until) if now.reached(*until) => self.step = Step::Due,
            // As long as something waits to be sent, that may be the question.
            Step::Awaiting(until) if !session.is_drained() => *until = now.after(TIMEOUT_MS),
            Step::Awaiting(until) if now.reached(*until) => {
                if self.tries == TRIES {
                    self.step = Step::Idle;
                    return Action::GiveUp;
                }
                self.step = Step::Due;
            }
            _ => {}
        }
        if self.step == Step::Due && session.is_online() { Action::Ask } else { Action::Wait }
    }

    /// When to poll, on a link with a session or without one.
    pub(crate) fn deadline(&self, is_online: bool, now: Instant) -> Option<Instant> {
        match self.step {
            Step::Due if is_online => Some(now),
            Step::Resting(until) | Step::Awaiting(until) if is_online => Some(until),
            _ => None,
        }
    }
}
