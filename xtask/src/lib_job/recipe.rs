//! How is the library compiled? Which flags and features make it fit where it goes?

use super::features::{FEATURES, OPT_IN};
use crate::targets::{self, Target};

/// The profile in `Cargo.toml` for computers: optimised for speed.
pub const HOSTED: &str = "hosted";
/// The profile for flash, and for native modules, which lie in the heap: optimised for size.
const SMALL: &str = "release";

/// One way to build the library.
pub struct Recipe {
    pub target: &'static Target,
    /// Which of [`FEATURES`] it has, in their order.
    pub features: Vec<&'static str>,
    /// Compile Rust's core along, for size, even where the toolchain has one for the target.
    pub from_source: bool,
    /// Code that may lie anywhere, for native modules.
    pub pic: bool,
    /// Flags for the compiler beyond these, for experiments.
    pub flags: Vec<&'static str>,
    /// Whether the compiler tells what [`crate::size`] asks for: the sizes of types and of stack frames.
    pub measured: bool,
}

impl Recipe {
    /// The way that suits most.
    pub fn of(target: &'static Target) -> Self {
        let features = FEATURES.iter().copied().filter(|feature| target.hosted || !OPT_IN.contains(feature)).collect();
        Recipe { target, features, from_source: false, pic: false, flags: Vec::new(), measured: false }
    }

    /// The same with one of [`FEATURES`], or without it.
    pub fn having(mut self, feature: &str, has: bool) -> Self {
        let before = std::mem::take(&mut self.features);
        let wanted = |one: &&str| if *one == feature { has } else { before.contains(one) };
        self.features = FEATURES.iter().copied().filter(wanted).collect();
        self
    }

    /// Is core compiled along?
    pub fn wants_source(&self) -> bool {
        // A core that comes compiled is for code at a fixed place, and for targets that rustc knows.
        self.from_source || self.pic || self.is_for_xtensa()
    }

    /// Whether our assembler makes the objects.
    pub fn is_for_xtensa(&self) -> bool {
        *self.target == targets::XTENSA
    }

    /// How this differs from the usual, each as on the command line but for the dashes, always in the same order.
    pub fn options(&self) -> Vec<String> {
        let usual = Recipe::of(self.target).features;
        let features = FEATURES.iter().copied().filter_map(|feature| {
            match (self.features.contains(&feature), usual.contains(&feature)) {
                (true, false) => Some(format!("with-{feature}")),
                (false, true) => Some(format!("without-{feature}")),
                _ => None,
            }
        });
        let flags = [(self.from_source, "from-source"), (self.pic, "pic")];
        features.chain(flags.into_iter().filter(|(is, _)| *is).map(|(_, name)| name.to_owned())).collect()
    }

    /// The profile in `Cargo.toml` that cargo builds with, which is the name of cargo's folder for the result, too.
    pub fn profile(&self) -> &'static str {
        if self.target.hosted && !self.pic { HOSTED } else { SMALL }
    }

    /// What cargo is asked for.
    pub fn features(&self) -> String {
        let mut features = vec!["ffi", "panic-handler"];
        if self.pic && self.target.hosted {
            // A native module has no data of its own, where a look at the processor would be remembered.
            features.push("compact");
        }
        features.extend(&self.features);
        features.join(",")
    }

    /// Flags for every crate.
    pub fn rustflags(&self) -> Vec<&'static str> {
        let mut flags = Vec::new();
        if self.is_for_xtensa() {
            // A table of jumps would be pointers into code that lead to no function: ESP32 cannot read code as data.
            flags.push("-Cjump-tables=no");
        }
        if self.pic && self.is_for_xtensa() {
            // LLVM has no other code for it; MicroPython's linker relocates every literal.
            flags.push("-Zdefault-visibility=hidden");
        } else if self.pic {
            flags.extend(["-Crelocation-model=pic", "-Zdefault-visibility=hidden"]);
        }
        if self.pic && self.target.hosted {
            // A native module has no PLT, and no data for what `aes` finds out about the processor.
            flags.extend(["-Zplt=yes", "--cfg=aes_force_soft"]);
        }
        if !self.target.hosted {
            // What `opt-level = "z"` takes for small is not always: docs/budgets.md tells what these are worth.
            flags.extend(["-Cllvm-args=-inline-threshold=20", "-Cllvm-args=-hoist-common-insts=1"]);
            flags.extend(["-Cllvm-args=-enable-shrink-wrap=0", "-Cllvm-args=-disable-machine-licm"]);
            flags.extend(["-Cllvm-args=-available-load-scan-limit=30", "-Cllvm-args=-jump-threading-threshold=10"]);
        }
        flags.extend(&self.flags);
        flags
    }

    /// Does this take options that Rust keeps for its nightly builds?
    pub fn is_unstable(&self) -> bool {
        self.wants_source() || self.measured
    }
}
