//! May this device use this topic?
//!
//! A device has its own topics and no others. System topics carry its product key and name at a known
//! place; topics of its owner's making live under `/{pk}/{dn}/user/`, at most seven levels deep and
//! shorter than 128 bytes (Link SDK C 4.2).

use crate::devices::Name;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Publish,
    Subscribe,
}

/// Whose topic is it, in the broker's terms?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The platform takes what is published here; no subscriber gets it.
    System,
    /// `/{pk}/{dn}/user/…`: published messages also reach the device's own subscriptions.
    Custom,
}

const LEVELS: usize = 7;
const LENGTH: usize = 128;

/// What kind of own topic this is, or why the device may not use it. `broadcasts`: its product lets it publish to its broadcast
/// topics.
pub fn check(owner: &Name, topic: &str, usage: Use, broadcasts: bool) -> Result<Kind, String> {
    let Some(path) = topic.strip_prefix('/') else {
        return Err(format!("{topic:?} does not begin with a slash"));
    };
    let levels: Vec<&str> = path.split('/').collect();
    let own = |at: usize| levels.get(at) == Some(&&*owner.product) && levels.get(at + 1) == Some(&&*owner.device);
    let subscribes = usage == Use::Subscribe;
    match levels[..] {
        ["sys", ..] if own(1) && levels.len() > 3 => Ok(Kind::System),
        ["shadow", "update" | "get", _, _] if own(2) => Ok(Kind::System),
        ["ota", "device", _, _, _] if own(3) => Ok(Kind::System),
        ["ext", "rrpc", _, "sys", ..] if !own(4) => Err(format!("{topic:?} is not a topic of {owner}")),
        ["ext", "rrpc", _, ..] if levels.len() > 3 || subscribes => Ok(Kind::System),
        ["ext", "ntp" | "session" | "error", ..] if own(2) => Ok(Kind::System),
        ["broadcast", product, _] if product == owner.product => match usage {
            Use::Subscribe => Ok(Kind::Custom),
            Use::Publish if broadcasts => Ok(Kind::Custom),
            Use::Publish => Err(format!("a device may not publish the broadcast topic {topic:?}")),
        },
        [_, _, "user", ..] if own(0) && levels.len() > 3 => custom(topic, levels.len()),
        _ => Err(format!("{topic:?} is not a topic of {owner}")),
    }
}

/// Does a subscription's filter let this topic through (MQTT 3.1.1, section 4.7)?
pub fn matches(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        match (part, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (part, Some(level)) if part == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

fn custom(topic: &str, levels: usize) -> Result<Kind, String> {
    if levels > LEVELS {
        Err(format!("{topic:?} has {levels} levels; the limit is {LEVELS}"))
    } else if topic.len() >= LENGTH {
        Err(format!("a topic of {} bytes; it must be shorter than {LENGTH}", topic.len()))
    } else {
        Ok(Kind::Custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(topic: &str, usage: Use) -> Option<Kind> {
        check(&Name::new("pk", "dn"), topic, usage, false).ok()
    }

    #[test]
    fn own_topics_and_no_others() {
        for topic in [
            "/sys/pk/dn/thing/event/property/post",
            "/ext/rrpc/123/sys/pk/dn/thing/service/x",
            "/ext/ntp/pk/dn/request",
            "/ota/device/inform/pk/dn",
            "/shadow/update/pk/dn",
        ] {
            assert_eq!(judge(topic, Use::Publish), Some(Kind::System), "{topic}");
        }
        assert_eq!(judge("/pk/dn/user/a", Use::Publish), Some(Kind::Custom));
        for topic in [
            "/sys/pk/other/thing/event/property/post",
            "/sys/pk/dn",
            "/ext/ntp/pk/other/request",
            "/ext/rrpc/123/sys/pk/other/thing/service/x",
            "/ota/device/inform/pk/other",
            "/shadow/update/other/dn",
            "/pk/other/user/a",
            "/pk/dn/elsewhere",
            "/pk/dn/user",
            "pk/dn/user/a",
            "$SYS/broker/version",
            "/ext/register",
        ] {
            assert_eq!(judge(topic, Use::Publish), None, "{topic}");
            assert_eq!(judge(topic, Use::Subscribe), None, "{topic}");
        }
    }

    #[test]
    fn wildcards_stay_within_its_own() {
        for topic in ["/sys/pk/dn/#", "/pk/dn/user/+", "/pk/dn/user/#", "/broadcast/pk/+", "/ext/rrpc/+/pk/dn/user/a"] {
            assert!(judge(topic, Use::Subscribe).is_some(), "{topic}");
        }
        for topic in ["#", "/#", "/sys/#", "/sys/pk/+/thing/#", "/+/dn/user/a", "/pk/#", "/broadcast/#"] {
            assert_eq!(judge(topic, Use::Subscribe), None, "{topic}");
        }
    }

    #[test]
    fn a_filter_lets_topics_through() {
        for filter in ["a/b", "a/+", "a/#", "+/b", "#"] {
            assert!(matches(filter, "a/b"), "{filter}");
        }
        for filter in ["a", "a/b/c", "a/b/+", "b/#", "+", "a/c"] {
            assert!(!matches(filter, "a/b"), "{filter}");
        }
        assert!(matches("a/b/#", "a/b"));
    }

    #[test]
    fn broadcasts_come_from_the_cloud_unless_the_product_says_otherwise() {
        assert_eq!(judge("/broadcast/pk/news", Use::Publish), None);
        let owner = Name::new("pk", "dn");
        assert_eq!(check(&owner, "/broadcast/pk/news", Use::Publish, true), Ok(Kind::Custom));
        assert!(check(&owner, "/broadcast/other/news", Use::Publish, true).is_err());
    }

    #[test]
    fn custom_topics_have_limits() {
        assert!(judge("/pk/dn/user/4/5/6/7", Use::Publish).is_some());
        assert!(judge("/pk/dn/user/4/5/6/7/8", Use::Publish).is_none());
        let long = format!("/pk/dn/user/{}", "x".repeat(115));
        assert_eq!(long.len(), 127);
        assert!(judge(&long, Use::Publish).is_some());
        assert!(judge(&format!("{long}x"), Use::Publish).is_none());
    }
}
