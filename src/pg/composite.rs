//! Rows as results.

use super::jsonb::Container;
use super::raised;
use super::report::Report;
use super::shape;
use super::spi::Arg;
use model_access_domain::limit::Amount;
use model_access_domain::stored_numeric;
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{IntoDatum, impl_sql_translatable, pg_sys};

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn get_func_rettype(function: pg_sys::Oid) -> pg_sys::Oid;
    fn lookup_rowtype_tupdesc(of: pg_sys::Oid, modifier: i32) -> pg_sys::TupleDesc;
    fn lookup_rowtype_tupdesc_noerror(of: pg_sys::Oid, modifier: i32, no_error: bool) -> pg_sys::TupleDesc;
    fn DecrTupleDescRefCount(descriptor: pg_sys::TupleDesc);
    fn get_fn_expr_argtype(function: *mut pg_sys::FmgrInfo, place: std::ffi::c_int) -> pg_sys::Oid;
    fn pg_detoast_datum_copy(value: *mut pg_sys::varlena) -> *mut pg_sys::varlena;
    fn heap_form_tuple(
        descriptor: pg_sys::TupleDesc,
        values: *mut pg_sys::Datum,
        nulls: *mut bool,
    ) -> pg_sys::HeapTuple;
    fn palloc(size: usize) -> *mut std::ffi::c_void;
}

/// A value of a composite type, in the server's memory.
pub struct Composite(Option<pg_sys::Datum>);

impl_sql_translatable!(Composite, "record");

// SAFETY: the datum is a row value of the function's result type.
unsafe impl BoxRet for Composite {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: as the trait demands of our caller; the value lives in the call's memory context.
        unsafe {
            match self.0 {
                Some(datum) => fcinfo.return_raw_datum(datum),
                None => fcinfo.return_null(),
            }
        }
    }
}

fn other_columns() -> Report {
    Report::new(b"42804", "a composite type has other columns than the function returns")
        .hint("Run SELECT * FROM model_access.verify() WHERE NOT ok;")
}

impl Composite {
    /// A row of the running function's result type; 42804 when that has other columns.
    pub fn of(fcinfo: pg_sys::FunctionCallInfo, columns: &[Arg]) -> Result<Self, Report> {
        let mut values: Vec<pg_sys::Datum> =
            columns.iter().map(|column| column.datum().unwrap_or(pg_sys::Datum::from(0))).collect();
        let mut nulls: Vec<bool> = columns.iter().map(|column| column.datum().is_none()).collect();
        let (values, nulls) = (values.as_mut_ptr(), nulls.as_mut_ptr());
        // SAFETY: fcinfo is the running call's. The descriptor is that of the cache of row types, and is released after a value and a
        // null flag of the right type for every column were put together. A new row is a value of its type as it is: each of ours is made
        // here, none is stored outside of a row.
        let tuple = unsafe {
            raised::call(|| {
                let result = get_func_rettype((*(*fcinfo).flinfo).fn_oid);
                let descriptor = lookup_rowtype_tupdesc_noerror(result, -1, true);
                if descriptor.is_null() {
                    return descriptor.cast();
                }
                let is_right = has_types(descriptor, columns);
                let tuple = if is_right { heap_form_tuple(descriptor, values, nulls) } else { std::ptr::null_mut() };
                release(descriptor);
                tuple
            })
        };
        // SAFETY: a new tuple has its data.
        unsafe { tuple.as_ref() }.map(|tuple| Self(Some(pg_sys::Datum::from(tuple.t_data)))).ok_or_else(other_columns)
    }

    /// The row that is the call's first argument as a value of the type of its second; 42804 when their columns differ.
    pub fn of_first_argument(fcinfo: pg_sys::FunctionCallInfo) -> Result<Self, Report> {
        // SAFETY: fcinfo is the running call's, which has two arguments, the first a row.
        let Some(row) = (unsafe { pgrx::fcinfo::pg_getarg_datum(fcinfo, 0) }) else { return Ok(Self(None)) };
        // SAFETY: as above. The copy is ours to change, and the two descriptors are released after they were compared.
        let row = unsafe {
            raised::call(|| {
                let target = get_fn_expr_argtype((*fcinfo).flinfo, 1);
                let header: pg_sys::HeapTupleHeader = pg_detoast_datum_copy(row.cast_mut_ptr()).cast();
                let about = &raw mut (*header).t_choice.t_datum;
                let from = lookup_rowtype_tupdesc((*about).datum_typeid, (*about).datum_typmod);
                let to = lookup_rowtype_tupdesc(target, -1);
                let same = have_same_types(from, to);
                release(from);
                release(to);
                (*about).datum_typeid = target;
                (*about).datum_typmod = -1;
                same.then_some(pg_sys::Datum::from(header))
            })
        };
        row.map(|row| Self(Some(row))).ok_or_else(other_columns)
    }
}

/// Whether the columns are of the values' types.
///
/// # Safety
/// The descriptor is a live one.
unsafe fn has_types(descriptor: pg_sys::TupleDesc, values: &[Arg]) -> bool {
    // SAFETY: as demanded; beyond the last column there is none.
    unsafe {
        usize::try_from((*descriptor).natts) == Ok(values.len())
            && (1..).zip(values).all(|(number, value)| {
                shape::attribute(descriptor, number).is_some_and(|found| found.atttypid == value.type_oid())
            })
    }
}

/// Whether columns of the same types stand in the same order; dropped ones have none.
///
/// # Safety
/// Both descriptors are live ones.
unsafe fn have_same_types(one: pg_sys::TupleDesc, other: pg_sys::TupleDesc) -> bool {
    // SAFETY: as demanded; beyond the last column there is none.
    unsafe {
        let count = (*one).natts;
        let type_of = |of, number| shape::attribute(of, number).map(|found| found.atttypid);
        count == (*other).natts
            && (1..)
                .take_while(|number| i32::from(*number) <= count)
                .all(|number| type_of(one, number) == type_of(other, number))
    }
}

/// # Safety
/// The descriptor comes from the cache of row types, and nobody uses it afterwards. Called by `raised::call`.
unsafe fn release(descriptor: pg_sys::TupleDesc) {
    // SAFETY: as demanded.
    unsafe {
        if (*descriptor).tdrefcount >= 0 {
            DecrTupleDescRefCount(descriptor);
        }
    }
}

/// A `numeric`; NULL for `None`.
pub fn numeric(amount: Option<&Amount>) -> Arg {
    let datum = amount.and_then(|amount| match stored_numeric::write_amount(amount) {
        Some(bytes) => Some(varlena(&bytes)),
        None => amount.to_plain_string().parse::<pgrx::AnyNumeric>().ok().and_then(IntoDatum::into_datum),
    });
    Arg::new(datum, pg_sys::NUMERICOID)
}

/// A value of a variable length, with its length in front.
fn varlena(bytes: &[u8]) -> pg_sys::Datum {
    let length = pg_sys::VARHDRSZ + bytes.len();
    // SAFETY: the new memory has room for the length and the bytes.
    unsafe {
        let value = raised::call(|| palloc(length));
        pgrx::set_varsize_4b(value.cast(), i32::try_from(length).unwrap_or(i32::MAX));
        value.cast::<u8>().add(pg_sys::VARHDRSZ).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        pg_sys::Datum::from(value)
    }
}

/// A `jsonb`.
pub fn jsonb(value: serde_json::Value) -> Arg {
    if value.as_array().is_some_and(Vec::is_empty) {
        return Arg::new(Some(varlena(&Container::EMPTY_ARRAY)), pg_sys::JSONBOID);
    }
    Arg::new(pgrx::JsonB(value).into_datum(), pg_sys::JSONBOID)
}

/// A `jsonb`; NULL for `None`.
pub fn optional_jsonb(value: Option<serde_json::Value>) -> Arg {
    value.map_or_else(|| Arg::new(None, pg_sys::JSONBOID), jsonb)
}
