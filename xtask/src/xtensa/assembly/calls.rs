//! Calls through a register where the function's name is known: LLVM knows no other for this processor. A direct call takes
//! one instruction and no literal.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{is_directive, label, parts};

/// Registers that a call of this kind leaves to the callee, so nobody reads them afterwards.
const LOST: [&str; 8] = ["a8", "a9", "a10", "a11", "a12", "a13", "a14", "a15"];

/// Which calls become direct ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direct {
    /// All: the linker sees to it that they reach.
    All,
    /// Those of functions that this text defines. Where others will lie nobody knows yet.
    Own,
}

/// Makes `l32r aN, literal … callx8 aN` a `call8`, where nothing comes in between that looks at the register, and where
/// control does not come from elsewhere.
pub fn direct(lines: &mut Vec<String>, which: Direct) {
    let functions: BTreeMap<String, String> = lines.iter().filter_map(|line| function(line)).collect();
    let own: BTreeSet<String> = lines.iter().filter_map(|line| label(line)).map(str::to_owned).collect();
    let mut dropped = BTreeSet::new();
    for at in 0..lines.len() {
        let (operation, operands) = parts(&lines[at]);
        if operation != "l32r" {
            continue;
        }
        let [register, literal] = operands.as_slice() else { continue };
        let Some(name) = functions.get(*literal).filter(|_| LOST.contains(register)) else { continue };
        if which == Direct::Own && !own.contains(name) {
            continue;
        }
        if let Some(call) = call(lines, at, register) {
            lines[call] = format!("\tcall8\t{name}");
            dropped.insert(at);
        }
    }
    let mut number = 0;
    lines.retain(|_| {
        number += 1;
        !dropped.contains(&(number - 1))
    });
}

/// A literal that is a name and nothing else.
fn function(line: &str) -> Option<(String, String)> {
    let (operation, operands) = parts(line);
    let [label, value] = operands.as_slice() else { return None };
    let is_name = value.chars().all(|c| c.is_ascii_alphanumeric() || "_.$".contains(c))
        && !value.starts_with(|c: char| c.is_ascii_digit());
    (operation == ".literal" && is_name).then(|| ((*label).to_owned(), (*value).to_owned()))
}

/// The line that calls through `register`, which line `from` has loaded.
fn call(lines: &[String], from: usize, register: &str) -> Option<usize> {
    for (at, line) in lines.iter().enumerate().skip(from + 1) {
        if is_directive(line) {
            continue;
        }
        let (operation, operands) = parts(line);
        if operation == "callx8" && operands == [register] {
            return Some(at);
        }
        if label(line).is_some() || moves_control(operation) || operands.contains(&register) {
            return None;
        }
    }
    None
}

/// Whether the instruction after this one may be another than the next line's.
fn moves_control(operation: &str) -> bool {
    let starts = ["b", "j", "call", "ret", "loop", "ill", "syscall", "simcall", "entry", "rf"];
    starts.iter().any(|start| operation.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, which: Direct) -> Vec<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        direct(&mut lines, which);
        lines.iter().map(|line| line.trim().replace('\t', " ")).collect()
    }

    #[test]
    fn a_call_through_a_literal_becomes_direct() {
        let text = ".literal .L1, f\nl32r a8, .L1\nmov.n a10, a2\n.loc 1 2\ncallx8 a8";
        assert_eq!(changed(text, Direct::All), [".literal .L1, f", "mov.n a10, a2", ".loc 1 2", "call8 f"]);
    }

    #[test]
    fn two_calls_may_be_prepared_at_once() {
        let text = ".literal .L1, f\n.literal .L2, g\nl32r a8, .L1\nl32r a9, .L2\ncallx8 a8";
        assert_eq!(changed(text, Direct::All)[2..], ["l32r a9, .L2", "call8 f"]);
    }

    #[test]
    fn a_register_that_is_looked_at_or_kept_stays() {
        for between in ["addi a8, a8, 4", "s32i a8, a1, 0", ".L7:", "beqz a2, .L7", "callx8 a9", "l32r a8, .L2"] {
            let text = format!(".literal .L1, f\nl32r a8, .L1\n{between}\ncallx8 a8");
            assert!(changed(&text, Direct::All).contains(&"callx8 a8".to_owned()), "{between}");
        }
        let kept = ".literal .L1, f\nl32r a3, .L1\ncallx8 a3\ncallx8 a3";
        assert_eq!(changed(kept, Direct::All).len(), 4, "a register of the caller's own is read again");
        let with_offset = ".literal .L1, f+4\nl32r a8, .L1\ncallx8 a8";
        assert!(changed(with_offset, Direct::All).contains(&"callx8 a8".to_owned()));
    }

    #[test]
    fn functions_of_others_may_be_far_away() {
        let text = ".literal .L1, f\n.literal .L2, g\nf:\nl32r a8, .L1\ncallx8 a8\nl32r a8, .L2\ncallx8 a8";
        assert_eq!(changed(text, Direct::Own)[2..], ["f:", "call8 f", "l32r a8, .L2", "callx8 a8"]);
    }
}
