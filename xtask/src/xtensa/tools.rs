//! The tools as programs that make and CMake take: `target/xtensa/bin/xtensawin-gcc` and so on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::packages;
use crate::script::{self, Word};
use crate::{Failure, Result, places, programs};

/// Our own, which this program runs.
pub const OURS: [&str; 2] = ["gcc", "ld"];
/// LLVM's, which are used as they are.
const LLVMS: [&str; 7] = ["ar", "nm", "objcopy", "objdump", "ranlib", "size", "strip"];

/// What ESP32, ESP32-S2 and ESP32-S3 have in common, and what firmware has for its exceptions.
const FEATURES: &str = "+density,+windowed,+sext,+nsa,+mul16,+mul32,+mul32high,+div32,+exception,+rvector,+interrupt,\
                        +highpriinterrupts,+debug,+regprotect,+miscsr,+threadptr,+timers1,+prid,+coprocessor";

pub struct Tools {
    tree: PathBuf,
    folder: PathBuf,
}

/// The tools, fetched if they are not there.
pub fn tools() -> Result<Tools> {
    let tree = packages::tree()?;
    let folder = places::target().join("xtensa/bin");
    fs::create_dir_all(&folder).map_err(|e| Failure::at("make", &folder, e))?;
    let own = programs::own()?;
    for tool in OURS {
        let words = [Word::Place(own.clone()), "xtensa".into(), tool.into()];
        script::write(&folder.join(name(tool)), &words)?;
    }
    let libraries = crate::unpacked::libraries(&tree)?;
    for tool in LLVMS {
        let program = Word::Place(llvm(&tree, tool));
        let words = ["env".into(), Word::Places("LD_LIBRARY_PATH", vec![libraries.clone()]), program];
        script::write(&folder.join(name(tool)), &words)?;
    }
    Ok(Tools { tree, folder })
}

/// The tools without the programs for make, which have been made already.
pub fn present() -> Result<Tools> {
    Ok(Tools { tree: packages::tree()?, folder: places::target().join("xtensa/bin") })
}

impl Tools {
    /// The begin of the tools' paths, as make's `CROSS` and `CROSS_COMPILE` take it.
    pub fn prefix(&self) -> String {
        self.folder.join(name("")).display().to_string()
    }

    pub fn program(&self, tool: &str) -> PathBuf {
        self.folder.join(name(tool))
    }

    /// gcc, which compiles to text only: its own assembler and linker know nothing of register windows.
    pub fn compiler(&self) -> Result<Command> {
        let mut gcc = packages::with_libraries(&self.tree, &self.tree.join("usr/bin/xtensa-lx106-elf-gcc"))?;
        gcc.arg("-mabi=windowed").arg("-isystem").arg(self.tree.join("usr/lib/xtensa-lx106-elf/include"));
        Ok(gcc)
    }

    /// llvm-mc, which makes objects.
    pub fn assembler(&self) -> Command {
        let program = llvm(&self.tree, "mc");
        let mut mc = packages::with_libraries(&self.tree, &program).unwrap_or_else(|_| Command::new(&program));
        mc.args(["--triple=xtensa", "--filetype=obj"]).arg(format!("-mattr={FEATURES}"));
        mc
    }
}

fn name(tool: &str) -> String {
    format!("xtensawin-{tool}")
}

fn llvm(tree: &Path, tool: &str) -> PathBuf {
    tree.join(format!("usr/lib/llvm-22/bin/llvm-{tool}"))
}
