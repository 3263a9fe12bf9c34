//! Does the library come out the same from the same sources, whatever folder they lie in and whatever is set around them?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TARGET: &str = "thumbv7em-none-eabi";

/// What an integrator may have set for a firmware of his own.
const FOREIGN: [(&str, &str); 6] = [
    ("RUSTFLAGS", "-Cdebuginfo=2 -Ctarget-cpu=cortex-m4"),
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_BUILD_TARGET", "riscv32imc-unknown-none-elf"),
    ("CARGO_TARGET_THUMBV7EM_NONE_EABI_RUSTFLAGS", "-Clink-arg=-Tlink.x"),
];

/// The same in a file, which cargo reads in each folder above.
const FOREIGN_FILE: &str = r#"
[build]
rustflags = ["-Cdebuginfo=2"]
[profile.release]
opt-level = 3
overflow-checks = true
[target.thumbv7em-none-eabi]
rustflags = ["-Clink-arg=-Tlink.x"]
"#;

/// The files of a library, in a folder of their own.
struct Copy(PathBuf);

impl Copy {
    fn new(place: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("same-bytes").join(place);
        let _ = fs::remove_dir_all(&folder);
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        for part in ["Cargo.toml", "Cargo.lock", ".cargo", "src", "include", "xtask"] {
            copy(&here.join(part), &folder.join(part));
        }
        for member in ["benches/instructions", "micropython/bindings", "tests/cloud"] {
            copy(&here.join(member), &folder.join(member));
        }
        Copy(folder)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in FOREIGN {
            command.env_remove(name);
        }
        command.env("CARGO_TARGET_DIR", self.0.join("target"));
        command.env("CARGO_MANIFEST_DIR", self.0.join("xtask"));
        command
    }

    /// What `cargo xtask lib` builds here, and where.
    fn built(&self, options: &[&str], foreign: bool) -> (PathBuf, Vec<u8>) {
        let mut xtask = self.command(env!("CARGO_BIN_EXE_xtask"));
        if foreign {
            xtask.envs(FOREIGN);
        }
        let output = xtask.arg("lib").arg(TARGET).args(options).output().expect("xtask");
        let said = said(&output);
        for (name, _) in FOREIGN {
            assert_eq!(said.contains(name), foreign, "what has no effect is named: {said}");
        }
        let path = PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim());
        let archive = fs::read(&path).expect("an archive");
        (path, archive)
    }
}

/// What a program said that came to a good end.
fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).expect("a copy");
    }
}

#[test]
fn the_same_sources_make_the_same_bytes() {
    let (one, other) = (Copy::new("one"), Copy::new("a firmware/with the/library"));
    let above = other.0.parent().expect("a folder").join(".cargo");
    fs::create_dir_all(&above).expect("a folder");
    fs::write(above.join("config.toml"), FOREIGN_FILE).expect("a file");

    let (path, usual) = one.built(&[], false);
    assert!(path.ends_with(format!("lib/{TARGET}/libaliyun_iot.a")), "{path:?}");
    // Another configuration comes first there, and lies elsewhere.
    let options = ["--with", "sha1", "--without", "upload"];
    let (path, smaller) = other.built(&options, true);
    assert!(path.ends_with(format!("lib/{TARGET}/with-sha1-without-upload/libaliyun_iot.a")), "{path:?}");
    let (_, same) = other.built(&[], true);
    assert!(usual == same, "{} bytes, and {} in another folder", usual.len(), same.len());
    assert!(fs::read(&path).expect("an archive") == smaller, "one configuration leaves the other alone");
    let (_, smaller_here) = one.built(&options, false);
    assert!(smaller == smaller_here, "{} bytes, and {} in another folder", smaller.len(), smaller_here.len());

    let home = std::env::var("HOME").unwrap_or_default();
    for place in [env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"), home.as_str()] {
        let is_in = |archive: &[u8]| archive.windows(place.len()).any(|bytes| bytes == place.as_bytes());
        assert!(place.len() < 4 || !is_in(&usual), "the archive names {place}");
    }
}

#[test]
fn a_build_of_the_jobs_for_a_board_is_stopped_with_a_sentence() {
    let copy = Copy::new("stopped");
    let mut cargo = copy.command(env!("CARGO"));
    cargo.current_dir(copy.0.join("src")).args(["xtask", "help"]).env("CARGO_BUILD_TARGET", TARGET);
    let output = cargo.output().expect("cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("xtask runs on this computer") && said.contains("unset CARGO_BUILD_TARGET"), "{said}");
    assert!(said.lines().count() < 10, "{said}");
}
