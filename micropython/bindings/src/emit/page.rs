//! `docs/<page>.md` and `docs/<page>.zh.md`: the API pages, one for each class and one for each module's functions.

use std::fmt::Write;

use crate::table::entry::{
    Argument, Attribute, Choice, Codes, Failure, Family, Function, Key, Kind, Module, Scope, ScopeKind, Takes, Text,
    same, text,
};

#[derive(Clone, Copy)]
pub enum Language {
    English,
    Chinese,
}

const EVENTS: Text = text(
    "\n## Events\n\n| constant | value | the callback gets | when |\n|---|---|---|---|\n",
    "\n## 事件\n\n| 常量 | 值 | 回调参数 | 触发时机 |\n|---|---|---|---|\n",
);
const CODES: Text = text(
    "\n### Codes of ON_ERROR\n\n| code | what |\n|---|---|\n",
    "\n### ON_ERROR 的错误码\n\n| code | 含义 |\n|---|---|\n",
);
const CONSTANTS: Text =
    text("\n| constant | value | what |\n|---|---|---|\n", "\n| 常量 | 值 | 说明 |\n|---|---|---|\n");
const ATTRIBUTES: Text =
    text("\n| attribute | type | what |\n|---|---|---|\n", "\n| 属性 | 类型 | 说明 |\n|---|---|---|\n");
const ARGUMENTS: Text = text(
    "| argument | type | default | what |\n|---|---|---|---|\n",
    "| 参数 | 类型 | 默认值 | 说明 |\n|---|---|---|---|\n",
);
const KEYS: Text =
    text("| key | type | default | what |\n|---|---|---|---|\n", "| 键 | 类型 | 默认值 | 说明 |\n|---|---|---|---|\n");
const ERRORS: Text = text("| otherwise | when |\n|---|---|\n", "| 失败时 | 原因 |\n|---|---|\n");
const NO_ERRORS: Text = text("It does not fail.\n\n", "不会失败。\n\n");
const STOP: Text = text(". ", "。");
const REQUIRED: Text = text("required", "必填");
const ANY_NUMBER: Text = text("any number", "任意个");

/// The files of a module: the name below `docs/`, and the text.
pub fn files(module: &Module) -> Vec<(String, String)> {
    let mut files = vec![];
    for scopes in module.scopes.chunk_by(|one, other| one.page == other.page) {
        let name = scopes[0].page;
        if name.is_empty() {
            continue;
        }
        files.push((format!("{name}.md"), page(module, scopes, Language::English)));
        files.push((format!("{name}.zh.md"), page(module, scopes, Language::Chinese)));
    }
    files
}

fn page(module: &Module, scopes: &[Scope], language: Language) -> String {
    let several = scopes.iter().filter(|scope| scope.is_class()).count() > 1;
    let mut page = Page { language, out: String::new() };
    page.title(module, &scopes[0]);
    scopes.iter().for_each(|scope| page.scope(scope, several && scope.is_class()));
    page.out
}

struct Page {
    language: Language,
    out: String,
}

impl Page {
    fn words(&self, text: Text) -> &'static str {
        match self.language {
            Language::English => text.en,
            Language::Chinese => text.zh,
        }
    }

    fn say(&mut self, text: Text) {
        self.out.push_str(self.words(text));
    }

    fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            write!(self.out, "| {} ", cell.replace('|', "\\|")).unwrap();
        }
        self.out.push_str("|\n");
    }

    /// One class of several has a heading of its own in place of its families', and methods stand behind its name.
    fn scope(&mut self, scope: &Scope, one_of_several: bool) {
        if one_of_several {
            write!(self.out, "\n## `{}`\n\n", scope.name).unwrap();
        }
        self.say(scope.begin);
        if let ScopeKind::Class { takes, attributes, .. } = scope.kind {
            self.class(scope, takes, attributes);
        }
        self.events(scope);
        self.constants(scope);
        for family in scope.families() {
            self.family(family, one_of_several.then_some(scope.name));
        }
        self.say(scope.end);
    }

    fn class(&mut self, scope: &Scope, takes: &[Argument], attributes: &[Attribute]) {
        if !takes.is_empty() {
            writeln!(self.out, "\n### `{}({})`\n", scope.name, signature(takes)).unwrap();
            self.arguments(takes);
            self.out.truncate(self.out.trim_end().len() + 1);
        }
        if !attributes.is_empty() {
            self.say(ATTRIBUTES);
        }
        for attribute in attributes {
            let (name, kind) = (format!("`{}`", attribute.name), format!("`{}`", attribute.kind));
            self.row(&[&name, &kind, self.words(attribute.doc)]);
        }
    }

    fn title(&mut self, module: &Module, scope: &Scope) {
        let page = scope.page;
        let languages = match self.language {
            Language::English => format!("English | [中文]({page}.zh.md)"),
            Language::Chinese => format!("[English]({page}.md) | 中文"),
        };
        let title = match scope.kind {
            ScopeKind::Class { .. } => format!("{}.{}", module.name, scope.name),
            ScopeKind::Functions => module.name.into(),
        };
        write!(
            self.out,
            "<!-- Made by `cargo xtask bindings` from micropython/bindings/src/table: do not edit. -->\n\
             {languages}\n\n# `{title}`\n\n"
        )
        .unwrap();
    }

    fn events(&mut self, scope: &Scope) {
        if scope.events().is_empty() {
            return;
        }
        self.say(EVENTS);
        for event in scope.events() {
            let doc = self.words(event.doc);
            self.row(&[&format!("`{}`", event.name), &event.value.to_string(), &format!("`{}`", event.payload), doc]);
        }
        self.say(CODES);
        for code in scope.error_codes() {
            let codes = match (&code.codes, self.language) {
                (Codes::One(_, code), _) => code.to_string(),
                (Codes::Range(first, last), Language::English) => format!("{first} to {last}"),
                (Codes::Range(first, last), Language::Chinese) => format!("{first} 至 {last}"),
                (Codes::From(first), Language::English) => format!("{first} and up"),
                (Codes::From(first), Language::Chinese) => format!("{first} 及以上"),
            };
            let doc = self.words(code.doc);
            self.row(&[&codes, doc]);
        }
    }

    fn constants(&mut self, scope: &Scope) {
        if scope.constants().next().is_some() {
            self.say(CONSTANTS);
        }
        for constant in scope.constants() {
            self.row(&[&format!("`{}`", constant.name), &constant.value.to_string(), self.words(constant.doc)]);
        }
    }

    fn family(&mut self, family: &Family, class: Option<&str>) {
        if family.functions.is_empty() && family.notes.is_empty() {
            return;
        }
        if class.is_none() {
            writeln!(self.out, "\n## {}", self.words(family.title)).unwrap();
        }
        for note in family.notes {
            let (first, second) = (self.words(note.columns.0), self.words(note.columns.1));
            let (title, doc) = (self.words(note.title), self.words(note.doc));
            write!(self.out, "\n### {title}\n\n{doc}\n\n| {first} | {second} |\n|---|---|\n").unwrap();
            for (first, second) in note.rows {
                self.row(&[self.words(*first), self.words(*second)]);
            }
        }
        for function in family.functions {
            self.function(function, class);
        }
    }

    fn function(&mut self, function: &Function, class: Option<&str>) {
        let doc = self.words(function.doc);
        let name = class.map_or(function.name.into(), |class| format!("{class}.{}", function.name));
        writeln!(self.out, "\n### `{name}({})`\n\n{doc}\n", signature(function.takes)).unwrap();
        if let Some(keys) = function.keys() {
            self.say(KEYS);
            keys.iter().for_each(|key| self.key(key));
            self.out.push('\n');
        }
        if let Some(choice) = function.choice() {
            self.choice(choice);
        }
        self.arguments(function.takes);
        let returned = self.words(function.returns_doc);
        match self.language {
            Language::English => writeln!(self.out, "Returns {returned}.\n").unwrap(),
            Language::Chinese => writeln!(self.out, "返回值：{returned}。\n").unwrap(),
        }
        if function.errors.is_empty() {
            self.say(NO_ERRORS);
        } else {
            self.say(ERRORS);
            for (failure, when) in function.errors {
                let how = match (failure, self.language) {
                    (Failure::Returns(code), Language::English) => format!("returns {code}"),
                    (Failure::Returns(code), Language::Chinese) => format!("返回 {code}"),
                    (Failure::Raises(exception), Language::English) => format!("raises {exception}"),
                    (Failure::Raises(exception), Language::Chinese) => format!("抛出 {exception}"),
                };
                self.row(&[&how, self.words(*when)]);
            }
            self.out.push('\n');
        }
        writeln!(self.out, "```python\n{}\n```", function.example).unwrap();
    }

    /// The keys of all cases, and then those of each.
    fn choice(&mut self, choice: &Choice) {
        self.say(KEYS);
        let name = |case: &str| format!("`'{case}'`");
        self.row(&[&format!("`{}`", choice.key), "`str`", &name(choice.cases[0].name), self.words(choice.doc)]);
        choice.shared.iter().for_each(|key| self.key(key));
        for case in choice.cases {
            let (title, doc) = (self.words(case.title), self.words(case.doc));
            write!(self.out, "\n#### `'{}': '{}'`\n\n{title}{}{doc}\n\n", choice.key, case.name, self.words(STOP))
                .unwrap();
            self.say(KEYS);
            case.keys.iter().for_each(|key| self.key(key));
        }
        self.out.push('\n');
    }

    /// The table of arguments that are no dictionaries.
    fn arguments(&mut self, takes: &[Argument]) {
        let mut begun = false;
        for argument in takes {
            let Takes::Value(kind) = argument.takes else { continue };
            if !begun {
                self.say(ARGUMENTS);
                begun = true;
            }
            let usual = if argument.name.starts_with('*') { ANY_NUMBER } else { REQUIRED };
            let default = argument.default.map_or(usual, same);
            self.row(&[
                &format!("`{}`", argument.name),
                &format!("`{kind}`"),
                self.words(default),
                self.words(argument.doc),
            ]);
        }
        if begun {
            self.out.push('\n');
        }
    }

    fn key(&mut self, key: &Key) {
        let kind = match key.kind {
            Kind::Text => same("`str`"),
            Kind::Data => text("`str` or bytes-like", "`str` 或字节类对象"),
            Kind::Json => text("`str` or `dict`", "`str` 或 `dict`"),
            Kind::Int { .. } | Kind::Clamped { .. } => same("`int`"),
            Kind::Bool => same("`bool`"),
        };
        let kind = match (key.kind, self.language) {
            (Kind::Int { min, max }, Language::English) => format!("`int`, {min} to {max}"),
            (Kind::Int { min, max }, Language::Chinese) => format!("`int`，{min} 至 {max}"),
            _ => self.words(kind).into(),
        };
        let name = match (key.alias, self.language) {
            (None, _) => format!("`{}`", key.name),
            (Some(alias), Language::English) => format!("`{}` (or `{alias}`)", key.name),
            (Some(alias), Language::Chinese) => format!("`{}`（或 `{alias}`）", key.name),
        };
        self.row(&[&name, &kind, self.words(key.default.unwrap_or(REQUIRED)), self.words(key.doc)]);
    }
}

fn signature(takes: &[Argument]) -> String {
    let arguments: Vec<String> = takes
        .iter()
        .map(|argument| match argument.default {
            Some(default) => format!("{}={default}", argument.name),
            None => argument.name.into(),
        })
        .collect();
    arguments.join(", ")
}
