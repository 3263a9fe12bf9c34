//! Tables of words by number, in few bytes. A row is its number, its words and a NUL; the rows follow each other. A table of
//! addresses and lengths would need 700 bytes of flash more.

use core::ffi::CStr;

use super::types::c_char;

/// A family of events: the connection, the messages, or a service. It has a block of 16 kinds, a member in
/// `aliyun_iot_event_as`, and the statuses with the same numbers below 0.
pub(super) struct Family {
    /// Bytes of its member.
    pub(super) size: usize,
    /// The kinds and their names, without the prefix of the constants. The first one begins the block.
    pub(super) kinds: Rows,
    /// The statuses of its calls and their words.
    pub(super) statuses: Rows,
    /// The bits of `aliyun_iot_features`, if the build has the family.
    pub(super) features: u32,
}

/// The words of a number that has none.
pub(super) const NO_NUMBER: &CStr = c"no words for this number";

/// A row: its number, and its words. A table keeps the number without its sign and without all bits above the lowest 8.
pub(super) type Row = (i32, &'static str);

/// The rows of one file.
pub(super) type Rows = &'static [Row];

/// Bytes of the table that [`joined`] makes.
#[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
pub(super) const fn length(tables: &[Rows]) -> usize {
    let (mut length, mut table) = (0, 0);
    while table < tables.len() {
        let mut at = 0;
        while at < tables[table].len() {
            length += 1 + tables[table][at].1.len() + 1;
            at += 1;
        }
        table += 1;
    }
    length
}

/// The table.
#[allow(clippy::indexing_slicing)] // At compile time: a mistake does not build.
pub(super) const fn joined<const N: usize>(tables: &[Rows]) -> [u8; N] {
    let (mut bytes, mut to, mut table) = ([0; N], 0, 0);
    while table < tables.len() {
        let rows = tables[table];
        let mut at = 0;
        while at < rows.len() {
            bytes[to] = rows[at].0.unsigned_abs() as u8;
            to += 1;
            let words = rows[at].1.as_bytes();
            let mut from = 0;
            while from < words.len() {
                assert!(words[from] != 0, "words end at a NUL");
                bytes[to] = words[from];
                (to, from) = (to + 1, from + 1);
            }
            (to, at) = (to + 1, at + 1);
        }
        table += 1;
    }
    bytes
}

/// The words of row `number`, with a NUL at their end.
pub(super) fn find(table: &'static [u8], number: u8) -> Option<*const c_char> {
    let mut rest = table;
    loop {
        let (row, words) = rest.split_first()?;
        if *row == number {
            return Some(words.as_ptr().cast());
        }
        let end = words.iter().position(|byte| *byte == 0)?;
        rest = words.get(end + 1..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_found_and_no_other() {
        const TABLES: &[Rows] = &[&[(-7, "seven"), (0, "")], &[], &[(-0x1ff, "\u{7}most")]];
        static TABLE: [u8; length(TABLES)] = joined(TABLES);
        assert_eq!(&TABLE, b"\x07seven\0\0\0\xff\x07most\0");
        let at = |number| find(&TABLE, number).map(|words| words as usize - TABLE.as_ptr() as usize);
        assert_eq!([at(7), at(0), at(255), at(1)], [Some(1), Some(8), Some(10), None]);
    }
}
