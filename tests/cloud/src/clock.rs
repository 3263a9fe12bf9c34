//! The clouds' clocks, which a test can set wrong.

/// A time on a clock that is so many seconds off.
pub fn shifted(real_ms: u64, clock_s: i64) -> u64 {
    real_ms.saturating_add_signed(clock_s.saturating_mul(1000))
}
