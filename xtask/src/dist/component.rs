//! What do users of ESP-IDF and of Zephyr get? A folder as their build systems take it: the build files of `ports/`, the port
//! over BSD sockets, and the archives for the processors that they know.

use super::sdk::Built;
use super::tree::Tree;
use crate::targets::Target;
use crate::{Result, places};

pub struct Component {
    name: &'static str,
    /// Where its build files lie, and its page.
    folder: &'static str,
    page: &'static str,
    /// How the names of its targets begin.
    targets: &'static [&'static str],
    pub about: &'static str,
    pub run: &'static str,
}

pub const ALL: &[Component] = &[
    Component {
        name: "esp-idf",
        folder: "ports/esp-idf/aliyun_iot",
        page: "ports/esp-idf/README.md",
        targets: &["riscv32imc", "xtensa"],
        about: "a component for ESP-IDF",
        run: "configured without ESP-IDF (`tests/ports`), not built with it",
    },
    Component {
        name: "zephyr",
        folder: "ports/zephyr",
        page: "ports/zephyr/README.md",
        targets: &["thumb", "riscv32imc", "xtensa"],
        about: "a module for Zephyr",
        run: "configured without Zephyr (`tests/ports`), not built with it",
    },
];

/// What the build files consist of.
const BUILD_FILES: [&str; 8] = ["CMakeLists.txt", "Kconfig", ".yml", ".projbuild", ".conf", ".defaults", ".c", ".h"];

impl Component {
    fn folder_name(&self) -> String {
        format!("aliyun-iot-{}-{}", env!("CARGO_PKG_VERSION"), self.name)
    }

    pub fn file(&self) -> String {
        format!("{}.zip", self.folder_name())
    }
}

/// The folder, zipped; `None` if none of its targets was built.
pub fn zipped(
    component: &Component,
    libraries: &[(&'static Target, Vec<Built>)],
    licences: &str,
) -> Result<Option<Vec<u8>>> {
    let is_for = |target: &Target| component.targets.iter().any(|begin| target.triple.starts_with(begin));
    let mut libraries = libraries.iter().filter(|(target, _)| is_for(target)).peekable();
    if libraries.peek().is_none() {
        return Ok(None);
    }
    let root = places::root();
    let mut files = Tree::default();
    files.copy_folder("", &root.join(component.folder), &BUILD_FILES)?;
    files.copy_folder("bsd/", &root.join("ports/bsd"), &[".c", ".h", ".cmake", "Kconfig"])?;
    files.copy("README.md", &root.join(component.page))?;
    files.copy("include/aliyun_iot.h", &root.join("include/aliyun_iot.h"))?;
    for (target, built) in libraries {
        for one in built {
            // As the build files look for it: by its features.
            let options = one.set.recipe(target).options().join("-");
            let folder = if options.is_empty() { String::new() } else { format!("{options}/") };
            files.copy(format!("lib/{}/{folder}libaliyun_iot.a", target.triple), &one.archive)?;
            files.add(format!("sbom/{}-{}.cdx.json", target.triple, one.set.name), one.bill.as_str());
        }
    }
    files.add("LICENSES.txt", licences);
    let mut folder = Tree::default();
    folder.graft(&component.folder_name(), files);
    folder.zipped().map(Some)
}
