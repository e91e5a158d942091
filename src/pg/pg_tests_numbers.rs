//! Tests of numbers as the server stores them, inside a backend.

#[pgrx::pg_schema]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use crate::pg::composite::numeric;
    use crate::pg::spi::{self, Snapshot, arg};
    use crate::statement;
    use model_access_domain::limit::Amount;
    use pgrx::prelude::*;

    /// Numbers that are read as they are stored are those that their texts say, and what does not fit is read as text.
    #[pg_test]
    fn stored_numbers_are_what_they_say() {
        statement!(NUMBERS, "SELECT n.text::pg_catalog.numeric, n.text FROM pg_catalog.unnest($1) AS n (text)");
        let fitting = [
            ("0", 0, 0),
            ("0.000", 0, 3),
            ("7", 7, 0),
            ("-7", -7, 0),
            ("10000", 10_000, 0),
            ("9999", 9_999, 0),
            ("100000000", 100_000_000, 0),
            ("-123400005678", -123_400_005_678, 0),
            ("12345678901234567890", 12_345_678_901_234_567_890, 0),
            ("0.5", 5, 1),
            ("5.00", 500, 2),
            ("-0.0001", -1, 4),
            ("0.00000027", 27, 8),
            ("10000.00001", 1_000_000_001, 5),
            ("1234.567800", 1_234_567_800, 6),
            ("0.000000000000000000000000000000000001", 1, 36),
            ("10000000000000000000000000000000000000", 10_i128.pow(37), 0),
        ];
        let others =
            ["NaN", "Infinity", "-Infinity", "1e40", "1e300", "1e-70", "0.1234567890123456789012345678901234567890"];
        let texts = fitting.iter().map(|(text, ..)| text).chain(&others).map(|text| Some((*text).to_owned()));
        let read = |row: &spi::Row| (row.decimal(1), row.text(1), row.get::<String>(2));
        let found = NUMBERS.with(|query| query.rows(Snapshot::Latest, &[arg(texts.collect::<Vec<_>>())], read));
        for (decimal, text, written) in &found {
            let written = written.as_deref().unwrap();
            let expected = fitting.iter().find(|(text, ..)| *text == written).map(|(_, value, scale)| (*value, *scale));
            assert_eq!(*decimal, expected, "{written}");
            assert!(expected.is_none() || text.as_deref() == Some(written), "{written}");
        }
        assert_eq!(found.len(), fitting.len() + others.len());
    }

    /// Numbers that are written as they are stored are those that the server makes of their texts.
    #[pg_test]
    fn numbers_are_stored_as_the_server_does() {
        statement!(
            WRITTEN,
            "SELECT $1::pg_catalog.text, n.made::pg_catalog.text, pg_catalog.numeric_send($1) OPERATOR(pg_catalog.=) pg_catalog.numeric_send(n.made),
                    pg_catalog.pg_column_size($1) OPERATOR(pg_catalog.=) pg_catalog.pg_column_size(n.made)
               FROM (SELECT $2::pg_catalog.numeric AS made) AS n"
        );
        for text in [
            "0",
            "0.000",
            "7",
            "-7",
            "9999",
            "10000",
            "100000000",
            "-123400005678",
            "0.5",
            "5.00",
            "-0.0001",
            "0.00000027",
            "10000.00001",
            "1234.567800",
            "99999999999999999999999999999999999999",
            "1e3",
            "1e37",
            "1e-63",
            "0.000000000000000000000000000000000001",
            "1e-64",
            "1e40",
            "1e300",
            "0.1234567890123456789012345678901234567890",
        ] {
            let amount = text.parse::<Amount>().unwrap();
            let read = |row: &spi::Row| {
                (row.get::<String>(1).unwrap(), row.get::<String>(2).unwrap(), row.get::<bool>(3), row.get::<bool>(4))
            };
            let (written, made, same, as_long) = WRITTEN
                .with(|query| query.first(Snapshot::Latest, &[numeric(Some(&amount)), arg(text)], read))
                .unwrap();
            assert_eq!((&written, same, as_long), (&made, Some(true), Some(true)), "{text}");
        }
    }
}
