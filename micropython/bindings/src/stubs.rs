//! `micropython/aliyunIoT.pyi`: type stubs for editors and type checkers.

use std::fmt::Write;

use crate::table::{CONSTANTS, Key, Kind, METHODS, Takes};

pub fn text() -> String {
    let mut out = String::from(
        "# Made by `cargo xtask bindings` from micropython/bindings/src/table.rs: do not edit.\n\
         \"\"\"Alibaba Cloud IoT Platform for MicroPython.\"\"\"\n\n\
         from typing import Any, Callable, TypedDict\n\n\
         try:\n    from typing import NotRequired\nexcept ImportError:\n    from typing_extensions import NotRequired\n\n\
         Buffer = str | bytes | bytearray | memoryview\n",
    );
    for method in METHODS {
        if let Takes::Dict(keys) = method.takes {
            dictionary(&mut out, method.name, keys);
        }
    }
    out.push_str("\nclass Device:\n    \"\"\"A device of the platform; several can live at once.\"\"\"\n\n");
    for constant in CONSTANTS {
        writeln!(out, "    {}: int = {}", constant.name, constant.value).unwrap();
        writeln!(out, "    \"\"\"{} The callback gets `{}`.\"\"\"", constant.doc, constant.payload).unwrap();
    }
    out.push_str("\n    def __init__(self) -> None: ...\n    def __enter__(self) -> \"Device\": ...\n");
    out.push_str("    def __exit__(self, *exception: Any) -> None: ...\n");
    for method in METHODS {
        let arguments = match method.takes {
            Takes::Nothing => String::new(),
            Takes::Dict(_) => format!(", data: {}", dictionary_name(method.name)),
            Takes::Args(arguments) => arguments.iter().map(|(name, kind, _)| format!(", {name}: {kind}")).collect(),
        };
        writeln!(out, "    def {}(self{arguments}, /) -> {}:", method.name, method.returns).unwrap();
        writeln!(out, "        \"\"\"{} Returns {}.\"\"\"", method.doc, method.returns_doc).unwrap();
    }
    out.replace("(self, /)", "(self)")
}

fn dictionary_name(method: &str) -> String {
    let mut letters = method.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain("Data".chars()).collect()
}

fn dictionary(out: &mut String, method: &str, keys: &[Key]) {
    writeln!(out, "\nclass {}(TypedDict):", dictionary_name(method)).unwrap();
    for key in keys {
        let kind = match key.kind {
            Kind::Text => "str",
            Kind::Data => "Buffer",
            Kind::Json => "str | dict[str, Any]",
            Kind::Int { .. } | Kind::Clamped { .. } => "int",
            Kind::Bool => "bool",
        };
        let optional = key.default.is_some() || key.alias.is_some();
        let kind = if optional { format!("NotRequired[{kind}]") } else { kind.into() };
        for name in [Some(key.name), key.alias].into_iter().flatten() {
            writeln!(out, "    {name}: {kind}\n    \"\"\"{}\"\"\"", key.doc).unwrap();
        }
    }
}
