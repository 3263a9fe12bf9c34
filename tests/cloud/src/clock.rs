//! The clouds' clocks, which a test can set wrong.

/// A time on a clock that is so many seconds off.
pub fn shifted(real_ms: u64, clock_s: i64) -> u64 {
    real_ms.saturating_add_signed(clock_s.saturating_mul(1000))
}

/// How far a login's time may be from the cloud's. Baidu's documents say so; Tuya's only say that there is a time.
const NEAR_MS: u64 = 10 * 60 * 1000;

/// Whether a login's time is near enough to the cloud's, or what is wrong with it.
pub fn is_near(told_ms: u64, now_ms: u64) -> Result<(), String> {
    let (off, word) = match told_ms < now_ms {
        true => (now_ms - told_ms, "behind"),
        false => (told_ms - now_ms, "ahead of"),
    };
    match off <= NEAR_MS {
        true => Ok(()),
        false => Err(format!("is {} s {word} the cloud's clock; at most {} are allowed", off / 1000, NEAR_MS / 1000)),
    }
}
