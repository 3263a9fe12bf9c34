//! What is in a line of assembly: a label, a directive, an instruction with its operands.

/// The operation and its operands, without a comment. Empty for a line that has neither.
pub fn parts(line: &str) -> (&str, Vec<&str>) {
    let line = line.split('#').next().unwrap_or_default().trim();
    let (operation, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (operation, rest.split(',').map(str::trim).filter(|operand| !operand.is_empty()).collect())
}

/// The label that a line begins with.
pub fn label(line: &str) -> Option<&str> {
    let (operation, _) = parts(line);
    operation.strip_suffix(':')
}

/// Whether the line says something to the assembler and nothing to the processor.
pub fn is_directive(line: &str) -> bool {
    let (operation, _) = parts(line);
    operation.starts_with('.') && !operation.ends_with(':')
}

/// A section that a line changes to.
pub fn section(line: &str) -> Option<&str> {
    let (operation, operands) = parts(line);
    match operation {
        ".text" | ".data" | ".bss" => Some(operation),
        ".section" | ".pushsection" => operands.first().copied(),
        _ => None,
    }
}

/// The number that an operand is.
pub fn number(operand: &str) -> Option<i64> {
    let (sign, digits) = operand.strip_prefix('-').map_or((1, operand), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    number.ok().map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        assert_eq!(parts("\tl32i\ta8, a1, 16 # reload"), ("l32i", vec!["a8", "a1", "16"]));
        assert_eq!(parts("  retw.n"), ("retw.n", vec![]));
        assert_eq!(parts("# only words"), ("", vec![]));
        assert_eq!((label(".L4:"), label("f: # begins"), label("\tj\t.L4")), (Some(".L4"), Some("f"), None));
        assert!(is_directive("\t.word 1") && !is_directive(".L1:") && !is_directive("\tret"));
        assert_eq!(section("\t.section\t.text.f,\"ax\",@progbits"), Some(".text.f"));
        assert_eq!((section("\t.text"), section("\t.type f, @function")), (Some(".text"), None));
        assert_eq!((number("-32"), number("0x10"), number("a1")), (Some(-32), Some(16), None));
    }
}
