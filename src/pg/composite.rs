//! Rows as results.

use super::jsonb::Container;
use super::report::Report;
use super::shape;
use super::spi::Arg;
use model_access_domain::limit::Amount;
use model_access_domain::stored_numeric;
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{IntoDatum, impl_sql_translatable, pg_sys};

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
        let mut descriptor: pg_sys::TupleDesc = std::ptr::null_mut();
        // SAFETY: fcinfo is the running call's; for a composite result the callee makes a descriptor.
        let is_right = unsafe {
            pg_sys::get_call_result_type(fcinfo, std::ptr::null_mut(), &mut descriptor)
                == pg_sys::TypeFuncClass::TYPEFUNC_COMPOSITE
                && has_types(descriptor, columns)
        };
        if !is_right {
            return Err(other_columns());
        }
        let mut values: Vec<pg_sys::Datum> =
            columns.iter().map(|column| column.datum().unwrap_or(pg_sys::Datum::from(0))).collect();
        let mut nulls: Vec<bool> = columns.iter().map(|column| column.datum().is_none()).collect();
        // SAFETY: there is a value and a null flag of the right type for every column.
        unsafe {
            let tuple = pg_sys::heap_form_tuple(descriptor, values.as_mut_ptr(), nulls.as_mut_ptr());
            Ok(Self(Some(pg_sys::heap_copy_tuple_as_datum(tuple, descriptor))))
        }
    }

    /// The row that is the call's first argument as a value of the type of its second; 42804 when their columns differ.
    pub fn of_first_argument(fcinfo: pg_sys::FunctionCallInfo) -> Result<Self, Report> {
        // SAFETY: fcinfo is the running call's, which has two arguments, the first a row. The copy is ours to change, and
        // the two descriptors are released after they were compared.
        unsafe {
            let Some(row) = pgrx::fcinfo::pg_getarg_datum(fcinfo, 0) else { return Ok(Self(None)) };
            let target = pg_sys::get_fn_expr_argtype((*fcinfo).flinfo, 1);
            let header: pg_sys::HeapTupleHeader = pg_sys::pg_detoast_datum_copy(row.cast_mut_ptr()).cast();
            let about = &raw mut (*header).t_choice.t_datum;
            let from = pg_sys::lookup_rowtype_tupdesc((*about).datum_typeid, (*about).datum_typmod);
            let to = pg_sys::lookup_rowtype_tupdesc(target, -1);
            let same = column_types(from) == column_types(to);
            release(from);
            release(to);
            if !same {
                return Err(other_columns());
            }
            (*about).datum_typeid = target;
            (*about).datum_typmod = -1;
            Ok(Self(Some(pg_sys::Datum::from(header))))
        }
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

/// # Safety
/// The descriptor is a live one.
unsafe fn column_types(descriptor: pg_sys::TupleDesc) -> Vec<pg_sys::Oid> {
    // SAFETY: as demanded; the positions are those of the attributes.
    unsafe { (1..=(*descriptor).natts).map(|position| pg_sys::SPI_gettypeid(descriptor, position)).collect() }
}

/// # Safety
/// The descriptor comes from the cache of row types, and nobody uses it afterwards.
unsafe fn release(descriptor: pg_sys::TupleDesc) {
    // SAFETY: as demanded.
    unsafe {
        if (*descriptor).tdrefcount >= 0 {
            pg_sys::DecrTupleDescRefCount(descriptor);
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
        let value = pg_sys::palloc(length);
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
