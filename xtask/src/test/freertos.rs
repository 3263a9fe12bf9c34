//! Where does FreeRTOS come from, on which the wake-ups of `ports/select` are tested? crates.io has a package with the C
//! source of its kernel. Only the source is wanted: the packages that it depends on are empty here.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, Result, cargo, places, step};

const MANIFEST: &str = r#"[workspace]

[package]
name = "fetch"
version = "0.0.0"
edition = "2024"

[dependencies]
freertos-next = { version = "=0.12.0", default-features = false }

[patch.crates-io]
critical-section = { path = "critical-section" }
mutex-traits = { path = "mutex-traits" }
os-trait = { path = "os-trait" }
cortex-m = { path = "cortex-m" }
"#;

/// Packages without anything in them, and their versions.
const EMPTY: [(&str, &str); 4] =
    [("critical-section", "1.2.0"), ("mutex-traits", "1.0.1"), ("os-trait", "0.11.0"), ("cortex-m", "0.7.7")];

/// Cargo verifies what it downloads against the checksum here.
const LOCK: &str = r#"version = 4

[[package]]
name = "cortex-m"
version = "0.7.7"

[[package]]
name = "critical-section"
version = "1.2.0"

[[package]]
name = "fetch"
version = "0.0.0"
dependencies = [
 "freertos-next",
]

[[package]]
name = "freertos-next"
version = "0.12.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "b7824fb42660c16e1b3b573eef99c2fe5c5cba6294a631c309084635f6bfcbb0"
dependencies = [
 "cortex-m",
 "critical-section",
 "mutex-traits",
 "os-trait",
]

[[package]]
name = "mutex-traits"
version = "1.0.1"

[[package]]
name = "os-trait"
version = "0.11.0"
"#;

/// The folder with the kernel's C files, of version 11.2.
pub fn fetch() -> Result<PathBuf> {
    let folder = places::target().join("freertos");
    let kernel = folder.join("vendor/freertos-next/FreeRTOS-Kernel");
    if kernel.join("tasks.c").exists() {
        return Ok(kernel);
    }
    write(&folder, "Cargo.toml", MANIFEST)?;
    write(&folder, "Cargo.lock", LOCK)?;
    write(&folder, "src/lib.rs", "")?;
    for (name, version) in EMPTY {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n\n[features]\nrestore-state-u32 = []\n"
        );
        write(&folder, &format!("{name}/Cargo.toml"), &manifest)?;
        write(&folder, &format!("{name}/src/lib.rs"), "")?;
    }
    let mut vendor = cargo::command();
    vendor.current_dir(&folder).args(["vendor", "--locked", "--quiet", "vendor"]);
    step::run("fetching FreeRTOS", "freertos", &mut vendor)?;
    Ok(kernel)
}

fn write(folder: &Path, name: &str, text: &str) -> Result {
    let file = folder.join(name);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|e| Failure::at("make", parent, e))?;
    fs::write(&file, text).map_err(|e| Failure::at("write", &file, e))
}
