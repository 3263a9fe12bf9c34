//! Is this password the signature that the device's secret makes?
//!
//! The rule is document 73742's: the HMAC of the names and values of `clientId`, `deviceName`,
//! `productKey` and, when sent, `timestamp`, in alphabetical order and with no separators.

use hmac::{Hmac, Mac};

/// The three ways to sign that the platform accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Md5,
    Sha1,
    Sha256,
}

impl Method {
    pub fn named(name: &str) -> Option<Method> {
        match name {
            "hmacmd5" => Some(Method::Md5),
            "hmacsha1" => Some(Method::Sha1),
            "hmacsha256" => Some(Method::Sha256),
            _ => None,
        }
    }
}

/// What a direct login signs.
pub fn content(client_id: &str, device: &str, product: &str, timestamp: Option<&str>) -> String {
    let timestamp = timestamp.map(|t| format!("timestamp{t}")).unwrap_or_default();
    format!("clientId{client_id}deviceName{device}productKey{product}{timestamp}")
}

/// What a registration signs.
pub fn registration_content(device: &str, product: &str, random: &str) -> String {
    format!("deviceName{device}productKey{product}random{random}")
}

/// Compares in constant time; upper and lower case hex are both taken.
pub fn verify(method: Method, secret: &str, content: &str, password: &str) -> bool {
    let Ok(claimed) = hex::decode(password) else {
        return false;
    };
    match method {
        Method::Md5 => check::<Hmac<md5::Md5>>(secret, content, &claimed),
        Method::Sha1 => check::<Hmac<sha1::Sha1>>(secret, content, &claimed),
        Method::Sha256 => check::<Hmac<sha2::Sha256>>(secret, content, &claimed),
    }
}

/// As [`verify`], of a cloud whose hex is in lower case alone.
pub fn verify_lower(method: Method, secret: &str, content: &str, password: &str) -> bool {
    !password.bytes().any(|byte| byte.is_ascii_uppercase()) && verify(method, secret, content, password)
}

fn check<M: Mac + hmac::digest::KeyInit>(secret: &str, content: &str, claimed: &[u8]) -> bool {
    <M as Mac>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(content).verify_slice(claimed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of document 73742: client id 12345, device `device`, product `pk`, secret `secret`.
    #[test]
    fn signs_the_published_example() {
        let content = content("12345", "device", "pk", Some("789"));
        assert_eq!(content, "clientId12345deviceNamedeviceproductKeypktimestamp789");
        for (method, signature) in [
            (Method::Md5, "14B198324FE55E1D3C88F2E705E201EE"),
            (Method::Sha1, "FAFD82A3D602B37FB0FA8B7892F24A477F851A14"),
            (Method::Sha256, "6074A46A91B1EBB2CC4EA42790AD0E80202C9843859FC292E57C4EB19FAD9E57"),
        ] {
            assert!(verify(method, "secret", &content, signature), "{method:?}");
            assert!(verify(method, "secret", &content, &signature.to_lowercase()));
            assert!(!verify(method, "Secret", &content, signature));
            assert!(!verify(method, "secret", &content, &signature[2..]));
        }
    }

    /// Vectors of LuatOS's test case and device log, and of QuecPython's formula: logins and registrations.
    #[test]
    fn signs_as_other_firmware_does() {
        let luatos = content("123456789.abcdefg", "abcdefg", "123456789", Some("32472115200"));
        let quecpython = content("clientID", "Chic_001", "a1llZotKkCm", None);
        for (method, secret, content, signature) in [
            (Method::Md5, "Y877Bgo8X5owd3lcB5wWDjryNPoB", &luatos, "16CB9B20009795D576E9172CDC820646"),
            (Method::Sha1, "Y877Bgo8X5owd3lcB5wWDjryNPoB", &luatos, "4E5358D2C33CA163BDA58EC994B9E312712230C7"),
            (
                Method::Sha256,
                "Y877Bgo8X5owd3lcB5wWDjryNPoB",
                &luatos,
                "2842DC9F2FBA19C671DD3F4D24590D41F91C25FD9BC4E5101951BEA88B7DEACD",
            ),
            (
                Method::Sha256,
                "0123456789abcdef0123456789abcdef",
                &quecpython,
                "a807a5660f95030313e4f1451f77410f637e17a92f63b28942cd09e2c877381a",
            ),
            (
                Method::Sha1,
                "dxV3o2IekLLsOMFn",
                &registration_content("abcdefg", "123456789", "123"),
                "41cd6dab8a7c757854215f9b997af7c65fffbf9b",
            ),
            (
                Method::Md5,
                "dxV3o2IekLLsOMFn",
                &registration_content("abcdefg", "123456789", "123"),
                "BEF8F5D8454A5E1EE8B8E2B2F3E740FB",
            ),
            (
                Method::Sha256,
                "mj7qKfEn73y07gyK",
                &registration_content("Chic_001", "a1llZotKkCm", "12345"),
                "0e47c35c22bfe6b357d15c5889d5ef225ea0d29a2f66656124d9a0dde2233ace",
            ),
        ] {
            assert!(verify(method, secret, content, signature), "{method:?} {content}");
            assert!(!verify(method, &secret[1..], content, signature));
        }
    }

    #[test]
    fn signs_without_a_timestamp() {
        let content = content("Chic_001", "Chic_001", "a1llZotKkCm", None);
        let secret = "0123456789abcdef0123456789abcdef";
        assert!(verify(Method::Md5, secret, &content, "F45EF51C7E1B2FBE5E92858CD30DCBD0"));
    }

    #[test]
    fn a_password_is_hex_digits() {
        for password in ["", "0", "zz", "é", "14B198324FE55E1D3C88F2E705E201E", " 14B198324FE55E1D3C88F2E705E201EE"] {
            assert!(!verify(Method::Md5, "secret", "clientId12345deviceNamedeviceproductKeypktimestamp789", password));
        }
    }
}
