//! What does the library's `Cargo.toml` say?

const MANIFEST: &str = include_str!("../../../Cargo.toml");

/// The names and values in the section called `section`, where each is a line.
pub fn settings(section: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    settings_of(MANIFEST, section)
}

fn settings_of<'a>(manifest: &'a str, section: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let heading = format!("[{section}]");
    let below = manifest.lines().skip_while(move |line| *line != heading).skip(1);
    let lines = below.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_ends_with_the_next() {
        let manifest = "[a]\nx = 1\n\n[b]\npanic = \"abort\"\n# no = 1\nlto = \"fat\"\n\n[b.c]\ny = 2\n";
        let settings: Vec<_> = settings_of(manifest, "b").collect();
        assert_eq!(settings, [("panic", "\"abort\""), ("lto", "\"fat\"")]);
    }

    #[test]
    fn this_manifest_has_each_setting_on_a_line() {
        assert!(settings("profile.release").any(|setting| setting == ("opt-level", "\"z\"")));
        for section in ["profile.release", "profile.hosted", "features", "package.metadata.bare-metal"] {
            assert!(settings(section).all(|(_, value)| !value.starts_with('[') || value.ends_with(']')), "{section}");
            assert!(settings(section).count() > 0, "{section}");
        }
    }
}
