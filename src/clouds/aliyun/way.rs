//! The ways to register.

/// How to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Over HTTPS, which only the old public instance serves; the device's name is known to the platform.
    Https,
    /// Over MQTT, `authType=register`; the device's name is known to the platform.
    Mqtt,
    /// Over MQTT, `authType=regnwl` ("no white list"): the platform takes any name, and gives a token instead of a secret.
    MqttUnlisted,
}

impl Way {
    /// The way of that name: `https`, or an `authType` of the platform's.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "https" => Some(Self::Https),
            "register" => Some(Self::Mqtt),
            "regnwl" => Some(Self::MqttUnlisted),
            _ => None,
        }
    }
}
