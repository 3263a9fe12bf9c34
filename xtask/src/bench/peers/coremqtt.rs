//! Where does coreMQTT come from? crates.io has a package with its C source and a build script that needs bindgen and clang.
//! Only the source is wanted: the package that fetches it has an empty bindgen in place of the real one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, Result, cargo, places, step};

/// The version of coreMQTT in the package.
pub const VERSION: &str = "1.2.0";

const MANIFEST: &str = r#"[workspace]

[package]
name = "fetch"
version = "0.0.0"
edition = "2021"

[dependencies]
core-mqtt-sys = "=0.1.1"

[patch.crates-io]
bindgen = { path = "bindgen" }
"#;
const NO_BINDGEN: &str = "[package]\nname = \"bindgen\"\nversion = \"0.59.2\"\nedition = \"2021\"\n";
/// Cargo verifies what it downloads against the checksum here.
const LOCK: &str = r#"version = 3

[[package]]
name = "bindgen"
version = "0.59.2"

[[package]]
name = "core-mqtt-sys"
version = "0.1.1"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "d32b7d68bfebd2efd527ad080992a248b244bb57f46c3aa5d9257d66985bcbe3"
dependencies = [
 "bindgen",
]

[[package]]
name = "fetch"
version = "0.0.0"
dependencies = [
 "core-mqtt-sys",
]
"#;

/// The folder with coreMQTT's C files.
pub fn fetch() -> Result<PathBuf> {
    let folder = places::target().join("bench/coremqtt-source");
    let source = folder.join("vendor/core-mqtt-sys/coreMQTT/source");
    if source.join("core_mqtt.c").exists() {
        return Ok(source);
    }
    write(&folder, "Cargo.toml", MANIFEST)?;
    write(&folder, "Cargo.lock", LOCK)?;
    write(&folder, "src/lib.rs", "")?;
    write(&folder, "bindgen/Cargo.toml", NO_BINDGEN)?;
    write(&folder, "bindgen/src/lib.rs", "")?;
    let mut vendor = cargo::command();
    vendor.current_dir(&folder).args(["vendor", "--locked", "--quiet", "vendor"]);
    step::run("fetching coreMQTT", "coremqtt", &mut vendor)?;
    Ok(source)
}

fn write(folder: &Path, name: &str, text: &str) -> Result {
    let file = folder.join(name);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|e| Failure::at("make", parent, e))?;
    fs::write(&file, text).map_err(|e| Failure::at("write", &file, e))
}
