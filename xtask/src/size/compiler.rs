//! Did the compiler that measured now write `docs/size.md`? Another one's code differs a little.

use super::builds::{Measured, REFERENCE};
use super::page::{COMPILER, COMPILERS_APART, TARGETS, compiler, core, rows};

/// Who compiled what was measured now?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// The one that made the table which was kept, with the same core.
    OfThePage,
    Another,
}

impl Compiler {
    pub fn of(kept: &str, now: &Measured) -> Self {
        let compilers = kept.lines().find_map(|line| line.strip_prefix(COMPILER)).unwrap_or_default();
        let compilers: Vec<&str> = compilers.split(COMPILERS_APART).collect();
        let targets = rows(kept, TARGETS);
        let mut images = now.targets.iter().map(|(name, image)| (*name, image)).chain([(REFERENCE, &now.whole)]);
        let are_the_same = images.all(|(name, image)| {
            // The last cell of a target's row says which core was linked.
            let row = targets.iter().find(|row| row.first() == Some(&name));
            let core_is = row.is_some_and(|row| row.last() == Some(&core(image)));
            core_is && compilers.contains(&compiler(image).as_str())
        });
        if are_the_same { Compiler::OfThePage } else { Compiler::Another }
    }
}

#[cfg(test)]
mod tests {
    use super::Compiler::{Another, OfThePage};
    use super::*;
    use crate::size::image::Image;
    use crate::size::table;

    #[test]
    fn another_core_makes_another_compiler() {
        let measured = |compiler: &str, core_from_source| {
            let image = Image { compiler: compiler.into(), core_from_source, ..Image::default() };
            Measured { targets: vec![(REFERENCE, image.clone())], whole: image, builds: Vec::new(), entry_points: 1 }
        };
        let kept = table::of(&Measured {
            builds: vec![("core from source".into(), measured("rustc 1", true).whole)],
            ..measured("rustc 1", false)
        });
        assert_eq!(Compiler::of(&kept, &measured("rustc 1", false)), OfThePage);
        assert_eq!(Compiler::of(&kept, &measured("rustc 1", true)), Another);
        assert_eq!(Compiler::of(&kept, &measured("rustc 11", false)), Another);
        assert_eq!(Compiler::of("", &measured("rustc 1", false)), Another);
        let one_from_source = Measured { whole: measured("rustc 1", true).whole, ..measured("rustc 1", false) };
        assert_eq!(Compiler::of(&kept, &one_from_source), Another);
    }
}
