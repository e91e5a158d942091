//! Many clients that write to the audit logs of two organisations.

use model_access_stress::{Dice, at_once, connect, number};

const CLIENTS: usize = 16;
const ROWS_OF_EACH: usize = 60;
const ORGANIZATIONS: [&str; 2] = ["00000000-0000-4000-8008-0000000000f1", "00000000-0000-4000-8008-0000000000f2"];

/// By function, by table, some of it taken back; each client for both, one after the other in transactions of their own.
#[test]
fn sixteen_clients_leave_two_chains_without_gaps() {
    for organization in ORGANIZATIONS {
        connect()
            .batch_execute(&format!("INSERT INTO public.organizations (id, name) VALUES ('{organization}', 'Logged')"))
            .expect("an organisation");
    }
    let written: Vec<[i64; 2]> = at_once(CLIENTS, |place, client| {
        client.batch_execute("SET ROLE service_role; SET lock_timeout = '30s'").expect("the application's server");
        let mut dice = Dice(place as u64 + 1);
        let mut written = [0, 0];
        for row in 0..ROWS_OF_EACH {
            let which = usize::try_from(dice.roll(2)).expect("small");
            let organization = ORGANIZATIONS[which];
            let statement = match dice.roll(3) {
                0 => format!(
                    "INSERT INTO public.audit_logs (organization_id, action, resource_type, resource_id) VALUES ('{organization}', 'by_table', 'row', '{place} {row}')"
                ),
                _ => format!(
                    "SELECT public.log_audit_event(NULL, '{organization}', 'by_function', 'row', '{place} {row}')"
                ),
            };
            let mut transaction = client.transaction().expect("a transaction");
            transaction.batch_execute(&statement).expect(&statement);
            if dice.roll(5) == 0 {
                transaction.rollback().expect("taken back");
            } else {
                transaction.commit().expect("written");
                written[which] += 1;
            }
        }
        written
    });
    for (place, organization) in ORGANIZATIONS.iter().enumerate() {
        let rows: i64 = written.iter().map(|of_client| of_client[place]).sum();
        let of = |query: &str| number(&mut connect(), &query.replace("$1", &format!("'{organization}'")));
        let told = [
            of("SELECT count(*) FROM public.audit_logs AS a WHERE a.chain_id = $1"),
            of("SELECT count(DISTINCT a.chain_position) FROM public.audit_logs AS a WHERE a.chain_id = $1"),
            of("SELECT max(a.chain_position) FROM public.audit_logs AS a WHERE a.chain_id = $1"),
            of("SELECT h.last_position FROM public.audit_log_heads AS h WHERE h.chain_id = $1"),
        ];
        assert_eq!(told, [rows; 4], "rows, places, last place and head of {organization}");
        assert_eq!(0, of("SELECT count(*) FROM public.verify_audit_log($1)"), "the chain of {organization} is whole");
    }
}
