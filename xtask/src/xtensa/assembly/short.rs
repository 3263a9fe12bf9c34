//! Instructions of two bytes for those of three that mean the same: LLVM uses few of them for this processor.

use super::line::{is_directive, label, number, parts};

/// Shortens the instructions of a compiler's output.
pub fn shorten(lines: &mut [String]) {
    for line in lines.iter_mut().filter(|line| !is_directive(line) && label(line).is_none()) {
        if let Some(short) = short(line) {
            *line = short;
        }
    }
}

fn short(line: &str) -> Option<String> {
    let (operation, operands) = parts(line);
    let constant = operands.last().and_then(|operand| number(operand));
    Some(match (operation, operands.as_slice(), constant) {
        ("or", [to, from, again], _) if from == again => format!("\tmov.n\t{to}, {from}"),
        ("add", [to, a, b], _) => format!("\tadd.n\t{to}, {a}, {b}"),
        ("l32i" | "s32i", [register, base, _], Some(offset @ 0..=60)) if offset % 4 == 0 => {
            format!("\t{operation}.n\t{register}, {base}, {offset}")
        }
        // To the short one, 0 means -1.
        ("addi", [to, from, _], Some(value @ (-1 | 1..=15))) => format!("\taddi.n\t{to}, {from}, {value}"),
        ("movi", [to, _], Some(value @ -32..=95)) => format!("\tmovi.n\t{to}, {value}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(line: &str) -> String {
        let mut lines = [line.to_owned()];
        shorten(&mut lines);
        lines[0].trim().replace('\t', " ")
    }

    #[test]
    fn instructions_are_shortened_within_their_ranges() {
        for (long, short) in [
            ("or a2, a3, a3", "mov.n a2, a3"),
            ("add a2, a3, a4", "add.n a2, a3, a4"),
            ("l32i a2, a3, 60", "l32i.n a2, a3, 60"),
            ("s32i a2, a1, 0", "s32i.n a2, a1, 0"),
            ("addi a2, a2, -1", "addi.n a2, a2, -1"),
            ("addi a2, a3, 15", "addi.n a2, a3, 15"),
            ("movi a2, -32", "movi.n a2, -32"),
            ("movi a2, 95", "movi.n a2, 95"),
        ] {
            assert_eq!(shortened(long), short);
        }
    }

    #[test]
    fn others_stay() {
        for line in [
            "or a2, a3, a4",
            "l32i a2, a3, 64",
            "l32i a2, a3, 2",
            "addi a2, a2, 0",
            "addi a2, a2, 16",
            "addi a2, a2, -2",
            "movi a2, 96",
            "movi a2, -33",
            "movi a2, .L4",
            "l16ui a2, a3, 0",
            ".word 1",
            "movi:",
        ] {
            assert_eq!(shortened(line), line);
        }
    }
}
