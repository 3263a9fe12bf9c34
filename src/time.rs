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

/// The whole seconds in so many milliseconds, by divisions of 32 bits: one of 64 bits costs small processors 600 bytes.
#[allow(dead_code)] // By clouds that a build may leave out.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn seconds(ms: u64) -> u64 {
    let (mut seconds, mut rest) = (0, 0);
    for shift in [48, 32, 16, 0] {
        let part = rest << 16 | (ms >> shift) as u32 & 0xffff;
        seconds = seconds << 16 | u64::from(part / 1000);
        rest = part % 1000;
    }
    seconds
}

/// The hour of the moment so many `seconds` after 1970-01-01 00:00 UTC, as `YYYYMMDDHH` in UTC, up to the year 4147. Of any
/// other moment it is some other ten digits.
#[allow(dead_code)] // By clouds that a build may leave out.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn utc_hour(seconds: u64) -> [u8; 10] {
    let hours = (seconds >> 4) as u32 / (3600 >> 4);
    // The Gregorian calendar repeats after 400 years. Counted from March on, the leap day is the last day of a year.
    let days = hours / 24 + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on, five months have 153 days.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    let year = 400 * cycle + year;
    let mut text = [0; 10];
    for (place, part) in text.chunks_exact_mut(2).zip([year / 100 % 100, year % 100, month, day, hours % 24]) {
        if let [tens, ones] = place {
            (*tens, *ones) = (b'0' + (part / 10) as u8, b'0' + (part % 10) as u8);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_what_a_division_gives() {
        for ms in [0, 999, 1000, 1_700_000_000_999, 1_700_000_001_000, 4_294_967_295_999, u64::MAX - 1, u64::MAX] {
            assert_eq!(seconds(ms), ms / 1000, "{ms}");
        }
    }

    proptest::proptest! {
        #[test]
        fn seconds_of_any_time_are_what_a_division_gives(ms: u64) {
            proptest::prop_assert_eq!(seconds(ms), ms / 1000);
        }
    }

    /// Huawei's example (support.huaweicloud.com, api-iothub/iot_06_v5_3009), and seconds by Python's `datetime`.
    #[test]
    fn an_hour_is_written_in_utc() {
        for (seconds, text) in [
            (0, "1970010100"),
            (1_532_454_980, "2018072417"),
            (1_700_000_000, "2023111422"),
            (1_709_251_199, "2024022923"),
            (1_709_251_200, "2024030100"),
            (4_102_444_799, "2099123123"),
            (4_107_542_400, "2100030100"),
            (68_719_474_799, "4147082006"),
        ] {
            assert_eq!(utc_hour(seconds), text.as_bytes(), "{seconds}");
        }
        // A clock that is far off.
        assert!(utc_hour(u64::MAX).iter().all(u8::is_ascii_digit));
    }

    #[test]
    fn each_hour_of_each_day_is_the_next_one_of_a_calendar() {
        let mut seconds = 0;
        for year in 1970..2110 {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let february = if is_leap { 29 } else { 28 };
            for (month, days) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                for day in 1..=days {
                    for hour in 0..24 {
                        let text = std::format!("{year:04}{month:02}{day:02}{hour:02}");
                        assert_eq!(utc_hour(seconds), text.as_bytes());
                        assert_eq!(utc_hour(seconds + 3599), text.as_bytes());
                        seconds += 3600;
                    }
                }
            }
        }
    }

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
