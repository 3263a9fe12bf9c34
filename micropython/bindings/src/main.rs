//! Makes the files that are generated from a table or from the Rust source: `cargo xtask bindings [--check]`.
//!
//! Each is committed; with `--check` nothing is written, and one that differs from the committed file is an error.

mod emit;
mod table;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use emit::{c_tables, core_calls, header, page, roots, stubs};
use table::MODULES;

/// Everything in this folder is generated.
const C_FOLDER: &str = "micropython/generated";

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let generated = generated(&root);
    let mut stale = false;
    for (path, text) in &generated {
        let file = root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|old| old == *text) {
            continue;
        }
        if check {
            eprintln!("{path} is not what `cargo xtask bindings` makes: run it and commit the result");
            stale = true;
        } else if let Err(error) = std::fs::write(&file, text) {
            eprintln!("{path} cannot be written: {error}");
            stale = true;
        } else {
            println!("wrote {path}");
        }
    }
    for path in left_over(&root, &generated) {
        if check {
            eprintln!("{path} is not made by `cargo xtask bindings` any more: remove it");
            stale = true;
        } else if let Err(error) = std::fs::remove_file(root.join(&path)) {
            eprintln!("{path} cannot be removed: {error}");
            stale = true;
        } else {
            println!("removed {path}");
        }
    }
    if stale { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The generated files, by path.
fn generated(root: &Path) -> BTreeMap<String, String> {
    let header = header::text(root);
    let mut files = BTreeMap::from([
        (format!("{C_FOLDER}/core_calls.h"), core_calls::text(root, &header)),
        ("include/aliyun_iot.h".into(), header),
        (format!("{C_FOLDER}/roots_data.h"), roots::text(root)),
        // That port's folder may be copied alone.
        ("ports/bsd/roots_data.h".into(), roots::text(root)),
    ]);
    for module in MODULES {
        files.insert(stubs::path(module), stubs::text(module));
        files.extend(c_tables::files(module).into_iter().map(|(name, text)| (format!("{C_FOLDER}/{name}"), text)));
        files.extend(page::files(module).into_iter().map(|(name, text)| (format!("docs/{name}"), text)));
    }
    files
}

/// Files in the folder of generated C tables that are not generated any more.
fn left_over(root: &Path, generated: &BTreeMap<String, String>) -> Vec<String> {
    let names = std::fs::read_dir(root.join(C_FOLDER)).into_iter().flatten().flatten();
    let paths = names.map(|entry| format!("{C_FOLDER}/{}", entry.file_name().to_string_lossy()));
    paths.filter(|path| !generated.contains_key(path)).collect()
}
