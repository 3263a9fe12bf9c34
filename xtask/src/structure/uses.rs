//! Which Rust files use which? A file depends on the file that defines what it names: imports that only pass something on
//! (`pub use`) are followed, and neither they nor `mod x;` make a dependency.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ImplItemFn, Item, ItemMacro, ItemUse, Macro, Path};

use super::graph::Graph;
use super::modules::{Crate, attributes, imports, is_for_tests};
use crate::Result;
use crate::files::Files;

/// The graph of the Rust files among `files`, which are crates with these roots.
pub fn graph(files: &Files, roots: &[&str]) -> Result<Graph> {
    let mut graph = Graph::default();
    for root in roots {
        let found = Crate::read(files, root, roots)?;
        for (place, module) in &found.modules {
            let mut uses = Uses { found: &found, place, file: &module.file, graph: &mut graph };
            for item in &module.items {
                uses.visit_item(item);
            }
        }
    }
    Ok(graph)
}

struct Uses<'a> {
    found: &'a Crate,
    place: &'a [String],
    file: &'a str,
    graph: &'a mut Graph,
}

impl Uses<'_> {
    fn path(&mut self, path: &[String]) {
        if let Some(file) = self.found.file_of(self.place, path) {
            self.graph.add(self.file, file, &path.join("::"));
        }
    }

    /// Paths among the tokens of a macro, which may be anything.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.path(&path);
                        path.clear();
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.path(&path);
                    path.clear();
                }
                TokenTree::Group(group) => {
                    self.path(&path);
                    path.clear();
                    self.tokens(group.stream());
                }
            }
        }
        self.path(&path);
    }

    /// Modules that are named by their names alone, as in a list.
    fn listed(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.listed(group.stream()),
                TokenTree::Ident(name) => {
                    let inner: Vec<String> = self.place.iter().cloned().chain([name.to_string()]).collect();
                    if let Some(module) = self.found.modules.get(&inner) {
                        self.graph.add(self.file, &module.file, &format!("{name} in a macro's list"));
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for import in imports(item).iter().filter(|import| !import.is_passed_on && !import.is_glob) {
            self.path(&import.path);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&names);
        visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        visit::visit_item_macro(self, item);
        self.listed(item.mac.tokens.clone());
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        visit::visit_macro(self, called);
        self.tokens(called.tokens.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::graph::Circle;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let graph = graph(&Files::made_up(files), &["s/lib.rs"]).expect("a graph");
        graph.circles().iter().map(Circle::shown).collect()
    }

    const PARENT: &str = "mod a; mod b; pub use b::Thing;";

    #[test]
    fn a_circle_is_shown_with_what_makes_it() {
        let tree =
            [("s/lib.rs", PARENT), ("s/a.rs", "use crate::b::Thing;\npub struct A;"), ("s/b.rs", "pub struct Thing;")];
        assert!(circles(&tree).is_empty());
        let back = ("s/b.rs", "pub struct Thing(super::a::A);");
        assert_eq!(
            circles(&[tree[0], tree[1], back]),
            ["  s/a.rs  (crate::b::Thing)\n  s/b.rs  (super::a::A)\n  s/a.rs"]
        );
    }

    #[test]
    fn what_is_passed_on_is_the_one_who_defines_it() {
        let user = ("s/a.rs", "use crate::Thing; fn f(_: Thing) {}");
        assert!(circles(&[("s/lib.rs", PARENT), user, ("s/b.rs", "pub struct Thing;")]).is_empty());
        // Through two files, a glob, and another name.
        let tree = [
            ("s/lib.rs", "pub mod a; pub mod b;"),
            ("s/a.rs", "use crate::b::Other as It; fn f() -> It { It::new() }"),
            ("s/b/mod.rs", "mod deep; pub use deep::*;"),
            ("s/b/deep.rs", "mod most; pub use most::Thing as Other;"),
            ("s/b/deep/most.rs", "pub struct Thing;"),
        ];
        assert!(circles(&tree).is_empty());
        let back = ("s/b/deep/most.rs", "pub struct Thing; fn g() { crate::a::f() }");
        assert_eq!(
            circles(&[&tree[..4], &[back]].concat()),
            ["  s/a.rs  (crate::b::Other)\n  s/b/deep/most.rs  (crate::a::f)\n  s/a.rs"]
        );
    }

    #[test]
    fn a_parent_that_uses_a_child_that_uses_it_is_a_circle() {
        let child = ("s/a.rs", "use super::State; pub fn take(_: State) {}");
        let parent = |code: &'static str| [("s/lib.rs", code), child];
        assert!(circles(&parent("mod a; pub struct State;")).is_empty());
        assert_eq!(circles(&parent("mod a; pub struct State; fn f() { a::take(State) }")).len(), 1);
        assert_eq!(circles(&parent("mod a; pub struct State; use a::take;")).len(), 1);
        assert_eq!(circles(&parent("mod a; pub struct State; list! { a: A }")).len(), 1, "in a list");
        assert_eq!(
            circles(&parent("pub struct State; macro_rules! list { () => { $crate::a::take(State) } }")).len(),
            1
        );
        let variable = "mod a; pub struct State; fn f(a: u8) { assert!(a > 0) }";
        assert!(circles(&parent(variable)).is_empty(), "one of the same name");
        let apart = [("s/lib.rs", "mod a; mod state; use state::State; list! { a: A }"), child];
        assert!(circles(&[&apart[..], &[("s/state.rs", "pub struct State;")]].concat()).is_empty());
    }

    #[test]
    fn a_module_alone_is_nothing_to_depend_on() {
        let tree =
            [("s/lib.rs", "mod a; mod b;"), ("s/a.rs", "use crate::b;"), ("s/b.rs", "use crate::a; fn f() { a::g() }")];
        assert!(circles(&tree).is_empty());
        let used = ("s/a.rs", "use crate::b; fn g() { b::f() }");
        assert_eq!(circles(&[tree[0], used, tree[2]]).len(), 1);
        let in_a_macro = ("s/a.rs", "use crate::b; fn g() { assert!(1 < 2, \"{}\", b::f()) }");
        assert_eq!(circles(&[tree[0], in_a_macro, tree[2]]).len(), 1);
        let in_a_function = ("s/a.rs", "fn g() { use crate::b::f; f() }");
        assert_eq!(circles(&[tree[0], in_a_function, tree[2]]).len(), 1);
    }

    #[test]
    fn what_is_for_tests_does_not_count() {
        let user = ("s/b.rs", "pub struct Thing; use crate::a::A; fn f(_: A) {}");
        for code in [
            "pub struct A; #[cfg(test)] mod tests { use super::*; use crate::b::Thing; }",
            "pub struct A; #[cfg(test)] fn f(_: crate::b::Thing) {}",
            "pub struct A; impl A { #[cfg(test)] fn f(_: crate::b::Thing) {} }",
        ] {
            assert!(circles(&[("s/lib.rs", PARENT), ("s/a.rs", code), user]).is_empty(), "{code}");
        }
        let in_a_file = ("s/tests.rs", "#![cfg(test)]\nuse crate::a::A; fn f(_: A) {}");
        let a = ("s/a.rs", "pub struct A; fn g() { crate::tests::f() }");
        assert!(circles(&[("s/lib.rs", "mod a; mod tests;"), a, in_a_file]).is_empty());
    }

    #[test]
    fn a_crate_below_another_is_its_own() {
        let files = [
            ("s/lib.rs", "mod a; mod b;"),
            ("s/a.rs", "use crate::b::B;"),
            ("s/b.rs", "pub struct B;"),
            ("s/bin/main.rs", "mod b; mod c; #[path = \"../shared.rs\"] mod shared;"),
            ("s/bin/b.rs", "use crate::c::C; pub struct B;"),
            ("s/bin/c.rs", "pub struct C; use crate::shared::f;"),
            ("s/shared.rs", "pub fn f() {}"),
        ];
        let graph =
            |files: &[(&str, &str)]| graph(&Files::made_up(files), &["s/lib.rs", "s/bin/main.rs"]).expect("one");
        assert!(graph(&files).circles().is_empty());
        let mut other = files;
        other[6].1 = "pub fn f() {} use crate::b::B;";
        let shown: Vec<String> = graph(&other).circles().iter().map(Circle::shown).collect();
        let circle = "  s/bin/b.rs  (crate::c::C)\n  s/bin/c.rs  (crate::shared::f)\n  s/shared.rs  (crate::b::B)\n";
        assert_eq!(shown, [format!("{circle}  s/bin/b.rs")], "the shared file is a part of either crate");
    }
}
