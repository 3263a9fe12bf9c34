//! `core_calls.h`: the table through which the binding calls the library where both are native modules of their own.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

const PREFIX: &str = "aliyun_iot_";
/// Folders of the binding without calls of its own: generated files, and the other half of a split module.
const WITHOUT_CALLS: [&str; 3] = ["micropython/generated", "micropython/bindings", "micropython/natmod/split"];

/// `header` is the text of include/aliyun_iot.h.
pub fn text(root: &Path, header: &str) -> String {
    let mut called = BTreeSet::new();
    calls_in(root, &root.join("micropython"), &mut called);
    let names: Vec<&str> = functions(header).filter(|name| called.contains(*name)).collect();
    of(&names, header)
}

fn of(names: &[&str], header: &str) -> String {
    let mut out = String::from(
        "// Made by `cargo xtask bindings` from include/aliyun_iot.h and the calls in micropython/: do not edit.\n\
         \n\
         // In a split native module the library is a module of its own. The binding calls it through this table.\n\n",
    );
    let list: String = names.iter().map(|name| format!("    X({name}) \\\n")).collect();
    writeln!(out, "// A hash of the header and of the list below: both halves must have the same.").unwrap();
    writeln!(out, "#define CORE_CALLS_BUILD {:#010x}u\n", hash(&format!("{}{list}", code(header)))).unwrap();
    writeln!(out, "// The functions of the library that the binding calls.\n#define CORE_CALLS(X) \\\n{list}").unwrap();
    out.push_str(
        "#define CORE_CALLS_MEMBER(name) __typeof__(name) *name;\n\
         typedef struct {\n    uint32_t build;\n    CORE_CALLS(CORE_CALLS_MEMBER)\n} core_calls_t;\n\
         \n\
         #if ALIYUN_IOT_SPLIT\n\
         // The binding's copy, filled when it is imported.\n\
         extern core_calls_t core_calls;\n\n",
    );
    for name in names {
        writeln!(out, "#define {name} (core_calls.{name})").unwrap();
    }
    out.push_str("#endif\n");
    out
}

/// The functions that the header declares, in its order.
fn functions(header: &str) -> impl Iterator<Item = &str> {
    let (_, declared) = header.split_once("extern \"C\" {").unwrap_or_default();
    let lines = declared.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()));
    lines.filter_map(|line| {
        let (before, _) = line.split_once('(')?;
        let name = before.rsplit([' ', '*']).next()?;
        name.starts_with(PREFIX).then_some(name)
    })
}

/// What the header says to a compiler.
fn code(header: &str) -> String {
    header.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// FNV-1a: it tells builds apart, and protects against nothing else.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Adds each function that a C file below `folder` calls.
fn calls_in(root: &Path, folder: &Path, to: &mut BTreeSet<String>) {
    if WITHOUT_CALLS.iter().any(|without| folder == root.join(without)) {
        return;
    }
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{} cannot be read: {e}", folder.display()));
    for path in entries.map(|entry| entry.expect("a folder can be read").path()) {
        if path.is_dir() {
            calls_in(root, &path, to);
        } else if path.extension().is_some_and(|end| end == "c" || end == "h") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            to.extend(names_in(&text).map(str::to_owned));
        }
    }
}

/// The names in C code that begin with [`PREFIX`].
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
    words.filter(|word| word.starts_with(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "typedef struct aliyun_iot_a { int x; } aliyun_iot_a;\n#ifdef __cplusplus\nextern \"C\" {\n\
        #endif\n\n// Words (of aliyun_iot_none()).\nconst char *aliyun_iot_words(int32_t a,\n    int aliyun_iot_b(void));\n\n\
        bool aliyun_iot_is(void);\n";

    #[test]
    fn functions_are_what_the_header_declares() {
        assert_eq!(functions(HEADER).collect::<Vec<_>>(), ["aliyun_iot_words", "aliyun_iot_is"]);
        assert_eq!(names_in("x(aliyun_iot_is() + aliyun_iot_is.y, my_aliyun_iot_z);").count(), 2);
    }

    #[test]
    fn another_header_or_list_is_another_build() {
        let build = |names: &[&str], header: &str| {
            let text = of(names, header);
            text.lines().find(|line| line.starts_with("#define CORE_CALLS_BUILD 0x")).map(str::to_owned)
        };
        let this = build(&["aliyun_iot_is"], HEADER);
        assert!(this.is_some());
        assert_eq!(this, build(&["aliyun_iot_is"], &HEADER.replace("Words", "Text")), "a comment is not code");
        assert_ne!(this, build(&["aliyun_iot_is"], &HEADER.replace("int x", "long x")));
        assert_ne!(this, build(&["aliyun_iot_is", "aliyun_iot_words"], HEADER));
    }

    #[test]
    fn each_call_goes_through_the_table() {
        let text = of(&["aliyun_iot_is"], HEADER);
        assert!(
            text.contains("    X(aliyun_iot_is) \\\n")
                && text.contains("#define aliyun_iot_is (core_calls.aliyun_iot_is)")
        );
        assert!(!text.contains("aliyun_iot_words"));
    }
}
