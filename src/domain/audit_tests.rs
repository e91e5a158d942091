//! Tests of [`super`].

use super::*;
use proptest::prelude::*;

const ORGANIZATION: Uuid = Uuid::from_u128(0xf1);

fn entry(position: i64, previous: &[u8]) -> Entry {
    Entry {
        chain_id: Some(ORGANIZATION),
        position: Some(position),
        previous_hash: Some(previous.to_vec()),
        id: Some(Uuid::from_u128(position.unsigned_abs().into())),
        timestamp: Some(position * 1_000_000),
        user: Some(Uuid::from_u128(0xa)),
        organization: Some(ORGANIZATION),
        action: Some("key_rotated".to_owned()),
        resource_type: Some("api_key".to_owned()),
        details: Some("{}".to_owned()),
        success: Some(true),
        ..Entry::default()
    }
}

fn stored(entry: Entry) -> Stored {
    let hash = Some(entry.hash().to_vec());
    Stored { user: entry.user, organization: entry.organization, parents_stand: [true; 2], hash, entry }
}

/// So many rows, as they are written, and their head.
fn chain(rows: i64) -> (Vec<Stored>, Head) {
    let mut head = Head { position: 0, hash: NO_HASH.to_vec() };
    let mut chain = Vec::new();
    for position in 1..=rows {
        let row = stored(entry(position, &head.hash));
        head = Head { position, hash: row.hash.clone().unwrap_or_default() };
        chain.push(row);
    }
    (chain, head)
}

/// What is wrong first, and where.
fn verdict(rows: &[Stored], head: Option<Head>) -> Option<(&'static str, i64)> {
    let mut walk = Walk::new(head);
    let found = rows.iter().try_for_each(|row| walk.step(row)).and_then(|()| walk.end());
    found.err().map(|broken| (broken.problem, broken.position))
}

#[test]
fn what_was_written_is_whole() {
    for rows in [0, 1, 2, 7] {
        let (chain, head) = chain(rows);
        assert_eq!(verdict(&chain, Some(head)), None, "{rows} rows");
    }
    assert_eq!(verdict(&[], None), None);
}

#[test]
fn the_hash_is_sha256_of_a_form_that_is_pinned() {
    let nothing = Entry::default();
    assert_eq!(nothing.encoded(), [RULE, &[0; 15]].concat());
    let one = Entry { position: Some(258), success: Some(true), action: Some("né".to_owned()), ..Entry::default() };
    let mut expected = [RULE, &[0]].concat();
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0]);
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 3, b'n', 0xc3, 0xa9, 0, 0, 0, 0, 0]);
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0]);
    assert_eq!(one.encoded(), expected);
    assert_eq!(hex(&entry(1, &NO_HASH).hash()), "7365cc53ab65ce9681c00c997a721e4615900998cbfb40359bbb0f577b517b87");
}

#[test]
fn who_is_gone_breaks_nothing() {
    let (mut chain, head) = chain(3);
    for row in &mut chain {
        (row.user, row.organization, row.parents_stand) = (None, None, [false; 2]);
    }
    assert_eq!(verdict(&chain, Some(head)), None);
}

/// What somebody does to the rows and the head of a chain.
type Tampering = fn(&mut Vec<Stored>, &mut Option<Head>);

#[test]
fn whatever_is_done_to_it_the_first_broken_row_is_named() {
    let cases: [(&str, Tampering, (&str, i64)); 18] = [
        ("details", |rows, _| rows[2].entry.details = Some("{\"a\": 1}".to_owned()), ("contents changed", 3)),
        ("timestamp", |rows, _| rows[2].entry.timestamp = Some(0), ("contents changed", 3)),
        ("NULL for empty", |rows, _| rows[2].entry.error_message = Some(String::new()), ("contents changed", 3)),
        ("user", |rows, _| rows[2].user = Some(Uuid::nil()), ("user changed", 3)),
        ("both users", |rows, _| (rows[2].user, rows[2].entry.user) = (None, None), ("contents changed", 3)),
        ("organization", |rows, _| rows[2].organization = Some(Uuid::nil()), ("organization changed", 3)),
        ("user let go of who stands", |rows, _| rows[2].user = None, ("user changed", 3)),
        (
            "organization let go of that stands",
            |rows, _| (rows[2].organization, rows[2].parents_stand) = (None, [false, true]),
            ("organization changed", 3),
        ),
        ("no hash", |rows, _| rows[2].hash = None, ("contents changed", 3)),
        ("a row is gone", |rows, _| drop(rows.remove(2)), ("row missing", 3)),
        ("the first is gone", |rows, _| drop(rows.remove(0)), ("row missing", 1)),
        ("the tail is gone", |rows, _| rows.truncate(2), ("rows missing at the end", 3)),
        ("all is gone", |rows, _| rows.clear(), ("rows missing at the end", 1)),
        (
            "a row more",
            |rows, head| rows.push(stored(entry(6, &head.clone().unwrap().hash))),
            ("row beyond the head", 6),
        ),
        ("a row twice", |rows, _| rows.insert(2, rows[2].clone()), ("position taken twice", 3)),
        (
            "swapped",
            |rows, _| {
                (rows[1].entry.position, rows[2].entry.position) = (Some(3), Some(2));
                rows.swap(1, 2);
            },
            ("contents changed", 2),
        ),
        ("no head", |_, head| *head = None, ("row beyond the head", 1)),
        (
            "the last one hashed anew",
            |rows, _| {
                rows[4].entry.details = None;
                rows[4] = stored(rows[4].entry.clone());
            },
            ("wrong head", 5),
        ),
    ];
    for (name, tamper, expected) in cases {
        let (mut rows, head) = chain(5);
        let mut head = Some(head);
        tamper(&mut rows, &mut head);
        assert_eq!(verdict(&rows, head), Some(expected), "{name}");
    }
}

#[test]
fn a_row_that_is_hashed_anew_no_longer_fits_the_next_one() {
    let (mut rows, head) = chain(5);
    rows[2].entry.action = Some("nothing".to_owned());
    rows[2] = stored(rows[2].entry.clone());
    assert_eq!(verdict(&rows, Some(head)), Some(("wrong link", 4)));
}

#[test]
fn what_is_too_long_is_named_with_its_column() {
    let mut long = entry(1, &NO_HASH);
    long.resource_id = Some("x".repeat(MAX_WORD_BYTES));
    long.details = Some("x".repeat(MAX_DETAILS_BYTES));
    assert_eq!(long.too_long(), None);
    long.details = Some("é".repeat(MAX_DETAILS_BYTES / 2 + 1));
    assert_eq!(long.too_long(), Some(("details", MAX_DETAILS_BYTES + 2, MAX_DETAILS_BYTES)));
    long.resource_id = Some("x".repeat(MAX_WORD_BYTES + 1));
    assert_eq!(long.too_long(), Some(("resource_id", MAX_WORD_BYTES + 1, MAX_WORD_BYTES)));
}

/// Few and short values, of which some look like parts of an encoding: so that two rows are often nearly the same.
fn any_entry() -> impl Strategy<Value = Entry> {
    let id = || prop::option::of((0u128..3).prop_map(Uuid::from_u128));
    let text =
        || prop::option::of(prop::sample::select(vec!["", "\0", "\u{1}", "\0\0\0\0\0\0\0\u{1}a", "a", "ab", "é"]));
    let text = move || text().prop_map(|text| text.map(str::to_owned));
    let number = || prop::option::of(prop::sample::select(vec![i64::MIN, -1, 0, 1, 256, i64::MAX]));
    let bytes = prop::option::of(prop::collection::vec(0u8..2, 0..3));
    let first = (id(), number(), bytes, id(), number(), id(), id());
    let second = (text(), text(), text(), text(), text(), text(), prop::option::of(any::<bool>()), text());
    (first, second).prop_map(|(first, second)| {
        let (chain_id, position, previous_hash, id, timestamp, user, organization) = first;
        let (action, resource_type, resource_id, details, ip_address, user_agent, success, error_message) = second;
        Entry {
            chain_id,
            position,
            previous_hash,
            id,
            timestamp,
            user,
            organization,
            action,
            resource_type,
            resource_id,
            details,
            ip_address,
            user_agent,
            success,
            error_message,
        }
    })
}

/// Reads an encoding back, field by field; it can, so no two rows share one.
fn fields(encoded: &[u8]) -> Option<Vec<Option<Vec<u8>>>> {
    let mut rest = encoded.strip_prefix(RULE)?;
    let mut fields = Vec::new();
    while let Some((tag, after)) = rest.split_first() {
        if *tag == 0 {
            fields.push(None);
            rest = after;
            continue;
        }
        let (length, after) = after.split_first_chunk::<8>()?;
        let (field, after) = after.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)?;
        fields.push(Some(field.to_vec()));
        rest = after;
    }
    Some(fields)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn two_rows_have_one_encoding_only_if_they_are_one(a in any_entry(), b in any_entry()) {
        prop_assert_eq!(a == b, a.encoded() == b.encoded());
    }

    #[test]
    fn one_field_that_differs_is_enough(a in any_entry(), b in any_entry(), which in 0usize..15) {
        let mut c = a.clone();
        match which {
            0 => c.chain_id = b.chain_id,
            1 => c.position = b.position,
            2 => c.previous_hash = b.previous_hash,
            3 => c.id = b.id,
            4 => c.timestamp = b.timestamp,
            5 => c.user = b.user,
            6 => c.organization = b.organization,
            7 => c.action = b.action,
            8 => c.resource_type = b.resource_type,
            9 => c.resource_id = b.resource_id,
            10 => c.details = b.details,
            11 => c.ip_address = b.ip_address,
            12 => c.user_agent = b.user_agent,
            13 => c.success = b.success,
            _ => c.error_message = b.error_message,
        }
        prop_assert_eq!(a == c, a.encoded() == c.encoded());
        prop_assert_eq!(a == c, a.hash() == c.hash());
    }

    #[test]
    fn an_encoding_can_be_read_back(a in any_entry()) {
        let read = fields(&a.encoded());
        prop_assert_eq!(read.as_ref().map(Vec::len), Some(15));
        let read = read.unwrap_or_default();
        prop_assert_eq!(read.get(2).cloned().flatten(), a.previous_hash.clone());
        prop_assert_eq!(read.get(7).cloned().flatten(), a.action.map(String::into_bytes));
        prop_assert_eq!(read.get(10).cloned().flatten(), a.details.map(String::into_bytes));
    }

    #[test]
    fn a_change_of_any_row_is_found_at_that_row(rows in 1i64..6, which in 0usize..6, other in any_entry()) {
        let (mut chain, head) = chain(rows);
        let which = which % chain.len();
        let row = chain.get_mut(which).expect("a row");
        let position = row.entry.position;
        prop_assume!(other.details != row.entry.details);
        row.entry.details = other.details;
        prop_assert_eq!(verdict(&chain, Some(head)), position.map(|position| ("contents changed", position)));
    }
}
