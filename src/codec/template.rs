//! Texts with places for values: `{"id":"%","code":%}`. What goes to a server is written straight to where it is sent from.
//!
//! A message of ten pieces, each a slice, would take twelve bytes of flash for a literal. Here it takes one, its length.

use crate::bytes::put;
use crate::text::decimal;

/// What goes to a place of a template.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// These bytes.
    Text(&'a [u8]),
    /// This number in decimal.
    Number(u32),
}

/// The parts between each `%` of the literal `$text`, each behind its length.
macro_rules! parts {
    ($text:expr) => {{
        const PARTS: [u8; $text.len() + 1] = $crate::codec::template::split($text.as_bytes());
        &PARTS
    }};
}
pub(crate) use parts;

/// A template of the literal `$text`, in which each `%` is a place.
macro_rules! template {
    ($text:expr) => {
        $crate::codec::template::Value::Text($crate::codec::template::parts!($text))
    };
}
pub(crate) use template;

/// See [`parts`](parts!).
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(crate) const fn split<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut parts = [0; N];
    let (mut length_at, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == b'%' {
            length_at = at + 1;
        } else {
            parts[at + 1] = text[at];
            parts[length_at] += 1;
        }
        at += 1;
    }
    parts
}

/// The first of `parts`, and the others.
pub(crate) fn first_part(parts: &[u8]) -> Option<(&[u8], &[u8])> {
    let [count, rest @ ..] = parts else { return None };
    Some(rest.split_at(usize::from(*count).min(rest.len())))
}

/// Writes a text as far as there is `room`, and returns the length of all of it. The first value is a [`template`], the others
/// stand at its places.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn fill(mut room: &mut [u8], text: &[Value]) -> usize {
    let &[Value::Text(mut template), ref values @ ..] = text else { return 0 };
    let (mut length, mut values) = (0, values.iter());
    let mut digits;
    loop {
        let Some((mut piece, rest)) = first_part(template) else { return length };
        template = rest;
        let mut value = values.next();
        // The part of the template, and the value behind it.
        loop {
            room = put(room, piece);
            length += piece.len();
            piece = match value.take() {
                None => break,
                Some(Value::Text(text)) => text,
                Some(Value::Number(number)) => {
                    digits = decimal((*number).into());
                    &digits
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value::{Number, Text};
    use super::*;

    fn filled(values: &[Value]) -> std::string::String {
        let mut room = [0xff; 64];
        let length = fill(&mut room, values);
        assert_eq!(fill(&mut [], values), length);
        std::str::from_utf8(&room[..length]).unwrap().into()
    }

    #[test]
    fn values_stand_at_their_places() {
        let number = Number(4_294_967_295);
        let text = filled(&[template!(r#"{"id":"%","n":%,"e":"%"}"#), Text(b"ab"), number, Text(b"")]);
        assert_eq!(text, r#"{"id":"ab","n":4294967295,"e":""}"#);
        assert_eq!(filled(&[template!("%%%"), Text(b"ab"), number, Text(b"")]), "ab4294967295");
        assert_eq!(filled(&[template!("% %"), Number(0), Text(b"x")]), "0 x");
        assert_eq!(filled(&[template!("nothing")]), "nothing");
        assert_eq!(filled(&[template!("")]), "");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut room = [0xff; 6];
        assert_eq!(fill(&mut room, &[template!("ab%e%"), Text(b"cd"), Number(123)]), 8);
        assert_eq!(room, *b"abcde\xff");
    }

    #[test]
    fn a_value_is_as_small_as_a_slice() {
        assert_eq!(size_of::<Value>(), size_of::<&[u8]>());
    }
}
