PREPARE call AS SELECT bench_plpgsql.sync(f.payload) FROM bench.feeds AS f WHERE f.models = 2000 AND f.edition = 'base';
BEGIN; TRUNCATE bench_plpgsql.model_access; EXECUTE call; ROLLBACK;
