//! Which other API families are there, in Python beside the module? Each is a folder of this name in `micropython/compat/`, and
//! an option of `cargo xtask micropython`.

#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    pub name: &'static str,
    /// What the page of contents of a release says of it.
    pub about: &'static str,
    /// Where a script on a computer finds its modules, below `micropython/`.
    pub path: &'static [&'static str],
}

pub static ALL: [Family; 3] = [
    Family { name: "luatos", about: "LuatOS's `iotcloud`, `aliyun` and `sys`", path: &["compat"] },
    Family {
        name: "quecpython",
        about: "QuecPython's `aLiYun`, `TenCentYun` and what scripts import beside",
        path: &["compat/quecpython"],
    },
    Family {
        name: "haas",
        about: "the modules that scripts for HaaS firmware import beside `aliyunIoT`",
        // The second one has the hardware that the computer pretends to have.
        path: &["compat/haas", "compat/haas/computer"],
    },
];

/// The family of an option such as `--haas`.
pub fn of_option(word: &str) -> Option<&'static Family> {
    ALL.iter().find(|family| word.strip_prefix("--") == Some(family.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;

    #[test]
    fn each_folder_of_a_family_is_listed() {
        let folders = std::fs::read_dir(places::root().join("micropython/compat")).expect("a folder");
        let names = folders.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        let mut listed: Vec<&str> = ALL.iter().map(|family| family.name).collect();
        listed.sort_unstable();
        assert_eq!(names, listed);
    }
}
