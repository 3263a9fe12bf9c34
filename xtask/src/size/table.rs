//! How is what was measured written down?

use super::budget::BUDGETS;
use super::builds::{Measured, REFERENCE, WHOLE};
use super::image::Image;
use super::page::{BUILDS, COMPILER, COMPILERS_APART, FRAMES, TARGETS, compiler, core};

const FRAMES_SHOWN: usize = 10;

pub fn of(measured: &Measured) -> String {
    let mut lines = Vec::new();
    let mut say = |line: String| lines.push(line);
    say("<!-- Made by `cargo xtask size`: do not edit. -->".into());
    say("# Size".into());
    say(String::new());
    say(format!(
        "Bytes of the library, built by `cargo xtask lib` (linked as a whole, abort on panic; bare metal is optimised for \
         size, the row x86_64 for speed), with all {} functions of `include/aliyun_iot.h` linked in and what nothing \
         refers to left out. `memcpy`, `memset` and the like have a column of their own: every firmware has them, and \
         figures of other clients leave them out as well. Unwind tables are not counted: 16 bytes on Arm, and firmware may drop them. The library has no heap.",
        measured.entry_points
    ));
    say(String::new());
    let builds = measured.builds.iter().map(|(_, image)| image);
    let images = measured.targets.iter().map(|(_, image)| image).chain([&measured.whole]).chain(builds);
    let mut compilers: Vec<String> = images.map(compiler).collect();
    compilers.sort();
    compilers.dedup();
    say(format!("{COMPILER}{}", compilers.join(COMPILERS_APART)));
    say(String::new());
    say("`cargo xtask size --check`, which is part of `cargo xtask test`, measures the bare-metal targets again and fails \
         where a figure is off by more than 1 % and 16 bytes with this compiler, or 10 % and 64 bytes with another one, \
         whose code differs a little. It also fails if a budget is exceeded with this compiler, or if anything that was \
         linked for them can panic. Where Rust's core has to be compiled along, it looks at one target only, which takes \
         as long as all the others together, and says so."
        .into());

    say(String::new());
    say("## Budgets".into());
    say(String::new());
    say("| what | budget | now | left |".into());
    say("|---|---|---|---|".into());
    for budget in &BUDGETS {
        let Some(image) = measured.build(budget.build) else { continue };
        let now = (budget.now)(image);
        let left = budget.bytes as i64 - now as i64;
        say(format!("| {}, {REFERENCE} | {} | {now} | {left} |", budget.what, budget.bytes));
    }

    say(String::new());
    say(TARGETS.into());
    say(String::new());
    say("| target | code | constants | both | `memcpy` … | data | zeroed | one device | core |".into());
    say("|---|---|---|---|---|---|---|---|---|".into());
    for (target, image) in &measured.targets {
        let Image { code, constants, memory, data, zeroed, device, .. } = image;
        let core = core(image);
        let both = image.flash();
        say(format!("| {target} | {code} | {constants} | {both} | {memory} | {data} | {zeroed} | {device} | {core} |"));
    }

    say(String::new());
    say(BUILDS.into());
    say(String::new());
    say(format!("On {REFERENCE}."));
    say(String::new());
    say("| build | code and constants | difference | one device |".into());
    say("|---|---|---|---|".into());
    let others = measured.builds.iter().map(|(name, image)| (name.as_str(), image));
    for (name, image) in std::iter::once((WHOLE, &measured.whole)).chain(others) {
        let difference = image.flash() as i64 - measured.whole.flash() as i64;
        say(format!("| {name} | {} | {difference:+} | {} |", image.flash(), image.device));
    }

    list(&mut say, FRAMES, "function", measured.whole.frames.iter().take(FRAMES_SHOWN));
    list(&mut say, "## The largest functions and constants", "name", measured.whole.symbols.iter());
    lines.join("\n") + "\n"
}

fn list<'a>(say: &mut impl FnMut(String), heading: &str, column: &str, of: impl Iterator<Item = &'a (String, u64)>) {
    say(String::new());
    say(heading.into());
    say(String::new());
    say(format!("On {REFERENCE}."));
    say(String::new());
    say(format!("| {column} | bytes |"));
    say("|---|---|".into());
    for (name, size) in of {
        say(format!("| `{name}` | {size} |"));
    }
}
