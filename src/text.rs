//! Text without `core::fmt`, which would cost kilobytes of flash and cannot be proven free of panics.

use core::ops::Deref;

/// Bytes that are known to be UTF-8.
///
/// A text of an event is one part of a message whose UTF-8 has been checked as a whole. A C program reads the bytes. Rust's
/// `str` costs another check, since it cannot be had of bytes without one or `unsafe`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    /// `bytes` must be UTF-8.
    pub(crate) fn known(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// `bytes`, if they are UTF-8.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        if find_not_utf8(bytes).is_none() { Some(Self(bytes)) } else { None }
    }

    /// The bytes.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text.
    pub fn as_str(self) -> &'a str {
        core::str::from_utf8(self.0).unwrap_or_default()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl core::fmt::Debug for Text<'_> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter) -> core::fmt::Result {
        self.as_str().fmt(formatter)
    }
}

/// Where `bytes` stop being UTF-8; `None` if all are.
pub(crate) fn find_not_utf8(bytes: &[u8]) -> Option<usize> {
    // The standard library's check is four times as large, and fast.
    if cfg!(target_os = "none") {
        find_not_utf8_in_few_bytes(bytes)
    } else {
        core::str::from_utf8(bytes).err().map(|error| error.valid_up_to())
    }
}

/// RFC 3629: no character in more bytes than it needs, no half of a surrogate pair, none above U+10FFFF.
#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(any(target_os = "none", test)), allow(dead_code))]
fn find_not_utf8_in_few_bytes(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let at = bytes.len() - rest.len();
        rest = tail;
        // How many bytes the first one announces, itself included.
        let length = first.leading_ones();
        if length == 0 {
            continue;
        }
        let mut point = u32::from(*first) & (0x7f >> length);
        for _ in 1..length {
            match rest {
                [next @ 0x80..=0xbf, tail @ ..] => (point, rest) = (point << 6 | u32::from(next & 0x3f), tail),
                _ => return Some(at),
            }
        }
        let is_character = match length {
            2 => point >= 0x80,
            3 => point >= 0x800 && point >> 11 != 0x1b,
            4 => matches!(point, 0x1_0000..=0x10_ffff),
            _ => false,
        };
        if !is_character {
            return Some(at);
        }
    }
    None
}

/// A number in decimal.
pub(crate) struct Decimal {
    /// 20 digits hold any 64-bit number.
    digits: [u8; 20],
    /// Where the first one stands: they are written from behind.
    start: usize,
}

impl Deref for Decimal {
    type Target = [u8];

    #[cfg_attr(target_os = "none", inline(never))]
    fn deref(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

/// `value` in decimal, by divisions of 32 bits: one of 64 bits would cost a small processor more flash.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn decimal(value: u64) -> Decimal {
    let (mut high, mut low) = ((value >> 32) as u32, value as u32);
    let mut text = Decimal { digits: [0; 20], start: 20 };
    for place in text.digits.iter_mut().rev() {
        // A rest is less than ten, so a quotient has 16 bits again.
        let middle = ((high % 10) << 16) | (low >> 16);
        let last = ((middle % 10) << 16) | (low & 0xffff);
        high /= 10;
        low = ((middle / 10) << 16) | (last / 10);
        *place = b'0' + (last % 10) as u8;
        text.start -= 1;
        if high | low == 0 {
            break;
        }
    }
    text
}

/// Writes `bytes` in hexadecimal, two digits each, as far as there is `room`; `ten` is the digit for 10.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn write_hex(room: &mut [u8], bytes: &[u8], ten: u8) {
    for (at, place) in room.iter_mut().enumerate() {
        let byte = bytes.get(at / 2).copied().unwrap_or_default();
        let half = byte >> (4 * (at & 1 ^ 1)) & 15;
        *place = if half < 10 { b'0' + half } else { ten - 10 + half };
    }
}

/// `value` in 16 lower-case hexadecimal digits.
pub(crate) fn hex(value: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    write_hex(&mut digits, &value.to_be_bytes(), b'a');
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

    fn agrees(bytes: &[u8]) {
        let right = core::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
        assert_eq!((find_not_utf8_in_few_bytes(bytes), find_not_utf8(bytes)), (right, right), "{bytes:x?}");
    }

    #[test]
    fn utf8_is_what_the_standard_library_accepts() {
        // Each first byte, with the bytes where what may follow changes.
        let edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
        for first in 0..=255 {
            agrees(&[first]);
            for second in edges {
                agrees(&[b'a', first, second]);
                for third in edges {
                    agrees(&[first, second, third]);
                    edges.iter().for_each(|fourth| agrees(&[b'a', first, second, third, *fourth, b'z']));
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn utf8_in_any_text_is_what_the_standard_library_accepts(text: std::string::String, cut: u8, byte: u8) {
            let mut bytes = std::vec::Vec::from(text);
            agrees(&bytes);
            let at = usize::from(cut) % (bytes.len() + 1);
            bytes.insert(at, byte);
            agrees(&bytes);
            bytes.truncate(at);
            agrees(&bytes);
        }
    }

    #[test]
    fn decimal_is_what_the_standard_library_prints() {
        for value in [
            0,
            1,
            9,
            10,
            60,
            1_883,
            2_524_608_000_000,
            u64::from(u32::MAX),
            1 << 32,
            42_949_672_960,
            u64::MAX - 5,
            u64::MAX,
        ] {
            assert_eq!(*decimal(value), *std::format!("{value}").as_bytes());
        }
    }

    #[test]
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
}
