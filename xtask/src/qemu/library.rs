//! Where does the Rust library for a board come from?

use std::path::PathBuf;

use super::board::Board;
use crate::{Failure, Result};

/// The archive that `ALIYUN_IOT_LIB` names.
pub fn of(board: &Board) -> Result<PathBuf> {
    let named = std::env::var_os("ALIYUN_IOT_LIB").map(PathBuf::from).filter(|library| library.is_file());
    named.ok_or_else(|| Failure::new(format!("set ALIYUN_IOT_LIB to libaliyun_iot.a for {}", board.target)))
}
