-- Orders in which all modules are installed one by one, each as a list; before them, what they leave out: with each order every module comes, each pair is named both
-- ways round, and made both ways round where neither needs the other. A module that came with another need not be named. Starts with the extension.
CREATE TEMP TABLE install_order (place integer GENERATED ALWAYS AS IDENTITY, modules text[] NOT NULL);
INSERT INTO install_order (modules) VALUES
    ('{settings,people,catalogue,usage,quota,system_models,tenancy,oauth,agents}'),
    ('{agents,oauth,tenancy,system_models,quota,usage,catalogue,people,settings}'),
    ('{oauth,usage,catalogue,agents,system_models}'),
    ('{tenancy,system_models,people,agents,oauth}');

-- What a module brings with it, itself among it, as verify() has it.
CREATE TEMP TABLE brought AS
SELECT DISTINCT m.module AS by_module, v.module
  FROM (SELECT DISTINCT a.module FROM model_access.verify() AS a) AS m, model_access.verify(ARRAY[m.module]) AS v;
-- With which of an order's calls each module comes.
CREATE TEMP TABLE comes AS
SELECT o.place, b.module, min(c.place) AS with_call
  FROM install_order AS o, unnest(o.modules) WITH ORDINALITY AS c (module, place) JOIN brought AS b ON b.by_module = c.module
 GROUP BY o.place, b.module;

SELECT format('left out: %s of order %s', m.module, o.place)
  FROM install_order AS o, (SELECT DISTINCT b.module FROM brought AS b) AS m
 WHERE NOT EXISTS (SELECT FROM comes AS c WHERE c.place = o.place AND c.module = m.module);
SELECT format('left out: %s named before %s', a.module, b.module)
  FROM (SELECT DISTINCT module FROM brought) AS a, (SELECT DISTINCT module FROM brought) AS b
 WHERE a.module <> b.module AND NOT EXISTS (SELECT FROM install_order AS o WHERE array_position(o.modules, a.module) < array_position(o.modules, b.module));
SELECT format('left out: %s made before %s', a.module, b.module)
  FROM (SELECT DISTINCT module FROM brought) AS a, (SELECT DISTINCT module FROM brought) AS b
 WHERE a.module <> b.module AND NOT EXISTS (SELECT FROM brought AS n WHERE n.by_module = a.module AND n.module = b.module)
   AND NOT EXISTS (SELECT FROM brought AS n WHERE n.by_module = b.module AND n.module = a.module)
   AND NOT EXISTS (SELECT FROM comes AS x JOIN comes AS y USING (place) WHERE x.module = a.module AND y.module = b.module AND x.with_call < y.with_call);
SELECT 'order ' || array_to_string(o.modules, ',') FROM install_order AS o ORDER BY o.place;
-- Each module alone, and after what it brings, in the order of the first line.
SELECT format('module %s %s', b.by_module, string_agg(b.module, ',' ORDER BY array_position(o.modules, b.module)))
  FROM brought AS b, install_order AS o WHERE o.place = 1 GROUP BY b.by_module, o.modules ORDER BY array_position(o.modules, b.by_module);
