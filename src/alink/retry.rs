//! A question that is asked again until its answer comes: when to ask, when to ask again, when to give up.

use crate::mqtt::Session;
use crate::time::Instant;

/// How long an answer may take once the question has left (Link SDK C 4.2, `aiot_mqtt_upload_api.c`).
const TIMEOUT_MS: u32 = 10_000;
/// The number of times that a question is asked on one link before it is given up (the same).
const TRIES: u8 = 5;
/// How soon to try again when there was no space for the question.
const NO_ROOM_MS: u32 = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// There is nothing to ask.
    Idle,
    /// To be asked as soon as there is a session.
    Due,
    /// To be asked at a moment.
    Resting,
    /// The question is being put together by the user.
    Held,
    /// Asked; the answer is awaited until a moment.
    Awaiting,
}

/// What is to be done now.
pub(crate) enum Action {
    Wait,
    Ask,
    GiveUp,
}

pub(crate) struct Retry {
    /// The moment of the step, if it has one.
    until: Instant,
    step: Step,
    tries: u8,
}

impl Retry {
    pub(crate) const fn idle() -> Self {
        Self { until: Instant::from_millis(0), step: Step::Idle, tries: 0 }
    }

    /// Asks something new.
    pub(crate) fn begin(&mut self) {
        (self.step, self.tries) = (Step::Due, 0);
    }

    /// The answer has come, or nobody waits for it any more.
    pub(crate) fn end(&mut self) {
        self.step = Step::Idle;
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.step == Step::Idle
    }

    pub(crate) fn is_awaiting(&self) -> bool {
        self.step == Step::Awaiting
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
        (self.step, self.until) = (Step::Resting, now.after(ms));
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
        (self.step, self.until) = (Step::Awaiting, now.after(TIMEOUT_MS));
    }

    /// There was no space for the question.
    pub(crate) fn no_room(&mut self, now: Instant) {
        (self.step, self.until) = (Step::Resting, now.after(NO_ROOM_MS));
    }

    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn poll(&mut self, session: &Session, now: Instant) -> Action {
        if self.step == Step::Awaiting && !session.is_drained() {
            // As long as something waits to be sent, that may be the question.
            self.until = now.after(TIMEOUT_MS);
        }
        if matches!(self.step, Step::Resting | Step::Awaiting) && now.reached(self.until) {
            if self.step == Step::Awaiting && self.tries == TRIES {
                self.step = Step::Idle;
                return Action::GiveUp;
            }
            self.step = Step::Due;
        }
        if self.step == Step::Due && session.is_online() { Action::Ask } else { Action::Wait }
    }

    /// When to poll, on a link with a session or without one.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn deadline(&self, is_online: bool, now: Instant) -> Option<Instant> {
        match self.step {
            Step::Due if is_online => Some(now),
            Step::Resting | Step::Awaiting if is_online => Some(self.until),
            _ => None,
        }
    }
}
