//! Objects that are made up, each for one thing that Xtensa or one of its tools does in a way of its own.

use object::read::elf::ElfFile32;
use object::read::{Object as _, ObjectSection, ObjectSymbol, RelocationTarget};
use object::write::{Object, Relocation, SectionId, Symbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope, elf,
};

use super::*;

const ENTRY: [u8; 3] = [0x36, 0x41, 0x00];
const RETURN: [u8; 2] = [0x1d, 0xf0];
const L32R_A8: [u8; 3] = [0x81, 0x55, 0x55];
const CALL8: [u8; 3] = [0x25, 0x00, 0x00];
const CALL0: [u8; 3] = [0x05, 0x00, 0x00];

/// A function's bytes: `entry`, these, `retw.n`.
fn body(inner: &[&[u8]]) -> Vec<u8> {
    [&[&ENTRY[..]], inner, &[&RETURN[..]]].concat().concat()
}

struct Draft(Object<'static>);

impl Draft {
    fn new() -> Self {
        Draft(Object::new(BinaryFormat::Elf, Architecture::Xtensa, Endianness::Little))
    }

    fn section(&mut self, name: &str, kind: SectionKind, bytes: &[u8]) -> SectionId {
        let section = self.0.add_section(Vec::new(), name.into(), kind);
        self.0.append_section_data(section, bytes, 4);
        section
    }

    fn symbol(&mut self, name: &str, section: SymbolSection, at: u64, size: u64, kind: SymbolKind) -> SymbolId {
        self.0.add_symbol(Symbol {
            name: name.into(),
            value: at,
            size,
            kind,
            scope: SymbolScope::Dynamic,
            weak: false,
            section,
            flags: SymbolFlags::None,
        })
    }

    /// A section of code with one function, that has all of it but for the last `extra` bytes.
    fn function(&mut self, name: &str, bytes: &[u8], extra: u64) -> (SectionId, SymbolId) {
        let section = self.section(&format!(".text.{name}"), SectionKind::Text, bytes);
        let size = bytes.len() as u64 - extra;
        (section, self.symbol(name, SymbolSection::Section(section), 0, size, SymbolKind::Text))
    }

    fn undefined(&mut self, name: &str) -> SymbolId {
        self.symbol(name, SymbolSection::Undefined, 0, 0, SymbolKind::Unknown)
    }

    fn weak(mut self, symbol: SymbolId) -> Self {
        self.0.symbol_mut(symbol).weak = true;
        self
    }

    fn refer(&mut self, section: SectionId, offset: u64, r_type: elf::RelocationType, symbol: SymbolId, addend: i64) {
        let relocation = Relocation { offset, symbol, addend, flags: RelocationFlags::Elf { r_type } };
        self.0.add_relocation(section, relocation).expect("a relocation");
    }

    fn word(&mut self, section: SectionId, offset: u64, symbol: SymbolId, addend: i64) {
        self.refer(section, offset, elf::R_XTENSA_32, symbol, addend);
    }

    fn slot(&mut self, section: SectionId, offset: u64, symbol: SymbolId, addend: i64) {
        self.refer(section, offset, elf::R_XTENSA_SLOT0_OP, symbol, addend);
    }

    /// A function that calls others.
    fn caller(&mut self, name: &str, calls: &[SymbolId]) -> (SectionId, SymbolId) {
        let code: Vec<&[u8]> = calls.iter().map(|_| &CALL8[..]).collect();
        let (section, symbol) = self.function(name, &body(&code), 0);
        for (number, callee) in calls.iter().enumerate() {
            self.slot(section, 3 + 3 * number as u64, *callee, 0);
        }
        (section, symbol)
    }

    /// A function that loads a literal with the address of `symbol`, as our assembler leaves it.
    fn loader(&mut self, name: &str, symbol: SymbolId, addend: i64) {
        let literal = self.section(&format!(".literal.{name}"), SectionKind::Text, &[0; 4]);
        self.word(literal, 0, symbol, addend);
        let (section, _) = self.function(name, &body(&[&L32R_A8]), 0);
        let place = self.0.section_symbol(literal);
        self.slot(section, 3, place, 0);
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.write().expect("an object")
    }

    fn read(self, name: &str) -> Input {
        input::read(name, &self.bytes()).expect("an object")
    }
}

/// An archive in GNU's form.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, data) in members {
        let header = format!("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", format!("{name}/"), 0, 0, 0, 644, data.len());
        archive.extend(header.as_bytes());
        archive.extend(*data);
        archive.extend(&b"\n"[..data.len() % 2]);
    }
    archive
}

fn for_modules(inputs: Vec<Input>) -> Result<Vec<u8>> {
    link(inputs, &Options { relocatable: true, entry: Some("begin".into()), ..Options::default() })
}

fn program(inputs: Vec<Input>, starts: &[(&str, u32)]) -> Result<Vec<u8>> {
    let starts = starts.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
    link(inputs, &Options { entry: Some("begin".into()), starts, ..Options::default() })
}

fn told(result: Result<Vec<u8>>) -> String {
    let line = result.expect_err("a failure").to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

/// A section of a result.
fn section(file: &[u8], name: &str) -> (u64, Vec<u8>) {
    let file = ElfFile32::<Endianness>::parse(file).expect("ELF");
    let section = file.section_by_name(name).expect("a section");
    (section.address(), section.data().expect("data").to_vec())
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().expect("four bytes"))).collect()
}

/// The relocations of a section: offset, name of the symbol or of its section, addend.
fn relocations(file: &[u8], name: &str) -> Vec<(u64, String, i64)> {
    let file = ElfFile32::<Endianness>::parse(file).expect("ELF");
    let section = file.section_by_name(name).expect("a section");
    let shown = |relocation: &object::read::Relocation| {
        let RelocationTarget::Symbol(index) = relocation.target() else { panic!("a symbol") };
        let symbol = file.symbol_by_index(index).expect("a symbol");
        match (symbol.kind(), symbol.section_index()) {
            (SymbolKind::Section, Some(index)) => file.section_by_index(index).expect("a section").name(),
            _ => symbol.name(),
        }
        .expect("a name")
        .to_owned()
    };
    section.relocations().map(|(at, relocation)| (at, shown(&relocation), relocation.addend())).collect()
}

fn address(file: &[u8], name: &str) -> u64 {
    let file = ElfFile32::<Endianness>::parse(file).expect("ELF");
    let found = file.symbols().find(|symbol| symbol.name() == Ok(name));
    found.expect("a symbol").address()
}

// ---- Literals ----

/// LLVM puts a function's literals behind the code of the function before, at any address.
#[test]
fn literals_are_found_at_the_end_of_the_section_before_and_unaligned() {
    let mut draft = Draft::new();
    let code = body(&[&[0x20, 0x20]]);
    assert_eq!(code.len() % 4, 3);
    let bytes = [&code[..], &[0x78, 0x56, 0x34, 0x12], &[0; 4]].concat();
    let (first, function) = draft.function("first", &bytes, 8);
    draft.word(first, code.len() as u64 + 4, function, 0);
    let (begin, _) = draft.function("begin", &body(&[&L32R_A8, &L32R_A8]), 0);
    let place = draft.0.section_symbol(first);
    draft.slot(begin, 3, place, code.len() as i64);
    draft.slot(begin, 6, place, code.len() as i64 + 4);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    let (_, text) = section(&linked, ".text");
    assert_eq!(text[..code.len()], code, "code alone is left of the first section");
    assert_eq!(text.len(), code.len() + 1 + 11);
    assert_eq!(words(&section(&linked, ".literal").1), [0x1234_5678, 0]);
    assert_eq!(relocations(&linked, ".literal"), [(4, ".text".into(), 0)]);
}

/// The first ones end up in whatever section comes before, even in one that is not loaded.
#[test]
fn literals_are_found_in_sections_that_are_not_loaded() {
    let mut draft = Draft::new();
    let other = draft.section(".llvmcmd", SectionKind::Other, &[9, 9, 42, 0, 0, 0]);
    let (begin, _) = draft.function("begin", &body(&[&L32R_A8]), 0);
    let place = draft.0.section_symbol(other);
    draft.slot(begin, 3, place, 2);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    assert_eq!(words(&section(&linked, ".literal").1), [42]);
}

#[test]
fn a_literal_of_nobody_goes_with_the_others() {
    let mut draft = Draft::new();
    let undefined = draft.undefined("nobody_has_this");
    let code = body(&[]);
    let (begin, _) = draft.function("begin", &[&code[..], &[0; 4]].concat(), 4);
    draft.word(begin, code.len() as u64, undefined, 0);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    assert_eq!(section(&linked, ".text").1, code);
}

/// The sizes of functions say where literals begin; code by hand may have functions without.
#[test]
fn code_without_a_size_behind_a_function_stays() {
    let mut draft = Draft::new();
    let more = body(&[]);
    let bytes = [body(&[]), more.clone()].concat();
    let (begin, _) = draft.function("begin", &bytes, more.len() as u64);
    draft.symbol("more", SymbolSection::Section(begin), more.len() as u64, 0, SymbolKind::Label);
    assert_eq!(section(&for_modules(vec![draft.read("a.o")]).expect("an object"), ".text").1, bytes);
}

/// `mpy_ld.py` finds a literal by its offset in the only `.literal` of a file, and adds to the field of `l32r`.
#[test]
fn there_is_one_pool_and_each_load_has_an_empty_field_and_the_offset_as_addend() {
    let mut draft = Draft::new();
    let table = draft.undefined("mp_fun_table");
    let (_, callee) = draft.function("callee", &body(&[]), 0);
    draft.loader("a", table, 0);
    draft.loader("b", callee, 0);
    draft.loader("c", table, 0);
    let names = ["a", "b", "c"].map(|name| draft.0.symbol_id(name.as_bytes()).expect("a symbol"));
    draft.caller("begin", &names);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    assert_eq!(relocations(&linked, ".literal"), [(0, "mp_fun_table".into(), 0), (4, ".text".into(), 0)]);
    let (_, text) = section(&linked, ".text");
    let loads = relocations(&linked, ".text");
    assert_eq!(
        loads.iter().map(|(_, name, addend)| (name.as_str(), *addend)).collect::<Vec<_>>(),
        [(".literal", 0), (".literal", 4), (".literal", 0)]
    );
    for (at, ..) in loads {
        assert_eq!(text[at as usize..at as usize + 3], [0x81, 0, 0]);
    }
}

/// In a literal, `mpy_ld.py` wants the offset in the word; in data, in the relocation.
#[test]
fn addends_are_where_mpy_ld_looks_for_them() {
    let mut draft = Draft::new();
    let data = draft.section(".rodata.table", SectionKind::ReadOnlyData, &[0, 0, 0, 0, 3, 0, 0, 0]);
    let table = draft.symbol("table", SymbolSection::Section(data), 0, 8, SymbolKind::Data);
    draft.word(data, 4, table, 1);
    draft.loader("begin", table, 5);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    assert_eq!(words(&section(&linked, ".literal").1), [5]);
    assert_eq!(relocations(&linked, ".literal"), [(0, ".data.rel.ro".into(), 0)]);
    assert_eq!(words(&section(&linked, ".data.rel.ro").1), [0, 0]);
    assert_eq!(relocations(&linked, ".data.rel.ro"), [(4, ".data.rel.ro".into(), 4)]);
}

/// gcc's -fpic folds the offset of a function in MicroPython's table into the literal.
#[test]
fn an_offset_from_an_undefined_name_is_refused() {
    let mut draft = Draft::new();
    let table = draft.undefined("mp_fun_table");
    draft.loader("begin", table, 196);
    let line = told(for_modules(vec![draft.read("a.o")]));
    assert!(line.contains("mp_fun_table+196") && line.contains("-fno-pic"), "{line}");
}

#[test]
fn a_literal_that_is_nowhere_is_told() {
    let refused = |place: fn(&mut Draft) -> (SymbolId, i64)| {
        let mut draft = Draft::new();
        let (symbol, addend) = place(&mut draft);
        let (begin, _) = draft.function("begin", &body(&[&L32R_A8]), 0);
        draft.slot(begin, 3, symbol, addend);
        told(for_modules(vec![draft.read("a.o")]))
    };
    let line = refused(|draft| (draft.undefined("there"), 0));
    assert_eq!(line, "a.o: .text.begin+0x3 reads a literal that no section has");
    let line = refused(|draft| {
        let literal = draft.section(".literal", SectionKind::Text, &[0; 4]);
        (draft.0.section_symbol(literal), 4)
    });
    assert_eq!(line, "a.o: .text.begin+0x3 reads a literal behind its section");
}

#[test]
fn more_code_than_a_load_reaches_back_over_is_refused() {
    let mut draft = Draft::new();
    let bytes = [body(&[]), vec![0; 0x4_0000]].concat();
    draft.function("begin", &bytes, 0);
    let line = told(for_modules(vec![draft.read("a.o")]));
    assert!(line.contains("l32r would not reach"), "{line}");
}

// ---- Names ----

#[test]
fn an_undefined_name_is_told_with_the_object_that_wants_it() {
    let mut draft = Draft::new();
    let strange = draft.undefined("strange");
    draft.caller("begin", &[strange]);
    let bytes = draft.bytes();
    let line = told(for_modules(vec![input::read("dir/a.o", &bytes).expect("an object")]));
    assert_eq!(line, "dir/a.o: .text.begin refers to strange, which nothing defines");
    assert!(told(program(vec![input::read("a.o", &bytes).expect("an object")], &[])).contains("strange"));
}

#[test]
fn a_call_of_what_only_the_firmware_has_is_refused() {
    let mut draft = Draft::new();
    let table = draft.undefined("mp_fun_table");
    draft.caller("begin", &[table]);
    let line = told(for_modules(vec![draft.read("a.o")]));
    assert!(line.contains("a call of mp_fun_table, which is not in the module"), "{line}");
}

#[test]
fn a_missing_entry_is_told() {
    let mut draft = Draft::new();
    draft.function("other", &body(&[]), 0);
    assert_eq!(told(for_modules(vec![draft.read("a.o")])), "nothing defines begin");
}

#[test]
fn what_nothing_needs_is_left_out_with_what_it_needs() {
    let mut draft = Draft::new();
    let strange = draft.undefined("strange");
    draft.caller("unused", &[strange]);
    draft.function("begin", &body(&[]), 0);
    let linked = for_modules(vec![draft.read("a.o")]).expect("an object");
    assert_eq!(section(&linked, ".text").1, body(&[]));
}

#[test]
fn a_weak_function_gives_way_in_any_order() {
    let weak = || {
        let mut draft = Draft::new();
        let (_, symbol) = draft.function("same", &body(&[&[0; 8]]), 0);
        draft.weak(symbol).read("weak.o")
    };
    let strong = || {
        let mut draft = Draft::new();
        draft.function("same", &body(&[]), 0);
        draft.read("strong.o")
    };
    let begin = || {
        let mut draft = Draft::new();
        let same = draft.undefined("same");
        draft.caller("begin", &[same]);
        draft.read("a.o")
    };
    for objects in [vec![begin(), weak(), strong()], vec![begin(), strong(), weak()]] {
        let (_, text) = section(&for_modules(objects).expect("an object"), ".text");
        assert_eq!(text.len(), 8 + 5, "begin and the strong one");
    }
    let line = told(for_modules(vec![begin(), strong(), strong()]));
    assert_eq!(line, "strong.o: same is defined in strong.o already");
}

#[test]
fn a_weak_name_that_nothing_defines_is_zero() {
    let mut draft = Draft::new();
    let maybe = draft.undefined("maybe");
    draft.loader("begin", maybe, 0);
    let linked = for_modules(vec![draft.weak(maybe).read("a.o")]).expect("an object");
    assert_eq!(words(&section(&linked, ".literal").1), [0]);
    assert!(relocations(&linked, ".literal").is_empty());
}

/// Uninitialised variables of C that several objects declare are one, as large as the largest.
#[test]
fn common_variables_are_one() {
    let with = |name: &str, size: u64| {
        let mut draft = Draft::new();
        let common = draft.0.add_common_symbol(
            Symbol {
                name: b"shared".to_vec(),
                value: 0,
                size,
                kind: SymbolKind::Data,
                scope: SymbolScope::Dynamic,
                weak: false,
                section: SymbolSection::Undefined,
                flags: SymbolFlags::None,
            },
            size,
            8,
        );
        draft.loader(name, common, 0);
        draft
    };
    let mut begin = with("first", 4);
    let (first, other) = (begin.0.symbol_id(b"first").expect("a symbol"), begin.undefined("other"));
    begin.caller("begin", &[first, other]);
    let linked = for_modules(vec![begin.read("a.o"), with("other", 24).read("b.o")]).expect("an object");
    let file = ElfFile32::<Endianness>::parse(&*linked).expect("ELF");
    assert_eq!(file.section_by_name(".bss").map(|bss| bss.size()), Some(24));
}

#[test]
fn members_of_an_archive_come_in_as_they_are_needed() {
    let mut needed = Draft::new();
    let deeper = needed.undefined("deeper");
    needed.caller("needed", &[deeper]);
    let mut below = Draft::new();
    below.function("deeper", &body(&[]), 0);
    let mut unneeded = Draft::new();
    unneeded.function("begin", &body(&[]), 0);
    let (below, needed, unneeded) = (below.bytes(), needed.bytes(), unneeded.bytes());
    let library =
        archive(&[("below.o", &below), ("needed.o", &needed), ("unneeded.o", &unneeded), ("notes", b"words")]);
    let mut draft = Draft::new();
    let name = draft.undefined("needed");
    draft.caller("begin", &[name]);
    let linked = for_modules(vec![input::read("lib.a", &library).expect("an archive"), draft.read("a.o")]);
    assert_eq!(section(&linked.expect("an object"), ".text").1.len(), 8 + 8 + 5);
    let mut draft = Draft::new();
    let deeper = draft.undefined("deeper");
    draft.caller("begin", &[deeper]);
    let cut = input::read("lib.a", &library[..library.len() - 700]);
    assert!(cut.is_err_and(|line| line.to_string().starts_with("lib.a: ")));
}

// ---- What a module cannot have ----

#[test]
fn a_variable_with_a_value_is_refused_by_name() {
    let mut draft = Draft::new();
    let data = draft.section(".data.counter", SectionKind::Data, &[1, 0, 0, 0]);
    let counter = draft.symbol("counter", SymbolSection::Section(data), 0, 4, SymbolKind::Data);
    draft.loader("begin", counter, 0);
    let line = told(for_modules(vec![draft.read("a.o")]));
    assert!(line.starts_with("a.o: .data.counter is a variable with an initial value"), "{line}");
}

#[test]
fn a_relocation_that_is_not_known_is_refused_where_it_is() {
    let mut draft = Draft::new();
    let (begin, symbol) = draft.function("begin", &body(&[]), 0);
    draft.refer(begin, 0, elf::R_XTENSA_DIFF16, symbol, 0);
    let refused = input::read("a.o", &draft.bytes()).expect_err("a failure").to_string();
    assert_eq!(refused, "a.o: unknown relocation 18 at .text.begin+0x0");
}

#[test]
fn an_address_amid_code_is_refused() {
    let mut draft = Draft::new();
    let (begin, symbol) = draft.function("begin", &body(&[&[0; 4]]), 0);
    draft.word(begin, 3, symbol, 0);
    let line = told(for_modules(vec![draft.read("a.o")]));
    assert!(line.contains(".text.begin+0x3 has an address in an instruction"), "{line}");
}

/// ESP32 reads its memory for code in whole words only, so what points there had better be a function.
#[test]
fn a_pointer_into_code_that_is_not_to_an_entry_is_refused() {
    let pointing = |addend: i64| {
        let mut draft = Draft::new();
        let (section, _) = draft.function("target", &body(&[&[0; 3], &ENTRY]), 0);
        let place = draft.0.section_symbol(section);
        draft.loader("begin", place, addend);
        for_modules(vec![draft.read("a.o")])
    };
    assert!(pointing(0).is_ok());
    for addend in [3, 4, 6, 10] {
        let line = told(pointing(addend));
        assert!(line.contains(&format!("points into code, to {addend:#x}, where no function begins")), "{line}");
    }
}

#[test]
fn the_check_sees_what_no_loader_follows() {
    let made = |change: fn(&mut Draft, SectionId, SymbolId)| {
        let mut draft = Draft::new();
        let text = draft.section(".text", SectionKind::Text, &body(&[&[0; 8]]));
        let symbol = draft.0.section_symbol(text);
        change(&mut draft, text, symbol);
        check::check(&draft.bytes()).map_err(|failure| failure.to_string())
    };
    assert_eq!(made(|_, _, _| {}), Ok(check::Checked { pointers: 0 }));
    let in_text = made(|draft, text, symbol| draft.word(text, 4, symbol, 0));
    assert!(in_text.is_err_and(|line| line.contains("relocation 1, which no loader follows")));
    let not_a_load = made(|draft, text, symbol| draft.slot(text, 0, symbol, 0));
    assert!(not_a_load.is_err_and(|line| line.contains("that MicroPython's linker does not relocate")));
    let elsewhere = made(|draft, _, symbol| {
        let data = draft.section(".data", SectionKind::Data, &[0; 4]);
        draft.word(data, 0, symbol, 0);
    });
    assert!(elsewhere.is_err_and(|line| line.starts_with(".data+0x0")));
    let unaligned = made(|draft, _, symbol| {
        let data = draft.section(".data.rel.ro", SectionKind::ReadOnlyData, &[0; 8]);
        draft.word(data, 2, symbol, 0);
    });
    assert!(unaligned.is_err_and(|line| line.contains("not aligned")));
    let pointer = made(|draft, _, symbol| {
        let data = draft.section(".data.rel.ro", SectionKind::ReadOnlyData, &[0; 4]);
        draft.word(data, 0, symbol, 0);
    });
    assert_eq!(pointer, Ok(check::Checked { pointers: 1 }));
}

#[test]
fn what_is_no_object_for_xtensa_is_refused() {
    let mut draft = Draft::new();
    draft.function("begin", &body(&[]), 0);
    let bytes = draft.bytes();
    for end in 0..bytes.len() {
        // Whatever is missing, there is an answer.
        if let Ok(input) = input::read("a.o", &bytes[..end]) {
            let _ = for_modules(vec![input]);
        }
    }
    let mut other = bytes.clone();
    other[18] = 40;
    let refused = input::read("a.o", &other).expect_err("a failure").to_string();
    assert_eq!(refused, "a.o: not an object for Xtensa, little-endian");
    assert!(input::read("a.o", b"words").is_err());
}

// ---- Programs ----

const TEXT: u32 = 0x4000_0000;

#[test]
fn a_program_lies_where_it_is_told() {
    let mut draft = Draft::new();
    let vectors = draft.section(".vectors", SectionKind::Text, &[0x06, 0, 0, 0]);
    let (_, callee) = draft.function("callee", &body(&[]), 0);
    draft.slot(vectors, 0, callee, 0);
    let data = draft.section(".data.value", SectionKind::Data, &[7, 0, 0, 0]);
    let value = draft.symbol("value", SymbolSection::Section(data), 0, 4, SymbolKind::Data);
    draft.word(data, 0, callee, 0);
    let zeros = draft.0.add_section(Vec::new(), b".bss.zeros".to_vec(), SectionKind::UninitializedData);
    draft.0.append_section_bss(zeros, 20, 4);
    let zeros = draft.symbol("zeros", SymbolSection::Section(zeros), 0, 20, SymbolKind::Data);
    draft.loader("a", value, 0);
    draft.loader("b", zeros, 4);
    let end = draft.undefined("_end");
    draft.loader("c", end, 0);
    let names = ["a", "b", "c"].map(|name| draft.0.symbol_id(name.as_bytes()).expect("a symbol"));
    draft.caller("begin", &names);
    let starts = [(".vectors", 0x4000_1000), (".text", TEXT), (".data", 0x3ff0_0000), (".bss", 0x3ff1_0000)];
    let linked = program(vec![draft.read("a.o")], &starts).expect("a program");
    let file = ElfFile32::<Endianness>::parse(&*linked).expect("ELF");
    let callee = address(&linked, "callee");
    assert_eq!(file.entry(), address(&linked, "begin"));
    assert_eq!(section(&linked, ".data"), (0x3ff0_0000, (callee as u32 + 7).to_le_bytes().to_vec()));
    let (at, text) = section(&linked, ".text");
    assert_eq!(at, u64::from(TEXT));
    let value_before = |name: &str| words(&text[(address(&linked, name) - at - 4) as usize..][..4])[0];
    assert_eq!(value_before("a"), 0x3ff0_0000);
    assert_eq!(value_before("b"), 0x3ff1_0004);
    // The jump from the vectors leads to the function.
    let (from, vectors) = section(&linked, ".vectors");
    let jump = u32::from_le_bytes([vectors[0], vectors[1], vectors[2], 0]);
    let distance = ((jump << 8) as i32 >> 14) as i64;
    assert_eq!(from as i64 + 4 + distance, callee as i64);
    assert_eq!(value_before("c"), 0x4000_1010, "behind everything, at a multiple of 16");
    // Each load finds its own literal, which is the last word before it.
    let load = &text[(address(&linked, "b") - at) as usize + 3..][..3];
    assert_eq!(load[1..], [0xfe, 0xff]);
    let segments: Vec<u64> =
        file.elf_program_headers().iter().map(|one| one.p_vaddr.get(Endianness::Little).into()).collect();
    assert_eq!(segments, [0x4000_1000, 0x4000_0000, 0x3ff0_0000, 0x3ff1_0000]);
}

/// `call8` reaches half a megabyte; a9 is free until the callee's `entry`, so a stub can go on through it.
#[test]
fn a_call_that_does_not_reach_goes_through_a_stub() {
    let with = |call: [u8; 3]| {
        let mut draft = Draft::new();
        let mut filler = body(&[]);
        filler.resize(0x9_0000, 0);
        draft.function("filler", &filler, 0);
        draft.function("far", &body(&[]), 0);
        let mut first = Draft::new();
        let far_away = first.undefined("far");
        let near = first.undefined("filler");
        let (begin, _) = first.function("begin", &body(&[&call, &call, &CALL8]), 0);
        first.slot(begin, 3, far_away, 0);
        first.slot(begin, 6, far_away, 0);
        first.slot(begin, 9, near, 0);
        program(vec![first.read("a.o"), draft.read("b.o")], &[(".text", TEXT)])
    };
    let linked = with(CALL8).expect("a program");
    let (at, text) = section(&linked, ".text");
    assert_eq!(address(&linked, "begin"), at + 4 + 8, "after a literal and one stub for both calls");
    assert_eq!(u64::from(words(&text[..4])[0]), address(&linked, "far"));
    assert_eq!(text[4..10], [0x91, 0xff, 0xff, 0xa0, 0x09, 0x00], "l32r a9; jx a9");
    let called = |from: usize| {
        let call = u32::from_le_bytes([text[from], text[from + 1], text[from + 2], 0]);
        (from as i64 & !3) + 4 + 4 * i64::from((call << 8) as i32 >> 14)
    };
    assert_eq!((called(12 + 3), called(12 + 6)), (4, 4));
    assert_eq!(called(12 + 9) as u64, address(&linked, "filler") - at);
    // Without a turn of the window, every register may hold something.
    assert!(told(with(CALL0)).contains("the function that is called is out of reach"));
}

/// A return address has 30 bits; the highest two come from where the function is that returns.
#[test]
fn code_in_two_gigabytes_is_refused() {
    let linked = |vectors: u32| {
        let mut draft = Draft::new();
        draft.section(".vectors", SectionKind::Text, &[0; 4]);
        draft.function("begin", &body(&[]), 0);
        program(vec![draft.read("a.o")], &[(".vectors", vectors), (".text", TEXT)])
    };
    assert!(linked(0x7fff_fff0).is_ok());
    for vectors in [0x8000_0000, 0x3fff_0000] {
        assert!(told(linked(vectors)).contains("different gigabytes"));
    }
    assert!(told(linked(TEXT)).contains("sections overlap"));
}

#[test]
fn options_are_those_of_ld() {
    let read = |line: &str| options(line.split(' ').map(OsString::from)).map_err(|error| error.to_string());
    let relocatable = read("-r -z noexecstack --gc-sections -e mpy_init -o b/whole.o a.o lib.a").expect("options");
    assert!(relocatable.relocatable && relocatable.entry.as_deref() == Some("mpy_init"));
    assert_eq!((relocatable.output, relocatable.files.len()), (Some("b/whole.o".into()), 2));
    let placed = read("--section-start=.text=0x40000000 --section-start .bss=16 a.o").expect("options");
    assert_eq!(placed.starts, [(".text".to_owned(), TEXT), (".bss".to_owned(), 16)].into());
    assert!(read("-r -o x").is_err_and(|why| why.contains("no input files")));
    assert!(read("--section-start=.text a.o").is_err() && read("--section-start=.text=0xg a.o").is_err());
    assert!(read("--relax a.o").is_err_and(|why| why.contains("--relax")));
    let elsewhere = [(".iram", TEXT)];
    let mut draft = Draft::new();
    draft.function("begin", &body(&[]), 0);
    assert!(told(program(vec![draft.read("a.o")], &elsewhere)).contains("no section .iram"));
}
