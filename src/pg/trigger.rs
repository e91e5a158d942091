//! Row and statement triggers.

use super::session;
use super::spi::{Arg, Row, wrong_type};
use super::{shape, stored};
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{impl_sql_translatable, pg_sys};
use std::ffi::{CStr, c_int};

/// The running ROW trigger.
pub struct RowTrigger {
    data: *mut pg_sys::TriggerData,
}

/// What a trigger function returns: the row to store or to delete, or nothing before a statement.
pub struct TriggerResult(pg_sys::HeapTuple);

impl_sql_translatable!(TriggerResult, "trigger");

// SAFETY: a trigger function returns a pointer to a tuple of its TriggerData, or NULL with isnull unset.
unsafe impl BoxRet for TriggerResult {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: the tuple belongs to the caller of the trigger and outlives the call.
        unsafe { fcinfo.return_raw_datum(pg_sys::Datum::from(self.0)) }
    }
}

/// The data of the running trigger; `None` when the function was called otherwise.
fn data_of(fcinfo: pg_sys::FunctionCallInfo) -> Option<*mut pg_sys::TriggerData> {
    // SAFETY: fcinfo is the running call's; context is NULL or a node, whose tag says what it is.
    unsafe {
        let context = (*fcinfo).context;
        let called = !context.is_null() && (*context).type_ == pg_sys::NodeTag::T_TriggerData;
        called.then(|| context.cast())
    }
}

/// What a BEFORE trigger that lets everything happen returns; `None` when the function was not called as one.
pub fn let_happen(fcinfo: pg_sys::FunctionCallInfo) -> Option<TriggerResult> {
    let trigger = RowTrigger { data: data_of(fcinfo)? };
    // SAFETY: the data is the running trigger's.
    let event = unsafe { (*trigger.data).tg_event };
    if event & pg_sys::TRIGGER_EVENT_TIMINGMASK != pg_sys::TRIGGER_EVENT_BEFORE {
        return None;
    }
    let of_a_row = event & pg_sys::TRIGGER_EVENT_ROW != 0;
    Some(if of_a_row { trigger.keep() } else { TriggerResult(std::ptr::null_mut()) })
}

/// What a BEFORE trigger is asked about.
pub enum Before {
    /// A row is to be stored: INSERT.
    Insert(RowTrigger),
    /// A row is to be changed: UPDATE.
    Update(RowTrigger),
    /// A row, or all, is to be taken away: DELETE, TRUNCATE.
    Removal,
}

/// What happens; `None` unless the function was called as a BEFORE trigger: ROW for INSERT, UPDATE and DELETE, STATEMENT for TRUNCATE.
pub fn before(fcinfo: pg_sys::FunctionCallInfo) -> Option<Before> {
    if let Some(trigger) = RowTrigger::of(fcinfo) {
        return Some(if trigger.is_update() { Before::Update(trigger) } else { Before::Insert(trigger) });
    }
    let data = data_of(fcinfo)?;
    // SAFETY: the data is the running trigger's.
    let event = unsafe { (*data).tg_event };
    let operation = event & pg_sys::TRIGGER_EVENT_OPMASK;
    let of_a_row = event & pg_sys::TRIGGER_EVENT_ROW != 0;
    let removes = match operation {
        pg_sys::TRIGGER_EVENT_DELETE => of_a_row,
        pg_sys::TRIGGER_EVENT_TRUNCATE => !of_a_row,
        _ => false,
    };
    (removes && event & pg_sys::TRIGGER_EVENT_TIMINGMASK == pg_sys::TRIGGER_EVENT_BEFORE).then_some(Before::Removal)
}

impl RowTrigger {
    /// The running trigger; `None` when the function was not called as a BEFORE ROW trigger for INSERT or UPDATE.
    pub fn of(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        Self::at(fcinfo, pg_sys::TRIGGER_EVENT_BEFORE)
    }

    /// The running trigger; `None` when the function was not called as an AFTER ROW trigger for INSERT or UPDATE.
    pub fn after(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        Self::at(fcinfo, pg_sys::TRIGGER_EVENT_AFTER)
    }

    /// The running trigger; `None` when the function was not called as an AFTER ROW trigger: for INSERT, UPDATE or DELETE.
    pub fn after_any(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        Self::of_a_row(fcinfo, pg_sys::TRIGGER_EVENT_AFTER)
    }

    fn at(fcinfo: pg_sys::FunctionCallInfo, timing: u32) -> Option<Self> {
        Self::of_a_row(fcinfo, timing).filter(|trigger| !trigger.is_delete())
    }

    fn of_a_row(fcinfo: pg_sys::FunctionCallInfo, timing: u32) -> Option<Self> {
        let data = data_of(fcinfo)?;
        // SAFETY: the data is the running trigger's.
        let event = unsafe { (*data).tg_event };
        let of_a_row = event & pg_sys::TRIGGER_EVENT_ROW != 0 && event & pg_sys::TRIGGER_EVENT_TIMINGMASK == timing;
        of_a_row.then_some(Self { data })
    }

    fn operation(&self) -> u32 {
        // SAFETY: data is the running trigger's.
        unsafe { (*self.data).tg_event & pg_sys::TRIGGER_EVENT_OPMASK }
    }

    /// Whether the statement is an UPDATE.
    pub fn is_update(&self) -> bool {
        self.operation() == pg_sys::TRIGGER_EVENT_UPDATE
    }

    /// Whether the statement is a DELETE.
    pub fn is_delete(&self) -> bool {
        self.operation() == pg_sys::TRIGGER_EVENT_DELETE
    }

    /// The table.
    pub fn table(&self) -> pg_sys::Oid {
        // SAFETY: data is the running trigger's, its relation is open.
        unsafe { (*(*self.data).tg_relation).rd_id }
    }

    /// The table's owner.
    pub fn table_owner(&self) -> Option<pg_sys::Oid> {
        // SAFETY: as above; rd_rel is the relation's pg_class row.
        Some(unsafe { (*(*(*self.data).tg_relation).rd_rel).relowner }).filter(|owner| *owner != pg_sys::InvalidOid)
    }

    /// The arguments of CREATE TRIGGER.
    pub fn arguments(&self) -> Vec<String> {
        // SAFETY: tgargs holds tgnargs strings.
        unsafe {
            let trigger = (*self.data).tg_trigger;
            let count = usize::try_from((*trigger).tgnargs).unwrap_or_default();
            (0..count)
                .map(|place| CStr::from_ptr(*(*trigger).tgargs.add(place)).to_string_lossy().into_owned())
                .collect()
        }
    }

    /// Whether the table has such a column.
    pub fn has_column(&self, column: &str) -> bool {
        self.number_of(column).is_some()
    }

    /// A column of the row as it is to be stored, as text; `None` for NULL.
    pub fn new_text(&self, column: &str) -> Option<String> {
        self.text(self.new_tuple(), column)
    }

    /// A column of the row before an UPDATE or a DELETE, as text; `None` for NULL.
    pub fn old_text(&self, column: &str) -> Option<String> {
        self.text(self.old_tuple(), column)
    }

    /// Whether a column is of a type whose text is JSON too: a number.
    pub fn is_numeric(&self, column: &str) -> bool {
        // SAFETY: the descriptor is the relation's; a place beyond it gives InvalidOid.
        let found = unsafe { pg_sys::SPI_gettypeid(self.descriptor(), self.place(column)) };
        [pg_sys::INT2OID, pg_sys::INT4OID, pg_sys::INT8OID].contains(&found)
    }

    /// Whether a column is a boolean.
    pub fn is_boolean(&self, column: &str) -> bool {
        // SAFETY: as above.
        unsafe { pg_sys::SPI_gettypeid(self.descriptor(), self.place(column)) == pg_sys::BOOLOID }
    }

    /// Whether a column is a uuid.
    pub fn is_uuid(&self, column: &str) -> bool {
        // SAFETY: as above.
        unsafe { pg_sys::SPI_gettypeid(self.descriptor(), self.place(column)) == pg_sys::UUIDOID }
    }

    /// The row as it is to be stored; read with [`Self::place`].
    pub fn new_row(&self) -> Row<'_> {
        Row::of(self.new_tuple(), self.descriptor())
    }

    /// The row before an UPDATE or a DELETE; read with [`Self::place`].
    pub fn old_row(&self) -> Row<'_> {
        Row::of(self.old_tuple(), self.descriptor())
    }

    /// Where a column stands in a row; 0 for one that is not there, of which reading is 42804.
    pub fn place(&self, column: &str) -> c_int {
        self.number_of(column).unwrap_or_default()
    }

    /// Whether a column of the row as it is to be stored has another value than the row before, byte by byte; true for
    /// one that is not there.
    pub fn changes(&self, column: &str) -> bool {
        self.number_of(column).is_none_or(|number| self.changes_at(number))
    }

    /// Whether a column of the row as it is to be stored has another value than its default, which is evaluated in the rights of
    /// whoever acts; true for one that is not there.
    pub fn differs_from_default(&self, column: &str) -> bool {
        let found = self.number_of(column).and_then(|number| Some((number, self.attribute(number)?)));
        let Some((number, attribute)) = found else { return true };
        // SAFETY: the relation is open, the attribute is its, and both values are of its type.
        unsafe {
            let default = stored::default_of((*self.data).tg_relation, attribute);
            !stored::is_same(attribute, self.value(self.new_tuple(), number), default)
        }
    }

    /// The columns that an UPDATE changes.
    pub fn changed_columns(&self) -> Vec<String> {
        let descriptor = self.descriptor();
        // SAFETY: the relation is open.
        let count = unsafe { (*descriptor).natts };
        (1..=count)
            .filter(|number| self.changes_at(*number))
            .map(|number| {
                // SAFETY: the number is of one of the relation's columns.
                unsafe { CStr::from_ptr(pg_sys::SPI_fname(descriptor, number)) }.to_string_lossy().into_owned()
            })
            .collect()
    }

    fn changes_at(&self, number: c_int) -> bool {
        let (old, new) = (self.value(self.old_tuple(), number), self.value(self.new_tuple(), number));
        // SAFETY: both values are of the attribute's type.
        self.attribute(number).is_some_and(|attribute| unsafe { !stored::is_same(attribute, old, new) })
    }

    /// A column that was not dropped.
    fn attribute(&self, number: c_int) -> Option<&pg_sys::FormData_pg_attribute> {
        // SAFETY: the descriptor is the open relation's.
        let found = unsafe { shape::attribute(self.descriptor(), pg_sys::AttrNumber::try_from(number).ok()?) };
        found.filter(|attribute| !attribute.attisdropped)
    }

    fn value(&self, tuple: pg_sys::HeapTuple, number: c_int) -> Option<pg_sys::Datum> {
        let mut is_null = true;
        // SAFETY: the tuple is of the relation.
        let value = unsafe { pg_sys::SPI_getbinval(tuple, self.descriptor(), number, &mut is_null) };
        (!is_null).then_some(value)
    }

    /// Lets the row be stored with other values in some columns; 42804 for a column of another type.
    pub fn with(&self, values: &[(&str, Arg)]) -> TriggerResult {
        let descriptor = self.descriptor();
        let mut columns: Vec<c_int> = values.iter().map(|(column, _)| self.place(column)).collect();
        for (place, (_, value)) in columns.iter().zip(values) {
            // SAFETY: the descriptor is the relation's; a place beyond it gives InvalidOid.
            let found = unsafe { pg_sys::SPI_gettypeid(descriptor, *place) };
            if found != value.type_oid() {
                wrong_type(*place, found);
            }
        }
        let datum = |(_, value): &(&str, Arg)| value.datum().unwrap_or(pg_sys::Datum::from(0));
        let mut datums: Vec<pg_sys::Datum> = values.iter().map(datum).collect();
        let mut nulls: Vec<bool> = values.iter().map(|(_, value)| value.datum().is_none()).collect();
        let count = c_int::try_from(values.len()).unwrap_or_default();
        // SAFETY: the tuple is of the descriptor; the three arrays have `count` entries, each value is of its column's type.
        TriggerResult(unsafe {
            pg_sys::heap_modify_tuple_by_cols(
                self.new_tuple(),
                descriptor,
                count,
                columns.as_mut_ptr(),
                datums.as_mut_ptr(),
                nulls.as_mut_ptr(),
            )
        })
    }

    fn descriptor(&self) -> pg_sys::TupleDesc {
        // SAFETY: data is the running trigger's, its relation is open.
        unsafe { (*(*self.data).tg_relation).rd_att }
    }

    /// Lets the row be stored as it is, or be deleted.
    pub fn keep(&self) -> TriggerResult {
        TriggerResult(self.new_tuple())
    }

    fn old_tuple(&self) -> pg_sys::HeapTuple {
        // SAFETY: data is the running trigger's.
        unsafe { (*self.data).tg_trigtuple }
    }

    fn new_tuple(&self) -> pg_sys::HeapTuple {
        // SAFETY: data is the running trigger's; on UPDATE the new row is the second tuple, else the only one.
        unsafe { if self.is_update() { (*self.data).tg_newtuple } else { (*self.data).tg_trigtuple } }
    }

    fn number_of(&self, column: &str) -> Option<i32> {
        let name = session::c_string(column);
        // SAFETY: the relation is open; an unknown column gives a number below 1.
        let number = unsafe { pg_sys::SPI_fnumber((*(*self.data).tg_relation).rd_att, name.as_ptr()) };
        (number > 0).then_some(number)
    }

    fn text(&self, tuple: pg_sys::HeapTuple, column: &str) -> Option<String> {
        let number = self.number_of(column)?;
        // SAFETY: the tuple is of the relation, the number of one of its columns; the text is copied.
        unsafe {
            let text = pg_sys::SPI_getvalue(tuple, (*(*self.data).tg_relation).rd_att, number);
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        }
    }
}
