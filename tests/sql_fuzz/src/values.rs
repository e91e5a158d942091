//! Arguments: by type what is extreme, by name what makes sense.

use crate::documents;
use crate::functions::Function;
use model_access_stress::Dice;

/// What exists, found between transactions.
#[derive(Default)]
pub struct Known {
    /// Reservations.
    pub reservations: Vec<String>,
    /// Rows of the ledger.
    pub usages: Vec<String>,
    /// Limits.
    pub limits: Vec<String>,
    /// Calls of agents.
    pub executions: Vec<String>,
    /// Functions that have or could have a wrapper.
    pub functions: Vec<String>,
}

fn pick<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    let place = usize::try_from(dice.roll(of.len() as u64)).unwrap_or(0);
    of.get(place).copied().unwrap_or_default()
}

const TEXTS: [&str; 18] = [
    "NULL",
    "''",
    "' '",
    "repeat('x', 1000000)",
    "repeat('/', 1000000)",
    "repeat('é', 101)",
    "repeat('a', 256)",
    "$t$'; DROP TABLE public.model_access; --$t$",
    "$t$\"quoted\"$t$",
    "$t$back\\slash \\x00 \\u0000$t$",
    "'%s %I $1 {0}'",
    "E'line\\nbreak\\ttab\\x01'",
    "'\u{1F600}\u{202E}\u{301}'",
    "'*'",
    "'acme/*'",
    "'NaN'",
    "'pg_catalog.pg_proc'",
    "'public.model_access'",
];
const UUIDS: [&str; 4] =
    ["NULL", "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "gen_random_uuid()"];
const PEOPLE: [&str; 7] = ["0a", "0a", "0b", "0c", "0d", "0e", "10"];
const BIGINTS: [&str; 8] = [
    "NULL",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775806",
    "-1",
    "0",
    "2147483648",
    "4611686018427387904",
];
const INTEGERS: [&str; 7] = ["NULL", "-2147483648", "2147483647", "-1", "0", "1000000", "12"];
const NUMERICS: [&str; 14] = [
    "NULL",
    "'NaN'",
    "'Infinity'",
    "'-Infinity'",
    "0",
    "-1",
    "-0.0000000001",
    "0.1",
    "1e131071",
    "1e-16383",
    "-1e131071",
    "1e99",
    "1e100",
    "9223372036854775808",
];
const INSTANTS: [&str; 12] = [
    "NULL",
    "'infinity'",
    "'-infinity'",
    "'epoch'",
    "'4713-01-01 00:00:00+00 BC'",
    "'294276-12-31 23:59:59.999999+00'",
    "'2011-12-30 10:00:00+00'",
    "'0001-01-01 00:00:00+00'",
    "'9999-12-31 23:59:59+00'",
    "now() - interval '400 days'",
    "now() + interval '400 days'",
    "date_trunc('month', now())",
];
const INTERVALS: [&str; 12] = [
    "NULL",
    "'0'",
    "'-1 second'",
    "'1 microsecond'",
    "'178000000 years'",
    "'-178000000 years'",
    "'1 mon -31 days'",
    "'-1 mon +40 days -99:00:00'",
    "'2147483647 days'",
    "'-2147483648 days'",
    "'2562047788:00:54.775807'",
    "'178956970 years 7 mons 2147483647 days 2562047788:00:54.775807'",
];
const TEXT_ARRAYS: [&str; 9] = [
    "NULL",
    "'{}'",
    "'{NULL}'",
    "'{{a,b},{c,d}}'",
    "'[5:6]={catalogue,quota}'",
    "array_fill('x'::text, ARRAY[100000])",
    "array_fill('model'::text, ARRAY[100000])",
    "ARRAY[repeat('x', 1000000)]",
    "ARRAY[NULL, '', '\"', '{}']",
];
const NUMERIC_ARRAYS: [&str; 9] = [
    "NULL",
    "'{}'",
    "'{NULL}'",
    "'{{0.1,0.2},{0.3,0.4}}'",
    "'{NaN}'",
    "'{Infinity}'",
    "'{-1,0,1e100}'",
    "array_fill(0.5::numeric, ARRAY[100000])",
    "'{0.5,0.5,0.5}'",
];

/// An expression of the argument's type.
pub fn value(dice: &mut Dice, known: &Known, name: &str, kind: &str, well_meant: bool) -> String {
    if kind == "jsonb" {
        return documents::document(dice, name, well_meant);
    }
    let sense = well_meant.then(|| sensible(dice, known, name, kind)).flatten();
    let expression = sense.unwrap_or_else(|| extreme(dice, kind).to_owned());
    format!("({expression})::{kind}")
}

fn extreme<'a>(dice: &mut Dice, kind: &str) -> &'a str {
    let all: &[&str] = match kind {
        "uuid" => &UUIDS,
        "bigint" => &BIGINTS,
        "integer" => &INTEGERS,
        "numeric" => &NUMERICS,
        "timestamp with time zone" => &INSTANTS,
        "interval" => &INTERVALS,
        "boolean" => &["NULL", "true", "false"],
        "inet" => &["NULL", "'0.0.0.0/0'", "'255.255.255.255'", "'::ffff:1.2.3.4/128'", "'fe80::1/10'"],
        "text[]" => &TEXT_ARRAYS,
        "numeric[]" => &NUMERIC_ARRAYS,
        "text" | "character varying" => &TEXTS,
        other => panic!("no values of the type {other}: add some"),
    };
    pick(dice, all)
}

fn one_of(dice: &mut Dice, of: &[String]) -> Option<String> {
    let place = usize::try_from(dice.roll((of.len() as u64).max(1))).ok()?;
    of.get(place).map(|text| format!("$t${text}$t$"))
}

/// What somebody would pass who knows what the argument is for.
fn sensible(dice: &mut Dice, known: &Known, name: &str, kind: &str) -> Option<String> {
    let words: &[&str] = match (name, kind) {
        ("p_reservation_id", _) => return one_of(dice, &known.reservations),
        ("p_usage_id", _) => return one_of(dice, &known.usages),
        ("p_limit_id", _) => return one_of(dice, &known.limits),
        ("p_execution_id", _) => return one_of(dice, &known.executions),
        ("p_session_id", _) => &["'00000000-0000-4000-8000-0000000000c1'"],
        ("p_agent", _) => &["'droid'", "'ccrouter'"],
        ("p_model", _) => &["NULL", "'gpt-4'"],
        ("p_role", _) => &["'user'", "'assistant'"],
        ("p_content", _) => &["'Hello'"],
        ("p_function", _) => return one_of(dice, &known.functions),
        ("p_organization_id", _) => &["NULL"],
        (_, "uuid") => return Some(format!("'00000000-0000-4000-8000-0000000000{}'", pick(dice, &PEOPLE))),
        ("p_model_id", "bigint") => &["1", "2", "6", "999"],
        ("p_model_id", _) => &["'acme/m1'", "'acme/m2'", "'acme/m3'", "'acme/m1'", "'acme/none'"],
        ("p_metric", _) => &["'requests'", "'tokens'", "'cost_usd'", "'concurrent'"],
        ("p_period", _) => {
            &["'minutely'", "'hourly'", "'daily'", "'weekly'", "'monthly'", "'yearly'", "'lifetime'", "NULL"]
        }
        ("p_scope", _) => &["'everyone'", "'everyone'", "'user'", "'tier'", "'plan'", "'organization'"],
        ("p_subject", _) => &["NULL", "NULL", "'pro'", "'00000000-0000-4000-8000-00000000000a'"],
        ("p_per", _) => &["'user'", "'pool'", "'organization'"],
        ("p_model_pattern", _) => &["'*'", "'acme/*'", "'acme/m1'"],
        ("p_enforcement", _) => &["'hard'", "'soft'"],
        ("p_time_zone", _) => &["'UTC'", "'asia/tokyo'", "'Pacific/Apia'"],
        ("p_name" | "p_limit_name", _) => &["'calls'", "'fuzz'", "'daily_limit'"],
        ("p_limit_amount", _) => &["NULL", "100", "1000000", "0.5"],
        ("p_status", _) => &["'active'", "'active'", "'disabled'", "'new'", "'success'", "'failed'", "NULL"],
        ("preference_type", _) => &["'ui'", "'ai'", "'notifications'", "'privacy'", "'general'"],
        ("p_table", _) => &["'model_access'", "'profiles'", "'quota_limits'"],
        ("modules", _) => &["NULL", "'{catalogue}'", "'{quota}'", "'{people}'"],
        ("p_group_by", _) => &["NULL", "'{}'", "'{day,model}'", "'{user,organisation}'", "'{provider}'"],
        ("p_from" | "p_occurred_at" | "p_at", _) => {
            &["now() - interval '1 hour'", "now() - interval '40 days'", "now()"]
        }
        ("p_to", _) => &["now()", "now() + interval '1 hour'"],
        ("p_ttl", _) => &["'10 minutes'", "'1 second'", "'24:00:00'"],
        ("p_keep", _) => &["NULL", "'1 year'", "'90 days'"],
        ("p_idempotency_key", _) => &["NULL", "NULL", "gen_random_uuid()::text", "'again'"],
        ("p_action" | "p_resource_type", _) => &["'fuzzed'"],
        ("p_success", _) => &["true", "false"],
        (_, "bigint") => &["0", "1", "10", "1000"],
        (_, "integer") => &["0", "1", "3"],
        (_, "numeric") => &["1", "-1", "0.5"],
        (_, "timestamp with time zone") => &["NULL", "now()"],
        (_, "text" | "character varying") => &["'because'", "'acme/m1'", "NULL"],
        _ => return None,
    };
    Some(pick(dice, words).to_owned())
}

/// How much of a call makes sense.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// By chance, of nothing to nearly everything.
    Chance,
    /// Every argument is one that could be meant.
    All,
}

/// A statement that calls the function.
pub fn call(dice: &mut Dice, known: &Known, function: &Function, sense: Sense) -> String {
    if function.is_trigger() {
        return trigger(dice, function);
    }
    if function.name == "as_row_type" {
        return as_row_type(dice);
    }
    let well_meant = sense == Sense::All || dice.roll(2) == 0;
    let left_out = usize::try_from(dice.roll(1 + function.defaults as u64)).unwrap_or(0);
    let given = function.arguments.len().saturating_sub(left_out);
    let arguments: Vec<String> = function
        .arguments
        .iter()
        .take(given)
        .map(|(name, kind)| {
            let chance = if well_meant { dice.roll(12) > 0 } else { dice.roll(3) == 0 };
            value(dice, known, name, kind, sense == Sense::All || chance)
        })
        .collect();
    // Sets are written to a tuplestore or row by row, by where they stand; some are not read to their end.
    match dice.roll(4) {
        0 => format!("SELECT {}({})", function.path(), arguments.join(", ")),
        1 => format!("SELECT * FROM {}({}) LIMIT 1", function.path(), arguments.join(", ")),
        _ => format!("SELECT * FROM {}({})", function.path(), arguments.join(", ")),
    }
}

/// An organisation begins to try a model.
const TRIAL: &str = "WITH o AS (INSERT INTO public.organizations (name) VALUES ('fuzz') RETURNING id) \
    INSERT INTO public.org_system_model_config (organization_id, system_model_id) \
    SELECT o.id, (SELECT min(m.id) FROM public.ai_models_system AS m) FROM o";
/// It gets a member.
const MEMBER: &str = "WITH o AS (INSERT INTO public.organizations (name) VALUES ('fuzz') RETURNING id) \
    INSERT INTO public.users (email, organization_id) SELECT gen_random_uuid() || '@example.test', o.id FROM o";
/// A member goes, and what was written down of him no longer refers to him.
const MEMBER_GOES: &str = "WITH o AS (INSERT INTO public.organizations (name) VALUES ('fuzz') RETURNING id) \
    INSERT INTO public.users (email, organization_id) SELECT 'gone@example.test', o.id FROM o; \
    INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) \
    SELECT u.id, u.organization_id, 'fuzzed', 'fuzz' FROM public.users AS u WHERE u.email = 'gone@example.test'; \
    DELETE FROM public.users WHERE email = 'gone@example.test'";

/// A trigger of ours at work, at a table of somebody's, and called by hand.
fn trigger(dice: &mut Dice, function: &Function) -> String {
    let path = function.path();
    let fires = match function.name.as_str() {
        "bump_catalogue_version" => "UPDATE public.model_access SET is_pro = NOT is_pro WHERE model_id = 'acme/m1'",
        "guard_privileged_columns" => {
            "UPDATE public.profiles SET role = role, email = email WHERE email = 'a@example.test'"
        }
        "note_trial_start" => TRIAL,
        "note_decision" => "UPDATE public.organizations SET quota_slots = 3 - quota_slots WHERE quota_slots < 3",
        "guard_members" => MEMBER,
        "chain_audit_log" => "INSERT INTO public.audit_logs (action, resource_type) VALUES ('fuzzed', 'fuzz')",
        "keep_audit_log" => MEMBER_GOES,
        other => panic!("nothing here fires a trigger of {other}: add a statement"),
    };
    let table = "CREATE TEMP TABLE IF NOT EXISTS fuzzed (id uuid, role text)";
    let times = ["BEFORE INSERT", "AFTER INSERT", "BEFORE UPDATE", "AFTER TRUNCATE", "INSTEAD OF INSERT"];
    let place = usize::try_from(dice.roll(times.len() as u64)).unwrap_or(0);
    let (time, each) = (times[place], ["ROW", "STATEMENT"][usize::from(dice.roll(2) == 0)]);
    match dice.roll(4) {
        0 => format!("SELECT {path}()"),
        1 => format!(
            "{table}; CREATE OR REPLACE TRIGGER t {time} ON fuzzed FOR EACH {each} EXECUTE FUNCTION {path}('x'); \
             INSERT INTO fuzzed VALUES (NULL, NULL); UPDATE fuzzed SET role = 'x' WHERE true; TRUNCATE fuzzed"
        ),
        _ => fires.to_owned(),
    }
}

fn as_row_type(dice: &mut Dice) -> String {
    const ROWS: [&str; 6] = [
        "ROW(1, 'x')",
        "NULL::record",
        "ROW()",
        "model_access.check_model_quota('00000000-0000-4000-8000-00000000000a', 'acme/m1')",
        "NULL::model_access.quota_decision",
        "(SELECT p FROM public.profiles AS p LIMIT 1)",
    ];
    const TYPES: [&str; 5] =
        ["NULL::public.quota_decision", "NULL::model_access.quota_decision", "1", "NULL::public.profiles", "ARRAY[1]"];
    format!("SELECT model_access.as_row_type({}, {})", pick(dice, &ROWS), pick(dice, &TYPES))
}
