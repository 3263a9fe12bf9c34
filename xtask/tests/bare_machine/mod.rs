//! A machine that has a Rust compiler without any target, and nothing else: what does `xtask` say as it fails there?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

pub struct Machine(PathBuf);

impl Machine {
    /// A new one; `name` is that of a folder, no two tests' the same.
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        let machine = Machine(folder);
        machine.write("rustc", &format!("echo {}", machine.0.join("sysroot").display()));
        machine.write("programs/ignored", "exit 1");
        machine
    }

    /// Installs a program, a shell script.
    #[allow(dead_code, reason = "not every file of tests installs one")]
    pub fn with(self, name: &str, script: &str) -> Self {
        self.write(&format!("programs/{name}"), script);
        self
    }

    /// The lines that `cargo xtask` with these arguments fails with.
    pub fn told(&self, arguments: &[&str]) -> Vec<String> {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.args(arguments);
        for name in ["MICROPYTHON_DIR", "QEMU_SYSTEM_ARM", "QEMU_SYSTEM_RISCV32"] {
            xtask.env_remove(name);
        }
        xtask.env("PATH", self.0.join("programs")).env("RUSTC", self.0.join("rustc"));
        let output = xtask.env("CARGO_TARGET_DIR", self.0.join("target")).output().expect("xtask");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        let said = String::from_utf8(output.stderr).expect("text");
        said.lines().map(str::to_owned).collect()
    }

    /// The same, where it is one line.
    pub fn told_in_a_line(&self, arguments: &[&str]) -> String {
        let lines = self.told(arguments);
        assert_eq!(lines.len(), 1, "one line: {lines:?}");
        lines.concat()
    }

    fn write(&self, program: &str, script: &str) {
        let program = self.0.join(program);
        fs::create_dir_all(program.parent().expect("a folder")).expect("a folder");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    }
}
