//! Makes the files that are generated from a table or from the Rust source: `cargo xtask bindings [--check]`.
//!
//! Each is committed; with `--check` nothing is written, and one that differs from the committed file is an error.

mod c_tables;
mod header;
mod page;
mod roots;
mod stubs;
mod table;

use std::path::Path;
use std::process::ExitCode;

use page::Language;

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let generated = [
        ("include/aliyun_iot.h", header::text(&root)),
        ("micropython/generated/device_events.h", c_tables::events()),
        ("micropython/generated/device_table.h", c_tables::table()),
        ("micropython/generated/register_args.h", c_tables::arguments("register")),
        ("micropython/generated/roots_data.h", roots::text(&root)),
        // That port's folder may be copied alone.
        ("ports/bsd/roots_data.h", roots::text(&root)),
        ("micropython/aliyunIoT.pyi", stubs::text()),
        ("docs/api.md", page::page(Language::English)),
        ("docs/api.zh.md", page::page(Language::Chinese)),
    ];
    let mut stale = false;
    for (path, text) in generated {
        let file = root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
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
    if stale { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
