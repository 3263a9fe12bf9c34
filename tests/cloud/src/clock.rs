//! The clouds' clocks, which a test can set wrong.

/// A time on a clock that is so many seconds off.
pub fn shifted(real_ms: u64, clock_s: i64) -> u64 {
    real_ms.saturating_add_signed(clock_s.saturating_mul(1000))
}

/// The number that a time in a login is, in digits alone.
pub fn number(stamp: &str) -> Option<u64> {
    stamp.bytes().all(|byte| byte.is_ascii_digit()).then(|| stamp.parse().ok())?
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

/// Hours since 1970 of an hour written as `YYYYMMDDHH`, if there is such an hour.
pub fn hours(text: &str) -> Option<u64> {
    if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
    let (year, month, day, hour) = (number(0..4)?, number(4..6)?, number(6..8)?, number(8..10)?);
    let is_there = year >= 1970 && (1..=12).contains(&month) && hour < 24;
    let days = is_there.then(|| (1..month).map(|month| days_of(year, month)).sum::<u64>())?;
    let is_there = (1..=days_of(year, month)).contains(&day);
    is_there.then(|| ((1970..year).map(days_of_year).sum::<u64>() + days + day - 1) * 24 + hour)
}

/// A time as `YYYYMMDDTHHMMSSZ`.
pub fn iso(now_ms: u64) -> String {
    let seconds = now_ms / 1000;
    let mut days = seconds / 86_400;
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_of(year, month) {
        days -= days_of(year, month);
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{:02}T{hour:02}{minute:02}{second:02}Z", days + 1)
}

fn is_leap(year: u64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's datetime.
    #[test]
    fn hours_and_times_are_utc() {
        for (text, seconds) in [("1970010100", 0), ("2000022923", 951_865_200), ("2023111422", 1_699_999_200)] {
            assert_eq!(hours(text), Some(seconds / 3600), "{text}");
            assert_eq!(iso(seconds * 1000)[..11].replace('T', ""), text);
        }
        assert_eq!(iso(1_700_000_000_000), "20231114T221320Z");
        for text in
            ["", "2023111424", "2023130100", "2023022900", "2023000100", "2023010000", "202311142", "2023-11-14"]
        {
            assert_eq!(hours(text), None, "{text}");
        }
    }
}
