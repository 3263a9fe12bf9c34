//! Which topics do a cloud's services have?

/// The topics of a cloud's services. `{names}` stands for `product/device/`. A topic that the cloud does not have is empty.
#[allow(dead_code)] // Some are those of services that a build may leave out, or that are not here yet.
pub(crate) struct Topics {
    /// Before `{names}`: what most topics begin with. `event` and `call` come behind it and the names.
    pub(crate) device: &'static str,
    /// The device posts events here: before and behind the event's identifier.
    pub(crate) event: [&'static str; 2],
    /// The identifier of the event that posts properties.
    pub(crate) property: &'static str,
    /// The cloud sets properties and calls services here: before the service's identifier.
    pub(crate) call: &'static str,
    /// The device asks for the time, and the answer: before `{names}`, and two ends behind it.
    pub(crate) time: [&'static str; 3],
    /// Updates of firmware: before `{names}`, for the device's version, its progress, and the cloud's order.
    pub(crate) ota: [&'static str; 3],
}

impl Topics {
    /// A cloud without such services.
    pub(crate) const NONE: Self =
        Self { device: "", event: [""; 2], property: "", call: "", time: [""; 3], ota: [""; 3] };
}
