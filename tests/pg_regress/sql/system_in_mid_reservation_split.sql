-- As system_in_mid_reservation, where the organisation's counters are split: it settles, the bills stay, and no row of a counter keeps a hold.
\set slots 8
\i tests/fixtures/mid_reservation.sql
