//! The ways to register.

/// How to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Way {
    /// Over HTTPS, which only the old public instance serves; the device's name is known to the platform.
    Https,
    /// Over MQTT, `authType=register`; the device's name is known to the platform.
    Mqtt,
    /// Over MQTT, `authType=regnwl` ("no white list"): the platform takes any name, and gives a token instead of a secret.
    MqttUnlisted,
}

impl Way {
    /// The name of the way: `https`, or an `authType` of the platform's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Mqtt => "register",
            Self::MqttUnlisted => "regnwl",
        }
    }

    /// The way of that name.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [Self::Https, Self::Mqtt, Self::MqttUnlisted].into_iter().find(|way| name == way.name().as_bytes())
    }
}
