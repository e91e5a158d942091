//! More clients than the server has connections.

use crate::calls::{Book, Call};
use crate::report::{Least, Wrongs, number};
use crate::server::{self, Life, code, connect, superuser, try_connect, words};
use model_access_stress::Dice;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const DATABASE: &str = "faults_connections";
const CLIENTS: u64 = 24;
const CONNECTIONS: u64 = 12;

struct World {
    wrongs: Wrongs,
    book: Book,
    least: Least,
    refused: AtomicU64,
    calls: AtomicU64,
    steady: AtomicU64,
    over: AtomicBool,
}

pub fn run() -> bool {
    std::mem::drop(server::fresh(DATABASE, ""));
    superuser("postgres")
        .batch_execute(&format!("ALTER SYSTEM SET max_connections = {CONNECTIONS}"))
        .expect("a setting");
    server::befall(&["restart"]);
    let life = Life::begins();
    let world = World {
        wrongs: Wrongs::default(),
        book: Book::default(),
        least: Least::new(0.6, 100),
        refused: AtomicU64::new(0),
        calls: AtomicU64::new(0),
        steady: AtomicU64::new(0),
        over: AtomicBool::new(false),
    };
    let mut steady = [connect(DATABASE), connect(DATABASE)];
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|place| {
                scope.spawn({
                    let world = &world;
                    move || come_and_go(world, place)
                })
            })
            .collect();
        for (place, client) in steady.iter_mut().enumerate() {
            let world = &world;
            scope.spawn(move || stay(world, client, 100 + place as u64));
        }
        clients.into_iter().for_each(|client| client.join().expect("a client"));
        world.over.store(true, Ordering::Relaxed);
    });
    world.wrongs.note_all(world.book.differences(&mut steady[0]));
    world.wrongs.note_all(server::wrong(&mut steady[0]));
    life.went_on(&world.wrongs);
    let figures = format!(
        "{} refused with 53300, {} calls of {CLIENTS} clients, {} rows charged, {} calls of two sessions that stayed",
        world.least.enforced(&world.wrongs, world.refused.load(Ordering::Relaxed)),
        world.calls.load(Ordering::Relaxed),
        world.book.len(),
        world.steady.load(Ordering::Relaxed)
    );
    let kept = world
        .wrongs
        .told("out of connections calls in flight end right and a retry with its key is charged once", &figures);
    std::mem::drop(steady);
    superuser("postgres").batch_execute("ALTER SYSTEM RESET max_connections").expect("a setting");
    server::befall(&["restart"]);
    server::drop(DATABASE);
    kept
}

fn dice(place: u64) -> Dice {
    Dice((number("FAULTS_SEED", 20_260_101) ^ (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).max(1))
}

/// Calls, each over a connection of its own; some forget the answer and ask again.
fn come_and_go(world: &World, place: u64) {
    let mut dice = dice(place);
    for turn in 0.. {
        if world.least.is_reached(world.refused.load(Ordering::Relaxed)) {
            return;
        }
        let call = Call::random(&mut dice, format!("t{place}-{turn}"));
        for _ in 0..1 + dice.roll(3) / 2 {
            once(world, &mut dice, &call);
        }
        world.book.answered(&call);
        world.calls.fetch_add(1, Ordering::Relaxed);
    }
}

/// Until there is a connection for it.
fn once(world: &World, dice: &mut Dice, call: &Call) {
    loop {
        match try_connect(server::DEVELOPER, DATABASE, "faults") {
            Ok(mut client) => {
                if let Err(error) = call.make(&mut client) {
                    world.wrongs.note(format!("{call:?}: {error:?}"));
                }
                return;
            }
            Err(error) if code(&error) == "53300" && says_why(&words(&error)) => {
                world.refused.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(1 + dice.roll(10)));
            }
            Err(error) => return world.wrongs.note(format!("refused with {error:?}")),
        }
    }
}

/// The server's own words: none is free, or those that are free are kept for others.
fn says_why(words: &str) -> bool {
    ["too many clients already", "remaining connection slots are reserved"].iter().any(|why| words.contains(why))
}

fn stay(world: &World, client: &mut postgres::Client, place: u64) {
    let mut dice = dice(place);
    for turn in 0.. {
        if world.over.load(Ordering::Relaxed) {
            return;
        }
        let call = Call::random(&mut dice, format!("s{place}-{turn}"));
        match call.make(client) {
            Ok(()) => world.book.answered(&call),
            Err(error) => world.wrongs.note(format!("in flight: {call:?}: {error:?}")),
        }
        world.steady.fetch_add(1, Ordering::Relaxed);
    }
}
