//! The crates of RustCrypto say what is right.

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;

use super::{Function, SHA256};

fn agrees<M: Mac + KeyInit>(function: &Function, key: &[u8], pieces: &[&[u8]]) -> Result<(), TestCaseError> {
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    pieces.iter().for_each(|piece| mac.update(piece));
    let right = mac.finalize().into_bytes();
    prop_assert_eq!(right.len(), function.length);
    prop_assert_eq!(&function.hmac(key, pieces)[..function.length], &right[..]);
    Ok(())
}

proptest! {
    #[test]
    fn any_key_and_message_give_what_the_crates_give(
        key in proptest::collection::vec(any::<u8>(), 0..140),
        first in "[ -~]{0,130}",
        second in "[ -~]{0,70}",
    ) {
        let pieces = [first.as_bytes(), second.as_bytes()];
        agrees::<Hmac<sha2::Sha256>>(&SHA256, &key, &pieces)?;
        #[cfg(feature = "sha1")]
        agrees::<Hmac<sha1::Sha1>>(&super::SHA1, &key, &pieces)?;
        #[cfg(feature = "md5")]
        agrees::<Hmac<md5::Md5>>(&super::MD5, &key, &pieces)?;
    }
}

#[test]
fn padding_at_each_length_is_right() {
    let text = "x".repeat(130);
    for length in 0..=text.len() {
        agrees::<Hmac<sha2::Sha256>>(&SHA256, b"key", &[&text.as_bytes()[..length]]).unwrap();
    }
}
