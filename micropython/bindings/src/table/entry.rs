//! What an entry of the table is made of: a module has classes and functions, a class has families of methods.

use std::fmt::{self, Display, Formatter};

/// Text in the languages of the API pages.
#[derive(Clone, Copy)]
pub struct Text {
    pub en: &'static str,
    pub zh: &'static str,
}

pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// Text that is the same in every language: numbers, names, Python.
pub const fn same(text: &'static str) -> Text {
    Text { en: text, zh: text }
}

/// A Python module. Its type stubs are `micropython/<name>.pyi`; those of a module in Python are beside it.
pub struct Module {
    /// With the package that it is in.
    pub name: &'static str,
    pub written_in: WrittenIn,
    /// The docstring of the type stubs.
    pub doc: &'static str,
    pub scopes: &'static [Scope],
}

impl Module {
    /// A module in Python, in this folder.
    pub const fn in_python(
        folder: &'static str,
        name: &'static str,
        doc: &'static str,
        scopes: &'static [Scope],
    ) -> Self {
        Self { name, written_in: WrittenIn::Python { folder }, doc, scopes }
    }
}

/// What a module is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WrittenIn {
    /// C tables are generated, that of the classes is `generated/<name>_module.h`. Arguments are positional.
    C,
    /// A module of another API family, on top of the C module: it gets stubs and pages, and its arguments can be given by
    /// name. Its folder is below `micropython/compat/`.
    Python { folder: &'static str },
    /// The same, in a folder of its own name below that folder.
    PythonPackage { folder: &'static str },
}

/// A namespace that holds functions and constants: a class, or the module itself. Each has a page in each language.
pub struct Scope {
    pub kind: ScopeKind,
    /// The name of the class, or of the module.
    pub name: &'static str,
    /// The docstring of the type stubs.
    pub doc: &'static str,
    /// The page's name in `docs/`, without language and extension. Scopes of one page stand on it one after the other. Where
    /// they are several classes, each has a heading, and its methods stand behind its name. A class that the page of another
    /// scope describes has none: it is `""`.
    pub page: &'static str,
    /// What the page says before its tables, and after the last function.
    pub begin: Text,
    pub end: Text,
    /// Families of functions, in lists: the page has them in this order.
    pub families: &'static [&'static [&'static Family]],
}

pub enum ScopeKind {
    Class {
        /// Arguments of the constructor.
        takes: &'static [Argument],
        /// Whether it has `__enter__` and `__exit__`.
        is_context: bool,
        attributes: &'static [Attribute],
    },
    /// The names stand in the module itself.
    Functions,
}

/// An attribute of a class's objects, to be read.
pub struct Attribute {
    pub name: &'static str,
    /// Its type in the stubs.
    pub kind: &'static str,
    pub doc: Text,
}

/// Functions that belong together: one file of the table, one heading of the page, one header of argument parsers
/// (`generated/<scope>_<family>_args.h`).
pub struct Family {
    pub name: &'static str,
    pub title: Text,
    pub events: &'static [Event],
    pub constants: &'static [Constant],
    pub error_codes: &'static [ErrorCode],
    pub notes: &'static [Note],
    pub functions: &'static [Function],
}

/// A family without anything, for `..EMPTY`.
pub const EMPTY: Family =
    Family { name: "", title: same(""), events: &[], constants: &[], error_codes: &[], notes: &[], functions: &[] };

/// An event, as a constant of the class.
pub struct Event {
    pub name: &'static str,
    pub value: u8,
    /// The argument of the callback.
    pub payload: &'static str,
    pub doc: Text,
}

/// A constant that is not an event.
pub struct Constant {
    pub name: &'static str,
    pub value: Value,
    pub doc: Text,
}

pub enum Value {
    Int(i32),
    Text(&'static str),
    /// A dictionary, which the module fills.
    Dict,
}

impl Value {
    /// Its type in Python.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Int(_) => "int",
            Value::Text(_) => "str",
            Value::Dict => "dict[str, Any]",
        }
    }
}

/// As Python and C write it.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Int(value) => write!(f, "{value}"),
            Value::Text(value) => write!(f, "\"{value}\""),
            Value::Dict => write!(f, "{{}}"),
        }
    }
}

/// A code of `ON_ERROR`.
pub struct ErrorCode {
    pub codes: Codes,
    pub doc: Text,
}

pub enum Codes {
    /// One code, and its name in C behind `ERROR_`.
    One(&'static str, i32),
    /// Codes of others, from the first to the last.
    Range(i32, i32),
    /// Codes of others, from this one on.
    From(i32),
}

impl Codes {
    pub fn first(&self) -> i32 {
        match *self {
            Codes::One(_, code) | Codes::Range(code, _) | Codes::From(code) => code,
        }
    }
}

/// A table of two columns that the page has before the functions of its family.
pub struct Note {
    pub title: Text,
    pub doc: Text,
    pub columns: (Text, Text),
    pub rows: &'static [(Text, Text)],
}

/// What a value in an argument dictionary must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `str`.
    Text,
    /// `str`, `bytes`, `bytearray` or any other buffer.
    Data,
    /// `str` that is JSON, or a `dict` to be written as JSON.
    Json,
    /// `int` within bounds.
    Int { min: i64, max: i64 },
    /// `int`; one out of bounds becomes the nearest within.
    Clamped { min: i64, max: i64 },
    /// `bool`.
    Bool,
}

/// A key of an argument dictionary.
pub struct Key {
    pub name: &'static str,
    /// Another name for the same key.
    pub alias: Option<&'static str>,
    pub kind: Kind,
    /// Its default, in words; a key without a default is required.
    pub default: Option<Text>,
    pub doc: Text,
}

/// A dictionary in which the value of one key says which others there are.
pub struct Choice {
    /// The key that chooses. Without it, it is the first of `cases`, and keys that are not known are let through.
    pub key: &'static str,
    pub doc: Text,
    pub cases: &'static [&'static Case],
    /// Keys of every case. A case may have a key of the same name and kind, with other bounds or words.
    pub shared: &'static [Key],
}

/// What a dictionary holds if its key that chooses has this value.
pub struct Case {
    /// The value. If it is not that of the first case, firmware may leave it out: a feature in Cargo.toml has this name.
    pub name: &'static str,
    pub title: Text,
    pub doc: Text,
    /// Its keys beside those that all cases share.
    pub keys: &'static [Key],
}

impl Choice {
    /// All keys of a case: its own, then those that it shares.
    pub fn keys_of(&self, case: &Case) -> Vec<&'static Key> {
        let replaced = |key: &&Key| case.keys.iter().any(|own| own.name == key.name);
        case.keys.iter().chain(self.shared.iter().filter(|key| !replaced(key))).collect()
    }

    /// Each key that any case has, once, with the cases that have it, by number.
    pub fn all_keys(&self) -> Vec<(&'static str, Vec<(usize, &'static Key)>)> {
        let mut all: Vec<(&str, Vec<(usize, &Key)>)> = vec![];
        for (number, case) in self.cases.iter().enumerate() {
            for key in self.keys_of(case) {
                match all.iter_mut().find(|(name, _)| *name == key.name) {
                    Some((_, having)) => having.push((number, key)),
                    None => all.push((key.name, vec![(number, key)])),
                }
            }
        }
        all
    }
}

/// A positional argument; `*name` stands for any number of them.
pub struct Argument {
    pub name: &'static str,
    pub takes: Takes,
    /// Its default, in Python; an argument without a default is required, and stands before those with one.
    pub default: Option<&'static str>,
    pub doc: Text,
}

/// What an argument must be.
pub enum Takes {
    /// A dictionary with these keys, parsed by generated code.
    Dict(&'static [Key]),
    /// A dictionary whose keys depend on one of them, parsed by generated code.
    Choice(&'static Choice),
    /// Anything else: its type in the stubs.
    Value(&'static str),
}

/// How a function fails.
pub enum Failure {
    Returns(&'static str),
    Raises(&'static str),
}

/// A function of a module, or a method of a class.
pub struct Function {
    pub name: &'static str,
    pub takes: &'static [Argument],
    /// Its type in the stubs.
    pub returns: &'static str,
    pub returns_doc: Text,
    pub doc: Text,
    pub errors: &'static [(Failure, Text)],
    /// Python that `tests/pages/test_api_page.py` runs; a comment after a line is what the line prints.
    pub example: &'static str,
}

impl Function {
    /// The keys of its argument dictionary, if it has one.
    pub fn keys(&self) -> Option<&'static [Key]> {
        self.takes.iter().find_map(|argument| match argument.takes {
            Takes::Dict(keys) => Some(keys),
            Takes::Choice(_) | Takes::Value(_) => None,
        })
    }

    /// The choice of keys that its argument dictionary has.
    pub fn choice(&self) -> Option<&'static Choice> {
        self.takes.iter().find_map(|argument| match argument.takes {
            Takes::Choice(choice) => Some(choice),
            Takes::Dict(_) | Takes::Value(_) => None,
        })
    }
}

impl Scope {
    pub fn is_class(&self) -> bool {
        matches!(self.kind, ScopeKind::Class { .. })
    }

    /// The prefix of its names in C.
    pub fn c_name(&self) -> String {
        self.name.to_lowercase()
    }

    pub fn families(&self) -> impl Iterator<Item = &'static Family> {
        self.families.iter().flat_map(|list| list.iter().copied())
    }

    pub fn functions(&self) -> impl Iterator<Item = &'static Function> {
        self.families().flat_map(|family| family.functions)
    }

    pub fn constants(&self) -> impl Iterator<Item = &'static Constant> {
        self.families().flat_map(|family| family.constants)
    }

    /// Its events, by number.
    pub fn events(&self) -> Vec<&'static Event> {
        let mut events: Vec<_> = self.families().flat_map(|family| family.events).collect();
        events.sort_by_key(|event| event.value);
        events
    }

    /// Its codes of `ON_ERROR`: positive ones upwards, then negative ones downwards.
    pub fn error_codes(&self) -> Vec<&'static ErrorCode> {
        let mut codes: Vec<_> = self.families().flat_map(|family| family.error_codes).collect();
        codes.sort_by_key(|code| (code.codes.first() < 0, code.codes.first().abs()));
        codes
    }
}
