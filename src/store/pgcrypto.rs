//! Encryption by the extension pgcrypto, in whatever schema it is.
//!
//! What calls it acts as the owner of our tables, whose right to execute pgcrypto's functions decides.

use crate::error::Error;
use crate::pg::spi::{Arg, Snapshot, arg};
use crate::pg::subtransaction::{self, Failure};
use crate::pg::{function, session};
use crate::statement;

/// No compression: the length would tell about the content. Otherwise the defaults of OpenPGP but for the two algorithms.
const OPTIONS: &str = "cipher-algo=aes256, compress-algo=0, s2k-digest-algo=sha256";

const ENCRYPT: (&str, &str) = ("pgp_sym_encrypt", "text, text, text");
const DECRYPT: (&str, &str) = ("pgp_sym_decrypt", "bytea, text, text");

statement!(FUNCTION, include_str!("../../sql/queries/pgcrypto_function.sql"));

/// The OID of a function that whoever acts may execute. Under a fresh snapshot: the call does not see the catalogue of an old one.
fn find((name, arguments): (&str, &str)) -> Result<u32, Error> {
    let found = FUNCTION.with(|query| {
        query.first(Snapshot::Fresh, &[arg(name), arg(arguments)], |row| {
            (row.get::<i64>(1), row.get::<bool>(2), row.get::<String>(3))
        })
    });
    match found {
        Some((Some(oid), Some(true), _)) => u32::try_from(oid).map_err(|_| Error::NoPgcrypto),
        Some((_, _, name)) => {
            Err(Error::PgcryptoClosed(name.unwrap_or_default(), session::role_name(session::current_role())))
        }
        None => Err(Error::NoPgcrypto),
    }
}

/// 55000 unless whoever acts may use it.
pub fn require() -> Result<(), Error> {
    find(ENCRYPT)?;
    find(DECRYPT)?;
    Ok(())
}

/// A text, encrypted with a key: an OpenPGP message. 55000 without pgcrypto.
pub fn encrypt(text: &str, key: &str) -> Result<Vec<u8>, Error> {
    let function = find(ENCRYPT)?;
    function::call(function, [arg(text), arg(key), arg(OPTIONS)]).ok_or(Error::NoPgcrypto)
}

/// The text of an OpenPGP message; `None` for whatever reason it has none under this key. 55000 without pgcrypto.
pub fn decrypt(message: Vec<u8>, key: &str) -> Result<Option<String>, Error> {
    let function = find(DECRYPT)?;
    let args: [Arg; 3] = [arg(message), arg(key), arg("")];
    // pgcrypto's error says how far it came. It is taken back, not raised and caught: nobody logs it.
    let text = subtransaction::run(|| Ok::<_, Error>(function::call::<Vec<u8>>(function, args)));
    match text {
        Ok(bytes) => Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok())),
        Err(Failure::Refused(error)) => Err(error),
        Err(Failure::Raised(caught)) => {
            caught.or_raise_again().forget();
            Ok(None)
        }
    }
}
