SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces FINAL
WHERE experiment_id = {p0:String} AND (ifNull(state = {p1:String}, false) AND (mapContains(tags, {p2:String}) AND ifNull(tags[{p3:String}] != {p4:String}, false)) AND ifNull(intDiv(duration_ns, 1000000) > {p5:Float64}, false) AND ifNull(name LIKE {p6:String}, false))
ORDER BY start_ns DESC, trace_id ASC
LIMIT {p7:UInt32}

-- p0 = "7"
-- p1 = "ERROR"
-- p2 = "env"
-- p3 = "env"
-- p4 = "dev"
-- p5 = 2000
-- p6 = "ans%"
-- p7 = 101
