//! What of the surroundings would change the library? The same sources make the same bytes, so flags and profiles from
//! outside have no say: neither from variables nor from a configuration file in the user's home or in a folder above.

use std::process::Command;

use super::manifest;
use crate::step;

/// Variables that cargo and the compiler obey; whose names end in `_`, all that begin so.
const OBEYED: [&str; 11] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_FORCE_RUSTC_VERSION",
    "RUSTC_FORCE_INCREMENTAL",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_",
    "CARGO_BUILD_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
];

/// Those of them that only say where to work, and how hard.
const HARMLESS: [&str; 4] = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_JOBS"];

/// What a profile may say that `Cargo.toml` leaves at its default.
const DEFAULTS: [&str; 5] =
    ["debug-assertions = false", "incremental = false", "overflow-checks = false", "rpath = false", "strip = \"none\""];

/// Says which variables have no effect, if there are any.
pub fn tell() {
    let names: Vec<String> = set().collect();
    if !names.is_empty() {
        step::say(&format!("not used for the library, which does not depend on them: {}", names.join(", ")));
    }
}

/// Makes `cargo` build with `profile` as this repository has it, whatever there is around it.
pub fn keep_out(cargo: &mut Command, profile: &str) {
    for name in set() {
        cargo.env_remove(name);
    }
    let own = format!("profile.{profile}");
    // What a profile does not set, it inherits: both are given.
    for section in ["profile.release", &own] {
        for (name, value) in manifest::settings(section) {
            cargo.arg("--config").arg(format!("{section}.{name} = {value}"));
        }
    }
    for setting in DEFAULTS {
        cargo.arg("--config").arg(format!("{own}.{setting}"));
    }
}

fn set() -> impl Iterator<Item = String> {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| matters(name))
}

fn matters(name: &str) -> bool {
    let obeyed = |one: &&str| if one.ends_with('_') { name.starts_with(*one) } else { name == *one };
    OBEYED.iter().any(obeyed) && !HARMLESS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_library_is_known_by_its_name() {
        for name in ["RUSTFLAGS", "RUSTC_BOOTSTRAP", "CARGO_PROFILE_RELEASE_LTO", "CARGO_BUILD_TARGET"] {
            assert!(matters(name), "{name}");
        }
        assert!(matters("CARGO_BUILD_RUSTFLAGS") && matters("CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS"));
        for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_JOBS", "CARGO_HOME", "CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
            assert!(!matters(name), "{name}");
        }
    }
}
