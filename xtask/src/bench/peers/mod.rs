//! Where does the source of other clients come from? From the registries that have it, verified against a hash.

pub mod coremqtt;
mod pypi;

use std::path::PathBuf;

use crate::Result;
use pypi::Module;

/// Its folder has `umqtt_simple.py`, as `benches/micropython/theirs.py` imports it.
pub fn umqtt() -> Result<PathBuf> {
    pypi::fetch(&Module {
        package: "micropython-umqtt.simple==1.3.4",
        sha256: "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f",
        file: "umqtt/simple.py",
        module: "umqtt_simple.py",
    })
}

/// A descendant of mqtt_as, which no registry has. Its folder has `mqtt_async.py`.
pub fn mqtt_async() -> Result<PathBuf> {
    pypi::fetch(&Module {
        package: "micropython-mqtt-async==0.7b4",
        sha256: "c10a8a34064adad629f71f7ea559f7070169ce13c180265509f68f58618eec2b",
        file: "mqtt_async.py",
        module: "mqtt_async.py",
    })
}
