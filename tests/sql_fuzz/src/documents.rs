//! JSON documents: right ones with something wrong in them, and wrong ones.

use model_access_stress::Dice;

fn pick<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    let place = usize::try_from(dice.roll(of.len() as u64)).unwrap_or(0);
    of.get(place).copied().unwrap_or_default()
}

/// What takes the place of a value.
const SCALARS: [&str; 24] = [
    "null",
    "true",
    "0",
    "-1",
    "1",
    "0.5",
    "1e400",
    "-1e400",
    "1e131071",
    "1e-16383",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "2147483648",
    "\"\"",
    "\" \"",
    "\"-1\"",
    "\"NaN\"",
    "\"1e5\"",
    "\"'; DROP TABLE x; --\"",
    "\"\\\\ \\\" $1 %s\"",
    "\"\u{1F600}\u{202E}\u{FFFD}\"",
    "[]",
    "{}",
];

const USAGES: [&str; 6] = [
    r#"{"prompt_tokens":@,"completion_tokens":@,"total_tokens":@}"#,
    r#"{"prompt_tokens":100,"completion_tokens":40,"prompt_tokens_details":{"cached_tokens":@,"cache_write_tokens":@},"cost":@}"#,
    r#"{"input_tokens":5,"output_tokens":@,"requests":@,"images":@,"server_tool_use":{"web_search_requests":@}}"#,
    r#"{"gen_ai.usage.input_tokens":@,"gen_ai.usage.output_tokens":2}"#,
    r#"{"total_tokens":@,"is_byok":@,"cost_details":{"upstream_inference_cost":@},"cost":@}"#,
    r#"{"prompt_tokens":1,"prompt_tokens_details":@,"completion_tokens_details":@}"#,
];

const FEEDS: [&str; 6] = [
    r#"[{"id":"acme/m1","name":"One","expiration_date":@},{"id":"acme/m2","name":"Two","expiration_date":"2098-12-31"},{"id":"acme/m3","name":"Three"}]"#,
    r#"[{"id":"acme/m1","name":"One","pricing":{"prompt":@,"completion":"0.1"}},{"id":"acme/m2","name":"Two"},{"id":"acme/m3","name":"Three"}]"#,
    r#"[{"id":"fuzz/a","name":@,"context_length":@,"created":@,"architecture":{"modality":@,"input_modalities":@}}]"#,
    r#"[{"id":@,"name":@,"pricing":{"prompt":"1","completion":"1","overrides":[{"min_prompt_tokens":@,"prompt":@}],"discount":@}}]"#,
    r#"[@,{"id":"acme/m1","name":"One"},{"id":"acme/m1","name":"Again"}]"#,
    r#"{"data":[{"id":"acme/m1","name":"One","top_provider":@,"supported_parameters":@}]}"#,
];

const ITEMS: [&str; 4] = [
    r#"[{"user_uuid":"00000000-0000-4000-8000-00000000000a","model_id":"acme/m1","tokens":@}]"#,
    r#"[{"user_uuid":@,"model_id":@,"tokens":1,"requests":@,"idempotency_key":@}]"#,
    r#"[{"user_uuid":"00000000-0000-4000-8000-00000000000b","model_id":"acme/m2","tokens":3,"requests":1,"idempotency_key":"batch"},{"user_uuid":"00000000-0000-4000-8000-00000000000a","model_id":"acme/m1","tokens":@}]"#,
    r#"[@]"#,
];

const DECISIONS: [&str; 6] = [
    r#"[{"model_id":"acme/m1","status":"active","is_free":true,"is_pro":true,"is_enterprise":true,"reason":"fuzzed"}]"#,
    r#"[{"model_id":"acme/m1","status":@,"is_free":@,"is_pro":@,"is_enterprise":@,"reason":@}]"#,
    r#"[{"model_id":@,"status":"new"},{"model_id":"acme/m2"},{"model_id":"acme/m2","status":"active"},@]"#,
    r#"[{"model_id":"acme/m3","is_fre":@},{"model_id":"acme/m3","status":"active","is_free":true}]"#,
    r#"[@,@,{"model_id":"acme/none"}]"#,
    r#"@"#,
];

const PREFERENCES: [&str; 4] = [
    r#"{"theme":@,"language":@}"#,
    r#"{"default_model":@,"temperature":@,"max_tokens":@,"system_prompt":@}"#,
    r#"{"email_notifications":@,"nested":{"a":@,"b":{"c":@}}}"#,
    r#"{"":@}"#,
];

/// Documents that are wrong by size, depth or shape, as SQL expressions. Some of them the server's own parser refuses.
const WRONG: [&str; 16] = [
    "NULL::jsonb",
    "'null'::jsonb",
    "'[]'::jsonb",
    "'{}'::jsonb",
    "'0'::jsonb",
    "'\"x\"'::jsonb",
    "'[null]'::jsonb",
    "'[{}]'::jsonb",
    "'[[[[[[]]]]]]'::jsonb",
    "(repeat('[', 100000) || repeat(']', 100000))::jsonb",
    "(repeat('[', 5000) || repeat(']', 5000))::jsonb",
    "(repeat('{\"a\":', 3000) || '1' || repeat('}', 3000))::jsonb",
    "to_jsonb(array_fill(0, ARRAY[100000]))",
    "jsonb_build_object('id', repeat('x', 1000000), 'name', repeat('é', 500000))",
    "jsonb_build_array(jsonb_build_object('id', 'fuzz/long', 'name', 'n', 'description', repeat('x', 1000000)))",
    "(SELECT jsonb_object_agg('k' || n, n) FROM generate_series(1, 20000) AS n)",
];

/// Fills the gaps of a document: mostly with what belongs there.
fn filled(dice: &mut Dice, document: &str, well_meant: bool) -> String {
    let mut parts = document.split('@');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if well_meant && dice.roll(8) > 0 {
            text.push_str(&dice.roll(20).to_string());
        } else {
            text.push_str(pick(dice, &SCALARS));
        }
        text.push_str(part);
    }
    format!("$j${text}$j$::jsonb")
}

/// A document for an argument of that name, as an SQL expression.
pub fn document(dice: &mut Dice, argument: &str, well_meant: bool) -> String {
    if !well_meant && dice.roll(2) == 0 {
        return pick(dice, &WRONG).to_owned();
    }
    let right: &[&str] = match argument {
        "p_usage" => &USAGES,
        "models_data" | "p_models" => &FEEDS,
        "p_decisions" => &DECISIONS,
        "p_items" => &ITEMS,
        _ => &PREFERENCES,
    };
    let document = pick(dice, right);
    filled(dice, document, well_meant)
}
