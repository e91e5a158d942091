//! Row and statement triggers.

use super::session;
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{impl_sql_translatable, pg_sys};
use std::ffi::CStr;

/// The running BEFORE ROW trigger for INSERT or UPDATE.
pub struct RowTrigger {
    data: *mut pg_sys::TriggerData,
}

/// What a trigger function returns: the row to store, or nothing after a statement.
pub struct TriggerResult(pg_sys::HeapTuple);

impl_sql_translatable!(TriggerResult, "trigger");

// SAFETY: a trigger function returns a pointer to a tuple of its TriggerData, or NULL with isnull unset.
unsafe impl BoxRet for TriggerResult {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: the tuple belongs to the caller of the trigger and outlives the call.
        unsafe { fcinfo.return_raw_datum(pg_sys::Datum::from(self.0)) }
    }
}

impl TriggerResult {
    /// For AFTER triggers, whose result is ignored.
    pub fn nothing() -> Self {
        Self(std::ptr::null_mut())
    }
}

/// Whether a function is running as a trigger.
pub fn is_trigger_call(fcinfo: pg_sys::FunctionCallInfo) -> bool {
    // SAFETY: fcinfo is the running call's; context is NULL or a node.
    unsafe {
        let context = (*fcinfo).context;
        !context.is_null() && (*context).type_ == pg_sys::NodeTag::T_TriggerData
    }
}

impl RowTrigger {
    /// The running trigger; `None` when the function was not called as a BEFORE ROW trigger for INSERT or UPDATE.
    pub fn of(fcinfo: pg_sys::FunctionCallInfo) -> Option<Self> {
        if !is_trigger_call(fcinfo) {
            return None;
        }
        // SAFETY: the context is a TriggerData, as was just checked.
        let data = unsafe { (*fcinfo).context.cast::<pg_sys::TriggerData>() };
        // SAFETY: see above.
        let event = unsafe { (*data).tg_event };
        let operation = event & pg_sys::TRIGGER_EVENT_OPMASK;
        let writes = operation == pg_sys::TRIGGER_EVENT_INSERT || operation == pg_sys::TRIGGER_EVENT_UPDATE;
        let before_row = event & pg_sys::TRIGGER_EVENT_ROW != 0
            && event & pg_sys::TRIGGER_EVENT_TIMINGMASK == pg_sys::TRIGGER_EVENT_BEFORE;
        (writes && before_row).then_some(Self { data })
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

    /// A column of the row as it is to be stored, as text; `None` for NULL.
    pub fn new_text(&self, column: &str) -> Option<String> {
        self.text(self.new_tuple(), column)
    }

    /// A column of the row before an UPDATE, as text; `None` for NULL.
    pub fn old_text(&self, column: &str) -> Option<String> {
        // SAFETY: data is the running trigger's.
        self.text(unsafe { (*self.data).tg_trigtuple }, column)
    }

    /// Lets the row be stored as it is.
    pub fn keep(&self) -> TriggerResult {
        TriggerResult(self.new_tuple())
    }

    fn new_tuple(&self) -> pg_sys::HeapTuple {
        // SAFETY: data is the running trigger's; on UPDATE the new row is the second tuple, on INSERT the only one.
        unsafe { if self.is_update() { (*self.data).tg_newtuple } else { (*self.data).tg_trigtuple } }
    }

    fn text(&self, tuple: pg_sys::HeapTuple, column: &str) -> Option<String> {
        let name = session::c_string(column);
        // SAFETY: the tuple is of the relation; an unknown column gives a number below 1, which is not read.
        unsafe {
            let descriptor = (*(*self.data).tg_relation).rd_att;
            let number = pg_sys::SPI_fnumber(descriptor, name.as_ptr());
            if number < 1 {
                return None;
            }
            let text = pg_sys::SPI_getvalue(tuple, descriptor, number);
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        }
    }
}
