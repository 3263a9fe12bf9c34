//! `<module>.pyi`: type stubs for editors and type checkers.

use std::fmt::Write;

use crate::table::entry::{
    Argument, Attribute, Case, Choice, Constant, Function, Key, Kind, Module, Scope, ScopeKind, Takes, WrittenIn,
};

const BUFFER: &str = "Buffer = str | bytes | bytearray | memoryview\n";

/// Where the stubs of a module are.
pub fn path(module: &Module) -> String {
    match module.written_in {
        WrittenIn::C => format!("micropython/{}.pyi", module.name),
        WrittenIn::Python { folder } => {
            let name = module.name.rsplit('.').next().unwrap_or(module.name);
            format!("micropython/compat/{folder}/{name}.pyi")
        }
        WrittenIn::PythonPackage { folder } => format!("micropython/compat/{folder}/{}/__init__.pyi", module.name),
    }
}

pub fn text(module: &Module) -> String {
    let mut body = String::new();
    for scope in module.scopes {
        for function in scope.functions() {
            if let Some(keys) = function.keys() {
                dictionary(&mut body, &dictionary_name(scope, function.name), None, keys.iter());
            }
            if let Some(choice) = function.choice() {
                cases(&mut body, scope, function.name, choice);
            }
        }
        match scope.kind {
            ScopeKind::Class { takes, is_context, attributes } => {
                class(&mut body, module, scope, takes, is_context, attributes)
            }
            ScopeKind::Functions => names(&mut body, module, scope),
        }
    }
    let mut out = format!(
        "# Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit.\n\"\"\"{}\"\"\"\n",
        module.doc
    );
    for (from, names) in [
        ("typing", &["Any", "Awaitable", "Callable", "Literal", "Mapping"][..]),
        ("typing_extensions", &["NotRequired", "TypedDict"]),
    ] {
        let used: Vec<&str> = names.iter().copied().filter(|name| has_word(&body, name)).collect();
        if !used.is_empty() {
            writeln!(out, "\nfrom {from} import {}", used.join(", ")).unwrap();
        }
    }
    if has_word(&body, "Buffer") {
        write!(out, "\n{BUFFER}").unwrap();
    }
    out + &body
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|one| one == word)
}

fn class(
    out: &mut String,
    module: &Module,
    scope: &Scope,
    takes: &[Argument],
    is_context: bool,
    attributes: &[Attribute],
) {
    let name = scope.name;
    write!(out, "\nclass {name}:\n    \"\"\"{}\"\"\"\n\n", scope.doc).unwrap();
    for event in scope.events() {
        writeln!(out, "    {}: int = {}", event.name, event.value).unwrap();
        writeln!(out, "    \"\"\"{} The callback gets `{}`.\"\"\"", event.doc.en, event.payload).unwrap();
    }
    for constant in scope.constants() {
        constant_of(out, "    ", constant);
    }
    for attribute in attributes {
        writeln!(out, "    {}: {}\n    \"\"\"{}\"\"\"", attribute.name, attribute.kind, attribute.doc.en).unwrap();
    }
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
    let arguments = parameters(module, scope, "__init__", takes);
    writeln!(out, "    def __init__(self{arguments}) -> None: ...").unwrap();
    if is_context {
        writeln!(out, "    def __enter__(self) -> \"{name}\": ...").unwrap();
        out.push_str("    def __exit__(self, *exception: Any) -> None: ...\n");
    }
    for function in scope.functions() {
        let arguments = parameters(module, scope, function.name, function.takes);
        definition(out, "    ", function, &format!("self{arguments}"));
    }
}

/// Names that stand in the module itself.
fn names(out: &mut String, module: &Module, scope: &Scope) {
    for constant in scope.constants() {
        out.push('\n');
        constant_of(out, "", constant);
    }
    for function in scope.functions() {
        let arguments = parameters(module, scope, function.name, function.takes);
        out.push('\n');
        definition(out, "", function, arguments.trim_start_matches(", "));
    }
}

fn constant_of(out: &mut String, indent: &str, constant: &Constant) {
    let (name, kind, value) = (constant.name, constant.value.kind(), &constant.value);
    writeln!(out, "{indent}{name}: {kind} = {value}\n{indent}\"\"\"{}\"\"\"", constant.doc.en).unwrap();
}

fn definition(out: &mut String, indent: &str, function: &Function, arguments: &str) {
    writeln!(out, "{indent}def {}({arguments}) -> {}:", function.name, function.returns).unwrap();
    writeln!(out, "{indent}    \"\"\"{} Returns {}.\"\"\"", function.doc.en, function.returns_doc.en).unwrap();
}

/// The parameters, each behind a comma.
fn parameters(module: &Module, scope: &Scope, function: &str, takes: &[Argument]) -> String {
    let arguments: String = takes.iter().map(|argument| parameter(scope, function, argument)).collect();
    let are_positional = module.written_in == WrittenIn::C && !takes.is_empty();
    arguments + if are_positional { ", /" } else { "" }
}

fn parameter(scope: &Scope, function: &str, argument: &Argument) -> String {
    let kind = match argument.takes {
        // A dictionary that was put into a variable has lost the types of its keys: then its values are checked.
        Takes::Dict(keys) => format!("{} | Mapping[str, {}]", dictionary_name(scope, function), values(keys.iter())),
        Takes::Choice(choice) => {
            let names = choice.cases.iter().map(|case| case_name(scope, function, choice, case));
            let keys = choice.cases.iter().flat_map(|case| choice.keys_of(case));
            format!("{} | Mapping[str, {}]", names.collect::<Vec<_>>().join(" | "), values(keys))
        }
        Takes::Value(kind) => kind.into(),
    };
    let default = argument.default.map(|default| format!(" = {default}")).unwrap_or_default();
    format!(", {}: {kind}{default}", argument.name)
}

/// The types of the values of a dictionary.
fn values(keys: impl Iterator<Item = &'static Key>) -> String {
    let mut kinds: Vec<&str> = keys.flat_map(|key| python(key.kind).split(" | ")).collect();
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

/// `DeviceConnectData`: two classes of a module may have methods of one name.
fn dictionary_name(scope: &Scope, function: &str) -> String {
    let class = if scope.is_class() { scope.name } else { "" };
    format!("{class}{}Data", capitalised(function))
}

/// `DeviceConnectTencentData`; the first case has the plain name.
fn case_name(scope: &Scope, function: &str, choice: &Choice, case: &Case) -> String {
    let name = dictionary_name(scope, function);
    if case.name == choice.cases[0].name {
        return name;
    }
    format!("{}{}Data", name.trim_end_matches("Data"), capitalised(case.name))
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn cases(out: &mut String, scope: &Scope, function: &str, choice: &Choice) {
    for case in choice.cases {
        let literal = format!("Literal[\"{}\"]", case.name);
        let is_usual = case.name == choice.cases[0].name;
        let kind = if is_usual { format!("NotRequired[{literal}]") } else { literal };
        let chooses = format!("    {}: {kind}\n    \"\"\"{}\"\"\"\n", choice.key, case.title.en);
        let name = case_name(scope, function, choice, case);
        dictionary(out, &name, Some(chooses), choice.keys_of(case).into_iter());
    }
}

/// `first` is a key that is written already.
fn dictionary(out: &mut String, name: &str, first: Option<String>, keys: impl Iterator<Item = &'static Key>) {
    writeln!(out, "\nclass {name}(TypedDict):").unwrap();
    out.extend(first);
    for key in keys {
        let kind = python(key.kind);
        let optional = key.default.is_some() || key.alias.is_some();
        let kind = if optional { format!("NotRequired[{kind}]") } else { kind.into() };
        for name in [Some(key.name), key.alias].into_iter().flatten() {
            writeln!(out, "    {name}: {kind}\n    \"\"\"{}\"\"\"", key.doc.en).unwrap();
        }
    }
}
