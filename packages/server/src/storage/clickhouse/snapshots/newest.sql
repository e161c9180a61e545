SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces FINAL
WHERE experiment_id = {p0:String} AND true
ORDER BY start_ns DESC, trace_id ASC
LIMIT {p1:UInt32}

-- p0 = "7"
-- p1 = 101
