-- The functions around the ledger that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('get_usage_summary');
SELECT model_access.make_wrapper('export_usage');
SELECT model_access.make_wrapper('forget_user');
SELECT model_access.make_wrapper('maintain_usage_partitions');
