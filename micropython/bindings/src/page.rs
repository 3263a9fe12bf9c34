//! `docs/api.md`: the API page.

use std::fmt::Write;

use crate::table::{CONSTANTS, ERROR_CODES, Key, Kind, METHODS, Method, Takes};

pub fn text() -> String {
    let mut out = String::from(
        "<!-- Made by `cargo xtask bindings` from micropython/bindings/src/table.rs: do not edit. -->\n\
         # `aliyunIoT.Device`\n\n\
         ```python\nfrom aliyunIoT import Device\n\ndevice = Device()\n```\n\n\
         A device of Alibaba Cloud IoT Platform. Several can live at once; `with Device() as device:` calls `end()` at the\n\
         end. No method waits for the network, except `end()`, for two seconds at most. While it is connected, a device\n\
         lives on even if the script lets go of it.\n\n\
         ## Events\n\n| constant | value | the callback gets | when |\n|---|---|---|---|\n",
    );
    for constant in CONSTANTS {
        writeln!(
            out,
            "| `{}` | {} | `{}` | {} |",
            constant.name,
            constant.value,
            constant.payload.replace('|', "\\|"),
            constant.doc
        )
        .unwrap();
    }
    out.push_str("\n### Codes of ON_ERROR\n\n| code | what |\n|---|---|\n");
    for (code, what) in ERROR_CODES {
        writeln!(out, "| {code} | {what} |").unwrap();
    }
    out.push_str("\n## Methods\n");
    for method in METHODS {
        one(&mut out, method);
    }
    out
}

fn one(out: &mut String, method: &Method) {
    let arguments = match method.takes {
        Takes::Nothing => String::new(),
        Takes::Dict(_) => "data".into(),
        Takes::Args(arguments) => arguments.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", "),
    };
    writeln!(out, "\n### `{}({arguments})`\n\n{}\n", method.name, method.doc).unwrap();
    match method.takes {
        Takes::Nothing => {}
        Takes::Dict(keys) => dictionary(out, keys),
        Takes::Args(arguments) => {
            out.push_str("| argument | type | what |\n|---|---|---|\n");
            for (name, kind, doc) in arguments {
                writeln!(out, "| `{name}` | `{}` | {doc} |", kind.replace('|', "\\|")).unwrap();
            }
            out.push('\n');
        }
    }
    writeln!(out, "Returns {}.\n", method.returns_doc).unwrap();
    if !method.errors.is_empty() {
        out.push_str("| otherwise | when |\n|---|---|\n");
        for (error, when) in method.errors {
            writeln!(out, "| {error} | {when} |").unwrap();
        }
        out.push('\n');
    }
    writeln!(out, "```python\n{}\n```", method.example).unwrap();
}

fn dictionary(out: &mut String, keys: &[Key]) {
    out.push_str("| key | type | default | what |\n|---|---|---|---|\n");
    for key in keys {
        let kind = match key.kind {
            Kind::Text => "`str`".into(),
            Kind::Data => "`str` or bytes-like".into(),
            Kind::Json => "`str` or `dict`".into(),
            Kind::Int { min, max } => format!("`int`, {min} to {max}"),
            Kind::Clamped { .. } => "`int`".into(),
            Kind::Bool => "`bool`".into(),
        };
        let alias = key.alias.map(|alias| format!(" (or `{alias}`)")).unwrap_or_default();
        writeln!(out, "| `{}`{alias} | {kind} | {} | {} |", key.name, key.default.unwrap_or("required"), key.doc)
            .unwrap();
    }
    out.push('\n');
}
