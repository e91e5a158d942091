//! The functions of ours, as the server knows them.

use postgres::Client;

/// A function that can be called.
#[derive(Clone, Debug)]
pub struct Function {
    /// `model_access` or `public`.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Names and types of its arguments.
    pub arguments: Vec<(String, String)>,
    /// So many of them, the last ones, may be left out.
    pub defaults: usize,
    /// What it returns.
    pub result: String,
}

impl Function {
    /// With its schema.
    pub fn path(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Whether triggers call it.
    pub fn is_trigger(&self) -> bool {
        self.result == "trigger"
    }
}

/// Members of the extension, and functions in public that install() made: those that have the name of a member.
const FUNCTIONS: &str = "
SELECT n.nspname::text, p.proname::text, coalesce(p.proargnames, '{}') AS names,
       ARRAY(SELECT pg_catalog.format_type(t.type, NULL) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS t (type, place)
              ORDER BY t.place) AS types,
       p.pronargdefaults::integer, pg_catalog.format_type(p.prorettype, NULL)
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = 'model_access'
    OR (n.nspname = 'public' AND p.proname IN (SELECT m.proname FROM pg_catalog.pg_proc AS m
                                                WHERE m.pronamespace = 'model_access'::regnamespace))
 ORDER BY n.nspname, p.proname";

/// All of them.
pub fn all(client: &mut Client) -> Vec<Function> {
    let rows = client.query(FUNCTIONS, &[]).expect("the list of functions");
    let functions: Vec<Function> = rows
        .into_iter()
        .map(|row| {
            let (names, types): (Vec<String>, Vec<String>) = (row.get(2), row.get(3));
            Function {
                schema: row.get(0),
                name: row.get(1),
                arguments: names.into_iter().zip(types).collect(),
                defaults: usize::try_from(row.get::<_, i32>(4)).unwrap_or(0),
                result: row.get(5),
            }
        })
        .collect();
    assert!(functions.len() > 60, "only {} functions were found", functions.len());
    functions
}
