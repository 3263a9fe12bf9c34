//! Text without `core::fmt`, which would cost kilobytes of flash and cannot be proven free of panics.

use heapless::{String, Vec};

/// A text did not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

/// Appends all `pieces`, or fails.
pub(crate) fn append<const N: usize>(text: &mut String<N>, pieces: &[&str]) -> Result<(), Overflow> {
    pieces.iter().try_for_each(|piece| text.push_str(piece).map_err(|_| Overflow))
}

/// `value` in decimal. 16 bits at a time, since a division of 64 bits would cost a small processor more flash.
pub(crate) fn decimal(value: u64) -> Vec<u8, 20> {
    let mut parts = [48, 32, 16, 0].map(|shift| (value >> shift) as u16);
    // From behind: 20 digits hold any 64-bit number.
    let (mut digits, mut count) = ([0; 20], 0);
    for digit in digits.iter_mut().rev() {
        let mut rest = 0;
        for part in &mut parts {
            let dividend = rest << 16 | u32::from(*part);
            *part = (dividend / 10) as u16;
            rest = dividend % 10;
        }
        *digit = b'0' + rest as u8;
        count += 1;
        if parts == [0; 4] {
            break;
        }
    }
    let mut text = Vec::new();
    let _ = text.extend_from_slice(digits.get(20 - count..).unwrap_or_default());
    text
}

/// `byte` in two hexadecimal digits, of which `ten` is the one for 10.
pub(crate) fn hex_digits(byte: u8, ten: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|half| if half < 10 { b'0' + half } else { ten - 10 + half })
}

/// `value` in 16 lower-case hexadecimal digits.
#[cfg(feature = "upload")]
pub(crate) fn hex(value: u64) -> Vec<u8, 16> {
    let mut digits = Vec::new();
    for byte in value.to_be_bytes() {
        // 16 digits hold any 64-bit number.
        let _ = digits.extend_from_slice(&hex_digits(byte, b'a'));
    }
    digits
}

/// The number that `text` spells in decimal digits and nothing else.
pub(crate) fn parse_u64(text: &[u8]) -> Option<u64> {
    // 19 digits fit for certain.
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(number * 10 + u64::from(digit))
    })
}

/// The same for 32 bits.
pub(crate) fn parse_decimal(text: &[u8]) -> Option<u32> {
    parse_u64(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_is_what_the_standard_library_prints() {
        for value in [0, 1, 9, 10, 60, 1_883, 2_524_608_000_000, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(decimal(value), std::format!("{value}").as_bytes());
        }
    }

    #[test]
    #[cfg(feature = "upload")]
    fn hex_is_what_the_standard_library_prints() {
        for value in [0, 0x0123_4567_89ab_cdef, u64::MAX] {
            assert_eq!(hex(value), std::format!("{value:016x}").as_bytes());
        }
    }

    #[test]
    fn parse_takes_only_what_fits() {
        assert_eq!(parse_decimal(b"4294967295"), Some(u32::MAX));
        for bad in ["", "4294967296", "-1", "1x", " 1"] {
            assert_eq!(parse_decimal(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse_u64(b"9999999999999999999"), Some(9_999_999_999_999_999_999));
        assert_eq!(parse_u64(b"10000000000000000000"), None);
    }

    #[test]
    fn what_does_not_fit_is_not_cut() {
        let mut text = String::<4>::new();
        assert_eq!(append(&mut text, &["ab", "cd"]), Ok(()));
        assert_eq!(append(&mut text, &["", "e"]), Err(Overflow));
        assert_eq!(text.as_str(), "abcd");
    }
}
