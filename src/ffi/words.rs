//! Tables of words by number, in as few bytes as can be: each row is its number, its words and a NUL, the rows stand one
//! behind the other. Addresses and lengths of the words would take 700 bytes of flash.

use cty::c_char;

/// A row: its number, and its words.
pub(super) type Row = (u8, &'static str);

/// Bytes of the table that [`joined`] makes.
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(super) const fn length(rows: &[Row]) -> usize {
    let (mut length, mut at) = (0, 0);
    while at < rows.len() {
        length += 1 + rows[at].1.len() + 1;
        at += 1;
    }
    length
}

/// The table.
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(super) const fn joined<const N: usize>(rows: &[Row]) -> [u8; N] {
    let (mut table, mut to, mut at) = ([0; N], 0, 0);
    while at < rows.len() {
        table[to] = rows[at].0;
        to += 1;
        let words = rows[at].1.as_bytes();
        let mut from = 0;
        while from < words.len() {
            assert!(words[from] != 0, "words end at a NUL");
            table[to] = words[from];
            (to, from) = (to + 1, from + 1);
        }
        (to, at) = (to + 1, at + 1);
    }
    table
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
        const ROWS: &[Row] = &[(7, "seven"), (0, ""), (255, "\u{7}most")];
        static TABLE: [u8; length(ROWS)] = joined(ROWS);
        assert_eq!(&TABLE, b"\x07seven\0\0\0\xff\x07most\0");
        let at = |number| find(&TABLE, number).map(|words| words as usize - TABLE.as_ptr() as usize);
        assert_eq!([at(7), at(0), at(255), at(1)], [Some(1), Some(8), Some(10), None]);
    }
}
