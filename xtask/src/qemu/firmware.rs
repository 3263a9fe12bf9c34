//! How is a board's firmware built? By MicroPython's qemu port, out of its tree, with what is in `ports/qemu/`.

use std::path::{Path, PathBuf};

use super::board::Board;
use super::lwip;
use crate::micropython::make::{Build, Contents, set};
use crate::micropython::source::{self, Source};
use crate::setup::{self, Purpose};
use crate::{Result, places, xtensa};

const PRODUCT: &str = "firmware.elf";

/// Builds what [`product`] names.
pub fn build(board: &Board) -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Board])?;
    build_with(&source::find_or_fetch()?, board, place(board)).map(drop)
}

/// The firmware with a certain MicroPython; everything of it lands in `folder`.
pub fn build_with(source: &Source, board: &Board, folder: PathBuf) -> Result<PathBuf> {
    setup::ensure(&[Purpose::Build, Purpose::Board])?;
    lwip::ensure(source)?;
    let library = super::library::of(board)?;
    link(source, board, folder, Contents::Module(&library), &[])
}

/// The firmware without the module, as native modules find it, with a certain MicroPython and more settings on make's
/// command line; it lands below `folder`.
pub fn build_without_module(settings: &[&str], source: &Source, board: &Board, folder: &Path) -> Result<PathBuf> {
    setup::ensure(&[Purpose::Build])?;
    if !board.is_xtensa() {
        setup::ensure(&[Purpose::Board])?;
    }
    lwip::ensure(source)?;
    link(source, board, folder.to_owned(), Contents::PortAlone, settings)
}

/// Where the boards have a folder each.
pub fn folder() -> PathBuf {
    places::target().join("qemu")
}

/// Where everything of `board` lands.
pub fn place(board: &Board) -> PathBuf {
    folder().join(board.name)
}

/// What comes out.
pub fn product(board: &Board) -> PathBuf {
    place(board).join("build").join(PRODUCT)
}

fn link(source: &Source, board: &Board, folder: PathBuf, contents: Contents, more: &[&str]) -> Result<PathBuf> {
    let port = places::root().join("ports/qemu");
    let about = port.join("boards").join(board.name);
    let family = port.join(if board.is_xtensa() { "xtfpga" } else { "mps2" });
    let mut settings = vec![format!("BOARD={}", board.name), set("BOARD_DIR", &about)];
    settings.extend(more.iter().map(|&setting| setting.to_owned()));
    let mut not_followed =
        vec![about.join("mpconfigboard.mk"), family.join("family.mk"), port.join("board.mk"), port.join("port.mk")];
    if board.is_xtensa() {
        settings.push(format!("CROSS_COMPILE={}", xtensa::tools()?.prefix()));
        settings.push(set("ALIYUN_IOT_BUILTINS", &super::library::builtins(board)?));
        // start.S includes it.
        not_followed.push(family.join("memory.h"));
    } else {
        not_followed.push(family.join("mps2.ld"));
    }
    Build {
        source,
        port: "qemu",
        folder,
        settings,
        not_followed,
        contents,
        product: PRODUCT,
        title: format!("building MicroPython {} (qemu port, {})", source.version, board.name),
    }
    .run()
}
