//! The list of allowed models: the extension against a plain SELECT of the same rows and against plpgsql.

use crate::Result;
use crate::clients::Work;
use crate::compare::{same, texts};
use crate::contender::{Contender, compete};
use crate::cores::Place;
use crate::measure::{Measure, SLICES, Scenario, in_slices};
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use postgres::types::ToSql;
use postgres::{Client, Statement};
use uuid::Uuid;

/// The floor: the statement that the extension itself keeps a plan of. It is told the tier and need not look it up.
const FLOOR: &str = include_str!("../../../sql/queries/allowed_models.sql");
const PLPGSQL: &str = "SELECT * FROM bench.allowed_models($1)";
/// As an application calls it.
pub const NATIVE: &str = "SELECT * FROM public.get_user_allowed_models_v2($1)";
/// The same as one JSON array.
pub const JSON: &str = "SELECT public.get_user_allowed_models_json($1)";
const JSON_FUNCTION: &str = "public.get_user_allowed_models_json(uuid)";

/// Models in the catalogue, all active. `sql/list.sql` opens a fifth to all and two fifths more to pro.
const MODELS: i32 = 400;

/// A person of one tier.
struct Person {
    tier: &'static str,
    id: Uuid,
    /// Which flags open a model to the tier: free, pro, enterprise.
    flags: [bool; 3],
    /// Models that the person may use.
    rows: usize,
}

static PEOPLE: [Person; 3] = [
    Person { tier: "enterprise", id: ENTERPRISE, flags: [true, true, true], rows: 400 },
    Person { tier: "pro", id: person(2), flags: [true, true, false], rows: 240 },
    Person { tier: "free", id: person(1), flags: [true, false, false], rows: 80 },
];

/// Somebody who may use every model.
pub const ENTERPRISE: Uuid = person(3);

/// As in `sql/list.sql`.
const fn person(number: u128) -> Uuid {
    Uuid::from_u128(0xbe5c_0000_4000_8000_0000_0000_0000 + number)
}

/// Something that gives the list.
struct Giver {
    name: &'static str,
    query: &'static str,
    /// Whether it is told the flags instead of the person.
    by_flags: bool,
}

/// Without the one that gives JSON: in the order of the tables.
static GIVERS: [Giver; 3] = [
    Giver { name: "floor", query: FLOOR, by_flags: true },
    Giver { name: "plpgsql", query: PLPGSQL, by_flags: false },
    Giver { name: "native", query: NATIVE, by_flags: false },
];
static JSON_GIVER: Giver = Giver { name: "json", query: JSON, by_flags: false };

impl Giver {
    fn arguments<'a>(&self, person: &'a Person) -> Vec<&'a (dyn ToSql + Sync)> {
        if self.by_flags {
            person.flags.iter().map(|flag| flag as &(dyn ToSql + Sync)).collect()
        } else {
            vec![&person.id]
        }
    }

    /// Whose calls each fetch every row over the socket.
    fn fetching(&'static self, person: &'static Person) -> Result<Contender> {
        let make = |client: &mut Client| -> Result<Work> {
            let statement = client.prepare(self.query)?;
            Ok(Box::new(move |client| Ok(client.query(&statement, &self.arguments(person)).map(drop)?)))
        };
        Contender::on(self.name, Caller::connect()?, make)?.with_client_on(Place::Next)
    }

    /// Whose calls each have the server make and count the rows so many times.
    fn counting(&'static self, person: &'static Person, lists: i32) -> Result<Contender> {
        let rank = person.flags.iter().filter(|flag| **flag).count() as i32;
        let make = |client: &mut Client| -> Result<Work> {
            let statement = client.prepare("CALL bench.count_lists($1, $2, $3, $4)")?;
            Ok(Box::new(move |client| {
                Ok(client.execute(&statement, &[&self.name, &person.id, &rank, &lists]).map(drop)?)
            }))
        };
        Contender::on(self.name, Caller::connect()?, make)?.with_client_on(Place::Next)
    }
}

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    fill(owner, MODELS)?;
    let has_json = has_json(owner)?;
    if !has_json {
        report.skip(format!("json, because there is no function {JSON_FUNCTION}"));
    }
    let mut caller = Caller::connect()?;
    for person in &PEOPLE {
        compare(&mut caller.client, person, has_json)?;
    }
    for person in &PEOPLE {
        let all_rows = person.rows == MODELS as usize;
        let fetched = report.add(fetched(options, person, has_json)?);
        let counted = report.add(counted(options, person)?);
        if all_rows {
            report.goal(fetched, "native", "floor", Measure::Wall, 0.9);
            report.goal(fetched, "native", "plpgsql", Measure::Wall, 1.7);
            if has_json {
                report.goal(fetched, "json", "floor", Measure::Wall, 1.4);
            }
            // The same, without printing and sending.
            report.goal(counted, "native", "plpgsql", Measure::Cpu, 10.0);
        }
    }
    Ok(())
}

/// Whether the installed version has the list as JSON.
pub fn has_json(client: &mut Client) -> Result<bool> {
    Ok(client.query_one("SELECT to_regprocedure($1::text) IS NOT NULL", &[&JSON_FUNCTION])?.get(0))
}

/// Makes the catalogue anew, and people of each tier.
pub fn fill(owner: &mut Client, models: i32) -> Result<()> {
    owner.batch_execute(include_str!("../sql/list.sql"))?;
    owner.execute("CALL bench.fill_catalogue($1)", &[&models])?;
    Ok(owner.batch_execute("VACUUM (ANALYZE) public.model_access, public.profiles")?)
}

/// Ends the run unless all give the same rows in the same order, with the same names and types of columns.
fn compare(client: &mut Client, person: &Person, has_json: bool) -> Result<()> {
    let columns = |statement: &Statement| -> Vec<String> {
        statement.columns().iter().map(|column| format!("{} {}", column.name(), column.type_())).collect()
    };
    let mut expected: Option<(Vec<String>, Vec<String>)> = None;
    for giver in &GIVERS {
        let rows = format!("SELECT f::text FROM (\n{}\n) AS f", giver.query);
        let found = (columns(&client.prepare(giver.query)?), texts(client, &rows, &giver.arguments(person))?);
        let expected = expected.get_or_insert_with(|| found.clone());
        same(&format!("columns of {}", giver.name), &expected.0, &found.0)?;
        same(&format!("{} list of {}", person.tier, giver.name), &expected.1, &found.1)?;
        if found.1.len() != person.rows {
            return Err(format!("{} tier: {} rows instead of {}", person.tier, found.1.len(), person.rows).into());
        }
    }
    if has_json {
        let [floor, ..] = &GIVERS;
        let expected = format!("SELECT to_jsonb(f)::text FROM (\n{FLOOR}\n) AS f");
        let found = format!(
            "SELECT e.element::text FROM jsonb_array_elements(({JSON})::jsonb) WITH ORDINALITY AS e (element, n) ORDER BY e.n"
        );
        let expected = texts(client, &expected, &floor.arguments(person))?;
        let found = texts(client, &found, &JSON_GIVER.arguments(person))?;
        same(&format!("{} list of json", person.tier), &expected, &found)?;
    }
    Ok(())
}

/// End to end: a prepared statement, every row fetched by the client over the socket, on another core as an application's server is.
fn fetched(options: &Options, person: &'static Person, has_json: bool) -> Result<Scenario> {
    let calls = options.quick_or(20, 200);
    let givers = GIVERS.iter().chain(has_json.then_some(&JSON_GIVER));
    let mut contenders = givers.map(|giver| giver.fetching(person)).collect::<Result<Vec<_>>>()?;
    let series = compete(&mut contenders, options.rounds, calls)?;
    let name = format!("list of {} rows, end to end", person.rows);
    Ok(Scenario { name, calls, references: &["floor", "plpgsql"], series })
}

/// In the server: the rows are made and counted by a loop there.
fn counted(options: &Options, person: &'static Person) -> Result<Scenario> {
    let calls = options.quick_or(20, 300);
    let calls_of_slice = calls / SLICES;
    let lists = i32::try_from(calls_of_slice)?;
    let mut contenders = GIVERS.iter().map(|giver| giver.counting(person, lists)).collect::<Result<Vec<_>>>()?;
    let series = in_slices(&GIVERS.each_ref().map(|giver| giver.name), options.rounds, |number| {
        Ok(contenders[number].sample(1)?.divided_by(calls_of_slice))
    })?;
    let name = format!("list of {} rows, counted in the server", person.rows);
    Ok(Scenario { name, calls, references: &["floor", "plpgsql"], series })
}
