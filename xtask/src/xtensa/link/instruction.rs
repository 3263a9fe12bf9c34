//! Which instructions have a distance in them that a linker writes, and how far does each reach?

/// An instruction that a relocation may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// `l32r`: reads a word that lies up to 256 KB before it.
    Load,
    /// `call0`, `call4`, `call8`, `call12`: the function lies up to 512 KB away. Here is by how many registers the window
    /// turns.
    Call(u8),
    /// `j`: up to 128 KB away.
    Jump,
}

/// Why a distance cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    OutOfReach,
    /// Literals and functions lie at multiples of four.
    NotAligned,
}

/// `jx` to the register that a call leaves free until the callee's `entry`: it will hold the callee's stack pointer.
pub fn jump_to_register(register: u8) -> [u8; 3] {
    [0xa0, register, 0]
}

/// `l32r` into a register, with its distance left empty.
pub fn load(register: u8) -> [u8; 3] {
    [register << 4 | 1, 0, 0]
}

/// Whether these bytes begin with `entry`, the first instruction of each function that is called through a pointer.
pub fn is_entry(code: &[u8]) -> bool {
    code.first() == Some(&0x36)
}

impl Instruction {
    /// The instruction that begins with this byte.
    pub fn at(first: u8) -> Option<Self> {
        match first & 0x0f {
            1 => Some(Instruction::Load),
            5 => Some(Instruction::Call(4 * (first >> 4 & 3))),
            6 if first >> 4 & 3 == 0 => Some(Instruction::Jump),
            _ => None,
        }
    }

    /// The instruction `bytes` at the address `from`, so that it means the address `to`.
    pub fn pointed(self, bytes: [u8; 3], from: u32, to: u32) -> Result<[u8; 3], Unfit> {
        let apart = |base: u32| i64::from(to) - i64::from(base);
        let [first, ..] = bytes;
        match self {
            Instruction::Load => {
                let words = words(apart(from.wrapping_add(3) & !3))?;
                let field = (-0x1_0000..0).contains(&words).then_some(words as u16).ok_or(Unfit::OutOfReach)?;
                let [low, high] = field.to_le_bytes();
                Ok([first, low, high])
            }
            Instruction::Call(_) => {
                let words = words(apart((from & !3).wrapping_add(4)))?;
                in_18_bits(first, words)
            }
            Instruction::Jump => in_18_bits(first, apart(from.wrapping_add(4))),
        }
    }
}

/// A distance in words.
fn words(bytes: i64) -> Result<i64, Unfit> {
    if bytes % 4 == 0 { Ok(bytes / 4) } else { Err(Unfit::NotAligned) }
}

/// The distance above the lowest six bits.
fn in_18_bits(first: u8, distance: i64) -> Result<[u8; 3], Unfit> {
    if !(-0x2_0000..0x2_0000).contains(&distance) {
        return Err(Unfit::OutOfReach);
    }
    let word = u32::from(first & 0x3f) | (distance as u32 & 0x3_ffff) << 6;
    let [low, middle, high, _] = word.to_le_bytes();
    Ok([low, middle, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    const L32R_A8: [u8; 3] = [0x81, 0, 0];
    const CALL8: [u8; 3] = [0x25, 0, 0];
    const J: [u8; 3] = [0x06, 0, 0];

    #[test]
    fn instructions_are_told_by_their_first_byte() {
        assert_eq!(Instruction::at(0x81), Some(Instruction::Load));
        assert_eq!(Instruction::at(0x05), Some(Instruction::Call(0)));
        assert_eq!(Instruction::at(0x25), Some(Instruction::Call(8)));
        assert_eq!(Instruction::at(0x06), Some(Instruction::Jump));
        assert_eq!(Instruction::at(0x36), None, "entry");
        assert_eq!(Instruction::at(0x16), None, "beqz");
        assert!(is_entry(&[0x36, 0x41, 0]) && !is_entry(&[0xb6, 0, 0]) && !is_entry(&[]), "bltui is no entry");
    }

    #[test]
    fn a_load_counts_words_from_the_next_multiple_of_four() {
        let load = |from, to| Instruction::Load.pointed(L32R_A8, from, to);
        assert_eq!(load(8, 4), Ok([0x81, 0xff, 0xff]));
        assert_eq!(load(9, 4), Ok([0x81, 0xfe, 0xff]));
        assert_eq!(load(9, 8), Ok([0x81, 0xff, 0xff]));
        assert_eq!(load(0x4_0000, 0), Ok([0x81, 0x00, 0x00]), "256 KB before");
        assert_eq!(load(0x4_0001, 0), Err(Unfit::OutOfReach));
        assert_eq!(load(4, 4), Err(Unfit::OutOfReach), "a literal lies before the code that reads it");
        assert_eq!(load(16, 6), Err(Unfit::NotAligned));
    }

    #[test]
    fn a_call_reaches_half_a_megabyte_either_way() {
        let call = |from, to| Instruction::Call(8).pointed(CALL8, from, to);
        assert_eq!(call(0, 4), Ok([0x25, 0, 0]));
        assert_eq!(call(3, 8), Ok([0x65, 0, 0]));
        assert_eq!(call(4, 0), Ok([0xa5, 0xff, 0xff]));
        assert_eq!(call(0, 0x8_0000), Ok([0xe5, 0xff, 0x7f]));
        assert_eq!(call(0, 0x8_0004), Err(Unfit::OutOfReach));
        assert_eq!(call(0, 6), Err(Unfit::NotAligned));
    }

    #[test]
    fn a_jump_counts_bytes() {
        let jump = |from, to| Instruction::Jump.pointed(J, from, to);
        assert_eq!(jump(0, 4), Ok([0x06, 0, 0]));
        assert_eq!(jump(0, 5), Ok([0x46, 0, 0]));
        assert_eq!(jump(1, 0x2_0005), Err(Unfit::OutOfReach));
    }
}
