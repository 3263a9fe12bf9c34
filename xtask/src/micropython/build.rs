//! How is the unix port built? As the variant `ports/unix/variant`.

use std::path::{Path, PathBuf};

use super::make::{Build, Contents, set};
use super::source::Source;
use crate::{Result, places};

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Use,
    /// The same with the wake-ups of `ports/select`, on threads that stand for an RTOS.
    Select,
    /// The check of the newest MicroPython.
    Newest,
    /// All its C code under the sanitizers of addresses and of undefined behaviour: the first fault ends the program.
    Sanitized,
}

/// The collector looks at the whole stack, which must be one; MicroPython itself copies 0 bytes from NULL.
const SANITIZE: &str = "-fsanitize=address,undefined -fno-sanitize=nonnull-attribute -fno-sanitize-recover=all \
                        --param asan-use-after-return=0 -fno-omit-frame-pointer -g";

/// The program, linked with `library`.
pub fn unix(source: &Source, library: &Path, purpose: Purpose) -> Result<PathBuf> {
    let variant = places::root().join("ports/unix/variant");
    let mut settings = vec![set("VARIANT_DIR", &variant), "VARIANT=aliyunIoT".to_owned()];
    let (folder, port) = match purpose {
        Purpose::Use => ("unix", "unix port"),
        Purpose::Select => ("unix", "unix port, wake-ups of ports/select"),
        Purpose::Newest => ("newest/unix", "unix port"),
        Purpose::Sanitized => ("unix-sanitized", "unix port, sanitized"),
    };
    if purpose == Purpose::Sanitized {
        settings.extend(["CFLAGS", "LDFLAGS"].map(|flags| format!("{flags}_EXTRA={SANITIZE}")));
        settings.push("STRIP=".to_owned());
    }
    let build = Build {
        source,
        port: "unix",
        folder: places::target().join(folder),
        settings,
        not_followed: vec![variant.join("mpconfigvariant.mk")],
        contents: Contents::Module(library),
        product: "micropython-aliyunIoT",
        title: format!("building MicroPython {} ({port})", source.version),
    };
    match purpose {
        Purpose::Select => {
            let product = "micropython-aliyunIoT-select";
            build.run_as(product, &[format!("PROG={product}"), "ALIYUN_IOT_PORT=select/posix".to_owned()])
        }
        _ => build.run(),
    }
}
