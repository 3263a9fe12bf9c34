//! The generated files, each kind in a file of its own.

pub mod c_tables;
pub mod core_calls;
pub mod header;
pub mod page;
pub mod roots;
pub mod stubs;

#[cfg(test)]
mod sample;
