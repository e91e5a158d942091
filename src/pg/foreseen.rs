//! What a table runs for a row that is written: whether nothing but checks and indexes, and whether those are known to look no name
//! up. Then the pinned path is not needed for it.

use super::raised;
use pgrx::pg_sys;
use std::ffi::{c_char, c_void};

/// Asks of a function whether it is one that is looked for.
type Checker = unsafe extern "C-unwind" fn(pg_sys::Oid, *mut c_void) -> bool;
/// Goes on below a node.
type Walker = unsafe extern "C-unwind" fn(*mut pg_sys::Node, *mut c_void) -> bool;

// The server's functions as they are, for `raised::call`.
unsafe extern "C-unwind" {
    fn check_functions_in_node(node: *mut pg_sys::Node, checker: Checker, context: *mut c_void) -> bool;
    #[cfg_attr(not(feature = "pg15"), link_name = "expression_tree_walker_impl")]
    fn expression_tree_walker(node: *mut pg_sys::Node, walker: Walker, context: *mut c_void) -> bool;
    fn func_volatile(function: pg_sys::Oid) -> c_char;
    fn stringToNode(text: *const c_char) -> *mut c_void;
    fn RelationGetIndexExpressions(index: pg_sys::Relation) -> *mut pg_sys::List;
    fn RelationGetIndexPredicate(index: pg_sys::Relation) -> *mut pg_sys::List;
}

/// Whether nothing but the table itself has to do with a row that is written: no trigger, no rule, no policy that its owner is
/// subject to. Foreign keys and deferred constraints are triggers.
///
/// # Safety
/// The table is open and locked.
pub unsafe fn is_plainly_written(table: pg_sys::Relation) -> bool {
    // SAFETY: as demanded.
    unsafe { (*table).trigdesc.is_null() && (*table).rd_rules.is_null() && !(*(*table).rd_rel).relforcerowsecurity }
}

/// Whether all functions in the checks of a table are the server's own, and immutable: those neither run what others made nor find
/// anything by a name that is not given to them whole.
///
/// # Safety
/// The table is open and locked.
pub unsafe fn are_checks(table: pg_sys::Relation) -> bool {
    // SAFETY: as demanded; the array has so many checks, each with a text. What is read of it is memory of the call.
    unsafe {
        let Some(constraints) = (*(*table).rd_att).constr.as_ref() else { return true };
        (0..usize::from(constraints.num_check)).all(|place| {
            let text = (*constraints.check.add(place)).ccbin;
            raised::call(|| !may_look_up(stringToNode(text).cast(), std::ptr::null_mut()))
        })
    }
}

/// The same for an index: its operators, its expressions, its condition.
///
/// # Safety
/// The index is open and locked.
pub unsafe fn is_index(index: pg_sys::Relation) -> bool {
    // SAFETY: as demanded; there is a family for each column of the key. The lists are memory of the call.
    unsafe {
        let about = &*(*index).rd_index;
        let count = usize::from(about.indnkeyatts.unsigned_abs());
        !about.indisexclusion
            && (0..count).all(|place| is_servers_own(*(*index).rd_opfamily.add(place)))
            && raised::call(|| {
                !may_look_up(RelationGetIndexExpressions(index).cast(), std::ptr::null_mut())
                    && !may_look_up(RelationGetIndexPredicate(index).cast(), std::ptr::null_mut())
            })
    }
}

fn is_servers_own(object: pg_sys::Oid) -> bool {
    object.to_u32() < pg_sys::FirstNormalObjectId
}

/// Nodes of which the server tells all functions that they call; others may ask settings, or check domains.
const TOLD: [pg_sys::NodeTag; 20] = [
    pg_sys::NodeTag::T_List,
    pg_sys::NodeTag::T_Const,
    pg_sys::NodeTag::T_Var,
    pg_sys::NodeTag::T_FuncExpr,
    pg_sys::NodeTag::T_OpExpr,
    pg_sys::NodeTag::T_DistinctExpr,
    pg_sys::NodeTag::T_NullIfExpr,
    pg_sys::NodeTag::T_ScalarArrayOpExpr,
    pg_sys::NodeTag::T_BoolExpr,
    pg_sys::NodeTag::T_NullTest,
    pg_sys::NodeTag::T_BooleanTest,
    pg_sys::NodeTag::T_RelabelType,
    pg_sys::NodeTag::T_CollateExpr,
    pg_sys::NodeTag::T_CoerceViaIO,
    pg_sys::NodeTag::T_ArrayCoerceExpr,
    pg_sys::NodeTag::T_ArrayExpr,
    pg_sys::NodeTag::T_CaseExpr,
    pg_sys::NodeTag::T_CaseWhen,
    pg_sys::NodeTag::T_CaseTestExpr,
    pg_sys::NodeTag::T_CoalesceExpr,
];

/// Whether an expression, or a list of some, has a function of others or one that is not immutable, or something else of which that
/// is not known.
///
/// # Safety
/// Called by `raised::call` with an expression, or by the server on its way through one.
unsafe extern "C-unwind" fn may_look_up(node: *mut pg_sys::Node, context: *mut c_void) -> bool {
    // SAFETY: as demanded.
    unsafe {
        !node.is_null()
            && (!TOLD.contains(&(*node).type_)
                || check_functions_in_node(node, is_unforeseen, context)
                || expression_tree_walker(node, may_look_up, context))
    }
}

/// # Safety
/// Called by the server, with a function that exists.
unsafe extern "C-unwind" fn is_unforeseen(function: pg_sys::Oid, _: *mut c_void) -> bool {
    // SAFETY: as demanded.
    !is_servers_own(function) || unsafe { func_volatile(function) as u8 != pg_sys::PROVOLATILE_IMMUTABLE }
}
