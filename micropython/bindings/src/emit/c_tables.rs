//! The C tables in `micropython/generated/`: events, constants and functions of a scope, classes of a module, and the
//! parsing of argument dictionaries.
//!
//! Tables are lists for a macro of the includer's, since a user C module puts them into constant data and a native
//! module, which has no constant identifiers, into calls at start.

use std::fmt::Write;

use crate::table::entry::{Codes, Family, Key, Kind, Module, Scope, WrittenIn};

const HEAD: &str = "// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.\n";

/// The files of a module: the name below `generated/`, and the text.
pub fn files(module: &Module) -> Vec<(String, String)> {
    let mut files = vec![];
    if module.written_in == WrittenIn::Python {
        return files;
    }
    if module.scopes.iter().any(|scope| scope.is_class()) {
        files.push((format!("{}_module.h", module.name), classes(module)));
    }
    for scope in module.scopes {
        if !scope.events().is_empty() {
            files.push((format!("{}_events.h", scope.c_name()), events(scope)));
            files.push((format!("{}_errors.h", scope.c_name()), errors(scope)));
        }
        files.push((format!("{}_table.h", scope.c_name()), functions(scope)));
        let families = scope.families().filter(|family| family.functions.iter().any(|one| one.keys().is_some()));
        files.extend(families.map(|family| (format!("{}_args.h", family.name), arguments(family))));
    }
    files
}

fn prefix(scope: &Scope) -> String {
    scope.c_name().to_uppercase()
}

/// The classes of a module.
fn classes(module: &Module) -> String {
    let list = format!("{}_CLASSES", module.name.to_uppercase());
    let mut out = format!("{HEAD}\n// Classes: X(name, prefix in C).\n#define {list}(X) \\\n");
    for scope in module.scopes.iter().filter(|scope| scope.is_class()) {
        writeln!(out, "    X({}, {}) \\", scope.name, scope.c_name()).unwrap();
    }
    out.push('\n');
    out
}

/// The numbers of events and constants, and the list of events.
fn events(scope: &Scope) -> String {
    let prefix = prefix(scope);
    let mut out = format!("{HEAD}\n");
    let events = scope.events();
    for event in &events {
        writeln!(out, "#define {prefix}_{} ({})", event.name, event.value).unwrap();
    }
    for constant in scope.constants() {
        writeln!(out, "#define {prefix}_{} ({})", constant.name, constant.value).unwrap();
    }
    let highest = events.last().map_or(0, |event| event.value);
    writeln!(out, "#define {prefix}_ON_COUNT ({})", highest + 1).unwrap();
    writeln!(out, "\n// Events: X(name, value).\n#define {prefix}_EVENTS(X) \\").unwrap();
    for event in &events {
        writeln!(out, "    X({}, {}) \\", event.name, event.value).unwrap();
    }
    out.push('\n');
    out
}

/// The codes of `ON_ERROR` that are this library's own.
fn errors(scope: &Scope) -> String {
    let mut out = format!("{HEAD}\n// Codes of ON_ERROR beside those of the server.\nenum {{\n");
    for code in scope.error_codes() {
        if let Codes::One(name, code) = code.codes {
            writeln!(out, "    ERROR_{name} = {code},").unwrap();
        }
    }
    out.push_str("};\n");
    out
}

/// The list of functions, and that of constants.
fn functions(scope: &Scope) -> String {
    let (c_name, prefix) = (scope.c_name(), prefix(scope));
    let (of_class, list, counted) =
        if scope.is_class() { (1, "METHODS", "Methods, counted with self") } else { (0, "FUNCTIONS", "Functions") };
    let mut out = format!(
        "{HEAD}\n// {counted}: FIXED(function, name, arguments), OPTIONAL(function, name, least, most).\n\
         #define {prefix}_{list}(FIXED, OPTIONAL) \\\n"
    );
    for function in scope.functions() {
        let name = function.name;
        let most = of_class + function.takes.len();
        let least = of_class + function.takes.iter().filter(|argument| argument.default.is_none()).count();
        // Function objects of a fixed number of arguments have three at most.
        if least == most && most <= 3 {
            writeln!(out, "    FIXED({c_name}_{name}, {name}, {most}) \\").unwrap();
        } else {
            writeln!(out, "    OPTIONAL({c_name}_{name}, {name}, {least}, {most}) \\").unwrap();
        }
    }
    if scope.constants().next().is_some() {
        writeln!(out, "\n// Constants that are not events: X(name, value).\n#define {prefix}_VALUES(X) \\").unwrap();
        for constant in scope.constants() {
            writeln!(out, "    X({}, {}) \\", constant.name, constant.value).unwrap();
        }
    }
    out.push('\n');
    out
}

/// The parsers of a family's argument dictionaries.
fn arguments(family: &Family) -> String {
    let mut out = String::from(HEAD);
    for function in family.functions {
        if let Some(keys) = function.keys() {
            dictionary(&mut out, function.name, keys);
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
            Kind::Json => format!("arg_json({value}, \"{method}\", \"{name}\")"),
            Kind::Int { min, max } => format!("arg_int({value}, \"{name}\", {min}, {max})"),
            Kind::Clamped { min, max } => format!("arg_clamped({value}, \"{name}\", {min}, {max})"),
            Kind::Bool => {
                format!("arg_bool({value}, \"{name}\", {})", key.default.is_some_and(|default| default.en == "True"))
            }
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
