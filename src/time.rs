//! Time as the caller tells it.

/// A moment on a clock that never goes back, in milliseconds.
///
/// The core has no clock: every call that depends on time takes one of these. Only differences count, so the clock
/// may start anywhere; it wraps at 2³² ms (49.7 days) without harm as long as the core is polled within 24 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(u32);

impl Instant {
    /// The moment `ms` milliseconds after the clock's zero, modulo 2³².
    pub const fn from_millis(ms: u32) -> Self {
        Self(ms)
    }

    /// Milliseconds from the clock's zero, modulo 2³².
    pub const fn as_millis(self) -> u32 {
        self.0
    }

    /// The moment `ms` milliseconds (less than 2³¹) after this one.
    #[must_use]
    pub const fn after(self, ms: u32) -> Self {
        Self(self.0.wrapping_add(ms))
    }

    /// Whether this moment is `other` or later.
    pub const fn reached(self, other: Self) -> bool {
        self.0.wrapping_sub(other.0) < 1 << 31
    }

    /// This moment or `other`, whichever is later.
    #[must_use]
    pub const fn or_later(self, other: Self) -> Self {
        if self.reached(other) { self } else { other }
    }

    /// This moment or `other`, whichever is earlier.
    #[must_use]
    pub const fn or_earlier(self, other: Self) -> Self {
        if self.reached(other) { other } else { self }
    }

    /// Milliseconds from this moment until `later`; 0 if that is already past.
    pub const fn until(self, later: Self) -> u32 {
        if self.reached(later) { 0 } else { later.0.wrapping_sub(self.0) }
    }

    /// Another number at each call: `seed`, which is random, differs from start to start, the time from call to call.
    pub(crate) const fn random(self, seed: u32) -> u32 {
        seed ^ self.0
    }

    /// Milliseconds from `earlier` to this moment.
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

/// The time until the earliest of several deadlines.
pub(crate) struct Earliest {
    now: Instant,
    /// Milliseconds; `u32::MAX` for never.
    pub(crate) wait: u32,
}

impl Earliest {
    /// No deadline yet.
    pub(crate) fn after(now: Instant) -> Self {
        Self { now, wait: u32::MAX }
    }
}

/// Takes a deadline into account, which may be absent.
// In this order the results of a call are arguments of this one: small processors move no registers.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn note(deadline: Option<Instant>, earliest: &mut Earliest) {
    if let Some(deadline) = deadline {
        earliest.wait = earliest.wait.min(earliest.now.until(deadline));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_survive_the_wrap() {
        let before = Instant::from_millis(u32::MAX - 10);
        let after = before.after(20);
        assert!(after.reached(before));
        assert!(!before.reached(after));
        assert_eq!(before.until(after), 20);
        assert_eq!(after.since(before), 20);
        assert_eq!(after.until(before), 0);
    }
}
