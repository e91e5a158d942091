//! `character varying` arguments, which keep a function's signature the seed's.

use pgrx::callconv::{Arg, ArgAbi};
use pgrx::impl_sql_translatable;
use pgrx::nullable::Nullable;

/// An argument of type `character varying`.
pub struct VarChar(pub String);

impl_sql_translatable!(VarChar, "character varying");

// SAFETY: varchar and text have the same representation, which String's FromDatum reads.
unsafe impl<'fcx> ArgAbi<'fcx> for VarChar {
    unsafe fn unbox_arg_unchecked(arg: Arg<'_, 'fcx>) -> Self {
        // SAFETY: as the trait demands of our caller. A NULL, which pgrx filters out before, would read as "".
        Self(unsafe { arg.unbox_arg_using_from_datum::<String>() }.unwrap_or_default())
    }

    unsafe fn unbox_nullable_arg(arg: Arg<'_, 'fcx>) -> Nullable<Self> {
        // SAFETY: as the trait demands of our caller.
        unsafe { arg.unbox_arg_using_from_datum::<String>() }.map(Self).into()
    }
}
