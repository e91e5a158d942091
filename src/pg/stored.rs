//! Values as they are stored. Their texts are the session's to decide: two instants or two floats may be written alike, and what
//! is read back may be another one.

use super::raised;
use pgrx::pg_sys;
use std::ffi::c_int;

// The server's functions as they are, for `raised::call`: a default runs code of the application.
unsafe extern "C-unwind" {
    fn datum_image_eq(one: pg_sys::Datum, other: pg_sys::Datum, by_value: bool, length: c_int) -> bool;
    fn build_column_default(table: pg_sys::Relation, number: c_int) -> *mut pg_sys::Node;
    fn expression_planner(expression: *mut pg_sys::Expr) -> *mut pg_sys::Expr;
    fn evaluate_expr(
        expression: *mut pg_sys::Expr,
        type_oid: pg_sys::Oid,
        typmod: i32,
        collation: pg_sys::Oid,
    ) -> *mut pg_sys::Expr;
}

/// Whether two values of a column are the same, byte by byte; NULL is the same as NULL.
///
/// # Safety
/// Both are of the column's type, in memory of the server.
pub(super) unsafe fn is_same(
    column: &pg_sys::FormData_pg_attribute,
    one: Option<pg_sys::Datum>,
    other: Option<pg_sys::Datum>,
) -> bool {
    let (by_value, length) = (column.attbyval, c_int::from(column.attlen));
    match (one, other) {
        // SAFETY: as demanded; the call owns nothing.
        (Some(one), Some(other)) => unsafe { raised::call(|| datum_image_eq(one, other, by_value, length)) },
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// What an INSERT that leaves the column out stores, evaluated in the rights of whoever acts; `None` is NULL.
///
/// # Safety
/// `table` is open, and `column` is one of its columns.
pub(super) unsafe fn default_of(
    table: pg_sys::Relation,
    column: &pg_sys::FormData_pg_attribute,
) -> Option<pg_sys::Datum> {
    let number = c_int::from(column.attnum);
    let (type_oid, typmod, collation) = (column.atttypid, column.atttypmod, column.attcollation);
    // SAFETY: as demanded. The expression is the catalogue's as it was parsed, made ready for the executor by the planner, and of
    // the column's type; evaluating it gives a constant. The call owns nothing.
    unsafe {
        let constant: *mut pg_sys::Const = raised::call(|| {
            let expression = build_column_default(table, number);
            if expression.is_null() {
                return std::ptr::null_mut();
            }
            evaluate_expr(expression_planner(expression.cast()), type_oid, typmod, collation).cast()
        });
        (!constant.is_null() && !(*constant).constisnull).then(|| (*constant).constvalue)
    }
}
