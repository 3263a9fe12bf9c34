//! Small things for bytes: searches, checks of characters, and copies that cannot panic and need no `memmove`, of which Rust's own takes
//! 1.5 KiB of flash on small processors.

/// Whether `bytes` has such a `byte`. In place of `contains`, which brings 150 bytes of `memchr` along.
pub(crate) fn contains_byte(bytes: &[u8], byte: u8) -> bool {
    !bytes.iter().all(|other| *other != byte)
}

/// Whether `text` is `1..=max` printable ASCII characters: a secret, a token, or the name that goes with one.
pub(crate) fn is_printable(text: &[u8], max: usize) -> bool {
    !text.is_empty() && text.len() <= max && text.iter().all(u8::is_ascii_graphic)
}

/// Whether every byte of `text` is a letter, a digit or in `also`, and its length is within `1..=max`.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn is_name(text: &[u8], max: usize, also: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || contains_byte(also, *byte);
    !text.is_empty() && text.len() <= max && text.iter().all(allowed)
}

/// Whether one of the `flags` is set.
pub(crate) const fn any(mut flags: &[bool]) -> bool {
    while let [first, rest @ ..] = flags {
        if *first {
            return true;
        }
        flags = rest;
    }
    false
}

/// What is before the first such `byte`, and what is behind it.
// For codecs, which a build may leave out.
#[allow(dead_code)]
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn cut(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|other| *other == byte)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

/// What follows `prefix` in `text`. Most texts differ in the first bytes: then it takes less than a call of `memcmp`.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn strip<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let rest = text.get(prefix.len()..)?;
    text.iter().zip(prefix).all(|(a, b)| a == b).then_some(rest)
}

/// What follows all of these `pieces` in `text`.
#[allow(dead_code)] // By clouds that a build may leave out.
pub(crate) fn strip_all<'a>(text: &'a [u8], pieces: &[&[u8]]) -> Option<&'a [u8]> {
    pieces.iter().try_fold(text, |rest, piece| strip(rest, piece))
}

/// Whether `a` and `b`, which are of one length, are equal. Those that differ often do so in the last bytes.
pub(crate) fn are_equal_from_behind(a: &[u8], b: &[u8]) -> bool {
    // A computer's `memcmp` compares 32 bytes at a time.
    if cfg!(target_os = "none") { are_equal_by_words(a, b) } else { a == b }
}

#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(any(target_os = "none", test)), allow(dead_code))]
fn are_equal_by_words(mut a: &[u8], mut b: &[u8]) -> bool {
    while let (Some((rest_of_a, word_of_a)), Some((rest_of_b, word_of_b))) =
        (a.split_last_chunk(), b.split_last_chunk())
    {
        if u32::from_ne_bytes(*word_of_a) != u32::from_ne_bytes(*word_of_b) {
            return false;
        }
        (a, b) = (rest_of_a, rest_of_b);
    }
    a.iter().zip(b).all(|(a, b)| a == b)
}

const WORD: usize = size_of::<u32>();

fn word(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_ne_bytes(*bytes))
}

/// Copies what `from` and `to` have room for in common: all of it, where the caller knows that it fits.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    let count = to.len().min(from.len());
    let (Some(to), Some(from)) = (to.get_mut(..count), from.get(..count)) else { return };
    if cfg!(target_os = "none") { copy_by_words(to, from) } else { to.copy_from_slice(from) }
}

/// Copies between two places of one size. `memcpy` of a small library goes byte by byte where one of them is not aligned.
#[cfg_attr(not(any(target_os = "none", test)), allow(dead_code))]
fn copy_by_words(to: &mut [u8], from: &[u8]) {
    let (mut to, mut from) = (to.chunks_exact_mut(WORD), from.chunks_exact(WORD));
    for (to, from) in to.by_ref().zip(from.by_ref()) {
        if let Some(to) = to.first_chunk_mut() {
            *to = word(from).to_ne_bytes();
        }
    }
    to.into_remainder().iter_mut().zip(from.remainder()).for_each(|(to, from)| *to = *from);
}

/// What is behind the first `count` bytes; nothing if there are fewer.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn behind(bytes: &mut [u8], count: usize) -> &mut [u8] {
    bytes.get_mut(count..).unwrap_or_default()
}

/// Copies `piece` to the front of `room` and returns what is left of the room; nothing if it does not fit.
#[inline]
pub(crate) fn put<'a>(room: &'a mut [u8], piece: &[u8]) -> &'a mut [u8] {
    match room.split_at_mut_checked(piece.len()) {
        Some((front, rest)) => {
            copy(front, piece);
            rest
        }
        None => &mut [],
    }
}

/// Drops the first `count` bytes: the others move to the front, as many at a time as fit into the gap.
pub(crate) fn close_gap(mut bytes: &mut [u8], count: usize) {
    if count == 0 {
        return;
    }
    while let Some((gap, rest)) = bytes.split_at_mut_checked(count) {
        copy(gap, rest);
        bytes = rest;
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn a_gap_of_any_size_is_closed() {
        for size in 0..40_u8 {
            let before: Vec<u8> = (0..size).collect();
            for count in 0..=before.len() {
                let mut bytes = before.clone();
                close_gap(&mut bytes, count);
                assert_eq!(bytes[..before.len() - count], before[count..], "{count} of {size}");
            }
        }
    }

    #[test]
    fn a_difference_at_any_place_is_seen() {
        for size in 0..10 {
            let text = std::vec![b'x'; size];
            assert!(are_equal_from_behind(&text, &text) && are_equal_by_words(&text, &text));
            for at in 0..size {
                let mut other = text.clone();
                other[at] = b'y';
                assert!(!are_equal_from_behind(&text, &other) && !are_equal_by_words(&text, &other), "{at} of {size}");
            }
        }
    }

    #[test]
    fn a_copy_by_words_is_whole_at_any_size() {
        for size in 0..40_u8 {
            let from: Vec<u8> = (1..=size).collect();
            let mut to = std::vec![0; from.len()];
            copy_by_words(&mut to, &from);
            assert_eq!(to, from);
        }
    }

    #[test]
    fn a_copy_ends_where_either_does() {
        let mut to = [0; 3];
        copy(&mut to, b"ab");
        assert_eq!(&to, b"ab\0");
        copy(&mut to, b"wxyz");
        assert_eq!(&to, b"wxy");
    }
}
