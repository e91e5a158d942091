//! To which partition a row belongs, of a table that is partitioned by ranges of an instant.

use super::raised;
use super::session;
use super::shape::{Column, Kind};
use super::spi::Arg;
use pgrx::pg_sys;
use std::ffi::CStr;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn RelationGetPartitionDesc(table: pg_sys::Relation, omit_detached: bool) -> pg_sys::PartitionDesc;
    fn pg_get_partkeydef_columns(table: pg_sys::Oid, pretty: bool) -> *mut std::ffi::c_char;
}

/// Which of the values decides.
pub struct Routing(usize);

impl Routing {
    /// `None` for tables that are not partitioned, or by something else than one of the columns, an instant.
    ///
    /// # Safety
    /// The table is open and locked.
    pub unsafe fn of(table: pg_sys::Relation, columns: &[Column]) -> Option<Self> {
        // SAFETY: as demanded; the text is NUL-terminated, in memory of the call.
        unsafe {
            let oid = (*table).rd_id;
            if (*(*table).rd_rel).relkind as u8 != pg_sys::RELKIND_PARTITIONED_TABLE {
                return None;
            }
            let bounds = (*raised::call(|| RelationGetPartitionDesc(table, true))).boundinfo;
            if bounds.is_null() || (*bounds).strategy as u8 != b'r' {
                return None;
            }
            let key = CStr::from_ptr(raised::call(|| pg_get_partkeydef_columns(oid, false)));
            let place = columns.iter().position(|(name, kind)| *name == key && *kind == Kind::Instant)?;
            Some(Self(place))
        }
    }

    /// The partition of a row; `None` when it is partitioned itself, and where there is none but a default one: a statement looks
    /// whether that may still have the row.
    ///
    /// # Safety
    /// The table is open and locked, and the one that this was made of.
    pub unsafe fn leaf(&self, table: pg_sys::Relation, row: &[Arg]) -> Option<pg_sys::Oid> {
        let instant = row.get(self.0)?.datum()?.value().cast_signed();
        // SAFETY: as demanded. Bounds of ranges are sorted; each has a kind and a value, there is a part before each and one
        // behind the last.
        unsafe {
            let omits_detached = !session::has_one_snapshot();
            let parts = &*raised::call(|| RelationGetPartitionDesc(table, omits_detached));
            let bounds = parts.boundinfo.as_ref()?;
            let begins_later = |place: usize| match **bounds.kind.add(place) {
                pg_sys::PartitionRangeDatumKind::PARTITION_RANGE_DATUM_VALUE => {
                    (**bounds.datums.add(place)).value().cast_signed() > instant
                }
                kind => kind == pg_sys::PartitionRangeDatumKind::PARTITION_RANGE_DATUM_MAXVALUE,
            };
            let count = usize::try_from(bounds.ndatums).ok()?;
            // New months are the last ones.
            let before = (0..count).rev().find(|place| !begins_later(*place)).map_or(0, |place| place + 1);
            let part = usize::try_from(*bounds.indexes.add(before)).ok()?;
            (*parts.is_leaf.add(part)).then(|| *parts.oids.add(part))
        }
    }
}
