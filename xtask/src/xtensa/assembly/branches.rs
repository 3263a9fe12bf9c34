//! Branches whose label is too far away: the opposite branch over a jump.

use super::line::parts;

const PAIRS: [(&str, &str); 13] = [
    ("beq", "bne"),
    ("bge", "blt"),
    ("bgeu", "bltu"),
    ("beqi", "bnei"),
    ("bgei", "blti"),
    ("bgeui", "bltui"),
    ("beqz", "bnez"),
    ("bgez", "bltz"),
    ("bany", "bnone"),
    ("ball", "bnall"),
    ("bbs", "bbc"),
    ("bbsi", "bbci"),
    ("bt", "bf"),
];

/// The line with its branch made long; `number` makes its label different from all others. `None`: not a branch.
pub fn lengthened(line: &str, number: usize) -> Option<String> {
    let (operation, operands) = parts(line);
    // The short forms reach less than the long ones.
    let operation = operation.strip_suffix(".n").unwrap_or(operation);
    let opposite = PAIRS.iter().find_map(|(one, other)| match operation {
        _ if operation == *one => Some(*other),
        _ if operation == *other => Some(*one),
        _ => None,
    })?;
    let (label, registers) = operands.split_last()?;
    let compared: String = registers.iter().map(|register| format!("{register}, ")).collect();
    // One line, or the numbers of lines would not fit those that the assembler names next.
    Some(format!("\t{opposite}\t{compared}.Lnear{number}; j {label}; .Lnear{number}:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_becomes_its_opposite_over_a_jump() {
        assert_eq!(lengthened("\tbeqz\ta2, .L4", 7).as_deref(), Some("\tbnez\ta2, .Lnear7; j .L4; .Lnear7:"));
        assert_eq!(lengthened("bnez.n a2, .L4", 1).as_deref(), Some("\tbeqz\ta2, .Lnear1; j .L4; .Lnear1:"));
        assert_eq!(lengthened("bbci a2, 31, .L4", 1).as_deref(), Some("\tbbsi\ta2, 31, .Lnear1; j .L4; .Lnear1:"));
        assert_eq!(lengthened("\tj\t.L4", 1), None);
        assert_eq!(lengthened("\tcall8\tf", 1), None);
    }
}
