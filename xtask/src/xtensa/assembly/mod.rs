//! The assembler: llvm-mc, behind changes of what the compilers write. gcc writes for GNU as, which lengthens branches and
//! has directives of its own; LLVM writes code for this processor that its assembler takes, but a fifth larger than need be.

mod branches;
mod calls;
mod directives;
mod line;
mod short;
mod unknown;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::tools::Tools;
use crate::{Failure, Result, step};
pub use calls::Direct;

/// What is done to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// gcc's output, and text by hand: it stays as it is, but for directives and branches.
    Gcc,
    /// LLVM's output: shorter instructions, and these calls directly.
    Llvm(Direct),
}

/// More rounds than a text takes: each lengthens branches, which moves others out of reach.
const ROUNDS: usize = 20;

/// Makes the object `to` of the text. `to` with another ending holds what llvm-mc read.
pub fn assemble(tools: &Tools, text: &str, from: From, to: &Path) -> Result {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let From::Llvm(which) = from {
        calls::direct(&mut lines, which);
        short::shorten(&mut lines);
    }
    let mut lines = directives::for_llvm(&lines);
    for line in &mut lines {
        if let Some(bytes) = unknown::encoded(line) {
            *line = bytes;
        }
    }
    let source = to.with_extension("llvm.s");
    let mut made = 0;
    for _ in 0..ROUNDS {
        fs::write(&source, lines.join("\n") + "\n").map_err(|e| Failure::at("write", &source, e))?;
        let mut assembler: Command = tools.assembler();
        assembler.arg("-o").arg(to).arg(&source);
        let output = assembler.output().map_err(|e| step::cannot_start(&assembler, &e))?;
        if output.status.success() {
            return fs::remove_file(&source).map_err(|e| Failure::at("remove", &source, e));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let far = out_of_reach(&said);
        if far.is_empty() {
            return Err(Failure::new(format!("{}: {}", to.display(), said.lines().next().unwrap_or("llvm-mc failed"))));
        }
        for number in far {
            let line = lines.get_mut(number - 1).ok_or("llvm-mc names a line that there is not")?;
            *line = branches::lengthened(line, made)
                .ok_or_else(|| Failure::new(format!("{}: out of reach: {}", to.display(), line.trim())))?;
            made += 1;
        }
    }
    Err(Failure::new(format!("{}: branches out of reach after {ROUNDS} rounds", to.display())))
}

/// The lines, counted from 1, whose branches do not reach.
fn out_of_reach(said: &str) -> Vec<usize> {
    let lines = said.lines().filter_map(|line| {
        let (place, _) = line.split_once(": error: fixup value out of range")?;
        let (place, _column) = place.rsplit_once(':')?;
        place.rsplit_once(':')?.1.parse().ok()
    });
    lines.filter(|number| *number > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_far_branches_are_read_from_what_the_assembler_says() {
        let said = "/tmp/x y.s:12:2: error: fixup value out of range\n\tbeqz a2, .L4\n\t^\n\
                    /tmp/x y.s:40:9: error: fixup value out of range\n/tmp/x.s:50:1: error: unknown instruction\n";
        assert_eq!(out_of_reach(said), [12, 40]);
    }
}
