//! Directives of GNU as that llvm-mc does not know, or takes for others.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{is_directive, label, parts, section};

/// A literal: what `.literal` defines.
struct Literal<'a> {
    label: &'a str,
    values: Vec<&'a str>,
}

/// The lines with directives as llvm-mc knows them.
///
/// Literals go to a section of their own, just before the section with the first `l32r` that reads them: that instruction
/// only reaches back. (llvm-mc would put them at the end of whatever section comes before, unaligned.) Literals that
/// nothing reads are left out.
pub fn for_llvm(lines: &[String]) -> Vec<String> {
    let (literals, rest): (Vec<&String>, Vec<&String>) = lines.iter().partition(|line| parts(line).0 == ".literal");
    let literals: Vec<Literal> = literals.into_iter().filter_map(|line| literal(line)).collect();
    let places = places(&rest, &literals);
    let mut written = BTreeSet::new();
    let mut out = Vec::new();
    let first = before(".text", &places, &literals, &mut written);
    out.extend(first);
    for line in rest {
        if let Some(name) = section(line) {
            out.extend(before(name, &places, &literals, &mut written));
        }
        if parts(line).0 != ".literal_position" {
            out.push(plain(line));
        }
    }
    out
}

fn literal(line: &str) -> Option<Literal<'_>> {
    let (_, operands) = parts(line);
    let (label, values) = operands.split_first()?;
    Some(Literal { label, values: values.to_vec() })
}

/// For each section that reads literals, their numbers in `literals`.
fn places<'a>(lines: &[&'a String], literals: &[Literal]) -> BTreeMap<&'a str, Vec<usize>> {
    let numbers: BTreeMap<&str, usize> = literals.iter().enumerate().map(|(number, one)| (one.label, number)).collect();
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut current = ".text";
    let mut outer = Vec::new();
    for line in lines {
        match parts(line).0 {
            ".pushsection" => outer.push(current),
            ".popsection" | ".previous" => current = outer.pop().unwrap_or(current),
            _ => {}
        }
        current = section(line).unwrap_or(current);
        let (operation, operands) = parts(line);
        let read = operands.last().and_then(|operand| numbers.get(operand)).filter(|_| operation == "l32r");
        if let Some(number) = read
            && seen.insert(*number)
        {
            places.entry(current).or_default().push(*number);
        }
    }
    places
}

/// The literals of the section `name`, the first time.
fn before<'a>(
    name: &'a str,
    places: &BTreeMap<&'a str, Vec<usize>>,
    literals: &[Literal],
    written: &mut BTreeSet<String>,
) -> Vec<String> {
    let Some(numbers) = places.get(name).filter(|_| written.insert(name.to_owned())) else { return Vec::new() };
    let suffix = name.strip_prefix(".text").unwrap_or(name);
    let mut out = vec![format!("\t.pushsection\t.literal{suffix},\"ax\",@progbits"), "\t.p2align\t2".to_owned()];
    for number in numbers {
        let Literal { label, values } = &literals[*number];
        out.push(format!("{label}:"));
        out.push(format!("\t.long\t{}", values.join(", ")));
    }
    out.push("\t.popsection".to_owned());
    out
}

/// One line as llvm-mc knows it.
fn plain(line: &str) -> String {
    if label(line).is_some() || !is_directive(line) {
        return line.replace("@PLT", "");
    }
    let (operation, _) = parts(line);
    let other = match operation {
        ".word" => ".long",
        // To llvm-mc, the number is a power of two.
        ".align" => ".balign",
        _ => return line.to_owned(),
    };
    line.replacen(operation, other, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Vec<String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for_llvm(&lines).iter().map(|line| line.trim().replace('\t', " ")).collect()
    }

    #[test]
    fn directives_of_gnu_as_become_those_of_llvm() {
        assert_eq!(changed("\t.word 1, 2"), [".long 1, 2"]);
        assert_eq!(changed("\t.align 4"), [".balign 4"]);
        assert_eq!(changed("\t.literal_position\n\tnop"), ["nop"]);
        assert_eq!(changed("\tcall8\tf@PLT"), ["call8 f"]);
        assert_eq!(changed("\t.ascii \"a.word@PLT\""), [".ascii \"a.word@PLT\""]);
    }

    /// LLVM says `.literal` while the section of the function before is the current one.
    #[test]
    fn a_literal_goes_before_the_section_that_reads_it() {
        let text = "\t.section .text.a,\"ax\",@progbits\na:\n\tret.n\n\t.literal .LC0, g+4\n\
                    \t.section .text.b,\"ax\",@progbits\nb:\n\tl32r a2, .LC0\n\tret.n";
        let lines = changed(text);
        let place = |line: &str| lines.iter().position(|one| one == line).expect(line);
        assert!(place(".pushsection .literal.b,\"ax\",@progbits") < place(".section .text.b,\"ax\",@progbits"));
        assert!(place(".section .text.a,\"ax\",@progbits") < place(".pushsection .literal.b,\"ax\",@progbits"));
        assert_eq!(lines[place(".p2align 2")..][..4], [".p2align 2", ".LC0:", ".long g+4", ".popsection"]);
    }

    #[test]
    fn a_literal_may_have_several_words() {
        let lines = changed("\t.literal .LC0, 1, 2\n\t.text\n\tl32r a2, .LC0");
        assert_eq!(lines[0], ".pushsection .literal,\"ax\",@progbits");
        assert!(lines.contains(&".long 1, 2".to_owned()));
    }

    #[test]
    fn a_literal_that_nothing_reads_is_left_out() {
        assert_eq!(changed("\t.literal .LC0, f\n\t.text\n\tcall8 f"), [".text", "call8 f"]);
    }
}
