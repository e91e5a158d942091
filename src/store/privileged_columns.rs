//! Columns that decide about rights, in tables whose rows people write themselves.

use crate::pg::owner;
use crate::pg::spi::{self, Snapshot, arg};
use crate::pg::trigger::RowTrigger;
use crate::statement;

statement!(
    DEFAULT_EXPRESSION,
    "SELECT pg_catalog.format('CAST(%s AS %s)', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                            pg_catalog.format_type(a.atttypid, a.atttypmod))
       FROM pg_catalog.pg_attribute AS a
       JOIN pg_catalog.pg_attrdef AS d
         ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid AND d.adnum OPERATOR(pg_catalog.=) a.attnum
      WHERE a.attrelid OPERATOR(pg_catalog.=) $1 AND a.attname OPERATOR(pg_catalog.=) $2::pg_catalog.name"
);

/// Whose row it is. A row that was given its rights by others keeps its person: else any policy that lets clients write
/// others' rows would let one put his own id into an admin's.
const KEY: &str = "id";

/// The first of the trigger's columns that the statement sets to what a client may not set: on UPDATE another value
/// than before, of the key too, on INSERT another than the column's default.
pub fn first_set(trigger: &RowTrigger) -> Option<String> {
    let key = (trigger.is_update() && trigger.has_column(KEY)).then(|| KEY.to_owned());
    trigger.arguments().into_iter().chain(key).find(|column| {
        // A guard of a column that was renamed away guards nothing: then nobody passes.
        if !trigger.has_column(column) {
            return true;
        }
        let allowed = if trigger.is_update() { trigger.old_text(column) } else { default_text(trigger, column) };
        trigger.new_text(column) != allowed
    })
}

/// The column's default as text, evaluated as the table's owner, whose expression it is.
fn default_text(trigger: &RowTrigger, column: &str) -> Option<String> {
    owner::act_as(trigger.table_owner()?, || {
        let expression = DEFAULT_EXPRESSION.with(|query| {
            query.first(Snapshot::Latest, &[arg(trigger.table()), arg(column)], |row| row.get::<String>(1))
        });
        spi::text_of_expression(&expression.flatten()?)
    })
}
