//! Which characters may a field have?

use crate::bytes::contains_byte;

/// Whether `text` is `1..=max` printable ASCII characters: a secret, a token, or the name that goes with one.
pub(crate) fn is_printable(text: &[u8], max: usize) -> bool {
    !text.is_empty() && text.len() <= max && text.iter().all(u8::is_ascii_graphic)
}

/// Whether every byte of `text` is a letter, a digit or in `also`, and its length is within `1..=max`.
pub(super) fn is_name(text: &str, max: usize, also: &[u8]) -> bool {
    !text.is_empty() && text.len() <= max && text.bytes().all(|b| b.is_ascii_alphanumeric() || contains_byte(also, b))
}
