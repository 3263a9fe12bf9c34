//! What does a firmware integrator get for a target? The archive in each set of features, the header, the port over BSD
//! sockets as source, and files for `pkg-config` and CMake that find all that wherever the folder is moved to.

use std::path::PathBuf;

use super::sets::{DEFAULT, Set};
use super::tree::Tree;
use crate::targets::Target;
use crate::{Result, places};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const ARCHIVE: &str = "libaliyun_iot.a";
const PKG_CONFIG: &str = include_str!("files/aliyun_iot.pc");
const CMAKE: &str = include_str!("files/aliyun_iotConfig.cmake");
const CMAKE_VERSION: &str = include_str!("files/aliyun_iotConfigVersion.cmake");
const README: &str = include_str!("files/README.md.in");

/// An archive that was built, and its bill of materials.
pub struct Built {
    pub set: &'static Set,
    pub archive: PathBuf,
    pub bill: String,
}

/// The folder's name, and with `.zip` the file's.
pub fn name(target: &Target) -> String {
    format!("aliyun-iot-{VERSION}-{}", target.triple)
}

/// The folder for `target`, zipped.
pub fn zipped(target: &Target, built: &[Built], licences: &str) -> Result<Vec<u8>> {
    let root = places::root();
    let mut files = Tree::default();
    files.copy("include/aliyun_iot.h", &root.join("include/aliyun_iot.h"))?;
    files.copy_folder("bsd/", &root.join("ports/bsd"), &[".c", ".h"])?;
    let mut sets = String::new();
    for one in built {
        let name = one.set.name;
        files.copy(format!("lib/{name}/{ARCHIVE}"), &one.archive)?;
        files.add(format!("sbom/{name}.cdx.json"), one.bill.as_str());
        files.add(
            format!("lib/pkgconfig/{}.pc", pkg_config(name)),
            PKG_CONFIG.replace("@SET@", name).replace("@VERSION@", VERSION),
        );
        sets += &format!("| `{name}` | `{}` | `{}` | {} |\n", pkg_config(name), cmake(name), one.set.about(target));
    }
    let names: Vec<&str> = built.iter().map(|one| one.set.name).collect();
    let bytes = if target.triple.starts_with("x86_64") || target.triple.starts_with("aarch64") { "8" } else { "4" };
    files.add("lib/cmake/aliyun_iot/aliyun_iotConfig.cmake", CMAKE.replace("@SETS@", &names.join(" ")));
    let version = CMAKE_VERSION.replace("@VERSION@", VERSION).replace("@POINTER@", bytes);
    files.add("lib/cmake/aliyun_iot/aliyun_iotConfigVersion.cmake", version);
    let readme = README.replace("@TARGET@", target.triple).replace("@VERSION@", VERSION);
    files.add("README.md", readme.replace("@SETS@\n", &sets));
    files.add("LICENSES.txt", licences);
    let mut folder = Tree::default();
    folder.graft(&name(target), files);
    folder.zipped()
}

fn pkg_config(set: &str) -> String {
    if set == DEFAULT { "aliyun_iot".to_owned() } else { format!("aliyun_iot-{set}") }
}

fn cmake(set: &str) -> String {
    format!("aliyun_iot::{}", if set == DEFAULT { "aliyun_iot" } else { set })
}
