-- Whatever becomes of user, organisation and model between a reservation and its settlement: it settles, and the bills stay.
\set slots 1
\i tests/fixtures/mid_reservation.sql
