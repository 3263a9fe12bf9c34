//! A network that misbehaves, a broker that restarts, a clock that is a number: what a device makes of them.
//!
//! Everything follows from a seed. What comes out is kept in `*.txt` beside this file; `UPDATE_SNAPSHOTS=1 cargo test
//! --test device simulation` writes them anew.

#[cfg(feature = "register")]
mod beside;
mod broker;
mod cuts;
mod faults;
mod outcomes;
mod pipe;
mod random;
mod week;
mod world;

/// Compares with what is kept.
#[track_caller]
fn matches_snapshot(name: &str, found: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/device/simulation").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == found, "{name} is\n{kept}\nbut this was found; UPDATE_SNAPSHOTS=1 keeps it\n{found}");
}
