//! The library for this machine, as tests and the unix port link it.

use std::path::PathBuf;

use super::features::FEATURES;
use super::recipe::HOSTED;
use crate::{Result, cargo};

/// `libaliyun_iot.a` with the C ABI and every feature.
pub fn static_library() -> Result<PathBuf> {
    let features = ["ffi", "panic-handler"].into_iter().chain(FEATURES.iter().copied()).collect::<Vec<_>>().join(",");
    let mut rustc = cargo::command();
    rustc.args(["rustc", "--package", "aliyun-iot", "--profile", HOSTED, "--lib", "--crate-type", "staticlib"]);
    rustc.args(["--features", &features]);
    cargo::built("building the Rust library", "rust-library", rustc, |artifact| {
        cargo::files(artifact).into_iter().find(|file| file.extension().is_some_and(|e| e == "a"))
    })
}
