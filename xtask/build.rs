//! Stops a build of this package for another machine: hundreds of errors about what that lacks would say nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "none") {
        println!(
            "cargo::error=xtask runs on this computer, but cargo was told to build for {}: unset CARGO_BUILD_TARGET, and \
             look for `build.target` in .cargo/config.toml of the folders above and of your home",
            std::env::var("TARGET").unwrap_or_default()
        );
    }
}
