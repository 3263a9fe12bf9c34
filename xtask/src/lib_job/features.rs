//! Which features can a build have or leave out? `Cargo.toml` names them, and those that bare metal has on request only.

use std::sync::LazyLock;

use super::manifest::settings;

/// Features of another kind than the user's choice.
const NOT_CHOSEN: [&str; 6] = ["default", "ffi", "panic-handler", "compact", "clouds", "vendor"];

/// Those that a build for bare metal leaves out unless it is asked for them: few products sign with anything but SHA-256,
/// and most use one cloud.
pub static OPT_IN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lists = settings("package.metadata.bare-metal").filter(|(name, _)| *name == "opt-in");
    lists.flat_map(|(_, list)| list.split('"').skip(1).step_by(2)).collect()
});

/// All of them, [`OPT_IN`] first.
pub static FEATURES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let named = settings("features").map(|(name, _)| name);
    let others = named.filter(|name| !NOT_CHOSEN.contains(name) && !OPT_IN.contains(name));
    OPT_IN.iter().copied().chain(others).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_them() {
        assert!(OPT_IN.contains(&"sha1") && FEATURES.starts_with(&OPT_IN));
        assert!(["md5", "ntp", "plain", "register", "upload"].iter().all(|feature| FEATURES.contains(feature)));
        assert!(NOT_CHOSEN.iter().all(|feature| !FEATURES.contains(feature)));
        let known: Vec<&str> = settings("features").map(|(name, _)| name).collect();
        assert!(OPT_IN.iter().chain(&NOT_CHOSEN).all(|feature| known.contains(feature)), "{known:?}");
    }
}
