//! How is what was measured written down?

use super::{Image, Measured, REFERENCE};

pub const TARGETS: &str = "## Each target";
pub const BUILDS: &str = "## What a feature costs";
pub const FRAMES: &str = "## The ten deepest stack frames";
/// The line that tells who compiled.
pub const COMPILER: &str = "Compiler: ";

const FRAMES_SHOWN: usize = 10;
const FLASH_BUDGET: u64 = 32 * 1024;
const DEVICE_BUDGET: u64 = 2 * 1024;

pub fn of(measured: &Measured) -> String {
    let mut lines = Vec::new();
    let mut say = |line: String| lines.push(line);
    say("<!-- Made by `cargo xtask size`: do not edit. -->".into());
    say("# Size".into());
    say(String::new());
    say(format!(
        "Bytes of the library, built by `cargo xtask lib` (optimised for size, linked as a whole, abort on panic), with \
         all {} functions of `include/aliyun_iot.h` linked in and what nothing refers to left out. `memcpy`, `memset` and \
         the like have a column of their own: every firmware has them, and what is told of other clients leaves them out \
         as well. Unwind tables are not counted: 16 bytes on Arm, and firmware may drop them. The library has no heap.",
        measured.entry_points
    ));
    say(String::new());
    let images = measured.targets.iter().map(|(_, image)| image).chain(measured.builds.iter().map(|(_, image)| image));
    let mut compilers: Vec<String> = images.map(|image| format!("{}, core {}", image.compiler, core(image))).collect();
    compilers.sort();
    compilers.dedup();
    say(format!("{COMPILER}{}", compilers.join("; ")));
    say(String::new());
    say("`cargo xtask size --check`, which is part of `cargo xtask test`, measures the bare-metal targets anew and fails \
         where a figure is off by more than 1 % and 16 bytes with this compiler, or 10 % and 64 bytes with another one, \
         whose code differs a little. It also fails if anything that was linked for them can panic. Where Rust's core has to \
         be compiled along, it looks at one target only, which takes as long as all the others together."
        .into());

    say(String::new());
    say("## Budgets".into());
    say(String::new());
    say("| what | budget | now | left |".into());
    say("|---|---|---|---|".into());
    if let Some((_, image)) = measured.builds.first() {
        say(budget(&format!("code and constants, every feature, {REFERENCE}"), FLASH_BUDGET, image.flash()));
        say(budget(
            &format!("one device's state, without the caller's buffers, {REFERENCE}"),
            DEVICE_BUDGET,
            image.device,
        ));
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
    let whole = measured.builds.first().map_or(0, |(_, image)| image.flash());
    for (name, image) in &measured.builds {
        let difference = image.flash() as i64 - whole as i64;
        say(format!("| {name} | {} | {difference:+} | {} |", image.flash(), image.device));
    }

    if let Some((_, image)) = measured.builds.first() {
        list(&mut say, FRAMES, "function", image.frames.iter().take(FRAMES_SHOWN));
        list(&mut say, "## The largest functions and constants", "name", image.symbols.iter());
    }
    lines.join("\n") + "\n"
}

fn core(image: &Image) -> &'static str {
    if image.core_from_source { "from source" } else { "as it comes" }
}

fn budget(what: &str, budget: u64, now: u64) -> String {
    format!("| {what} | {budget} | {now} | {} |", budget as i64 - now as i64)
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
