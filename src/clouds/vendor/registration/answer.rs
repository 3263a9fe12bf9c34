//! What the answers of the vendor clouds have in common.

use crate::bytes::{close_gap, copy, is_printable};
use crate::clouds::registration::{Answer, decode};
use crate::codec::json::Place;

/// The longest device secret, in bytes.
const SECRET_MAX: usize = 128;

/// The answer with the device secret at `place`. `None` if no device can log in with it.
pub(super) fn registered(answer: &mut [u8], place: Place) -> Option<Answer> {
    let secret = decode(answer, place);
    is_printable(secret.of(answer), SECRET_MAX).then_some(Answer::Registered { secret, client_id: Place::default() })
}

/// A refusal with a code that is a number and words, or with either of them. `status` is the code if there is none: that of
/// HTTP, or 400 if HTTP calls the refusal a success (convention).
pub(super) fn refused(status: u16, answer: &mut [u8], code: Place, words: Place) -> Answer {
    let number = code.number(answer).filter(|code| *code != 0);
    let code = number.unwrap_or(if status < 300 { 400 } else { status.into() });
    Answer::Refused { code, message: decode(answer, words) }
}

/// A refusal with a code that is a text: both texts, one behind the other, are its words.
pub(super) fn refused_in_words(status: u16, answer: &mut [u8], code: Place, words: Place) -> Answer {
    let [mut first, mut second] = [code, words].map(|place| decode(answer, place));
    if first.range().start > second.range().start {
        (first, second) = (second, first);
    }
    let mut message = first;
    if first.is_empty() {
        message = second;
    } else if !second.is_empty() {
        // Between two strings of JSON there is more than that.
        let [start, end] = [first.range().end, second.range().end];
        let length = second.range().len();
        let gap = second.range().start.saturating_sub(start + SEPARATOR.len());
        copy(answer.get_mut(start..).unwrap_or_default(), SEPARATOR);
        close_gap(answer.get_mut(start + SEPARATOR.len()..end).unwrap_or_default(), gap);
        message = Place::new(first.range().start, first.range().len() + SEPARATOR.len() + length);
    }
    let code = if status < 300 { 400 } else { status.into() };
    Answer::Refused { code, message }
}

const SEPARATOR: &[u8] = b": ";
