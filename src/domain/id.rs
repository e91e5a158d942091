//! Keys of new rows.

use uuid::{Builder, Uuid};

/// Milliseconds from 1970 to 2000.
const EPOCH_MS: i64 = 946_684_800_000;

/// A key that is later than those of earlier instants (uuid version 7), of an instant in microseconds since 2000 and a random
/// uuid. Random keys touch a page of the index anywhere, and leave three tenths of it empty; these its last one.
pub fn ordered(instant: i64, random: Uuid) -> Uuid {
    let instant_ms = instant.div_euclid(1000).saturating_add(EPOCH_MS);
    let [_, _, _, _, _, _, tail @ ..] = random.into_bytes();
    Builder::from_unix_timestamp_millis(u64::try_from(instant_ms).unwrap_or_default(), &tail).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_their_instants_and_differ_within_one() {
        let (low, high) = (Uuid::from_u128(1 << 70), Uuid::from_u128(u128::MAX));
        assert!(ordered(1_000, low) > ordered(999, high));
        assert_ne!(ordered(1_000, low), ordered(1_000, high));
        assert_eq!(ordered(0, low).get_version_num(), 7);
        assert_eq!(ordered(i64::MIN, low), ordered(-EPOCH_MS * 1000, low), "before 1970 there is no order");
        assert_eq!("00dc6acf-ac00-7", &ordered(0, high).to_string()[..15]);
    }
}
