//! `include/aliyun_iot.h`: the C ABI as C sees it, read from `src/ffi` by cbindgen.

use std::path::Path;

const HEAD: &str = "\
/* The C ABI of aliyun-iot. Made by `cargo xtask bindings` from src/ffi: do not edit.
 *
 * The contract: docs/c-abi.md. In short: no call blocks, allocates, keeps a thread or calls back; one call at a time for
 * each device; what a call gives by pointer lives until the next call on the same device, unless it says otherwise.
 */";

pub fn text(root: &Path) -> String {
    let mut config = cbindgen::Config {
        header: Some(HEAD.into()),
        include_guard: Some("ALIYUN_IOT_H".into()),
        language: cbindgen::Language::C,
        cpp_compat: true,
        usize_is_size_t: true,
        documentation_style: cbindgen::DocumentationStyle::C99,
        line_length: 120,
        style: cbindgen::Style::Both,
        ..Default::default()
    };
    config.enumeration.prefix_with_name = true;
    config.enumeration.rename_variants = cbindgen::RenameRule::ScreamingSnakeCase;
    config.no_includes = true;
    config.sys_includes = vec!["stdbool.h".into(), "stddef.h".into(), "stdint.h".into()];
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in ["types", "status", "event", "device", "answers", "register", "ntp", "upload"] {
        builder = builder.with_src(root.join("src/ffi").join(file).with_extension("rs"));
    }
    let mut header = Vec::new();
    builder.generate().expect("src/ffi is what cbindgen reads").write(&mut header);
    let header = String::from_utf8(header).expect("a header is text");
    // Rust's safety sections speak to Rust's callers; C's are spoken to by the contract.
    let mut text = String::new();
    let mut skipping = false;
    for line in header.lines() {
        let words = line.trim_start().trim_start_matches('/').trim();
        let comment = line.trim_start().starts_with("//");
        skipping = comment && (skipping || words == "# Safety");
        if skipping {
            while text.trim_end().ends_with("//") {
                text.truncate(text.trim_end().len() - 2);
                text.truncate(text.trim_end_matches(' ').len());
            }
            continue;
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
