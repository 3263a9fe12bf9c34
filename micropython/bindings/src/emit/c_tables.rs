//! The C tables in `micropython/generated/`: events, constants and functions of a scope, classes of a module, and the
//! parsing of argument dictionaries.
//!
//! Tables are lists for a macro of the includer's, since a user C module puts them into constant data and a native
//! module, which has no constant identifiers, into calls at start.

use std::fmt::Write;

use crate::table::entry::{Choice, Codes, Family, Function, Key, Kind, Module, Scope, WrittenIn};

const HEAD: &str = "// Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.\n";

/// The files of a module: the name below `generated/`, and the text.
pub fn files(module: &Module) -> Vec<(String, String)> {
    let mut files = vec![];
    if module.written_in != WrittenIn::C {
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
        let takes_a_dictionary = |one: &Function| one.keys().is_some() || one.choice().is_some();
        let families = scope.families().filter(|family| family.functions.iter().any(takes_a_dictionary));
        files.extend(families.map(|family| (format!("{}_args.h", family.name), arguments(family))));
        let choices = scope.functions().filter_map(|function| Some((function.name, function.choice()?)));
        files.extend(choices.map(|(method, choice)| (format!("{method}_keys.h"), cases(method, choice))));
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
        if let Some(choice) = function.choice() {
            choosing(&mut out, function.name, choice);
        }
    }
    out
}

/// The struct of all keys that a choice has, and the list of its cases.
fn cases(method: &str, choice: &Choice) -> String {
    let (key, upper) = (choice.key, method.to_uppercase());
    let mut out = format!(
        "{HEAD}#ifndef ALIYUN_IOT_GENERATED_{upper}_KEYS_H\n#define ALIYUN_IOT_GENERATED_{upper}_KEYS_H\n\n\
         // Values of the key `{key}`: X(value), by number.\n\
         #define {upper}_{}S(X) \\\n",
        key.to_uppercase()
    );
    for case in choice.cases {
        writeln!(out, "    X({}) \\", case.name).unwrap();
    }
    writeln!(out, "\n// All keys; one that the case does not have is as one that was not given.").unwrap();
    writeln!(out, "typedef struct {{\n    unsigned {key}; // by number").unwrap();
    for (name, having) in choice.all_keys() {
        writeln!(out, "    {} {name};", c_type(having[0].1.kind)).unwrap();
    }
    writeln!(out, "}} {method}_args_t;\n\n#endif").unwrap();
    out
}

/// The parser of a dictionary that is a choice.
fn choosing(out: &mut String, method: &str, choice: &Choice) {
    let key = choice.key;
    let names: Vec<String> = choice.cases.iter().map(|case| format!("\"{}\", ", case.name)).collect();
    writeln!(out, "\n#include \"generated/{method}_keys.h\"\n").unwrap();
    writeln!(out, "static const char *const {method}_{key}s[] = {{ {}NULL }};", names.concat()).unwrap();
    writeln!(out, "// Keys, the cases that have them, and those that need them.").unwrap();
    writeln!(out, "static const arg_key_t {method}_keys[] = {{\n    {{ \"{key}\", 0xffff, 0 }},").unwrap();
    let keys = choice.all_keys();
    for (name, having) in &keys {
        let required = having.iter().filter(|(_, key)| key.default.is_none());
        let row = format!("    {{ \"{name}\", {:#x}, {:#x} }},\n", bits(having.iter()), bits(required));
        out.push_str(&guarded(choice, having, row));
    }
    writeln!(out, "    {{ NULL, 0, 0 }},\n}};").unwrap();
    writeln!(
        out,
        "// The file that includes this has `void {method}_check(unsigned {key})`, which raises if firmware leaves it out.\n\
         static const arg_choice_t {method}_choice = {{ \"{method}\", \"{key}\", {method}_{key}s, {method}_keys, {method}_check }};\n"
    )
    .unwrap();
    writeln!(out, "static void {method}_args(mp_obj_t data, {method}_args_t *args) {{").unwrap();
    writeln!(out, "    unsigned {key} = arg_choose(data, MP_QSTR_{key}, &{method}_choice);").unwrap();
    writeln!(out, "    memset(args, 0, sizeof(*args));\n    args->{key} = {key};").unwrap();
    for (name, having) in &keys {
        let value = match bits(having.iter()) {
            cases if cases == (1 << choice.cases.len()) - 1 => format!("arg_get(data, MP_QSTR_{name})"),
            cases => format!("arg_get_in(data, MP_QSTR_{name}, {cases:#x}, {key})"),
        };
        let read = read(having[0].1, &value, method, |bound| by_case(key, having, bound));
        out.push_str(&guarded(choice, having, format!("    args->{name} = {read};\n")));
    }
    out.push_str("}\n");
}

fn bits<'a>(having: impl Iterator<Item = &'a (usize, &'static Key)>) -> u32 {
    having.fold(0, |bits, (number, _)| bits | 1 << number)
}

/// `code` for a key, left out with the last case that has the key.
fn guarded(choice: &Choice, having: &[(usize, &Key)], code: String) -> String {
    if having.iter().any(|(number, _)| *number == 0) {
        return code;
    }
    let without = having.iter().map(|(number, _)| format!("ALIYUN_IOT_WITHOUT_{}", choice.cases[*number].name));
    format!("#if !({})\n{code}#endif\n", without.collect::<Vec<_>>().join(" && "))
}

/// A bound of a key, in C: those of most cases, after those that differ.
fn by_case(key: &str, having: &[(usize, &Key)], bound: fn(Kind) -> i64) -> String {
    let usual = bound(having[0].1.kind);
    let others = having.iter().map(|(number, one)| (number, bound(one.kind))).filter(|(_, other)| *other != usual);
    let others: String = others.map(|(number, other)| format!("{key} == {number} ? {other} : ")).collect();
    format!("{others}{usual}")
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
        let read = read(key, &value, method, |bound| bound(key.kind).to_string());
        writeln!(out, "    args->{name} = {read};").unwrap();
    }
    out.push_str("}\n");
}

/// Reads the `value` of a key. `bound` writes one of its bounds.
fn read(key: &Key, value: &str, method: &str, bound: impl Fn(fn(Kind) -> i64) -> String) -> String {
    let name = key.name;
    match key.kind {
        Kind::Text => format!("arg_text({value}, \"{name}\")"),
        Kind::Data => format!("arg_data({value}, \"{name}\")"),
        Kind::Json => format!("arg_json({value}, \"{method}\", \"{name}\")"),
        Kind::Int { .. } => format!("arg_int({value}, \"{name}\", {}, {})", bound(least), bound(most)),
        Kind::Clamped { .. } => format!("arg_clamped({value}, \"{name}\", {}, {})", bound(least), bound(most)),
        Kind::Bool => {
            format!("arg_bool({value}, \"{name}\", {})", key.default.is_some_and(|default| default.en == "True"))
        }
    }
}

fn least(kind: Kind) -> i64 {
    match kind {
        Kind::Int { min, .. } | Kind::Clamped { min, .. } => min,
        _ => 0,
    }
}

fn most(kind: Kind) -> i64 {
    match kind {
        Kind::Int { max, .. } | Kind::Clamped { max, .. } => max,
        _ => 0,
    }
}

fn c_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Data | Kind::Json => "aliyun_iot_bytes",
        Kind::Int { .. } | Kind::Clamped { .. } => "mp_int_t",
        Kind::Bool => "bool",
    }
}
