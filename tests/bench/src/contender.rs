//! One way to make a call, on a connection of its own.

use crate::Result;
use crate::clients::Work;
use crate::cores::{Kept, Place};
use crate::measure::{SLICES, Sample, Series, in_slices};
use crate::server::{self, Caller};
use postgres::{Client, Row};

/// One way to make a call.
pub struct Contender {
    /// Its name.
    pub name: &'static str,
    caller: Caller,
    work: Work,
    place: Option<Place>,
}

impl Contender {
    /// The extension, called under service_role as an application's server does.
    pub fn native(name: &'static str, make: impl FnOnce(&mut Client) -> Result<Work>) -> Result<Self> {
        Self::on(name, Caller::connect()?, make)
    }

    /// Plain SQL or plpgsql, by the owner of the tables: nobody else may write them.
    pub fn plain(name: &'static str, make: impl FnOnce(&mut Client) -> Result<Work>) -> Result<Self> {
        Self::on(name, Caller::of(server::owner()?)?, make)
    }

    /// On a connection that is there.
    pub fn on(name: &'static str, mut caller: Caller, make: impl FnOnce(&mut Client) -> Result<Work>) -> Result<Self> {
        let work = make(&mut caller.client)?;
        Ok(Self { name, caller, work, place: None })
    }

    /// Commits no longer wait for the disk: what they wait is no work of the backend, but fsync() itself would be counted
    /// as some, alike for all, and would hide what differs.
    pub fn without_waiting(mut self) -> Result<Self> {
        self.caller.client.batch_execute("SET synchronous_commit = off")?;
        Ok(self)
    }

    /// Client and backend stay on one core: see [`crate::cores`].
    pub fn on_one_core(self) -> Result<Self> {
        self.with_client_on(Place::Backends)
    }

    /// The backend stays on one core, and the client in a place beside it.
    pub fn with_client_on(mut self, place: Place) -> Result<Self> {
        self.caller.keep_on_one_core()?;
        self.place = Some(place);
        Ok(self)
    }

    /// What so many calls spend, per call.
    pub fn sample(&mut self, calls: u32) -> Result<Sample> {
        let _kept = self.place.map(Kept::on).transpose()?;
        let Self { caller, work, .. } = self;
        let total = caller.spent(|client| (0..calls).try_for_each(|_| work(client)))?;
        Ok(total.divided_by(calls))
    }
}

/// Lets contenders make so many calls in each round.
pub fn compete(contenders: &mut [Contender], rounds: usize, calls: u32) -> Result<Vec<Series>> {
    let names: Vec<_> = contenders.iter().map(|contender| contender.name).collect();
    in_slices(&names, rounds, |number| contenders[number].sample(calls / SLICES))
}

/// An error unless the answer, which has a column `allowed`, admits the call.
pub fn admitted(answer: &Row) -> Result<()> {
    let allowed: Option<bool> = answer.try_get("allowed")?;
    if allowed == Some(true) { Ok(()) } else { Err("a call was refused that no limit forbids".into()) }
}
