use std::collections::HashSet;

use super::MODULES;
use super::entry::*;

fn scopes() -> impl Iterator<Item = &'static Scope> {
    MODULES.iter().flat_map(|module| module.scopes)
}

fn all_texts() -> Vec<Text> {
    let mut texts = vec![];
    for scope in scopes() {
        if let ScopeKind::Class { attributes, .. } = scope.kind {
            texts.extend(attributes.iter().map(|attribute| attribute.doc));
        }
        texts.extend(scope.events().iter().map(|event| event.doc));
        texts.extend(scope.constants().map(|constant| constant.doc));
        texts.extend(scope.error_codes().iter().map(|code| code.doc));
        for family in scope.families() {
            texts.push(family.title);
            for note in family.notes {
                texts.extend([note.title, note.doc, note.columns.0, note.columns.1]);
                texts.extend(note.rows.iter().flat_map(|(first, second)| [*first, *second]));
            }
        }
        for function in scope.functions() {
            texts.extend([function.doc, function.returns_doc]);
            texts.extend(function.errors.iter().map(|(_, when)| *when));
            for argument in function.takes {
                let mut add = |key: &Key| texts.extend([Some(key.doc), key.default].into_iter().flatten());
                match argument.takes {
                    Takes::Dict(keys) => keys.iter().for_each(add),
                    Takes::Choice(choice) => {
                        choice.cases.iter().flat_map(|case| choice.keys_of(case)).for_each(&mut add);
                        texts.extend(choice.cases.iter().flat_map(|case| [case.title, case.doc]));
                        texts.push(choice.doc);
                    }
                    Takes::Value(_) => texts.push(argument.doc),
                }
            }
        }
    }
    texts
}

fn is_unique<T: Eq + std::hash::Hash>(values: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    values.into_iter().all(|value| seen.insert(value))
}

#[test]
fn every_text_is_in_chinese_unless_it_reads_the_same() {
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    for text in all_texts() {
        assert!(!text.en.is_empty() && !chinese(text.en), "{}", text.en);
        assert!(chinese(text.zh) || text.zh == text.en, "{}", text.zh);
    }
}

/// Chinese text takes full-width punctuation, and a space between Han and Latin letters or digits.
#[test]
fn chinese_is_typeset_as_chinese() {
    let han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    for Text { zh, .. } in all_texts() {
        let letters: Vec<char> = zh.chars().collect();
        for pair in letters.windows(2) {
            let [left, right] = [pair[0], pair[1]];
            assert!(!(han(left) && ",;:!?.()".contains(right)), "{zh}: {left}{right}");
            assert!(!(han(left) && (right.is_ascii_alphanumeric() || right == '`')), "{zh}: {left}{right}");
            assert!(!((left.is_ascii_alphanumeric() || left == '`') && han(right)), "{zh}: {left}{right}");
        }
    }
}

#[test]
fn required_arguments_come_first() {
    for function in scopes().flat_map(Scope::functions) {
        let optional = function.takes.iter().map(|argument| argument.default.is_some());
        assert!(optional.is_sorted(), "{}", function.name);
    }
}

/// Files and C names come from these.
#[test]
fn names_are_unique() {
    assert!(is_unique(MODULES.iter().map(|module| module.name)));
    let pages = MODULES.iter().flat_map(|module| module.scopes.chunk_by(|one, other| one.page == other.page));
    assert!(is_unique(pages.map(|scopes| scopes[0].page).filter(|page| !page.is_empty())));
    // Of modules in Python nothing in C has a name, and they may share families.
    let in_c = || MODULES.iter().filter(|module| module.written_in == WrittenIn::C).flat_map(|module| module.scopes);
    assert!(is_unique(in_c().map(Scope::c_name)));
    assert!(is_unique(in_c().flat_map(Scope::families).map(|family| family.name)));
    for scope in scopes() {
        let names = scope.functions().map(|function| function.name);
        assert!(is_unique(
            names.chain(scope.constants().map(|one| one.name)).chain(scope.events().iter().map(|one| one.name))
        ));
    }
}

/// A service that takes a number in use would get another's events.
#[test]
fn numbers_are_unique() {
    for scope in scopes() {
        assert!(is_unique(scope.events().iter().map(|event| event.value)), "{}", scope.name);
        assert!(is_unique(scope.error_codes().iter().map(|code| code.codes.first())), "{}", scope.name);
    }
}

/// One parser reads the keys of all cases.
#[test]
fn keys_of_one_name_are_of_one_kind() {
    for choice in scopes().flat_map(Scope::functions).filter_map(Function::choice) {
        assert!(is_unique(choice.cases.iter().map(|case| case.name)));
        for case in choice.cases {
            assert!(is_unique(choice.keys_of(case).into_iter().map(|key| key.name)), "{}", case.name);
        }
        for (name, having) in choice.all_keys() {
            let kinds = having.iter().map(|(_, key)| std::mem::discriminant(&key.kind));
            assert!(kinds.collect::<HashSet<_>>().len() == 1, "{name}");
            assert!(having.iter().all(|(_, key)| key.alias.is_none()), "{name}");
        }
    }
}
