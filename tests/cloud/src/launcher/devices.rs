//! One product with three devices, their secrets new at each start.

use serde_json::{Value, json};

use crate::random;

pub fn make() -> Result<Value, String> {
    let product = format!("a1{}", random::text(9)?);
    let product_secret = random::text(16)?;
    let device = |name: &str| -> Result<Value, String> {
        Ok(json!({
            "productKey": product,
            "productSecret": product_secret,
            "deviceName": name,
            "deviceSecret": random::text(32)?,
        }))
    };
    Ok(json!([device("dev01")?, device("dev02")?, device("dev03")?]))
}
