//! Where does `docs/size.md` have what, for those who write it and those who read it again?

use super::image::Image;

pub const TARGETS: &str = "## Each target";
pub const BUILDS: &str = "## What a feature costs";
pub const FRAMES: &str = "## The ten deepest stack frames";
/// The line that tells who compiled.
pub const COMPILER: &str = "Compiler: ";
pub const COMPILERS_APART: &str = "; ";

/// Who compiled, and what core is in it.
pub fn compiler(image: &Image) -> String {
    format!("{}, core {}", image.compiler, core(image))
}

pub fn core(image: &Image) -> &'static str {
    if image.core_from_source { "from source" } else { "as it comes" }
}

/// The cells of the rows below `heading`, without those of the table's head.
pub fn rows<'a>(table: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let below = table.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('#'));
    let rows = below.filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")).skip(1);
    rows.map(|row| row.split(" | ").collect()).collect()
}
