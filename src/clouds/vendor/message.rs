//! Writes a message from its pieces into the send buffer, without a copy in between.

use crate::bytes::put;
use crate::codec::json::each;
use crate::mqtt::{SendError, Sender};
use crate::text::decimal;

/// A piece of a message.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'a> {
    /// These bytes.
    Text(&'a [u8]),
    /// This number in decimal.
    Number(u64),
    /// Each member of a JSON object with these texts before its name, between name and value, and behind the value. A comma
    /// stands between two members. The names are written as they stand between their quotes.
    Members {
        /// The object, which was checked.
        object: &'a [u8],
        /// The texts.
        around: [&'a str; 3],
    },
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
            Piece::Members { object, around: [before, between, behind] } => {
                let mut comma: &[u8] = b"";
                let _ = each(object, &mut |name, value| {
                    for piece in [comma, before.as_bytes(), name.of(object), between.as_bytes(), value.of(object)] {
                        to.put(piece);
                    }
                    to.put(behind.as_bytes());
                    comma = b",";
                });
            }
        }
    }
    to.length
}

struct Writer<'r> {
    room: &'r mut [u8],
    length: usize,
}

impl Writer<'_> {
    fn put(&mut self, piece: &[u8]) {
        self.room = put(core::mem::take(&mut self.room), piece);
        self.length += piece.len();
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Members, Number, Text};
    use super::*;

    #[test]
    fn members_are_wrapped_and_the_length_is_that_of_all() {
        let object = br#" { "a" : {"b":[1,2]} , "\"c": "x,y" } "#;
        let message = [
            Text(b"["),
            Members { object, around: ["{\"id\":\"", "\",\"value\":", "}"] },
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
    fn an_object_without_members_writes_nothing() {
        assert_eq!(write(&mut [], &[Members { object: b"{}", around: ["a", "b", "c"] }]), 0);
    }
}
