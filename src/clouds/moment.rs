//! When is a login signed, or a message sent?

/// A moment, and a number that differs at each.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    /// Another number at each call.
    #[allow(dead_code)] // Used by clouds that a build may leave out.
    pub(crate) random: u32,
    /// Milliseconds since 1970-01-01 00:00 UTC; 0 if the clock is unknown.
    pub(crate) unix_ms: u64,
}

/// 2024-01-01 00:00 UTC. A clock before this has not been set.
const SET_MS: u64 = 1_704_067_200_000;

impl Moment {
    /// Whether the time is known.
    pub(crate) fn is_known(self) -> bool {
        self.unix_ms >= SET_MS
    }
}
