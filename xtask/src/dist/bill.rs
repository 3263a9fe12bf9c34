//! What is an archive or a native module made of? A bill of materials (SBOM) as CycloneDX 1.6 has it, in JSON.

use serde_json::{Value, json};

use super::crates::{Crate, OURS};
use crate::lib_job::Recipe;

/// The licence of the parts of Rust's core that are compiled in.
const CORE: &str = "MIT OR Apache-2.0";
/// That of the functions that the compiler calls by itself.
const BUILTINS: &str = "MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)";

/// What the bill is about.
pub struct Subject<'a> {
    pub name: &'a str,
    pub recipe: &'a Recipe,
    /// The compiler's name and version.
    pub compiler: &'a str,
    /// The version of the MicroPython whose headers a native module is compiled with.
    pub micropython: Option<&'a str>,
}

/// The bill as text.
pub fn text(subject: &Subject, crates: &[Crate]) -> String {
    format!("{:#}\n", bill(subject, crates))
}

fn bill(subject: &Subject, crates: &[Crate]) -> Value {
    let ours = crates.iter().find(|one| one.name == OURS);
    let others = crates.iter().filter(|one| one.name != OURS);
    let rust = version(subject.compiler);
    let mut components: Vec<Value> = others.map(component).collect();
    components.push(toolchain("core", rust, CORE));
    components.push(toolchain("compiler_builtins", rust, BUILTINS));
    let mut links: Vec<Value> = crates
        .iter()
        .filter(|one| one.name != OURS)
        .map(|one| json!({ "ref": one.id(), "dependsOn": one.links }))
        .collect();
    let mut direct: Vec<String> = ours.into_iter().flat_map(|one| one.links.iter().cloned()).collect();
    direct.extend(["core", "compiler_builtins"].map(|name| toolchain_id(name, rust)));
    if let Some(version) = subject.micropython {
        let id = format!("pkg:generic/micropython@{version}");
        components.push(json!({
            "type": "library",
            "bom-ref": id,
            "purl": id,
            "name": "micropython",
            "version": version,
            "description": "the headers that native modules are compiled with",
            "licenses": [{ "expression": "MIT" }],
        }));
        direct.push(id);
    }
    let about = ours.map_or("", |one| one.version.as_str());
    links.insert(0, json!({ "ref": subject.name, "dependsOn": direct }));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": subject.name,
                "name": subject.name,
                "version": about,
                "licenses": [{ "expression": "MIT" }],
                "properties": [
                    { "name": "rust:target", "value": subject.recipe.target.triple },
                    { "name": "rust:features", "value": subject.recipe.features() },
                    { "name": "rust:compiler", "value": subject.compiler },
                ],
            },
        },
        "components": components,
        "dependencies": links,
    })
}

fn component(one: &Crate) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": one.id(),
        "purl": one.id(),
        "name": one.name,
        "version": one.version,
        "licenses": [{ "expression": one.licence }],
    });
    if let Some(checksum) = &one.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &one.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// A part of Rust that comes with the compiler.
fn toolchain(name: &str, version: &str, licence: &str) -> Value {
    json!({
        "type": "library",
        "bom-ref": toolchain_id(name, version),
        "purl": toolchain_id(name, version),
        "name": name,
        "version": version,
        "licenses": [{ "expression": licence }],
        "externalReferences": [{ "type": "vcs", "url": "https://github.com/rust-lang/rust" }],
    })
}

fn toolchain_id(name: &str, version: &str) -> String {
    format!("pkg:generic/rust-{name}@{version}")
}

/// The number in what a compiler says of itself: `rustc 1.95.0 (…)`.
fn version(compiler: &str) -> &str {
    compiler.split(' ').nth(1).unwrap_or(compiler)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::targets;

    fn made_up(name: &str, links: &[&str]) -> Crate {
        Crate {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            licence: "MIT".to_owned(),
            repository: None,
            checksum: None,
            folder: "/x".into(),
            links: links.iter().map(|link| format!("pkg:cargo/{link}@1.2.3")).collect(),
        }
    }

    #[test]
    fn every_reference_is_that_of_a_component() {
        let recipe = Recipe::of(targets::named("thumbv7m").expect("a target"));
        let crates = [made_up(OURS, &["a"]), made_up("a", &["b"]), made_up("b", &[])];
        for micropython in [None, Some("1.25.0")] {
            let subject = Subject { name: "x", recipe: &recipe, compiler: "rustc 1.95.0 (abc)", micropython };
            let bill: Value = serde_json::from_str(&text(&subject, &crates)).expect("JSON");
            let components = bill["components"].as_array().expect("components");
            assert_eq!(components.len(), 4 + usize::from(micropython.is_some()));
            let refs = components.iter().chain([&bill["metadata"]["component"]]);
            let refs: BTreeSet<&str> = refs.map(|one| one["bom-ref"].as_str().expect("a text")).collect();
            let links = bill["dependencies"].as_array().expect("links");
            let named = links
                .iter()
                .flat_map(|link| link["dependsOn"].as_array().expect("a list").iter().chain([&link["ref"]]));
            for name in named {
                assert!(refs.contains(name.as_str().expect("a text")), "{name}");
            }
            assert!(refs.contains("pkg:generic/rust-core@1.95.0"));
            assert!(
                links[0]["dependsOn"].as_array().is_some_and(|direct| direct.contains(&json!("pkg:cargo/a@1.2.3")))
            );
        }
    }
}
