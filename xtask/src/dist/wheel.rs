//! How do editors and type checkers get the type stubs? As a package for pip that has stubs only (PEP 561), in the format of
//! wheels.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::family;
use super::tree::Tree;
use crate::{Result, families, places};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// As pip normalises `aliyunIoT-stubs` in names of files.
const NAME: &str = "aliyuniot_stubs";

/// The stubs of the modules in C, and where they are in the wheel.
const STUBS: [(&str, &str); 2] =
    [("micropython/aliyunIoT.pyi", "aliyunIoT-stubs/__init__.pyi"), ("micropython/kv.pyi", "kv-stubs/__init__.pyi")];

pub fn name() -> String {
    format!("{NAME}-{VERSION}-py3-none-any.whl")
}

pub fn wheel() -> Result<Vec<u8>> {
    let mut files = Tree::default();
    for (from, to) in STUBS {
        files.copy(to, &places::root().join(from))?;
    }
    for one in &families::ALL {
        for (from, to) in family::stubs(one)? {
            files.copy(to, &from)?;
        }
    }
    let about = format!("{NAME}-{VERSION}.dist-info");
    files.add(format!("{about}/METADATA"), metadata());
    files.add(
        format!("{about}/WHEEL"),
        "Wheel-Version: 1.0\nGenerator: cargo xtask dist\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    );
    files.copy(format!("{about}/licenses/LICENSE"), &places::root().join("LICENSE"))?;
    let record = format!("{about}/RECORD");
    let list: String = files.iter().map(|(path, bytes)| line(path, bytes)).collect();
    files.add(record.clone(), format!("{list}{record},,\n"));
    files.zipped()
}

fn metadata() -> String {
    format!(
        "Metadata-Version: 2.4\nName: aliyunIoT-stubs\nVersion: {VERSION}\n\
         Summary: Type stubs for aliyunIoT, a module for MicroPython, and for the modules beside it\n\
         License-Expression: MIT\nLicense-File: LICENSE\nRequires-Python: >=3.9\nClassifier: Typing :: Stubs Only\n"
    )
}

/// A file's line in the list of files.
fn line(path: &str, bytes: &[u8]) -> String {
    format!("{path},sha256={},{}\n", URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)), bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_that_of_the_format() {
        // The hash of FIPS 180-2's example "abc".
        assert_eq!(line("a/b.pyi", b"abc"), "a/b.pyi,sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3\n");
    }
}
