//! In the place of `register.rs` where registration is left out: there never is one.

use super::Device;
use super::event::{Event, Loss};
use super::progress::Found;
use crate::time::Instant;

/// No way there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {}

impl Device<'_> {
    /// Whether a registration is under way: none ever is.
    pub fn is_registering(&self) -> bool {
        false
    }

    pub(super) fn way(&self) -> Option<Way> {
        None
    }

    pub(super) fn forget_answer(&mut self) {}

    pub(super) fn drop_registration(&mut self) {}

    pub(super) fn ended(&mut self, _: i32) -> bool {
        false
    }

    pub(super) fn has_ended(&self) -> bool {
        false
    }

    pub(super) fn has_answer(&self) -> bool {
        false
    }

    pub(super) fn use_answer(&mut self) -> Option<Found> {
        None
    }

    pub(super) fn find_response(&mut self, _: Instant) -> Option<Found> {
        None
    }

    pub(super) fn find_answer(&mut self, way: Way, _: Instant) -> Option<Found> {
        match way {}
    }

    pub(super) fn event_of_answer(&self) -> Option<Event<'_>> {
        None
    }

    pub(super) fn attempt_failed(&mut self, _: Loss) -> bool {
        false
    }
}
