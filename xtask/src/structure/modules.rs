//! Which modules has a crate, and in which file is what a path names?
//!
//! Modules are found by their files, as rustc finds them, since a list of them may stand in a macro. What a module defines,
//! imports and passes on is read with the package `syn`; what only tests have is left out.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Item, UseTree, Visibility};

use crate::files::{Files, is_below};
use crate::{Failure, Result};

/// The names from the crate's root to a module.
type Place = Vec<String>;

#[derive(Default)]
pub struct Module {
    pub file: String,
    pub items: Vec<Item>,
    defined: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

pub struct Crate {
    pub modules: BTreeMap<Place, Module>,
}

/// An import: the path, what it is called here (`None` for `*` and `_`), and whether others get it from here.
pub struct Import {
    pub path: Vec<String>,
    pub name: Option<String>,
    pub is_glob: bool,
    pub is_passed_on: bool,
}

impl Crate {
    /// The crate whose root is the file `root`; what lies in the folder of another of `roots` is not its own.
    pub fn read(files: &Files, root: &str, roots: &[&str]) -> Result<Crate> {
        let folder = folder_of(root);
        let others = |name: &str| {
            let deeper = roots.iter().map(|root| folder_of(root)).filter(|other| other.len() > folder.len());
            roots.contains(&name) || deeper.into_iter().any(|other| is_below(name, other))
        };
        let mut found = Crate { modules: BTreeMap::new() };
        found.add(files, root, Vec::new())?;
        for (name, _) in files.iter().filter(|(name, _)| is_below(name, folder) && !others(name)) {
            found.add(files, name, place_of(&name[folder.len() + 1..]))?;
        }
        Ok(found)
    }

    fn add(&mut self, files: &Files, name: &str, place: Place) -> Result {
        let Some(text) = files.text(name) else { return Ok(()) };
        let parsed = syn::parse_file(text).map_err(|e| Failure::new(format!("cannot understand {name}: {e}")))?;
        if !is_for_tests(&parsed.attrs) {
            self.add_items(files, name, place, parsed.items)?;
        }
        Ok(())
    }

    fn add_items(&mut self, files: &Files, file: &str, place: Place, items: Vec<Item>) -> Result {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items.into_iter().filter(|item| !is_for_tests(attributes(item))) {
            module.defined.extend(name_of(&item));
            match item {
                Item::Mod(inner) => {
                    let mut below = place.clone();
                    below.push(inner.ident.to_string());
                    if let Some((_, items)) = inner.content {
                        self.add_items(files, file, below, items)?;
                    } else if let Some(path) = path_attribute(&inner.attrs) {
                        self.add(files, &crate::files::joined(folder_of(file), &path).unwrap_or(path), below)?;
                    }
                }
                Item::Use(item) => {
                    for import in imports(&item) {
                        match import.name {
                            Some(name) => drop(module.imports.insert(name, import.path)),
                            None if import.is_glob => module.globs.push(import.path),
                            None => {}
                        }
                    }
                    module.items.push(Item::Use(item));
                }
                other => module.items.push(other),
            }
        }
        self.modules.insert(place, module);
        Ok(())
    }

    /// The file that defines what `path` names in the module at `place`; `None` for what is not the crate's, and for a module
    /// itself, which defines nothing that one could depend on.
    pub fn file_of(&self, place: &[String], path: &[String]) -> Option<&str> {
        let (module, item) = self.resolved(place, path, 0)?;
        item.then(|| &*self.modules[&module].file)
    }

    /// The module that defines what `path` names, and whether that is an item of it (or the module itself).
    fn resolved(&self, place: &[String], path: &[String], depth: usize) -> Option<(Place, bool)> {
        let (first, rest) = path.split_first()?;
        // Imports that lead to each other lead nowhere.
        if depth > 16 {
            return None;
        }
        match &**first {
            "crate" => self.below(Vec::new(), rest, depth),
            "self" => self.below(place.to_vec(), rest, depth),
            "super" => self.resolved_above(place, path, depth),
            _ => self.known(place, first, rest, depth),
        }
    }

    fn resolved_above(&self, place: &[String], path: &[String], depth: usize) -> Option<(Place, bool)> {
        let ups = path.iter().take_while(|part| *part == "super").count();
        self.below(place[..place.len().checked_sub(ups)?].to_vec(), &path[ups..], depth)
    }

    fn below(&self, module: Place, path: &[String], depth: usize) -> Option<(Place, bool)> {
        let Some((first, rest)) = path.split_first() else { return Some((module, false)) };
        let known = self.known(&module, first, rest, depth);
        // What is in none of the lists is made by a macro of that module.
        known.or_else(|| self.modules.contains_key(&module).then_some((module, true)))
    }

    /// What `name` is in `module`, and `rest` there.
    fn known(&self, module: &[String], name: &String, rest: &[String], depth: usize) -> Option<(Place, bool)> {
        let inner: Place = module.iter().chain([name]).cloned().collect();
        if self.modules.contains_key(&inner) {
            return self.below(inner, rest, depth);
        }
        let about = self.modules.get(module)?;
        if about.defined.contains(name) {
            return Some((module.to_vec(), true));
        }
        if let Some(import) = about.imports.get(name) {
            let path: Vec<String> = import.iter().chain(rest).cloned().collect();
            return self.resolved(module, &path, depth + 1);
        }
        about.globs.iter().find_map(|glob| {
            let (from, item) = self.resolved(module, glob, depth + 1)?;
            if item || from == module { None } else { self.known(&from, name, rest, depth + 1) }
        })
    }
}

/// What a `use` brings in.
pub fn imports(item: &syn::ItemUse) -> Vec<Import> {
    let mut imports = Vec::new();
    let is_passed_on = !matches!(item.vis, Visibility::Inherited);
    flatten(&item.tree, &mut Vec::new(), is_passed_on, &mut imports);
    imports
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, is_passed_on: bool, imports: &mut Vec<Import>) {
    let mut add = |before: &[String], last: Option<String>, name: Option<String>, is_glob| {
        // `a::{self}` is `a`.
        let last = last.filter(|last| last != "self" || before.is_empty());
        let path: Vec<String> = before.iter().cloned().chain(last).collect();
        let name = name.map(|name| if name == "self" { path.last().cloned().unwrap_or_default() } else { name });
        imports.push(Import { path, name, is_glob, is_passed_on });
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, is_passed_on, imports);
            before.pop();
        }
        UseTree::Name(name) => add(before, Some(name.ident.to_string()), Some(name.ident.to_string()), false),
        UseTree::Rename(name) => {
            let new = Some(name.rename.to_string()).filter(|new| new != "_");
            add(before, Some(name.ident.to_string()), new, false);
        }
        UseTree::Glob(_) => add(before, None, None, true),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, is_passed_on, imports);
            }
        }
    }
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The module in a file, by its path below the folder of the crate's root.
fn place_of(file: &str) -> Place {
    let module = file.strip_suffix(".rs").unwrap_or(file);
    let module = module.strip_suffix("/mod").unwrap_or(module);
    module.split('/').map(str::to_owned).collect()
}

/// Whether this exists in tests only.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let path = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let value = &path.meta.require_name_value().ok()?.value;
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
