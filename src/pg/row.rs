//! A row that is being read: of a statement's result, or of a table.

use super::shape::Numbered;
use model_access_domain::stored_numeric;
use pgrx::pg_sys;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{FromDatum, PgLogLevel};
use std::ffi::{CStr, c_int};

/// A row, valid while its reader runs.
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    /// A tuple; columns are counted as it has them.
    Tuple(pg_sys::HeapTuple, pg_sys::TupleDesc),
    /// A slot whose columns are taken apart; they are counted as in the list, which has their numbers and types.
    Slot(*mut pg_sys::TupleTableSlot, &'a [Numbered]),
}

impl<'a> Row<'a> {
    /// A row that is read while its tuple lives.
    pub(super) fn of(tuple: pg_sys::HeapTuple, descriptor: pg_sys::TupleDesc) -> Self {
        Self(Source::Tuple(tuple, descriptor))
    }

    /// Some columns of the row in a slot.
    ///
    /// # Safety
    /// The slot has all of them taken apart, and is not filled anew while the row lives.
    pub(super) unsafe fn of_slot(slot: *mut pg_sys::TupleTableSlot, columns: &'a [Numbered]) -> Self {
        Self(Source::Slot(slot, columns))
    }

    /// The column at `position` (from 1), copied into Rust; `None` for NULL.
    ///
    /// A table that was there before may have columns of other types, and its owner may change them: to read a number as
    /// a pointer would be the end of the backend, so a column of another type than `T` reads is 42804.
    pub fn get<T: Readable>(&self, position: c_int) -> Option<T> {
        self.read(position, T::TYPES)
    }

    /// The instant at `position`, as [`Row::get`].
    pub fn timestamp(&self, position: c_int) -> Option<pg_sys::TimestampTz> {
        self.read::<pg_sys::TimestampTz>(position, &[pg_sys::TIMESTAMPTZOID])
    }

    /// The whole number at `position`, of any of its types.
    pub fn whole(&self, position: c_int) -> Option<i64> {
        match self.type_of(position) {
            pg_sys::INT2OID => self.read::<i16>(position, &[pg_sys::INT2OID]).map(i64::from),
            pg_sys::INT4OID => self.get::<i32>(position).map(i64::from),
            _ => self.get::<i64>(position),
        }
    }

    /// A `numeric` as a whole number and how many of its digits stand behind the point; `None` for one that does not fit, and for
    /// what is no number: [`Row::text`] reads them.
    pub fn decimal(&self, position: c_int) -> Option<(i128, i64)> {
        self.with_bytes(position, pg_sys::NUMERICOID, stored_numeric::read).flatten()
    }

    /// The text of the column at `position`, as its type writes it: for types whose text no setting changes.
    pub fn text(&self, position: c_int) -> Option<String> {
        let found = self.type_of(position);
        if <String as Readable>::TYPES.contains(&found) {
            return self.get::<String>(position);
        }
        let datum = self.datum(position)?;
        if found == pg_sys::NAMEOID {
            // SAFETY: a name ends with a NUL byte; it is copied.
            return Some(unsafe { CStr::from_ptr(datum.cast_mut_ptr()) }.to_string_lossy().into_owned());
        }
        // SAFETY: the value is of the type whose function writes it, in memory of the server; the text is copied and freed.
        unsafe {
            let mut function = pg_sys::InvalidOid;
            let mut varies = false;
            if found == pg_sys::NUMERICOID {
                function = pg_sys::Oid::from_u32(pg_sys::F_NUMERIC_OUT);
            } else {
                pg_sys::getTypeOutputInfo(found, &mut function, &mut varies);
            }
            let text = pg_sys::OidOutputFunctionCall(function, datum);
            let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
            pg_sys::pfree(text.cast());
            Some(copy)
        }
    }

    /// Lends the bytes of a `jsonb` as they are stored; `None` for NULL and for other types.
    pub fn with_json<R>(&self, position: c_int, see: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.with_bytes(position, pg_sys::JSONBOID, see)
    }

    /// Lends the bytes of a value of a variable length; `None` for NULL and for other types than that one.
    fn with_bytes<R>(&self, position: c_int, varlena: pg_sys::Oid, see: impl FnOnce(&[u8]) -> R) -> Option<R> {
        if self.type_of(position) != varlena {
            return None;
        }
        let datum = self.datum(position)?;
        // SAFETY: both types that are asked for are varlenas; the value is whole once it was detoasted, in memory that lives while
        // this function does. A small one that is neither elsewhere nor compressed is not touched.
        unsafe {
            let stored: *mut pg_sys::varlena = datum.cast_mut_ptr();
            let is_whole =
                pgrx::varatt_is_4b_u(stored) || (pgrx::varatt_is_1b(stored) && !pgrx::varatt_is_1b_e(stored));
            let whole = if is_whole { stored } else { pg_sys::pg_detoast_datum_packed(stored) };
            let bytes =
                std::slice::from_raw_parts(pgrx::vardata_any(whole).cast::<u8>(), pgrx::varsize_any_exhdr(whole));
            Some(see(bytes))
        }
    }

    /// The texts of an array's elements.
    pub fn texts(&self, position: c_int) -> Option<Vec<Option<String>>> {
        if self.type_of(position) == pg_sys::NUMERICARRAYOID {
            let numbers = self.read::<Vec<Option<pgrx::AnyNumeric>>>(position, &[pg_sys::NUMERICARRAYOID])?;
            return Some(numbers.into_iter().map(|number| number.map(|number| number.to_string())).collect());
        }
        self.get(position)
    }

    fn type_of(&self, position: c_int) -> pg_sys::Oid {
        match self.0 {
            // SAFETY: the descriptor belongs to the row that is being read; a position beyond it gives InvalidOid.
            Source::Tuple(_, descriptor) => unsafe { pg_sys::SPI_gettypeid(descriptor, position) },
            Source::Slot(_, columns) => numbered(columns, position).map_or(pg_sys::InvalidOid, |(_, found)| found),
        }
    }

    fn datum(&self, position: c_int) -> Option<pg_sys::Datum> {
        let mut is_null = true;
        // SAFETY: tuple and descriptor belong to one another; a position beyond them gives NULL. A slot has values of the
        // columns that were taken apart.
        unsafe {
            let datum = match self.0 {
                Source::Tuple(tuple, descriptor) => pg_sys::SPI_getbinval(tuple, descriptor, position, &mut is_null),
                Source::Slot(slot, columns) => {
                    let place = usize::from(numbered(columns, position)?.0.unsigned_abs()).checked_sub(1)?;
                    is_null = *(*slot).tts_isnull.add(place);
                    *(*slot).tts_values.add(place)
                }
            };
            (!is_null).then_some(datum)
        }
    }

    fn read<T: FromDatum>(&self, position: c_int, types: &[pg_sys::Oid]) -> Option<T> {
        let found = self.type_of(position);
        if !types.contains(&found) {
            wrong_type(position, found);
        }
        let datum = self.datum(position)?;
        // SAFETY: the column has a type that T reads, and T owns what it returns.
        unsafe { T::from_datum(datum, false) }
    }
}

fn numbered(columns: &[Numbered], position: c_int) -> Option<Numbered> {
    usize::try_from(position).ok()?.checked_sub(1).and_then(|place| columns.get(place).copied())
}

/// What can be read from a column, and the types of columns that it can be read from.
pub trait Readable: FromDatum + 'static {
    /// OIDs of the types with the representation that `FromDatum` expects.
    const TYPES: &'static [pg_sys::Oid];
}

impl Readable for bool {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::BOOLOID];
}
impl Readable for i32 {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::INT4OID];
}
impl Readable for i64 {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::INT8OID];
}
impl Readable for String {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::TEXTOID, pg_sys::VARCHAROID];
}
impl Readable for pgrx::Uuid {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::UUIDOID];
}
/// The bytes of a text are those of its encoding, right or wrong.
impl Readable for Vec<u8> {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::BYTEAOID, pg_sys::TEXTOID];
}
impl Readable for Vec<Option<String>> {
    const TYPES: &'static [pg_sys::Oid] = &[pg_sys::TEXTARRAYOID];
}

/// 42804 for a column that has not the type that it should have.
pub fn wrong_type(position: c_int, found: pg_sys::Oid) -> ! {
    let code = pgrx::PgSqlErrorCode::ERRCODE_DATATYPE_MISMATCH;
    ErrorReport::new(code, "a column of a table of model_access has another type", "Row::get")
        .set_detail(format!("Column {position} of the statement has the type with OID {}.", found.to_u32()))
        .set_hint("SELECT * FROM model_access.verify() WHERE NOT ok; names the column.")
        .report(PgLogLevel::ERROR);
    unreachable!("a report at ERROR does not return")
}
