//! Row and statement triggers.

use super::session;
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{impl_sql_translatable, pg_sys};
use std::ffi::CStr;

/// The running ROW trigger for INSERT or UPDATE.
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

impl RowTrigger {
    /// The running trigger; `None` when the function was not called as a BEFORE ROW trigger for INSERT or UPDATE.
    pub fn of(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        Self::at(fcinfo, pg_sys::TRIGGER_EVENT_BEFORE)
    }

    /// The running trigger; `None` when the function was not called as an AFTER ROW trigger for INSERT or UPDATE.
    pub fn after(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        Self::at(fcinfo, pg_sys::TRIGGER_EVENT_AFTER)
    }

    fn at(fcinfo: pg_sys::FunctionCallInfo, timing: u32) -> Option<Self> {
        let data = data_of(fcinfo)?;
        // SAFETY: the data is the running trigger's.
        let event = unsafe { (*data).tg_event };
        let operation = event & pg_sys::TRIGGER_EVENT_OPMASK;
        let writes = operation == pg_sys::TRIGGER_EVENT_INSERT || operation == pg_sys::TRIGGER_EVENT_UPDATE;
        let of_a_row = event & pg_sys::TRIGGER_EVENT_ROW != 0 && event & pg_sys::TRIGGER_EVENT_TIMINGMASK == timing;
        (writes && of_a_row).then_some(Self { data })
    }

    /// Whether the statement is an UPDATE; otherwise it is an INSERT.
    pub fn is_update(&self) -> bool {
        // SAFETY: data is the running trigger's.
        unsafe { (*self.data).tg_event & pg_sys::TRIGGER_EVENT_OPMASK == pg_sys::TRIGGER_EVENT_UPDATE }
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

    /// A column of the row before an UPDATE, as text; `None` for NULL.
    pub fn old_text(&self, column: &str) -> Option<String> {
        // SAFETY: data is the running trigger's.
        self.text(unsafe { (*self.data).tg_trigtuple }, column)
    }

    /// Lets the row be stored as it is, or be deleted.
    pub fn keep(&self) -> TriggerResult {
        TriggerResult(self.new_tuple())
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
