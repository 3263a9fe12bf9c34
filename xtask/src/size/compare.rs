//! Is the table that was kept stale? The figures of the targets and builds, and the deepest stack frame, must be about
//! the same; how near depends on whether the same compiler made them with the same core.

use super::compiler::Compiler;
use super::page::{BUILDS, FRAMES, TARGETS, rows};
use crate::{Failure, Result};

/// Percent of the kept figure, and bytes on top.
struct Tolerance {
    percent: u64,
    bytes: u64,
}

const SAME_COMPILER: Tolerance = Tolerance { percent: 1, bytes: 16 };
const ANOTHER_COMPILER: Tolerance = Tolerance { percent: 10, bytes: 64 };

/// Compares the table that was `kept` with the one that `compiler` makes `now`, which may lack some of the rows that have
/// these `names`.
pub fn with(kept: &str, now: &str, names: &[String], compiler: Compiler) -> Result {
    let tolerance = match compiler {
        Compiler::OfThePage => SAME_COMPILER,
        Compiler::Another => ANOTHER_COMPILER,
    };
    let rows_kept = [TARGETS, BUILDS].into_iter().flat_map(|heading| rows(kept, heading));
    if !rows_kept.map(|row| row.first().copied().unwrap_or_default()).eq(names.iter()) {
        return stale("it has other rows than would be measured now");
    }
    let kept = figures(kept);
    for now in figures(now) {
        match kept.iter().find(|kept| kept.name == now.name) {
            None => return stale(&format!("{} is not in it", now.name)),
            Some(kept) if tolerance.is_left(kept.bytes, now.bytes) => {
                return stale(&format!("{}: {} then, {} now", kept.name, kept.bytes, now.bytes));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn stale(why: &str) -> Result {
    Err(Failure::new(format!("docs/size.md is stale ({why}); `cargo xtask size` writes it again")))
}

impl Tolerance {
    fn is_left(&self, kept: u64, now: u64) -> bool {
        kept.abs_diff(now) > kept * self.percent / 100 + self.bytes
    }
}

/// What is compared.
struct Figure {
    name: String,
    bytes: u64,
}

fn figures(table: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    for heading in [TARGETS, BUILDS] {
        for row in rows(table, heading) {
            let (name, cells) = row.split_first().map_or(("", &[][..]), |(name, cells)| (*name, cells));
            // A difference, with its sign, follows from the others.
            let cells = cells.iter().filter(|cell| !cell.starts_with(['+', '-']));
            let bytes = cells.filter_map(|cell| cell.parse().ok()).enumerate();
            figures.extend(bytes.map(|(at, bytes)| Figure { name: format!("{name}, figure {}", at + 1), bytes }));
        }
    }
    let deepest = rows(table, FRAMES).first().and_then(|row| row.last()?.parse().ok());
    figures.extend(deepest.map(|bytes| Figure { name: "the deepest stack frame".into(), bytes }));
    figures
}

#[cfg(test)]
mod tests {
    use super::Compiler::{Another, OfThePage};
    use super::*;

    fn table(flash: u64, difference: &str, frame: u64) -> String {
        format!(
            "{TARGETS}\n\n| target | both | core |\n|---|---|---|\n| a | {flash} | as it comes |\n\n\
             {BUILDS}\n\n| build | both | difference |\n|---|---|---|\n| b | 10000 | {difference} |\n\n\
             {FRAMES}\n\n| function | bytes |\n|---|---|\n| `c` | {frame} |\n| `d` | 1 |\n"
        )
    }

    fn names() -> Vec<String> {
        ["a", "b"].map(str::to_owned).to_vec()
    }

    #[test]
    fn about_the_same_is_the_same() {
        let kept = table(20_000, "+1", 500);
        assert!(with(&kept, &table(20_216, "+200", 521), &names(), OfThePage).is_ok());
        assert!(with(&kept, &table(22_064, "-7", 614), &names(), Another).is_ok());
        let fewer = kept.replace("| b | 10000 | +1 |\n", "");
        assert!(with(&kept, &fewer, &names(), OfThePage).is_ok(), "not all was measured");
    }

    #[test]
    fn what_is_off_is_named() {
        let kept = table(20_000, "+1", 500);
        let told = |now: &str, compiler| {
            with(&kept, now, &names(), compiler).err().map(|failure| failure.to_string()).unwrap_or_default()
        };
        assert!(told(&table(20_217, "+1", 500), OfThePage).contains("a, figure 1: 20000 then, 20217 now"));
        assert!(told(&table(22_065, "+1", 500), Another).contains("a, figure 1"));
        assert!(told(&table(20_000, "+1", 522), OfThePage).contains("the deepest stack frame"));
        assert!(told(&kept.replace("| b |", "| other |"), OfThePage).contains("other, figure 1 is not in it"));
        let more = [names(), vec!["c".to_owned()]].concat();
        assert!(with(&kept, &kept, &more, OfThePage).is_err_and(|failure| failure.to_string().contains("other rows")));
    }
}
