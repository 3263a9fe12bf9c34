//! `micropython/generated/device_events.h`: the numbers of events. `micropython/generated/device_table.h`: method and
//! constant tables, and the parsing of argument dictionaries.
//!
//! Tables are lists for a macro of the includer's, since a user C module puts them into constant data and a native
//! module, which has no constant identifiers, into calls at start.

use std::fmt::Write;

use crate::table::{CONSTANTS, Key, Kind, METHODS, Takes};

const HEAD: &str = "// Made by `cargo xtask bindings` from micropython/bindings/src/table.rs: do not edit.\n\n";

pub fn events() -> String {
    let mut out = String::from(HEAD);
    for constant in CONSTANTS {
        writeln!(out, "#define ALIYUN_IOT_{} ({})", constant.name, constant.value).unwrap();
    }
    let highest = CONSTANTS.iter().map(|constant| constant.value).max().unwrap_or(0);
    writeln!(out, "#define ALIYUN_IOT_ON_COUNT ({})", highest + 1).unwrap();
    out
}

pub fn table() -> String {
    let mut out =
        format!("{HEAD}// Methods: X(name, positional arguments with self).\n#define ALIYUN_IOT_METHODS(X) \\\n");
    for method in METHODS {
        let arguments = 1 + match method.takes {
            Takes::Nothing => 0,
            Takes::Dict(_) => 1,
            Takes::Args(arguments) => arguments.len(),
        };
        writeln!(out, "    X({}, {arguments}) \\", method.name).unwrap();
    }
    out.push_str("\n// Constants: X(name, value).\n#define ALIYUN_IOT_CONSTANTS(X) \\\n");
    for constant in CONSTANTS {
        writeln!(out, "    X({}, {}) \\", constant.name, constant.value).unwrap();
    }
    for method in METHODS {
        if let Takes::Dict(keys) = method.takes {
            dictionary(&mut out, method.name, keys);
        }
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
            Kind::Json => format!("arg_json({value}, \"{name}\")"),
            Kind::Int { min, max } => format!("arg_int({value}, \"{name}\", {min}, {max})"),
            Kind::Clamped { min, max } => format!("arg_clamped({value}, \"{name}\", {min}, {max})"),
            Kind::Bool => format!("arg_bool({value}, {})", key.default == Some("True")),
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
