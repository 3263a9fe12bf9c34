//! Is the house in order? No circle among files or folders that use or include each other, and no file that asks for a
//! feature which is not its own.

mod features;
mod graph;
mod includes;
mod modules;
mod uses;

use crate::files::Files;
use crate::{Failure, Result, places};
use graph::Graph;

/// Rust crates: the folder and the roots in it.
const CRATES: [(&str, &[&str]); 4] = [
    ("src", &["src/lib.rs"]),
    ("xtask/src", &["xtask/src/main.rs"]),
    ("tests/cloud/src", &["tests/cloud/src/lib.rs", "tests/cloud/src/launcher/main.rs"]),
    ("micropython/bindings/src", &["micropython/bindings/src/main.rs"]),
];

/// The folders of the core, the highest first: each uses those below it only.
const CORE: [&str; 13] = [
    "src/lib",
    "src/ffi",
    "src/device",
    "src/services",
    "src/alink",
    "src/clouds",
    "src/http",
    "src/link",
    "src/mqtt",
    "src/codec",
    "src/bytes",
    "src/text",
    "src/time",
];

/// The same for the binding.
const BINDING: [&str; 10] = [
    "micropython/module",
    "micropython/natmod",
    "micropython/device_class",
    "micropython/services",
    "micropython/device",
    "micropython/clouds",
    "micropython/net",
    "micropython/store",
    "micropython/base",
    "micropython/generated",
];

/// Folders of C files.
const C: [&str; 2] = ["micropython", "ports"];
/// Where includes are looked for, beside the folder of the file that has them.
const INCLUDED_FROM: [&str; 5] = ["micropython", "include", "ports/bsd", "ports/qemu", "ports/select/posix"];

/// Who may ask which features a build has: lists, files that are for a feature, and the C ABI.
const FOR_FEATURES: [&str; 4] = ["src/services", "src/clouds", "src/ffi", "src/lib.rs"];

pub fn run() -> Result {
    let mut faults = Vec::new();
    for (folder, roots) in CRATES {
        let files = Files::read(&places::root(), folder, &[".rs"])?;
        let graph = uses::graph(&files, roots)?;
        faults.extend(circles(folder, &graph));
        if folder == "src" {
            faults.extend(graph.merged(self::folder).against(&CORE, folder));
        }
    }
    let mut files = Files::default();
    for folder in C {
        files = files.and(Files::read(&places::root(), folder, &[".c", ".h"])?);
    }
    let graph = includes::graph(&files, &INCLUDED_FROM)?;
    faults.extend(circles(&C.join(" and "), &graph));
    // Samples of generated files are no part of it.
    faults.extend(graph.without("micropython/bindings").merged(folder).against(&BINDING, "micropython"));
    let core = Files::read(&places::root(), "src", &[".rs"])?;
    for features::Asking { file, lines } in features::asking(&core, &FOR_FEATURES)? {
        faults.push(format!(
            "{file} asks for a feature in {} places, the first in line {}: only {} may; put what depends on a feature into \
             the file of the service or cloud that it is for",
            lines.len(),
            lines[0],
            FOR_FEATURES.join(", ")
        ));
    }
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("{} faults of structure: see above", faults.len())))
    }
}

/// The circles of files; and those of folders that are not the former's.
fn circles(what: &str, files: &Graph) -> Vec<String> {
    println!("{what}: {} files", files.nodes());
    let of_files = files.circles();
    let mut faults = told("files", &of_files);
    if of_files.is_empty() {
        faults.extend(told("folders", &files.merged(folder).circles()));
    }
    faults
}

fn told(what: &str, circles: &[graph::Circle]) -> Vec<String> {
    let told = circles.iter().map(|circle| {
        format!(
            "a circle of {what} ({} of them all depend on each other); put what they share into one that uses none of the \
             others, or hand it over as an argument:\n{}",
            circle.group,
            circle.shown()
        )
    });
    told.collect()
}

/// The folder of a file below its tree's root. A file beside a folder of its name belongs to it; other files at the root
/// stand for themselves.
fn folder(file: &str) -> String {
    let roots = CRATES.map(|(folder, _)| folder).into_iter().chain(C);
    let Some(root) = roots.filter(|root| crate::files::is_below(file, root)).max_by_key(|root| root.len()) else {
        return file.to_owned();
    };
    let below = &file[root.len() + 1..];
    let first = below.split('/').next().unwrap_or_default();
    format!("{root}/{}", first.strip_suffix(".rs").unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn a_file_belongs_to_the_folder_of_its_name() {
        for (file, its) in [
            ("src/device.rs", "src/device"),
            ("src/device/deep/x.rs", "src/device"),
            ("src/mqtt/mod.rs", "src/mqtt"),
            ("src/lib.rs", "src/lib"),
            ("micropython/net/link", "micropython/net"),
            ("micropython/module", "micropython/module"),
            ("micropython/bindings/src/table/mod.rs", "micropython/bindings/src/table"),
            ("tests/cloud/src/services/upload/rate.rs", "tests/cloud/src/services"),
        ] {
            assert_eq!(folder(file), its);
        }
    }
}
