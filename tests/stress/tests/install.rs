//! Installations and roll-backs beside others.

use model_access_stress::{at_once, connect, number};
use std::thread;
use std::time::Duration;

/// One test, since both take the catalogue away from under the other.
#[test]
fn installations_run_one_after_the_other_and_roll_backs_lose_no_row() {
    let mut admin = connect();

    // A row that is committed while uninstall() waits for its writer is in the backup.
    let mut writer = connect();
    let mut transaction = writer.transaction().expect("a transaction");
    transaction
        .batch_execute("INSERT INTO public.model_access (model_id, model_name) VALUES ('late/one', 'Late')")
        .expect("a row");
    let rollback = thread::spawn(|| {
        connect().query("SELECT * FROM model_access.uninstall(drop_data => true)", &[]).expect("a roll-back").len()
    });
    let waiting = "SELECT count(*) FROM pg_catalog.pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'";
    while number(&mut admin, waiting) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    transaction.commit().expect("committed");
    assert!(rollback.join().expect("the roll-back ends") > 0);
    assert_eq!(
        1,
        number(&mut admin, "SELECT count(*) FROM public.model_access_new_backup WHERE model_id = 'late/one'")
    );

    // Four first installations at once: each completes, and together they make one.
    admin.batch_execute("DROP TABLE public.model_access_settings").expect("nothing is left of the engine");
    let installed = at_once(4, |_, client| {
        let rows = client.query("SELECT action FROM model_access.install()", &[]).expect("an installation");
        rows.iter().filter(|row| row.get::<_, String>(0) == "created").count()
    });
    assert_eq!(1, installed.iter().filter(|created| **created > 0).count(), "{installed:?}");
    assert_eq!(0, number(&mut admin, "SELECT count(*) FROM model_access.verify() WHERE NOT ok"));
}
