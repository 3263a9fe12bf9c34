//! Instructions of these processors that llvm-mc 22 does not know, as bytes.

use super::line::parts;

/// The line with bytes for such an instruction.
pub fn encoded(line: &str) -> Option<String> {
    let (operation, operands) = parts(line);
    let register = |operand: &str| operand.strip_prefix('a')?.parse().ok().filter(|number: &u8| *number < 16);
    match (operation, operands.as_slice()) {
        // The shift by which bytes are taken in the order of big-endian machines.
        ("ssa8b", [from]) => Some(format!("\t.byte\t0x00, {:#04x}, 0x40", 0x30 | register(from)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_instruction_becomes_bytes() {
        assert_eq!(encoded("\tssa8b\ta11").as_deref(), Some("\t.byte\t0x00, 0x3b, 0x40"));
        assert_eq!(encoded("\tssa8b\ta16"), None);
        assert_eq!(encoded("\tssa8l\ta2"), None);
    }
}
