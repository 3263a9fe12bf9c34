//! The fuzz targets of `fuzz/` with their kept seeds, and with what fuzzing has found, without a fuzzer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]
#![cfg(all(feature = "ffi", feature = "ntp", feature = "register", feature = "upload", feature = "vendor"))]

#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Runs a target with each file of its folder; the last one that is named is the one at fault.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    for file in files {
        println!("{}", file.display());
        let bytes = std::fs::read(&file).unwrap();
        run(&bytes);
        // What is cut off, or has one bit wrong, is a seed as well.
        for at in 0..bytes.len().min(300) {
            run(&bytes[..at]);
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            run(&changed);
        }
    }
}

#[test]
fn packets() {
    replay("packets", targets::packets::run);
}

#[test]
fn json() {
    replay("json", targets::json::run);
}

#[test]
fn upload() {
    replay("upload", targets::upload::run);
}

#[test]
fn register() {
    replay("register", targets::register::run);
}

#[test]
fn http() {
    replay("http", targets::http::run);
}

#[test]
fn c_abi() {
    replay("c_abi", targets::c_abi::run);
}

#[test]
fn vendor_http() {
    replay("vendor_http", targets::vendor_http::run);
}

#[test]
fn vendors() {
    replay("vendors", targets::vendors::run);
}
