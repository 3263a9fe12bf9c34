//! Is everything there that a job needs? What is missing is installed.

mod install;
pub mod npm;
mod packages;
pub mod pip;
mod tools;
pub mod venv;

pub use install::ensure;
pub use packages::refresh as refresh_packages;
pub use tools::Purpose;
