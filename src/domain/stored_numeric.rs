//! The short form in which the server stores a `numeric`: a word of sign, digits behind the point and weight of the first place, then
//! places to the base 10,000, without zeros at either end. `src/backend/utils/adt/numeric.c` says so, of every version that is served.
//!
//! It is pure, and stands here so that its properties are tried without a server; that the server agrees, `src/pg` tests.

use crate::limit::Amount;
use bigdecimal::ToPrimitive;
use std::ops::Deref;

const IS_SHORT: u16 = 0x8000;
const FORMS: u16 = 0xC000;
/// NaN and the infinities.
const IS_SPECIAL: u16 = 0xC000;
/// Of the long form, whose two first bits are the sign.
const LONG_SCALE: u16 = 0x3FFF;
const IS_NEGATIVE: u16 = 0x2000;
const SCALE_SHIFT: u16 = 7;
const MAX_SCALE: u16 = 0x3F;
/// Seven bits with a sign: of 128 bits and so many digits behind the point more than enough.
const WEIGHT: u16 = 0x7F;
const BASE: u16 = 10_000;
const DIGITS_OF_PLACE: u32 = 4;
/// Those of the header and of as many places as 128 bits fill.
const MOST_BYTES: usize = 2 * (1 + 10);
/// So many places fit into 64 bits.
const SMALL_PLACES: usize = 4;

/// A whole number, and how many of its digits stand behind the point; `None` for another form, which large numbers have, and for what
/// does not fit.
pub fn read(bytes: &[u8]) -> Option<(i128, i64)> {
    let (words, rest) = bytes.as_chunks::<2>();
    let (header, places) = words.split_first()?;
    let header = u16::from_ne_bytes(*header);
    if header & FORMS != IS_SHORT || !rest.is_empty() {
        return None;
    }
    let scale = i32::from((header >> SCALE_SHIFT) & MAX_SCALE);
    let weight = i32::from(header & 0x3F) - i32::from(header & 0x40);
    let last_weight = weight - i32::try_from(places.len()).ok()? + 1;
    // The last place stands for 10,000 to its weight; as many digits behind the point are wanted as are shown.
    let shift = if places.is_empty() { 0 } else { 4 * last_weight + scale };
    // Nearly all are small and whole.
    if shift == 0 && places.len() <= SMALL_PLACES {
        let value = places.iter().fold(0, |value, place| value * 10_000 + i64::from(i16::from_ne_bytes(*place)));
        return Some(((if header & IS_NEGATIVE != 0 { -value } else { value }).into(), scale.into()));
    }
    let mut value = 0_i128;
    for place in places {
        value = value.checked_mul(10_000)?.checked_add(i16::from_ne_bytes(*place).into())?;
    }
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let value =
        if shift >= 0 { value.checked_mul(power)? } else { Some(value / power).filter(|_| value % power == 0)? };
    Some((if header & IS_NEGATIVE != 0 { -value } else { value }, scale.into()))
}

/// How many digits are shown behind the point, in the long form too; 0 for what is no number.
pub fn digits_behind(bytes: &[u8]) -> usize {
    let Some(header) = bytes.first_chunk::<2>().map(|header| u16::from_ne_bytes(*header)) else { return 0 };
    usize::from(match header & FORMS {
        IS_SHORT => (header >> SCALE_SHIFT) & MAX_SCALE,
        IS_SPECIAL => 0,
        _ => header & LONG_SCALE,
    })
}

/// The bytes of a number.
#[derive(Debug)]
pub struct Stored {
    bytes: [u8; MOST_BYTES],
    length: usize,
}

impl Deref for Stored {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// The bytes of a whole number with so many of its digits behind the point; `None` for what does not fit into this form.
pub fn write(value: i128, scale: u16) -> Option<Stored> {
    if scale > MAX_SCALE {
        return None;
    }
    let places_behind = u32::from(scale).div_ceil(DIGITS_OF_PLACE);
    let padding = places_behind * DIGITS_OF_PLACE - u32::from(scale);
    let mut rest = value.unsigned_abs().checked_mul(10_u128.pow(padding))?;
    let mut weight = -i32::try_from(places_behind).ok()?;
    // From the last place on, from the end of the array.
    let mut bytes = [0; MOST_BYTES];
    let mut begin = MOST_BYTES;
    while rest != 0 {
        let place;
        (rest, place) = without_last_place(rest);
        if place == 0 && begin == MOST_BYTES {
            weight += 1;
            continue;
        }
        begin = put_before(&mut bytes, begin, place)?;
    }
    // The weight of the first place; nothing has none.
    let places = (MOST_BYTES - begin) / 2;
    weight = if places == 0 { 0 } else { weight + i32::try_from(places).ok()? - 1 };
    let sign = if value < 0 { IS_NEGATIVE } else { 0 };
    let header = IS_SHORT | sign | scale << SCALE_SHIFT | (i16::try_from(weight).ok()?.cast_unsigned() & WEIGHT);
    begin = put_before(&mut bytes, begin, header)?;
    bytes.copy_within(begin.., 0);
    Some(Stored { bytes, length: MOST_BYTES - begin })
}

/// Puts a word before a place of the array; where it begins.
fn put_before(bytes: &mut [u8; MOST_BYTES], place: usize, word: u16) -> Option<usize> {
    let begin = place.checked_sub(2)?;
    bytes.get_mut(begin..place)?.copy_from_slice(&word.to_ne_bytes());
    Some(begin)
}

/// A number without its last place, and that. Most have 64 bits, which are divided many times as fast as 128.
fn without_last_place(number: u128) -> (u128, u16) {
    match u64::try_from(number) {
        Ok(number) => ((number / u64::from(BASE)).into(), (number % u64::from(BASE)) as u16),
        Err(_) => (number / u128::from(BASE), (number % u128::from(BASE)) as u16),
    }
}

/// As [`write`], of an amount.
pub fn write_amount(amount: &Amount) -> Option<Stored> {
    let (value, scale) = amount.as_bigint_and_scale();
    let value = value.to_i128()?;
    match u16::try_from(scale) {
        Ok(scale) => write(value, scale),
        Err(_) if scale < 0 => {
            write(value.checked_mul(10_i128.checked_pow(u32::try_from(scale.unsigned_abs()).ok()?)?)?, 0)
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::str::FromStr;

    #[test]
    fn known_bytes() {
        let bytes = |words: &[u16]| Some(words.iter().flat_map(|word| word.to_ne_bytes()).collect::<Vec<u8>>());
        for (value, scale, expected) in [
            (0, 0, bytes(&[0x8000])),
            (0, 3, bytes(&[0x8180])),
            (7, 0, bytes(&[0x8000, 7])),
            (-7, 0, bytes(&[0xA000, 7])),
            (10_000, 0, bytes(&[0x8001, 1])),
            (120_003, 0, bytes(&[0x8001, 12, 3])),
            (5, 1, bytes(&[0x80FF, 5000])),
            (27, 8, bytes(&[0x847E, 27])),
            (1, 64, None),
            (i128::MAX, 0, bytes(&[0x8009, 170, 1411, 8346, 469, 2317, 3168, 7303, 7158, 8410, 5727])),
            (i128::MIN, 1, None),
        ] {
            assert_eq!(write(value, scale).map(|stored| stored.to_vec()), expected, "{value} {scale}");
        }
    }

    #[test]
    fn amounts_of_any_scale() {
        for (text, expected) in [("1e3", Some((1000, 0))), ("1e39", None), ("0.10", Some((10, 2))), ("1e-64", None)] {
            let amount = Amount::from_str(text).unwrap();
            assert_eq!(write_amount(&amount).and_then(|bytes| read(&bytes)), expected, "{text}");
        }
    }

    #[test]
    fn digits_behind_the_point_of_any_form() {
        for (header, expected) in [
            (0x8000_u16, 0),
            (0x9F80, 63),
            (0xBF80, 63),
            (0x0000, 0),
            (0x3FFF, 16_383),
            (0x4001, 1),
            (0xC000, 0),
            (0xF000, 0),
        ] {
            assert_eq!(digits_behind(&header.to_ne_bytes()), expected, "{header:x}");
        }
        assert_eq!(digits_behind(&[]), 0);
    }

    #[test]
    fn nothing_short_is_read_from_other_forms() {
        for header in [0x0000_u16, 0x4000, 0xC000, 0xD000, 0xF000] {
            assert_eq!(read(&header.to_ne_bytes()), None, "{header:x}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0, 0x80, 1]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in -10_i128.pow(34)..10_i128.pow(34), scale in 0_u16..=63) {
            if let Some(bytes) = write(value, scale) {
                prop_assert_eq!(read(&bytes), Some((value, scale.into())));
                prop_assert_ne!(bytes.get(2..4), Some(&[0, 0][..]), "a zero in front");
                prop_assert!(bytes.len() == 2 || !bytes.ends_with(&[0, 0]), "a zero at the end");
            }
        }

        #[test]
        fn what_fits_is_written(value in -10_i128.pow(30)..10_i128.pow(30), scale in 0_u16..=30) {
            prop_assert!(write(value, scale).is_some());
        }
    }
}
