//! Where rows were last seen. A row that is still there, and has the key, need not be looked for in an index.

use super::raised;
use super::shape::Shape;
use super::spi::Arg;
use pgrx::pg_sys;
use std::cell::Cell;
use xxhash_rust::xxh3::xxh3_64_with_seed;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn RelationGetNumberOfBlocksInFork(table: pg_sys::Relation, fork: pg_sys::ForkNumber::Type) -> pg_sys::BlockNumber;
    fn slot_getsomeattrs_int(slot: *mut pg_sys::TupleTableSlot, count: std::ffi::c_int);
    fn FunctionCall2Coll(
        function: *mut pg_sys::FmgrInfo,
        collation: pg_sys::Oid,
        left: pg_sys::Datum,
        right: pg_sys::Datum,
    ) -> pg_sys::Datum;
}

/// How many are remembered of a look-up: models and organisations that are called, rows of a call that are read and then written,
/// people who call again.
const COUNT: usize = 256;

/// Places by the hash of their keys. A place is where an index points, so it stays while a row is updated in place.
pub struct Places([Cell<Option<(u64, pg_sys::ItemPointerData)>>; COUNT]);

impl Places {
    /// None yet.
    pub const fn new() -> Self {
        Self([const { Cell::new(None) }; COUNT])
    }

    /// Remembers where the row of a key is.
    pub fn note(&self, key: &[Arg], place: pg_sys::ItemPointerData) {
        if let Some(hash) = hash(key) {
            self.at(hash).set(Some((hash, place)));
        }
    }

    /// Forgets a place at which the row of a key is no longer.
    pub fn forget(&self, key: &[Arg]) {
        if let Some(hash) = hash(key) {
            self.at(hash).set(None);
        }
    }

    /// Where the row of a key was.
    pub fn of(&self, key: &[Arg]) -> Option<pg_sys::ItemPointerData> {
        let hash = hash(key)?;
        self.at(hash).get().filter(|(of, _)| *of == hash).map(|(_, place)| place)
    }

    fn at(&self, hash: u64) -> &Cell<Option<(u64, pg_sys::ItemPointerData)>> {
        let place = usize::try_from(hash).unwrap_or_default() % COUNT;
        // There is one at each place below the number of them.
        self.0.get(place).unwrap_or(&self.0[0])
    }
}

/// Whether a table is so long. What the server remembers of its length is asked first: that it may be longer by now is all that
/// is wrong with it, since a table is cut off under a lock that ours excludes, and whoever locks it then has heard of it.
///
/// # Safety
/// The table is open and locked. Called by `raised::call`.
unsafe fn has_block(table: pg_sys::Relation, block: pg_sys::BlockNumber) -> bool {
    // SAFETY: as demanded.
    unsafe {
        let known = (*table).rd_smgr.as_ref().and_then(|storage| storage.smgr_cached_nblocks.first().copied());
        known.is_some_and(|known| known != pg_sys::InvalidBlockNumber && block < known)
            || block < RelationGetNumberOfBlocksInFork(table, pg_sys::ForkNumber::MAIN_FORKNUM)
    }
}

fn hash(key: &[Arg]) -> Option<u64> {
    key.iter().try_fold(0, |hash, arg| {
        let datum = arg.datum()?;
        // SAFETY: a uuid has 16 bytes, and a text its own length; both are parameters of ours, and whole.
        unsafe {
            match arg.type_oid() {
                pg_sys::UUIDOID => {
                    Some(xxh3_64_with_seed(std::slice::from_raw_parts(datum.cast_mut_ptr::<u8>(), 16), hash))
                }
                pg_sys::TEXTOID => {
                    let text = datum.cast_mut_ptr::<pg_sys::varlena>();
                    let (bytes, length) = (pgrx::vardata_any(text).cast::<u8>(), pgrx::varsize_any_exhdr(text));
                    Some(xxh3_64_with_seed(std::slice::from_raw_parts(bytes, length), hash))
                }
                _ => Some(xxh3_64_with_seed(&datum.value().to_le_bytes(), hash)),
            }
        }
    })
}

/// Whether the row of a key, of which there is at most one, is at a place as a snapshot sees it; then it is in the slot, taken
/// apart.
///
/// # Safety
/// The table is open and locked, shape, key and slot belong to it, and the snapshot is registered.
pub unsafe fn is_at(
    table: pg_sys::Relation,
    shape: &Shape,
    key: &[Arg],
    place: pg_sys::ItemPointerData,
    seen: pg_sys::Snapshot,
    slot: *mut pg_sys::TupleTableSlot,
) -> bool {
    // SAFETY: as demanded. A table may have become shorter since; whatever else stands at the place has another key.
    unsafe {
        let access = &*(*table).rd_tableam;
        let (Some(begin), Some(fetch), Some(end)) =
            (access.index_fetch_begin, access.index_fetch_tuple, access.index_fetch_end)
        else {
            return false;
        };
        let block = u32::from(place.ip_blkid.bi_hi) << 16 | u32::from(place.ip_blkid.bi_lo);
        let last = shape.last.max(shape.last_of_key());
        let found = raised::call(|| {
            if !has_block(table, block) {
                return false;
            }
            let (mut place, mut has_more) = (place, false);
            let fetching = begin(table);
            let found = fetch(fetching, &raw mut place, seen, slot, &raw mut has_more, std::ptr::null_mut());
            end(fetching);
            if found {
                slot_getsomeattrs_int(slot, last);
            }
            found
        });
        found
            && shape.key().zip(key).all(|((number, condition), arg)| {
                let at = usize::from(number.unsigned_abs()).saturating_sub(1);
                let Some(wanted) = arg.datum().filter(|_| !*(*slot).tts_isnull.add(at)) else { return false };
                let mut function = condition.sk_func;
                let (equals, value) = (&raw mut function, *(*slot).tts_values.add(at));
                raised::call(|| FunctionCall2Coll(equals, condition.sk_collation, value, wanted)).value() != 0
            })
    }
}
