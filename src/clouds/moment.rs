//! When is a login signed, or a message sent?

use crate::time::seconds;

/// A moment, and a number that differs at each.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// Another number at each call.
    #[allow(dead_code)] // Used by clouds that a build may leave out.
    pub(crate) random: u32,
    /// Milliseconds since 1970-01-01 00:00 UTC; 0 if the clock is unknown.
    pub(crate) unix_ms: u64,
}

/// 2023-01-01 00:00 UTC. A clock before this has not been set.
const SET_MS: u64 = 1_672_531_200_000;
/// Seconds for which a signature is good, where the device chooses that: 30 days, so that a device whose clock is a few days
/// slow can log in as well. No cloud's document has a number.
#[allow(dead_code)] // Used by clouds that a build may leave out.
pub(crate) const LIFETIME_S: u64 = 30 * 24 * 3600;

impl Moment {
    /// Whether the time is known.
    pub(crate) fn is_known(self) -> bool {
        self.unix_ms >= SET_MS
    }

    /// This moment with the device's own clock in its lower half. A cloud that wants the time of a question, and sends it back,
    /// then says when the device asked. It is less than 50 days off.
    #[allow(dead_code)] // Used by clouds that a build may leave out.
    pub(crate) fn with_clock(self, now_ms: u32) -> u64 {
        self.unix_ms & !u64::from(u32::MAX) | u64::from(now_ms)
    }

    /// When a login that is signed now expires, in seconds since 1970.
    #[allow(dead_code)] // Used by clouds that a build may leave out.
    pub(crate) fn expiry(self) -> u64 {
        seconds(self.unix_ms) + LIFETIME_S
    }
}
