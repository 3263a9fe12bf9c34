//! How does one of MicroPython's ports build, out of its tree and with `micropython/` as a user C module (or without it)?
//! By its own Makefile; what make does not see of a change is seen here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::source::Source;
use crate::{Failure, Result, places, step};

/// The clouds that bring trust roots of their own.
const CLOUDS: [&str; 6] = ["tencent", "onenet", "huawei", "tuya", "baidu", "tlink"];

/// A build to be made.
pub struct Build<'a> {
    pub source: &'a Source,
    /// The folder under `ports/`, there and here.
    pub port: &'static str,
    /// Where everything lands.
    pub folder: PathBuf,
    /// The rest of make's command line.
    pub settings: Vec<String>,
    /// Files of ours that make does not follow.
    pub not_followed: Vec<PathBuf>,
    pub contents: Contents<'a>,
    /// What comes out, below the folder `build`.
    pub product: &'static str,
    pub title: String,
}

/// What there is of ours in a build.
#[derive(Clone, Copy)]
pub enum Contents<'a> {
    /// The module, with this library.
    Module(&'a Path),
    /// The port's files without the module, as native modules find it.
    PortAlone,
    /// Nothing: as upstream builds it.
    Nothing,
}

impl Build<'_> {
    /// Builds what has changed, and everything where make would not see what has.
    pub fn run(&self) -> Result<PathBuf> {
        self.make(self.product, &[])
    }

    /// The same under the name `product`, with settings that change which files are linked and no object: it shares them.
    pub fn run_as(&self, product: &'static str, settings: &[String]) -> Result<PathBuf> {
        self.make(product, settings)
    }

    fn make(&self, product_name: &str, last: &[String]) -> Result<PathBuf> {
        let root = places::root();
        let build = self.folder.join("build");
        let product = build.join(product_name);

        let mut settings = vec![set("BUILD", &build), set("MICROPY_MPYCROSS", &compiler(self.source)?)];
        match self.contents {
            Contents::Module(library) => {
                settings.push(set("ALIYUN_IOT_LIB", library));
                // The libraries of these builds have every cloud.
                settings.extend(CLOUDS.map(|cloud| format!("ALIYUN_IOT_CLOUD_{cloud}=1")));
            }
            Contents::PortAlone => settings.push("ALIYUN_IOT_MODULE=0".to_owned()),
            Contents::Nothing => {}
        }
        if !matches!(self.contents, Contents::Nothing) {
            settings.push(set("USER_C_MODULES", &root));
            settings.push(set("ALIYUN_IOT_INCLUDE", &root.join("include")));
            settings.push(format!("ALIYUN_IOT_PORT={}", self.port));
        }
        settings.extend_from_slice(&self.settings);

        let mut made_from = vec![
            self.source.tree.display().to_string(),
            self.source.version.to_string(),
            settings.join("\n"),
            text(&root.join("micropython/micropython.mk")),
            text(&root.join("micropython/settings.mk")),
            text(&root.join("micropython/sources.txt")),
            surroundings(),
        ];
        made_from.extend(self.not_followed.iter().map(|file| text(file)));
        let made_from = made_from.join("\n");
        let stamp = self.folder.join("made-from");
        if changed(&stamp, &made_from) && self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(|e| Failure::at("remove", &self.folder, e))?;
        }
        let linked_with = self.folder.join(format!("{product_name}-linked-with"));
        let library_now = match self.contents {
            Contents::Module(library) => state(library),
            _ => String::new(),
        };
        if changed(&linked_with, &library_now) && product.exists() {
            fs::remove_file(&product).map_err(|e| Failure::at("remove", &product, e))?;
        }
        fs::create_dir_all(&self.folder).map_err(|e| Failure::at("make", &self.folder, e))?;
        write(&stamp, &made_from)?;

        let mut make = make(self.source, &format!("ports/{}", self.port));
        // The last one of make's command line counts.
        make.args(&settings).args(last);
        let log = self.folder.strip_prefix(places::target()).unwrap_or(&self.folder).display().to_string();
        step::run(&self.title, &format!("micropython-{}", log.replace('/', "-")), &mut make)?;
        write(&linked_with, &library_now)?;
        Ok(product)
    }
}

/// What make takes from the environment: flags, and the settings of `micropython/settings.mk`.
fn surroundings() -> String {
    let settings = ["_SIZE", "_UPLOAD_BLOCK", "_KV"];
    let taken = |name: &str| {
        let ours = name.strip_prefix("ALIYUN_IOT").unwrap_or_default();
        name.ends_with("FLAGS_EXTRA")
            || ours.starts_with("_ROOT_")
            || ours.starts_with("_CLOUD_")
            || settings.iter().any(|end| ours.ends_with(end))
    };
    let mut variables: Vec<String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| taken(name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    variables.sort();
    variables.join("\n")
}

/// mpy-cross, which compiles modules ahead of time: those in the firmware, and of packages.
pub fn compiler(source: &Source) -> Result<PathBuf> {
    let build = places::micropython().join(format!("mpy-cross-{}", source.version));
    let program = build.join("mpy-cross");
    if !program.exists() {
        let mut make = make(source, "mpy-cross");
        make.arg(set("BUILD", &build));
        let title = format!("building MicroPython {} (mpy-cross)", source.version);
        step::run(&title, "mpy-cross", &mut make)?;
    }
    Ok(program)
}

fn make(source: &Source, part: &str) -> Command {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut make = Command::new("make");
    make.arg(format!("-j{jobs}"));
    make.arg("-C").arg(source.tree.join(part));
    if !source.tree.join(".git").exists() {
        // Else MicroPython takes the git repository around it, ours, for its own.
        make.env("MICROPY_GIT_TAG", format!("v{}", source.version));
        make.env("MICROPY_GIT_HASH", "");
    }
    make
}

/// A variable on make's command line.
pub fn set(variable: &str, path: &Path) -> String {
    format!("{variable}={}", path.display())
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

/// What tells one build of a file from the next.
fn state(file: &Path) -> String {
    let about = fs::metadata(file);
    let when = about.as_ref().ok().and_then(|about| about.modified().ok());
    let size = about.map_or(0, |about| about.len());
    format!("{} {size} {when:?}\n", file.display())
}

fn changed(stamp: &Path, now: &str) -> bool {
    text(stamp) != now
}

fn write(file: &Path, text: &str) -> Result {
    fs::write(file, text).map_err(|e| Failure::at("write", file, e))
}
