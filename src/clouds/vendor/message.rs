//! Writes a message from its pieces into the send buffer, without a copy in between.

use crate::bytes::put;
use crate::codec::json::each;
use crate::mqtt::{SendError, Sender};
use crate::text::decimal;

/// Takes bytes of a message.
pub(crate) type Put<'p> = &'p mut dyn FnMut(&[u8]);

/// A piece of a message.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'a> {
    /// These bytes.
    Text(&'a [u8]),
    /// This number in decimal.
    Number(u64),
    /// This number in decimal.
    Signed(i32),
    /// This code in decimal; 200 as 0, which is how some clouds say that all is well.
    Code(i32),
    /// Each member of a JSON object with these texts before its name, between name and value, and behind the value. A comma
    /// stands between two members. The names are written as they stand between their quotes.
    Members {
        /// The object, which was checked.
        object: &'a [u8],
        /// The texts.
        around: [&'a [u8]; 3],
    },
    /// Each member of a JSON object as `write` writes it, with a comma between two.
    Each {
        /// The object, which was checked.
        object: &'a [u8],
        /// Gets the name, as it stands between its quotes, and the value.
        write: fn(&[u8], &[u8], Put),
    },
    /// This JSON as the inside of a JSON string.
    Quoted(&'a [u8]),
}

/// Gives `put` the JSON `text` as it stands inside a JSON string. Control characters, which are white space there, become blanks.
pub(crate) fn put_quoted(text: &[u8], put: Put) {
    for byte in text {
        match byte {
            b'"' | b'\\' => put(&[b'\\', *byte]),
            0..=0x1f => put(b" "),
            _ => put(core::slice::from_ref(byte)),
        }
    }
}

/// The code of success, as scripts have it.
const OK: i32 = 200;

/// The code of a reply from a cloud that says 0 for success, as scripts have it.
pub(crate) fn code_of(code: i32) -> i32 {
    if code == 0 { OK } else { code }
}

/// Publishes a message on a topic in pieces.
pub(crate) fn send(out: &mut Sender, topic: &[&[u8]], message: &[Piece], payload_max: usize) -> Result<(), SendError> {
    let length = write(&mut [], message);
    if length > payload_max {
        return Err(SendError::Payload);
    }
    write(out.begin_with_packet_id(topic, length)?, message);
    Ok(())
}

/// Writes the message as far as there is `room`, and returns the length of all of it.
fn write(room: &mut [u8], message: &[Piece]) -> usize {
    let mut to = Writer { room, length: 0 };
    for piece in message {
        match piece {
            Piece::Text(text) => to.put(text),
            Piece::Number(number) => to.put(&decimal(*number)),
            Piece::Signed(number) => to.signed(*number),
            Piece::Code(code) => to.signed(if *code == OK { 0 } else { *code }),
            Piece::Members { object, around: [before, between, behind] } => {
                let mut comma: &[u8] = b"";
                let _ = each(object, &mut |name, value| {
                    for piece in [comma, before, name.of(object), between, value.of(object), behind] {
                        to.put(piece);
                    }
                    comma = b",";
                });
            }
            Piece::Each { object, write } => {
                let mut comma: &[u8] = b"";
                let _ = each(object, &mut |name, value| {
                    to.put(comma);
                    write(name.of(object), value.of(object), &mut |piece| to.put(piece));
                    comma = b",";
                });
            }
            Piece::Quoted(text) => put_quoted(text, &mut |piece| to.put(piece)),
        }
    }
    to.length
}

struct Writer<'r> {
    room: &'r mut [u8],
    length: usize,
}

impl Writer<'_> {
    fn signed(&mut self, number: i32) {
        if number < 0 {
            self.put(b"-");
        }
        self.put(&decimal(number.unsigned_abs().into()));
    }

    fn put(&mut self, piece: &[u8]) {
        self.room = put(core::mem::take(&mut self.room), piece);
        self.length += piece.len();
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Each, Members, Number, Quoted, Signed, Text};
    use super::*;

    #[test]
    fn members_are_wrapped_and_the_length_is_that_of_all() {
        let object = br#" { "a" : {"b":[1,2]} , "\"c": "x,y" } "#;
        let message = [
            Text(b"["),
            Members { object, around: [b"{\"id\":\"", b"\",\"value\":", b"}"] },
            Text(b"],"),
            Number(u64::MAX),
        ];
        let wanted = br#"[{"id":"a","value":{"b":[1,2]}},{"id":"\"c","value":"x,y"}],18446744073709551615"#;
        let mut room = [0xff; 128];
        assert_eq!(write(&mut room, &message), wanted.len());
        assert_eq!(&room[..wanted.len()], wanted);
        assert_eq!(room[wanted.len()], 0xff);
        assert_eq!(write(&mut [], &message), wanted.len());
    }

    #[test]
    fn members_are_written_by_a_function_and_json_is_quoted() {
        let write = |name: &[u8], value: &[u8], put: Put| {
            [value, b":", name].into_iter().for_each(put);
        };
        let object = br#"{"a":1, "b": [2]}"#;
        let message = [Each { object, write }, Text(b"|"), Quoted(b"{\"a\":\n\t\"\\u00e9\xc3\xa9\\\"\"}")];
        let wanted = "1:a,[2]:b|{\\\"a\\\":  \\\"\\\\u00e9é\\\\\\\"\\\"}";
        let mut room = [0; 64];
        let length = super::write(&mut room, &message);
        assert_eq!(core::str::from_utf8(&room[..length]), Ok(wanted));
    }

    #[test]
    fn success_is_0_and_other_codes_are_as_they_are() {
        for (code, wanted) in [(200, "0"), (0, "0"), (400, "400"), (-1, "-1"), (i32::MIN, "-2147483648")] {
            let mut room = [0; 11];
            let length = write(&mut room, &[Code(code)]);
            assert_eq!(&room[..length], wanted.as_bytes());
        }
        let mut room = [0; 6];
        assert_eq!(write(&mut room, &[Signed(200), Signed(-45)]), 6);
        assert_eq!(&room, b"200-45");
        assert_eq!([0, 200, 1003, -1].map(code_of), [200, 200, 1003, -1]);
    }

    #[test]
    fn an_object_without_members_writes_nothing() {
        assert_eq!(write(&mut [], &[Members { object: b"{}", around: [b"a", b"b", b"c"] }]), 0);
    }
}
