//! `include/aliyun_iot.h`: the C ABI as C sees it, read from `src/ffi` by cbindgen.

use std::path::{Path, PathBuf};

const HEAD: &str = "\
/* The C ABI of aliyun-iot. Made by `cargo xtask bindings` from src/ffi: do not edit.
 *
 * docs/c-abi.md has the contract. In short: no call blocks, allocates, starts a thread or calls back. One call at a time may
 * run for each device. A pointer that a call returns is valid until the next call with the same device, unless the call's
 * comment says otherwise.
 *
 * A call that can fail returns a status, and puts its results where pointers point. A question returns its result; if the
 * result is a struct, it returns whether there is one. A report returns nothing.
 */";

/// The version, and helpers that a compiler puts into the caller.
fn inlined() -> String {
    let [major, minor, patch] =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    format!(
        "
// The version of this header; aliyun_iot_version() returns that of the library.
#define ALIYUN_IOT_VERSION_MAJOR {major}
#define ALIYUN_IOT_VERSION_MINOR {minor}
#define ALIYUN_IOT_VERSION_PATCH {patch}
#define ALIYUN_IOT_VERSION \\
  (ALIYUN_IOT_VERSION_MAJOR * 0x10000u + ALIYUN_IOT_VERSION_MINOR * 0x100u + ALIYUN_IOT_VERSION_PATCH)
#define ALIYUN_IOT_VERSION_TEXT \"{major}.{minor}.{patch}\"

// An initialiser of `aliyun_iot_bytes` from a string literal.
#ifdef __cplusplus
#define ALIYUN_IOT_STR(literal) {{ reinterpret_cast<const uint8_t *>(\"\" literal), sizeof(literal) - 1 }}
#else
#define ALIYUN_IOT_STR(literal) {{ (const uint8_t *)(\"\" literal), sizeof(literal) - 1 }}
#endif
"
    )
}

const INLINE: &str = "\
// The bytes of a C string, without its NUL. NULL is a value that is not given.
static inline aliyun_iot_bytes aliyun_iot_str(const char *text) {
  aliyun_iot_bytes bytes;
#ifdef __cplusplus
  bytes.data = reinterpret_cast<const uint8_t *>(text);
#else
  bytes.data = (const uint8_t *)text;
#endif
  bytes.len = 0;
  while (text && text[bytes.len]) {
    bytes.len++;
  }
  return bytes;
}
";

/// The files that a reader wants first. All others follow, folder by folder: a new service or cloud is found by itself.
const FIRST: [&str; 6] = ["status.rs", "types.rs", "device.rs", "connection.rs", "link.rs", "messages.rs"];

/// The files with the C ABI in a folder.
fn sources(folder: &Path, to: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{} cannot be read: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    let order = |path: &Path| FIRST.iter().position(|name| path.ends_with(name)).unwrap_or(FIRST.len());
    paths.sort_by_key(|path| (path.is_dir(), order(path), path.clone()));
    for path in paths {
        if path.is_dir() {
            sources(&path, to);
        } else if !path.ends_with("mod.rs") {
            to.push(path);
        }
    }
}

pub fn text(root: &Path) -> String {
    let mut config = cbindgen::Config {
        header: Some(HEAD.into()),
        after_includes: Some(inlined()),
        include_guard: Some("ALIYUN_IOT_H".into()),
        language: cbindgen::Language::C,
        cpp_compat: true,
        usize_is_size_t: true,
        documentation_style: cbindgen::DocumentationStyle::C99,
        line_length: 120,
        style: cbindgen::Style::Both,
        ..Default::default()
    };
    config.no_includes = true;
    config.sys_includes = vec!["stdbool.h".into(), "stddef.h".into(), "stdint.h".into()];
    let mut files = Vec::new();
    sources(&root.join("src/ffi"), &mut files);
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in files {
        builder = builder.with_src(file);
    }
    let mut header = Vec::new();
    builder.generate().expect("src/ffi is what cbindgen reads").write(&mut header);
    let header = String::from_utf8(header).expect("a header is text");
    let (types, calls) = header.split_once("#ifdef __cplusplus\nextern").expect("calls follow types");
    for_c(&format!("{types}{INLINE}\n#ifdef __cplusplus\nextern{calls}"))
}

/// Without Rust's safety sections, which are for Rust's callers, and with numbers as C programs write them.
fn for_c(header: &str) -> String {
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
        text.push_str(&constant(line).unwrap_or_else(|| line.trim_end().to_owned()));
        text.push('\n');
    }
    text
}

/// `#define NAME number` of a number in a block of 16: in hexadecimal digits. A negative one gets its parentheses.
fn constant(line: &str) -> Option<String> {
    let (name, number) = line.strip_prefix("#define ")?.split_once(' ')?;
    let value: i64 = number.parse().ok()?;
    let in_blocks = value.abs() >= 16 && (name.contains("_EVENT_") || name.contains("_STATUS_"));
    let digits =
        if in_blocks || name.contains("_FEATURE_") { format!("{:#x}", value.abs()) } else { value.abs().to_string() };
    Some(if value < 0 { format!("#define {name} (-{digits})") } else { format!("#define {name} {digits}") })
}
