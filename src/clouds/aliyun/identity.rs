//! Which device of which product, and where it is kept: what a login and a registration have in common.

use super::error::LoginError;
use crate::bytes::is_name;
use crate::clouds::{Endpoint, Server, SignMethod};

/// The port of the new instances' TLS listener under Alibaba's own root (the docs' root certificate page).
const TLS_PORT: u16 = 8883;
/// The port that every instance serves, TLS or plain as `securemode` says (document 73742).
const MQTT_PORT: u16 = 1883;

/// Which device it is, and how it signs.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    /// Product key, at most 20 letters and digits.
    pub product_key: &'a str,
    /// Device name within the product, at most 32 of `A-Z a-z 0-9 - _ @ . :`.
    pub device_name: &'a str,
    /// Region of the old public instance; `cn-shanghai` if `None`.
    pub region: Option<&'a str>,
    /// A new public or an enterprise instance; `None` is the old public instance.
    pub instance_id: Option<&'a str>,
    /// How to sign.
    pub sign_method: SignMethod,
}

impl<'a> Identity<'a> {
    /// A device of the old public instance in `cn-shanghai` that signs with HMAC-SHA256.
    pub const fn new(product_key: &'a str, device_name: &'a str) -> Self {
        Self { product_key, device_name, region: None, instance_id: None, sign_method: SignMethod::HmacSha256 }
    }

    /// Product key and device name.
    pub(super) fn names(&self) -> [&'a [u8]; 2] {
        [self.product_key.as_bytes(), self.device_name.as_bytes()]
    }

    pub(super) fn region(&self) -> &'a str {
        self.region.unwrap_or("cn-shanghai")
    }

    pub(super) fn check(&self) -> Result<(), LoginError> {
        let given = |text: Option<&str>, max, also| text.is_none_or(|text| is_name(text.as_bytes(), max, also));
        let [product_key, device_name] = self.names();
        if !is_name(product_key, 20, b"") {
            Err(LoginError::ProductKey)
        } else if !is_name(device_name, 32, b"-_@.:") {
            Err(LoginError::DeviceName)
        } else if !given(self.region, 32, b"-") {
            Err(LoginError::Region)
        } else if !given(self.instance_id, 64, b"-_") {
            Err(LoginError::InstanceId)
        } else {
            Ok(())
        }
    }

    /// Has `endpoint` be the MQTT server of the instance.
    pub(super) fn resolve(&self, server: &Server, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let host: &[&str] = match (server.host, self.instance_id) {
            (Some(given), _) => &[given],
            (None, Some(instance)) => &[instance, ".mqtt.iothub.aliyuncs.com"],
            (None, None) => &[self.product_key, ".iot-as-mqtt.", self.region(), ".aliyuncs.com"],
        };
        let usual_port = if server.tls && self.instance_id.is_some() { TLS_PORT } else { MQTT_PORT };
        Ok(endpoint.set(host, server.port.unwrap_or(usual_port), server.tls)?)
    }
}
