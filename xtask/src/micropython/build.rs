//! How is the unix port built? As the variant `ports/unix/variant`.

use std::path::{Path, PathBuf};

use super::make::{Build, set};
use super::source::Source;
use crate::{Result, places};

/// The program, linked with `library`.
pub fn unix(source: &Source, library: &Path) -> Result<PathBuf> {
    let variant = places::root().join("ports/unix/variant");
    Build {
        source,
        port: "unix",
        folder: places::target().join("unix"),
        settings: vec![set("VARIANT_DIR", &variant), "VARIANT=aliyunIoT".to_owned()],
        not_followed: vec![variant.join("mpconfigvariant.mk")],
        library,
        product: "micropython-aliyunIoT",
        title: format!("building MicroPython {} (unix port)", source.version),
    }
    .run()
}
