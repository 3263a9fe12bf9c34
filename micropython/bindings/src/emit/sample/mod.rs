//! A module that is not shipped, with a class and functions: what the table makes of a further API family.
//!
//! What is expected is in the files beside this one. `main.c` is compiled with the generated tables and run.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{c_tables, page, stubs};
use crate::table::common::*;
use crate::table::entry::*;

const MODULE: Module =
    Module { name: "shelves", written_in: WrittenIn::C, doc: "Shelves of a store.", scopes: &[CLASS, NAMES] };

const CLASS: Scope = Scope {
    kind: ScopeKind::Class {
        takes: &[argument("width", "int", text("centimetres", "厘米"))],
        is_context: true,
        attributes: &[Attribute { name: "colour", kind: "str", doc: text("its colour", "颜色") }],
    },
    name: "Shelf",
    doc: "A shelf.",
    page: "shelf",
    begin: text("A shelf of the store.\n", "一个货架。\n"),
    end: text("\n## Afterwards\n\nNothing.\n", "\n## 其他\n\n无。\n"),
    families: &[&[&GOODS], &[&ALARM]],
};

const GOODS: Family = Family {
    name: "goods",
    title: text("Goods", "货物"),
    events: &[Event {
        name: "ON_FULL",
        value: 3,
        payload: "{'count': int | None}",
        doc: text("The shelf is full.", "货架已满。"),
    }],
    constants: &[Constant {
        name: "LATER", value: Value::Int(-100), doc: text("Put it there later.", "稍后再放。")
    }],
    error_codes: &[ErrorCode { codes: Codes::One("BROKEN", -60), doc: text("a glass broke", "玻璃破损") }],
    notes: &[Note {
        title: text("Colours", "颜色"),
        doc: text("The label has a colour.", "标签有颜色。"),
        columns: (text("colour", "颜色"), text("what", "含义")),
        rows: &[(text("red", "红"), text("broken", "破损"))],
    }],
    functions: &[
        Function {
            name: "put",
            takes: &[
                dict(&[
                    required("name", Kind::Text, text("its name", "名称")),
                    Key { alias: Some("data"), ..required("label", Kind::Data, text("its label", "标签")) },
                    optional("count", Kind::Int { min: 1, max: 9 }, same("1"), text("how many", "数量")),
                    optional("heavy", Kind::Bool, same("True"), text("whether it is heavy", "是否较重")),
                ]),
                reply_callback(text("called once", "只调用一次")),
            ],
            returns: "int",
            returns_doc: same("0"),
            doc: text("Put goods on the shelf.", "上架货物。"),
            errors: &[FULL, WRONG_TYPE],
            example: "print(shelf.put({'name': 'cup', 'label': 'red'}))  # 0",
        },
        Function {
            name: "paint",
            takes: &[choice(&Choice {
                key: "colour",
                doc: text("its colour", "颜色"),
                cases: &[
                    &Case {
                        name: "red",
                        title: text("Red", "红色"),
                        doc: text("It has shades.", "有深浅。"),
                        keys: &[required("shade", Kind::Int { min: 0, max: 9 }, text("how dark", "深浅"))],
                    },
                    &Case {
                        name: "blue",
                        title: text("Blue", "蓝色"),
                        doc: text("It has a few shades, and can shine.", "深浅较少，可以有光泽。"),
                        keys: &[
                            optional("shade", Kind::Int { min: 0, max: 3 }, same("0"), text("how dark", "深浅")),
                            optional("gloss", Kind::Bool, same("False"), text("whether it shines", "是否有光泽")),
                        ],
                    },
                ],
                shared: &[required("name", Kind::Text, text("its name", "名称"))],
            })],
            returns: "int",
            returns_doc: same("0"),
            doc: text("Paint goods.", "给货物上色。"),
            errors: &[WRONG_KEY],
            example: "print(shelf.paint({'name': 'cup', 'shade': 1}))  # 0",
        },
        Function {
            name: "swap",
            takes: &[
                argument("first", "str", text("a name", "名称")),
                argument("second", "str", text("a name", "名称")),
                argument("third", "str", text("a name", "名称")),
            ],
            returns: "None",
            returns_doc: text("nothing", "无"),
            doc: text("Move three goods round.", "轮换三件货物。"),
            errors: &[],
            example: "print(shelf.swap('a', 'b', 'c'))  # None",
        },
    ],
};

const ALARM: Family = Family {
    name: "alarm",
    title: text("Alarm", "报警"),
    events: &[Event { name: "ON_ALARM", value: 1, payload: "None", doc: text("The alarm rings.", "警铃响起。") }],
    error_codes: &[ErrorCode { codes: Codes::Range(100, 110), doc: text("of the alarm", "来自报警器") }],
    ..EMPTY
};

const NAMES: Scope = Scope {
    kind: ScopeKind::Functions,
    name: "shelves",
    doc: "",
    page: "shelves",
    begin: text("Functions of the store.\n", "货架函数。\n"),
    end: same(""),
    families: &[&[&Family {
        name: "counts",
        title: text("Counts", "计数"),
        functions: &[
            Function {
                name: "count",
                takes: &[],
                returns: "int",
                returns_doc: text("the number", "数量"),
                doc: text("Count the shelves.", "统计货架数量。"),
                errors: &[],
                example: "print(shelves.count())  # 1",
            },
            Function {
                name: "find",
                takes: &[dict(&[required("name", Kind::Text, text("its name", "名称"))])],
                returns: "Shelf | None",
                returns_doc: text("the shelf", "货架"),
                doc: text("Find a shelf.", "查找货架。"),
                errors: &[WRONG_KEY],
                example: "print(shelves.find({'name': 'cup'}))  # None",
            },
        ],
        ..EMPTY
    }]],
};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emit/sample")
}

/// Runs a program, which has to succeed, and gives what it printed.
fn run(program: &mut Command) -> String {
    let output = program.output().unwrap_or_else(|error| panic!("{program:?}: {error}"));
    assert!(output.status.success(), "{program:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn expect(name: &str, text: &str) {
    let file = here().join(name);
    if std::env::var_os("UPDATE_SAMPLE").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&file).unwrap(), "{name} (UPDATE_SAMPLE=1 writes it)");
}

#[test]
fn the_stub_has_classes_and_functions() {
    expect("shelves.pyi", &stubs::text(&MODULE));
}

#[test]
fn a_module_in_python_has_named_arguments_and_no_c_tables() {
    let module = Module { written_in: WrittenIn::Python { folder: "shop" }, ..MODULE };
    assert!(c_tables::files(&module).is_empty());
    let stub = stubs::text(&MODULE);
    assert!(stub.contains("(self, first: str, second: str, third: str, /)"));
    assert_eq!(stubs::text(&module), stub.replace(", /)", ")"));
}

#[test]
fn each_class_and_the_functions_have_a_page_in_each_language() {
    let files = page::files(&MODULE);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["shelf.md", "shelf.zh.md", "shelves.md", "shelves.zh.md"]);
    for (name, text) in &files {
        expect(name, text);
    }
}

#[test]
fn the_c_tables_compile_and_say_what_the_table_says() {
    let folder = std::env::temp_dir().join(format!("bindings-sample-{}", std::process::id()));
    let generated = folder.join("generated");
    std::fs::create_dir_all(&generated).unwrap();
    let files = c_tables::files(&MODULE);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "shelves_module.h",
            "shelf_events.h",
            "shelf_errors.h",
            "shelf_table.h",
            "goods_args.h",
            "paint_keys.h",
            "shelves_table.h",
            "counts_args.h"
        ]
    );
    for (name, text) in &files {
        std::fs::write(generated.join(name), text).unwrap();
    }
    let program = folder.join("sample");
    let mut compile = Command::new("cc");
    compile.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I"]).arg(&folder);
    run(compile.arg(here().join("main.c")).arg("-o").arg(&program));
    expect("main.txt", &run(&mut Command::new(&program)));
    std::fs::remove_dir_all(&folder).unwrap();
}
