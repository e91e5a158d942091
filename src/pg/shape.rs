//! Where the columns of a table and of one of its indexes stand, found once and looked at again at every use.

use super::owner;
use super::raised;
use super::session;
use pgrx::pg_sys;
use std::ffi::{CStr, c_int};

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn RelationGetIndexList(table: pg_sys::Relation) -> *mut pg_sys::List;
    fn RelationGetIndexPredicate(index: pg_sys::Relation) -> *mut pg_sys::List;
    fn list_free(list: *mut pg_sys::List);
    fn slot_getsomeattrs_int(slot: *mut pg_sys::TupleTableSlot, count: c_int);
    fn index_open(index: pg_sys::Oid, mode: pg_sys::LOCKMODE) -> pg_sys::Relation;
    fn index_close(index: pg_sys::Relation, mode: pg_sys::LOCKMODE);
    fn ScanKeyEntryInitialize(
        entry: pg_sys::ScanKey,
        flags: c_int,
        attribute: pg_sys::AttrNumber,
        strategy: pg_sys::StrategyNumber,
        subtype: pg_sys::Oid,
        collation: pg_sys::Oid,
        procedure: pg_sys::Oid,
        argument: pg_sys::Datum,
    );
}

// The families of these types' operators have no names in the server's headers.
const UUID_FAMILY: pg_sys::Oid = pg_sys::Oid::from_u32(2968);
const DATETIME_FAMILY: pg_sys::Oid = pg_sys::Oid::from_u32(434);

/// What a column holds. One of another type is left to a statement, which converts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `uuid`
    Uuid,
    /// `text` or `varchar`
    Text,
    /// `smallint`, `integer` or `bigint`
    Whole,
    /// `integer`
    Integer,
    /// `smallint`
    Small,
    /// `bigint`
    Big,
    /// `boolean`
    Bool,
    /// `timestamptz`
    Instant,
    /// `numeric`
    Number,
    /// `numeric[]`
    Numbers,
    /// `jsonb`
    Json,
    /// `name`
    Name,
}

impl Kind {
    /// Whether a column or a value of a type is of the kind.
    pub(super) fn is(self, found: pg_sys::Oid) -> bool {
        let types: &[pg_sys::Oid] = match self {
            Self::Uuid => &[pg_sys::UUIDOID],
            Self::Text => &[pg_sys::TEXTOID, pg_sys::VARCHAROID],
            Self::Whole => &[pg_sys::INT2OID, pg_sys::INT4OID, pg_sys::INT8OID],
            Self::Integer => &[pg_sys::INT4OID],
            Self::Small => &[pg_sys::INT2OID],
            Self::Big => &[pg_sys::INT8OID],
            Self::Bool => &[pg_sys::BOOLOID],
            Self::Instant => &[pg_sys::TIMESTAMPTZOID],
            Self::Number => &[pg_sys::NUMERICOID],
            Self::Numbers => &[pg_sys::NUMERICARRAYOID],
            Self::Json => &[pg_sys::JSONBOID],
            Self::Name => &[pg_sys::NAMEOID],
        };
        types.contains(&found)
    }

    /// Family of the index's operators and the function behind `=`, or behind `<=` for instants; none for what is no key here.
    fn operator(self) -> Option<(pg_sys::Oid, u32)> {
        match self {
            Self::Uuid => Some((UUID_FAMILY, pg_sys::F_UUID_EQ)),
            Self::Text => Some((pg_sys::TEXT_BTREE_FAM_OID, pg_sys::F_TEXTEQ)),
            Self::Small => Some((pg_sys::INTEGER_BTREE_FAM_OID, pg_sys::F_INT2EQ)),
            Self::Big => Some((pg_sys::INTEGER_BTREE_FAM_OID, pg_sys::F_INT8EQ)),
            Self::Bool => Some((pg_sys::BOOL_BTREE_FAM_OID, pg_sys::F_BOOLEQ)),
            Self::Instant => Some((DATETIME_FAMILY, pg_sys::F_TIMESTAMPTZ_LE)),
            _ => None,
        }
    }
}

/// A column by its name.
pub type Column = (&'static CStr, Kind);

/// The number of a column, and its type.
pub type Numbered = (pg_sys::AttrNumber, pg_sys::Oid);

/// Where the columns stand.
pub struct Shape {
    /// The index that begins with the key's columns.
    pub index: pg_sys::Oid,
    /// Numbers and types of the columns that are read.
    pub columns: Vec<Numbered>,
    /// The last one that is read.
    pub last: c_int,
    /// Numbers of the key's columns.
    key: Vec<pg_sys::AttrNumber>,
    /// The key without its values.
    pub scan_keys: Vec<pg_sys::ScanKeyData>,
    /// Whether there is at most one row of a key.
    pub is_unique: bool,
}

impl Shape {
    /// Finds the columns, and an index that begins with the key's; `None` when the table is not as expected.
    ///
    /// # Safety
    /// The table is open and locked.
    pub unsafe fn find(table: pg_sys::Relation, key: &[Column], read: &[Column]) -> Option<Self> {
        // To read an index's condition the server simplifies it, by calling what can be called at once.
        owner::pin_path();
        // SAFETY: as demanded.
        unsafe {
            let numbered = |columns: &[Column]| -> Option<Vec<Numbered>> {
                columns.iter().map(|column| numbered_of(table, *column)).collect()
            };
            let (key_columns, columns) = (numbered(key)?, numbered(read)?);
            let key_numbers: Vec<_> = key_columns.into_iter().map(|(number, _)| number).collect();
            let last = columns.iter().map(|(number, _)| *number).max().unwrap_or_default().into();
            let index = indexes(table).into_iter().find(|index| serves(*index, key, &key_numbers))?;
            let is_unique = key.iter().all(|(_, kind)| *kind != Kind::Instant) && is_unique(index, key.len());
            Some(Self { index, columns, last, scan_keys: scan_keys(index, key), key: key_numbers, is_unique })
        }
    }

    /// Numbers of the key's columns, and how each is compared.
    pub fn key(&self) -> impl Iterator<Item = (pg_sys::AttrNumber, &pg_sys::ScanKeyData)> {
        self.key.iter().copied().zip(&self.scan_keys)
    }

    /// The last column of the key.
    pub fn last_of_key(&self) -> c_int {
        self.key.iter().copied().max().unwrap_or_default().into()
    }

    /// Whether the table and its index still are what was found.
    ///
    /// # Safety
    /// The table is open and locked.
    pub unsafe fn fits(&self, table: pg_sys::Relation, key: &[Column], read: &[Column]) -> bool {
        // SAFETY: as demanded.
        unsafe {
            read.iter().zip(&self.columns).all(|(column, (number, of))| type_at(table, *column, *number) == Some(*of))
                && key.iter().zip(&self.key).all(|(column, number)| type_at(table, *column, *number).is_some())
                && indexes(table).contains(&self.index)
                && (!self.is_unique || is_unique(self.index, key.len()))
        }
    }
}

/// Whether it is the plain table `public.<name>` of an owner: no policy applies to him, and no other relation adds rows.
///
/// # Safety
/// The table is open and locked.
pub unsafe fn is_plain_table(table: pg_sys::Relation, name: &CStr, owner: pg_sys::Oid) -> bool {
    // SAFETY: as demanded.
    unsafe {
        let class = &*(*table).rd_rel;
        is_table_of(table, name, owner)
            && class.relkind as u8 == pg_sys::RELKIND_RELATION
            && class.relam == pg_sys::HEAP_TABLE_AM_OID
            && !class.relhassubclass
    }
}

/// Whether it is `public.<name>` of an owner, and no part of another table.
///
/// # Safety
/// The table is open and locked.
pub(super) unsafe fn is_table_of(table: pg_sys::Relation, name: &CStr, owner: pg_sys::Oid) -> bool {
    // SAFETY: as demanded; the name is NUL-terminated.
    unsafe {
        let class = &*(*table).rd_rel;
        CStr::from_ptr(class.relname.data.as_ptr()) == name
            && class.relnamespace == session::public_namespace()
            && class.relowner == owner
            && !class.relispartition
    }
}

/// Takes the first columns of a row in a slot apart.
///
/// # Safety
/// The slot holds a row of so many columns at least.
pub(super) unsafe fn take_apart(slot: *mut pg_sys::TupleTableSlot, count: usize) {
    let count = c_int::try_from(count).unwrap_or_default();
    // SAFETY: as demanded.
    unsafe {
        if c_int::from((*slot).tts_nvalid) < count {
            raised::call(|| slot_getsomeattrs_int(slot, count));
        }
    }
}

/// A column of a descriptor; `None` beyond it.
///
/// # Safety
/// The descriptor is a live one, and what is returned is used no longer than it lives.
pub(super) unsafe fn attribute(
    descriptor: pg_sys::TupleDesc,
    number: pg_sys::AttrNumber,
) -> Option<&'static pg_sys::FormData_pg_attribute> {
    // SAFETY: as demanded.
    unsafe {
        if number < 1 || c_int::from(number) > (*descriptor).natts {
            return None;
        }
        #[cfg(feature = "pg18")]
        let found = pg_sys::TupleDescAttr(descriptor, c_int::from(number) - 1).cast_const();
        #[cfg(not(feature = "pg18"))]
        let found = (*descriptor).attrs.as_ptr().add(usize::from(number.unsigned_abs()) - 1);
        found.as_ref()
    }
}

/// The type of the column of a number, if it is this one.
///
/// # Safety
/// The table is open and locked.
unsafe fn type_at(table: pg_sys::Relation, (name, kind): Column, number: pg_sys::AttrNumber) -> Option<pg_sys::Oid> {
    // SAFETY: as demanded; names are NUL-terminated.
    unsafe {
        let found = attribute((*table).rd_att, number)?;
        let is_it =
            !found.attisdropped && kind.is(found.atttypid) && CStr::from_ptr(found.attname.data.as_ptr()) == name;
        is_it.then_some(found.atttypid)
    }
}

/// # Safety
/// The table is open and locked.
unsafe fn numbered_of(table: pg_sys::Relation, column: Column) -> Option<Numbered> {
    // SAFETY: as demanded.
    unsafe {
        let count = pg_sys::AttrNumber::try_from((*(*table).rd_att).natts).ok()?;
        (1..=count).find_map(|number| Some((number, type_at(table, column, number)?)))
    }
}

/// The indexes of a table.
///
/// # Safety
/// The table is open and locked.
pub(super) unsafe fn indexes(table: pg_sys::Relation) -> Vec<pg_sys::Oid> {
    // SAFETY: as demanded; the list is a copy, which is freed.
    unsafe {
        let list = raised::call(|| RelationGetIndexList(table));
        if list.is_null() {
            return Vec::new();
        }
        let count = usize::try_from((*list).length).unwrap_or_default();
        let found = (0..count).map(|place| (*(*list).elements.add(place)).oid_value).collect();
        raised::call(|| list_free(list));
        found
    }
}

/// Whether every row can be found by the index at any time.
///
/// # Safety
/// The index is open and locked.
pub unsafe fn is_usable(index: pg_sys::Relation) -> bool {
    // SAFETY: as demanded.
    unsafe {
        let about = &*(*index).rd_index;
        about.indisvalid && about.indisready && about.indislive && !about.indcheckxmin
    }
}

/// Whether an index has all rows and begins with the key's columns, compared as their types are.
///
/// # Safety
/// The table of the index is open and locked.
unsafe fn serves(index: pg_sys::Oid, key: &[Column], numbers: &[pg_sys::AttrNumber]) -> bool {
    // SAFETY: as demanded: the index is one of the table's. Its arrays have an entry for each of its key columns.
    unsafe {
        let mode = pg_sys::AccessShareLock as pg_sys::LOCKMODE;
        let opened = raised::call(|| index_open(index, mode));
        let about = &*(*opened).rd_index;
        let count = usize::from(about.indnkeyatts.unsigned_abs());
        let compared = |place: usize| {
            let expected = key.get(place).and_then(|(_, kind)| kind.operator()).map(|(family, _)| family);
            Some(*(*opened).rd_opfamily.add(place)) == expected
        };
        let serves = is_usable(opened)
            && (*(*opened).rd_rel).relam == pg_sys::BTREE_AM_OID
            && count >= numbers.len()
            && raised::call(|| RelationGetIndexPredicate(opened)).is_null()
            && (0..numbers.len()).all(|place| Some(&*about.indkey.values.as_ptr().add(place)) == numbers.get(place))
            && (0..numbers.len()).all(compared);
        raised::call(|| index_close(opened, mode));
        serves
    }
}

/// Whether an index has each key once, at any time.
///
/// # Safety
/// The table of the index is open and locked.
unsafe fn is_unique(index: pg_sys::Oid, columns: usize) -> bool {
    // SAFETY: as demanded.
    unsafe {
        let mode = pg_sys::AccessShareLock as pg_sys::LOCKMODE;
        let opened = raised::call(|| index_open(index, mode));
        let about = &*(*opened).rd_index;
        let is_unique =
            about.indisunique && about.indimmediate && usize::from(about.indnkeyatts.unsigned_abs()) == columns;
        raised::call(|| index_close(opened, mode));
        is_unique
    }
}

/// The conditions of a key, without its values.
///
/// # Safety
/// The table of the index, which serves the key, is open and locked.
unsafe fn scan_keys(index: pg_sys::Oid, key: &[Column]) -> Vec<pg_sys::ScanKeyData> {
    // SAFETY: as demanded. What is looked up of the functions lives as long as the backend.
    unsafe {
        let mode = pg_sys::AccessShareLock as pg_sys::LOCKMODE;
        let opened = raised::call(|| index_open(index, mode));
        let context = pg_sys::MemoryContextSwitchTo(pg_sys::TopMemoryContext);
        let mut keys = Vec::with_capacity(key.len());
        for (place, (_, kind)) in key.iter().enumerate() {
            let strategy =
                if *kind == Kind::Instant { pg_sys::BTLessEqualStrategyNumber } else { pg_sys::BTEqualStrategyNumber };
            let strategy = strategy as pg_sys::StrategyNumber;
            let procedure = pg_sys::Oid::from_u32(kind.operator().map_or(0, |(_, procedure)| procedure));
            let collation = *(*opened).rd_indcollation.add(place);
            let number = pg_sys::AttrNumber::try_from(place + 1).unwrap_or_default();
            let mut entry = pg_sys::ScanKeyData::default();
            let at = &raw mut entry;
            let (none, nothing) = (pg_sys::InvalidOid, pg_sys::Datum::from(0));
            raised::call(|| ScanKeyEntryInitialize(at, 0, number, strategy, none, collation, procedure, nothing));
            keys.push(entry);
        }
        pg_sys::MemoryContextSwitchTo(context);
        raised::call(|| index_close(opened, mode));
        keys
    }
}
