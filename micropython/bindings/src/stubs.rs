//! `micropython/aliyunIoT.pyi`: type stubs for editors and type checkers.

use std::fmt::Write;

use crate::table::{Argument, EVENTS, Key, Kind, Takes, VALUES, methods};

pub fn text() -> String {
    let mut out = String::from(
        "# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.\n\
         \"\"\"Alibaba Cloud IoT Platform for MicroPython.\"\"\"\n\n\
         from typing import Any, Callable, Mapping\n\n\
         from typing_extensions import NotRequired, TypedDict\n\n\
         Buffer = str | bytes | bytearray | memoryview\n",
    );
    for method in methods() {
        if let Some(keys) = method.keys() {
            dictionary(&mut out, method.name, keys);
        }
    }
    out.push_str("\nclass Device:\n    \"\"\"A device of the platform; several can live at once.\"\"\"\n\n");
    for event in EVENTS {
        writeln!(out, "    {}: int = {}", event.name, event.value).unwrap();
        writeln!(out, "    \"\"\"{} The callback gets `{}`.\"\"\"", event.doc.en, event.payload).unwrap();
    }
    for value in VALUES {
        writeln!(out, "    {}: int = {}\n    \"\"\"{}\"\"\"", value.name, value.value, value.doc.en).unwrap();
    }
    out.push_str("\n    def __init__(self) -> None: ...\n    def __enter__(self) -> \"Device\": ...\n");
    out.push_str("    def __exit__(self, *exception: Any) -> None: ...\n");
    for method in methods() {
        let arguments: String = method.takes.iter().map(|argument| parameter(method.name, argument)).collect();
        writeln!(out, "    def {}(self{arguments}, /) -> {}:", method.name, method.returns).unwrap();
        writeln!(out, "        \"\"\"{} Returns {}.\"\"\"", method.doc.en, method.returns_doc.en).unwrap();
    }
    out.replace("(self, /)", "(self)")
}

fn parameter(method: &str, argument: &Argument) -> String {
    let kind = match argument.takes {
        // A dictionary that was put into a variable has lost the types of its keys: then its values are checked.
        Takes::Dict(keys) => format!("{} | Mapping[str, {}]", dictionary_name(method), values(keys)),
        Takes::Value(kind) => kind.into(),
    };
    let default = argument.default.map(|default| format!(" = {default}")).unwrap_or_default();
    format!(", {}: {kind}{default}", argument.name)
}

/// The types of the values of a dictionary.
fn values(keys: &[Key]) -> String {
    let mut kinds: Vec<&str> = keys.iter().flat_map(|key| python(key.kind).split(" | ")).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.join(" | ")
}

fn python(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "str",
        Kind::Data => "Buffer",
        Kind::Json => "str | dict[str, Any]",
        Kind::Int { .. } | Kind::Clamped { .. } => "int",
        Kind::Bool => "bool",
    }
}

fn dictionary_name(method: &str) -> String {
    let mut letters = method.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain("Data".chars()).collect()
}

fn dictionary(out: &mut String, method: &str, keys: &[Key]) {
    writeln!(out, "\nclass {}(TypedDict):", dictionary_name(method)).unwrap();
    for key in keys {
        let kind = python(key.kind);
        let optional = key.default.is_some() || key.alias.is_some();
        let kind = if optional { format!("NotRequired[{kind}]") } else { kind.into() };
        for name in [Some(key.name), key.alias].into_iter().flatten() {
            writeln!(out, "    {name}: {kind}\n    \"\"\"{}\"\"\"", key.doc.en).unwrap();
        }
    }
}
