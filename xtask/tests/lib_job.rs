//! `cargo xtask lib` where it cannot do what it is asked for: one line that says what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

/// A machine that has a compiler without any target, and nothing else.
static MACHINE: LazyLock<PathBuf> = LazyLock::new(|| {
    let machine = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bare-machine");
    let compiler = machine.join("rustc");
    fs::create_dir_all(machine.join("programs")).expect("a folder");
    fs::write(&compiler, format!("#!/bin/sh\necho {}\n", machine.join("sysroot").display())).expect("a compiler");
    fs::set_permissions(&compiler, fs::Permissions::from_mode(0o755)).expect("a compiler");
    machine
});

/// What `xtask` says as it fails there.
fn told(arguments: &[&str]) -> String {
    let machine = &*MACHINE;
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("PATH", machine.join("programs"))
        .env("RUSTC", machine.join("rustc"))
        .env("CARGO_TARGET_DIR", machine.join("target"))
        .output()
        .expect("xtask");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    said.trim_end().to_owned()
}

#[test]
fn a_target_that_is_not_served_is_told_with_those_that_are() {
    let said = told(&["lib", "xtensa-esp32-none-elf"]);
    assert!(said.starts_with("xtask: `xtensa-esp32-none-elf` is none of the targets"), "{said}");
    assert!(said.contains("thumbv7em-none-eabi, "), "{said}");
    assert!(told(&["lib"]).contains("`lib` takes a target"));
    assert!(told(&["lib", "thumbv7em"]).contains("say which"));
}

#[test]
fn a_toolchain_that_is_missing_is_told_with_the_line_to_type() {
    let said = told(&["lib", "thumbv6m"]);
    assert!(said.contains("no core for thumbv6m-none-eabi: type `rustup target add thumbv6m-none-eabi`"), "{said}");
    let said = told(&["lib", "thumbv6m", "--from-source"]);
    assert!(said.contains("no core for thumbv6m-none-eabi: type `rustup component add rust-src`"), "{said}");
}

#[test]
fn a_feature_that_cannot_be_left_out_is_told_with_those_that_can() {
    let said = told(&["lib", "thumbv6m", "--without", "mqtt"]);
    assert!(said.contains("`mqtt` is no feature that can be left out") && said.contains("md5"), "{said}");
}
