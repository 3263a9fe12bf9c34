//! `micropython/generated/device_events.h`: the numbers of events. `micropython/generated/device_table.h`: method and
//! constant tables, and the parsing of argument dictionaries.
//!
//! Tables are lists for a macro of the includer's, since a user C module puts them into constant data and a native
//! module, which has no constant identifiers, into calls at start.

use std::fmt::Write;

use crate::table::{EVENTS, Key, Kind, VALUES, methods};

const HEAD: &str = "// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.\n\n";

pub fn events() -> String {
    let mut out = String::from(HEAD);
    for event in EVENTS {
        writeln!(out, "#define ALIYUN_IOT_{} ({})", event.name, event.value).unwrap();
    }
    for value in VALUES {
        writeln!(out, "#define ALIYUN_IOT_{} ({})", value.name, value.value).unwrap();
    }
    let highest = EVENTS.iter().map(|event| event.value).max().unwrap_or(0);
    writeln!(out, "#define ALIYUN_IOT_ON_COUNT ({})", highest + 1).unwrap();
    out.push_str("\n// Events: X(name, value).\n#define ALIYUN_IOT_EVENTS(X) \\\n");
    for event in EVENTS {
        writeln!(out, "    X({}, {}) \\", event.name, event.value).unwrap();
    }
    out.push('\n');
    out
}

pub fn table() -> String {
    let mut out = format!(
        "{HEAD}// Methods, counted with self: FIXED(name, arguments), OPTIONAL(name, least arguments, most arguments).\n\
         #define ALIYUN_IOT_METHODS(FIXED, OPTIONAL) \\\n"
    );
    for method in methods() {
        let most = 1 + method.takes.len();
        let least = 1 + method.takes.iter().filter(|argument| argument.default.is_none()).count();
        // Function objects of a fixed number of arguments have three at most.
        if least == most && most <= 3 {
            writeln!(out, "    FIXED({}, {most}) \\", method.name).unwrap();
        } else {
            writeln!(out, "    OPTIONAL({}, {least}, {most}) \\", method.name).unwrap();
        }
    }
    out.push_str("\n// Other constants: X(name, value).\n#define ALIYUN_IOT_VALUES(X) \\\n");
    for value in VALUES {
        writeln!(out, "    X({}, {}) \\", value.name, value.value).unwrap();
    }
    for method in methods().filter(|method| !APART.contains(&method.name)) {
        if let Some(keys) = method.keys() {
            dictionary(&mut out, method.name, keys);
        }
    }
    out
}

/// Methods that have a C file of their own, and a header for what they take.
const APART: &[&str] = &["register"];

/// What the method of that name takes.
pub fn arguments(name: &str) -> String {
    let mut out = String::from(HEAD);
    out.truncate(out.trim_end().len());
    out.push('\n');
    if let Some(keys) = methods().find(|method| method.name == name).and_then(|method| method.keys()) {
        dictionary(&mut out, name, keys);
    }
    out
}

fn dictionary(out: &mut String, method: &str, keys: &[Key]) {
    writeln!(out, "\ntypedef struct {{").unwrap();
    for key in keys {
        writeln!(out, "    {} {};", c_type(key.kind), key.name).unwrap();
    }
    writeln!(out, "}} {method}_args_t;\n").unwrap();
    let names = keys.iter().flat_map(|key| [Some(key.name), key.alias]).flatten();
    let names: Vec<String> = names.map(|name| format!("\"{name}\", ")).collect();
    writeln!(out, "static const char *const {method}_keys[] = {{ {}NULL }};\n", names.concat()).unwrap();
    writeln!(out, "static void {method}_args(mp_obj_t data, {method}_args_t *args) {{").unwrap();
    writeln!(out, "    arg_dict(data, \"{method}\", {method}_keys);").unwrap();
    for key in keys {
        let name = key.name;
        let call = |name: &str| format!("arg_get(data, MP_QSTR_{name})");
        let value = match key.alias {
            Some(alias) => format!("arg_either({}, {})", call(name), call(alias)),
            None => call(name),
        };
        let value = if key.default.is_none() {
            format!("arg_required(data, {value}, \"{method}\", \"{name}\", {method}_keys)")
        } else {
            value
        };
        let read = match key.kind {
            Kind::Text => format!("arg_text({value}, \"{name}\")"),
            Kind::Data => format!("arg_data({value}, \"{name}\")"),
            Kind::Json => format!("arg_json({value}, \"{method}\", \"{name}\")"),
            Kind::Int { min, max } => format!("arg_int({value}, \"{name}\", {min}, {max})"),
            Kind::Clamped { min, max } => format!("arg_clamped({value}, \"{name}\", {min}, {max})"),
            Kind::Bool => format!("arg_bool({value}, {})", key.default.is_some_and(|default| default.en == "True")),
        };
        writeln!(out, "    args->{name} = {read};").unwrap();
    }
    out.push_str("}\n");
}

fn c_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Data | Kind::Json => "aliyun_iot_bytes",
        Kind::Int { .. } | Kind::Clamped { .. } => "mp_int_t",
        Kind::Bool => "bool",
    }
}
