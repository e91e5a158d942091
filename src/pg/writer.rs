//! What an executor would make anew for each statement that writes a table, kept: expressions of its checks and indexes, a slot.

use super::shape::{self, Column, Kind};
use super::spi::Arg;
use super::{foreseen, owner, raised};
use pgrx::pg_sys;
use std::ffi::CStr;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn index_open(index: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> pg_sys::Relation;
    fn index_close(index: pg_sys::Relation, mode: pg_sys::LOCKMODE);
    fn BuildIndexInfo(index: pg_sys::Relation) -> *mut pg_sys::IndexInfo;
    fn CreateExecutorState() -> *mut pg_sys::EState;
    fn MakePerTupleExprContext(state: *mut pg_sys::EState) -> *mut pg_sys::ExprContext;
    fn FreeExecutorState(state: *mut pg_sys::EState);
    fn InitResultRelInfo(
        result: *mut pg_sys::ResultRelInfo,
        table: pg_sys::Relation,
        place: pg_sys::Index,
        root: *mut pg_sys::ResultRelInfo,
        instrument: std::ffi::c_int,
    );
    fn CreateTupleDescCopy(of: pg_sys::TupleDesc) -> pg_sys::TupleDesc;
    fn MakeSingleTupleTableSlot(
        of: pg_sys::TupleDesc,
        kind: *const pg_sys::TupleTableSlotOps,
    ) -> *mut pg_sys::TupleTableSlot;
    fn ExecStoreVirtualTuple(slot: *mut pg_sys::TupleTableSlot) -> *mut pg_sys::TupleTableSlot;
    fn ExecConstraints(
        result: *mut pg_sys::ResultRelInfo,
        slot: *mut pg_sys::TupleTableSlot,
        state: *mut pg_sys::EState,
    );
    fn ExecOpenIndices(result: *mut pg_sys::ResultRelInfo, speculative: bool);
    fn ExecCloseIndices(result: *mut pg_sys::ResultRelInfo);
    #[cfg(feature = "pg15")]
    fn ExecInsertIndexTuples(
        result: *mut pg_sys::ResultRelInfo,
        slot: *mut pg_sys::TupleTableSlot,
        state: *mut pg_sys::EState,
        is_update: bool,
        no_error: bool,
        conflict: *mut bool,
        arbiters: *mut pg_sys::List,
    ) -> *mut pg_sys::List;
    #[cfg(not(feature = "pg15"))]
    fn ExecInsertIndexTuples(
        result: *mut pg_sys::ResultRelInfo,
        slot: *mut pg_sys::TupleTableSlot,
        state: *mut pg_sys::EState,
        is_update: bool,
        no_error: bool,
        conflict: *mut bool,
        arbiters: *mut pg_sys::List,
        only_summaries: bool,
    ) -> *mut pg_sys::List;
    fn GetCurrentCommandId(used: bool) -> pg_sys::CommandId;
    fn CommandCounterIncrement();
    fn CheckCmdReplicaIdentity(table: pg_sys::Relation, command: pg_sys::CmdType::Type);
    fn MemoryContextReset(context: pg_sys::MemoryContext);
    fn MemoryContextSetIdentifier(context: pg_sys::MemoryContext, ident: *const std::ffi::c_char);
    fn get_typtype(of: pg_sys::Oid) -> std::ffi::c_char;
    fn get_typdefault(of: pg_sys::Oid) -> *mut pg_sys::Node;
    fn MemoryContextSetParent(context: pg_sys::MemoryContext, parent: pg_sys::MemoryContext);
    fn GetTransactionSnapshot() -> pg_sys::Snapshot;
    fn PushActiveSnapshot(snapshot: pg_sys::Snapshot);
    fn PopActiveSnapshot();
    fn palloc0(size: usize) -> *mut std::ffi::c_void;
}

/// What is kept of a table that rows are written to. It holds no reference to the table, nor to its indexes.
pub struct Writer {
    state: *mut pg_sys::EState,
    result: *mut pg_sys::ResultRelInfo,
    slot: *mut pg_sys::TupleTableSlot,
    /// Which of the values each of the table's columns gets.
    sources: Vec<Option<usize>>,
    /// Whether the columns that get none have no default.
    is_whole: bool,
    /// Whether checks or indexes may look a name up.
    looks_names_up: bool,
    indexes: Vec<pg_sys::Oid>,
}

impl Writer {
    /// For rows of some columns; `None` where a statement has to write them: for triggers, generated columns, types that convert,
    /// indexes of other kinds.
    ///
    /// # Safety
    /// The table is open and locked for writing.
    pub unsafe fn make(table: pg_sys::Relation, columns: &[Column]) -> Option<Self> {
        // To read expressions of indexes the server simplifies them, by calling what can be called at once.
        owner::pin_path();
        // SAFETY: as demanded.
        unsafe {
            let class = &*(*table).rd_rel;
            let is_heap = class.relkind as u8 == pg_sys::RELKIND_RELATION && class.relam == pg_sys::HEAP_TABLE_AM_OID;
            if !is_heap || !foreseen::is_plainly_written(table) {
                return None;
            }
            let (sources, is_whole) = sources(table, columns)?;
            let indexes = shape::indexes(table);
            let (count, indexes_at) = (indexes.len(), indexes.as_ptr());
            let (state, result, slot) = raised::call(|| make_state(table, indexes_at, count));
            let mut made = Self { state, result, slot, sources, is_whole, looks_names_up: false, indexes };
            made.open(table);
            let opened: Vec<_> = (0..count).map(|place| *(*result).ri_IndexRelationDescs.add(place)).collect();
            // Others (GIN, BRIN) keep memory of a statement in what is kept of them here.
            let only_trees = opened.iter().all(|index| (*(**index).rd_rel).relam == pg_sys::BTREE_AM_OID);
            let are_indexes_foreseen = opened.iter().all(|index| foreseen::is_index(*index));
            made.close();
            made.looks_names_up = !are_indexes_foreseen || !foreseen::are_checks(table);
            only_trees.then_some(made)
        }
    }

    /// Whether a row of the columns is a whole one: others have no default, which a statement would have to fill in.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Opens the indexes, for rows that are inserted: a row that is updated in place needs none.
    ///
    /// # Safety
    /// The table, of which it was made, is open and locked for writing.
    pub unsafe fn open(&mut self, table: pg_sys::Relation) {
        // SAFETY: as demanded; the array has a place for each index.
        unsafe {
            (*self.result).ri_RelationDesc = table;
            let opened = (*self.result).ri_IndexRelationDescs;
            let (count, indexes) = (self.indexes.len(), self.indexes.as_ptr());
            raised::call(|| {
                for place in 0..count {
                    *opened.add(place) = index_open(*indexes.add(place), pg_sys::RowExclusiveLock as _);
                }
            });
        }
    }

    /// Closes what [`Self::open`] opened. No lock on them stays, as after a statement: the table's is enough.
    pub fn close(&mut self) {
        // SAFETY: the array has a place for each index, and all are open.
        unsafe {
            let (count, opened) = (self.indexes.len(), (*self.result).ri_IndexRelationDescs);
            raised::call(|| {
                for place in 0..count {
                    index_close(*opened.add(place), pg_sys::RowExclusiveLock as _);
                }
            });
        }
    }

    /// Inserts a row, which is a whole one; columns without a value are NULL.
    ///
    /// # Safety
    /// Table and indexes are open, as they were when this was made; values are of the columns' types.
    pub unsafe fn insert(&mut self, values: &[Arg]) {
        self.foresee();
        // SAFETY: as demanded. The slot's values live until the row is stored.
        unsafe {
            self.fill(values, None);
            let Self { state, result, slot, .. } = *self;
            let table = (*result).ri_RelationDesc;
            let Some(insert) = (*(*table).rd_tableam).tuple_insert else { unreachable!("heaps take rows") };
            raised::call(|| {
                // Functions in checks and indexes see what the transaction did before, as those of a statement do.
                PushActiveSnapshot(GetTransactionSnapshot());
                check(result, slot, state);
                insert(table, slot, GetCurrentCommandId(true), 0, std::ptr::null_mut());
                insert_index_entries(result, slot, state, None);
                PopActiveSnapshot();
                MemoryContextReset((*(*state).es_per_tuple_exprcontext).ecxt_per_tuple_memory);
            });
        }
    }

    /// Writes values in the place of those of a row, which is locked; what became of it.
    ///
    /// # Safety
    /// The table is open, as it was when this was made; the slot holds one of its rows, which the snapshot sees; values are of
    /// the columns' types.
    pub unsafe fn update(
        &mut self,
        table: pg_sys::Relation,
        found: *mut pg_sys::TupleTableSlot,
        seen: pg_sys::Snapshot,
        values: &[Arg],
    ) -> pg_sys::TM_Result::Type {
        self.foresee();
        // SAFETY: as demanded. The values of other columns stay where they are, in the row that was found.
        unsafe {
            self.fill(values, Some(found));
            let Self { state, result, slot, .. } = *self;
            (*result).ri_RelationDesc = table;
            let Some(update) = (*(*table).rd_tableam).tuple_update else {
                return pg_sys::TM_Result::TM_Invisible;
            };
            let mut place = (*found).tts_tid;
            let mut failure = pg_sys::TM_FailureData::default();
            let mut lock = pg_sys::LockTupleMode::LockTupleKeyShare;
            #[cfg(feature = "pg15")]
            let (mut moved, unmoved) = (false, false);
            #[cfg(not(feature = "pg15"))]
            let (mut moved, unmoved) = (pg_sys::TU_UpdateIndexes::TU_None, pg_sys::TU_UpdateIndexes::TU_None);
            let (place_at, failure_at, lock_at, moved_at) =
                (&raw mut place, &raw mut failure, &raw mut lock, &raw mut moved);
            let (command, none) = (pg_sys::CmdType::CMD_UPDATE, std::ptr::null_mut());
            let became = raised::call(|| {
                CheckCmdReplicaIdentity(table, command);
                PushActiveSnapshot(seen);
                check(result, slot, state);
                let command = GetCurrentCommandId(true);
                let became = update(table, place_at, slot, command, seen, none, true, failure_at, lock_at, moved_at);
                MemoryContextReset((*(*state).es_per_tuple_exprcontext).ecxt_per_tuple_memory);
                became
            });
            if became == pg_sys::TM_Result::TM_Ok && moved != unmoved {
                // Indexes as they are by now, which nobody looked at.
                owner::pin_path();
                raised::call(|| index_anew(table, slot, summaries_only(moved)));
            }
            raised::call(|| PopActiveSnapshot());
            became
        }
    }

    fn foresee(&self) {
        if self.looks_names_up {
            owner::pin_path();
        }
    }

    /// Sets the slot to a row: values, and where there is none what the row that was found has.
    ///
    /// # Safety
    /// As of [`Self::insert`] and [`Self::update`].
    unsafe fn fill(&mut self, values: &[Arg], found: Option<*mut pg_sys::TupleTableSlot>) {
        // SAFETY: as demanded; both slots have a value and a mark for each of the table's columns.
        unsafe {
            let slot = self.slot;
            let clear = (*(*slot).tts_ops).clear;
            raised::call(|| {
                if let Some(clear) = clear {
                    clear(slot);
                }
            });
            if let Some(found) = found {
                shape::take_apart(found, self.sources.len());
            }
            for (place, source) in self.sources.iter().enumerate() {
                let value = match (source, found) {
                    (Some(source), _) => values.get(*source).and_then(Arg::datum),
                    (None, Some(found)) if !*(*found).tts_isnull.add(place) => Some(*(*found).tts_values.add(place)),
                    (None, _) => None,
                };
                *(*slot).tts_isnull.add(place) = value.is_none();
                *(*slot).tts_values.add(place) = value.unwrap_or(pg_sys::Datum::from(0));
            }
            raised::call(|| ExecStoreVirtualTuple(slot));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let state = self.state;
        // SAFETY: the memory is nobody else's; slot and expressions are in it and hold nothing.
        unsafe { raised::call(|| FreeExecutorState(state)) }
    }
}

/// Deletes a row, and tells what became of it.
///
/// # Safety
/// The table is open and locked for writing; the slot holds one of its rows, which the snapshot sees.
pub unsafe fn delete(
    table: pg_sys::Relation,
    found: *mut pg_sys::TupleTableSlot,
    seen: pg_sys::Snapshot,
) -> pg_sys::TM_Result::Type {
    // SAFETY: as demanded.
    unsafe {
        let Some(delete) = (*(*table).rd_tableam).tuple_delete else { return pg_sys::TM_Result::TM_Invisible };
        let mut place = (*found).tts_tid;
        let mut failure = pg_sys::TM_FailureData::default();
        let (place_at, failure_at) = (&raw mut place, &raw mut failure);
        let (command, none) = (pg_sys::CmdType::CMD_DELETE, std::ptr::null_mut());
        raised::call(|| {
            CheckCmdReplicaIdentity(table, command);
            delete(table, place_at, GetCurrentCommandId(true), seen, none, true, failure_at, false)
        })
    }
}

/// Lets what follows in the transaction see what was written.
pub fn end_command() {
    // SAFETY: called between statements of a function that may write.
    unsafe { raised::call(|| CommandCounterIncrement()) }
}

/// Whether a row of some columns is a whole one: others have no default.
///
/// # Safety
/// The table is open and locked.
pub unsafe fn is_whole_row(table: pg_sys::Relation, columns: &[Column]) -> bool {
    // SAFETY: as demanded.
    unsafe { sources(table, columns).is_some_and(|(_, is_whole)| is_whole) }
}

/// Which of the values each column of the table gets, and whether others have no default; `None` where a statement has to say.
///
/// # Safety
/// The table is open and locked.
unsafe fn sources(table: pg_sys::Relation, columns: &[Column]) -> Option<(Vec<Option<usize>>, bool)> {
    // SAFETY: as demanded; names are NUL-terminated.
    unsafe {
        let descriptor = (*table).rd_att;
        let count = pg_sys::AttrNumber::try_from((*descriptor).natts).ok()?;
        let mut sources = Vec::with_capacity(usize::from(count.unsigned_abs()));
        let mut is_whole = true;
        for number in 1..=count {
            let about = shape::attribute(descriptor, number)?;
            let name = CStr::from_ptr(about.attname.data.as_ptr());
            let source = columns.iter().position(|(column, _)| *column == name && !about.attisdropped);
            let fits = source
                .and_then(|source| columns.get(source))
                .is_none_or(|(_, kind)| kind.is(about.atttypid) && *kind != Kind::Whole && about.attidentity == 0);
            if !fits || source.is_some() && about.atttypmod != -1 || about.attgenerated != 0 {
                return None;
            }
            is_whole &= source.is_some() || about.attisdropped || is_null_by_default(about);
            sources.push(source);
        }
        (sources.iter().flatten().count() == columns.len()).then_some((sources, is_whole))
    }
}

/// Whether a column that is not named becomes NULL: neither it nor its type has a default, and its type has no say in it.
///
/// # Safety
/// The column is one of a table that is open.
unsafe fn is_null_by_default(column: &pg_sys::FormData_pg_attribute) -> bool {
    let of = column.atttypid;
    // SAFETY: as demanded; types that columns have exist.
    !column.atthasdef
        && column.attidentity == 0
        && unsafe { raised::call(|| get_typtype(of) as u8 != pg_sys::TYPTYPE_DOMAIN && get_typdefault(of).is_null()) }
}

/// State, table and slot of a writer.
///
/// # Safety
/// The table is open and locked, so many of its indexes stand there. Called by `raised::call`.
unsafe fn make_state(
    table: pg_sys::Relation,
    indexes: *const pg_sys::Oid,
    count: usize,
) -> (*mut pg_sys::EState, *mut pg_sys::ResultRelInfo, *mut pg_sys::TupleTableSlot) {
    // SAFETY: as demanded. The state's memory is the call's until nothing can go wrong any more, then the backend's.
    unsafe {
        let before = pg_sys::CurrentMemoryContext;
        let state = CreateExecutorState();
        pg_sys::CurrentMemoryContext = (*state).es_query_cxt;
        MemoryContextSetIdentifier((*state).es_query_cxt, c"model_access rows".as_ptr());
        MakePerTupleExprContext(state);
        let slot = MakeSingleTupleTableSlot(CreateTupleDescCopy((*table).rd_att), &raw const pg_sys::TTSOpsVirtual);
        // Checks may ask for it before the row is stored.
        (*slot).tts_tableOid = (*table).rd_id;
        let result: *mut pg_sys::ResultRelInfo = palloc0(size_of::<pg_sys::ResultRelInfo>()).cast();
        InitResultRelInfo(result, table, 0, std::ptr::null_mut(), 0);
        (*result).ri_IndexRelationDescs = palloc0((count + 1) * size_of::<pg_sys::Relation>()).cast();
        (*result).ri_IndexRelationInfo = palloc0((count + 1) * size_of::<*mut pg_sys::IndexInfo>()).cast();
        (*result).ri_NumIndices = i32::try_from(count).unwrap_or_default();
        for place in 0..count {
            let mode = pg_sys::RowExclusiveLock as pg_sys::LOCKMODE;
            let index = index_open(*indexes.add(place), mode);
            *(*result).ri_IndexRelationInfo.add(place) = BuildIndexInfo(index);
            index_close(index, 0);
        }
        pg_sys::CurrentMemoryContext = before;
        MemoryContextSetParent((*state).es_query_cxt, pg_sys::TopMemoryContext);
        (state, result, slot)
    }
}

/// NOT NULL and checks, as a statement looks at them.
///
/// # Safety
/// As of [`Writer::insert`]. Called by `raised::call`.
unsafe fn check(result: *mut pg_sys::ResultRelInfo, slot: *mut pg_sys::TupleTableSlot, state: *mut pg_sys::EState) {
    // SAFETY: as demanded.
    unsafe {
        if !(*(*(*result).ri_RelationDesc).rd_att).constr.is_null() {
            ExecConstraints(result, slot, state);
        }
    }
}

/// Whether a new version, which stays on its page, is of interest to indexes that sum pages up (BRIN) and to no other.
#[cfg(feature = "pg15")]
fn summaries_only(_: bool) -> bool {
    false
}

#[cfg(not(feature = "pg15"))]
fn summaries_only(moved: pg_sys::TU_UpdateIndexes::Type) -> bool {
    moved == pg_sys::TU_UpdateIndexes::TU_Summarizing
}

/// Enters the row in the slot, which is stored, into the indexes that are open; of an update, with [`summaries_only`].
///
/// # Safety
/// As of [`Writer::insert`]. Called by `raised::call`.
unsafe fn insert_index_entries(
    result: *mut pg_sys::ResultRelInfo,
    slot: *mut pg_sys::TupleTableSlot,
    state: *mut pg_sys::EState,
    of_update: Option<bool>,
) {
    // SAFETY: as demanded. The list is of deferred constraints, which are triggers: there are none.
    unsafe {
        let (none, nobody) = (std::ptr::null_mut(), std::ptr::null_mut());
        #[cfg(feature = "pg15")]
        ExecInsertIndexTuples(result, slot, state, of_update.is_some(), false, none, nobody);
        #[cfg(not(feature = "pg15"))]
        ExecInsertIndexTuples(result, slot, state, of_update.is_some(), false, none, nobody, of_update == Some(true));
    }
}

/// Enters a new version of a row into all indexes: it found no place on its page, or a column of an index changed. That is rare,
/// and the indexes are asked for as they are now.
///
/// # Safety
/// The table is open and locked for writing, the slot's row is stored. Called by `raised::call`.
unsafe fn index_anew(table: pg_sys::Relation, slot: *mut pg_sys::TupleTableSlot, summaries: bool) {
    // SAFETY: as demanded.
    unsafe {
        let state = CreateExecutorState();
        let before = pg_sys::CurrentMemoryContext;
        pg_sys::CurrentMemoryContext = (*state).es_query_cxt;
        let result: *mut pg_sys::ResultRelInfo = palloc0(size_of::<pg_sys::ResultRelInfo>()).cast();
        InitResultRelInfo(result, table, 0, std::ptr::null_mut(), 0);
        ExecOpenIndices(result, false);
        insert_index_entries(result, slot, state, Some(summaries));
        ExecCloseIndices(result);
        pg_sys::CurrentMemoryContext = before;
        FreeExecutorState(state);
    }
}
