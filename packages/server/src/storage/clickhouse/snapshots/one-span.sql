SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces FINAL
WHERE experiment_id = {p0:String} AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE ifNull(type = {p1:String}, false) AND (mapContains(attributes, {p2:String}) AND ifNull(toFloat64OrNull(attributes[{p3:String}]) > {p4:Float64}, false)))
ORDER BY start_ns DESC, trace_id ASC
LIMIT {p5:UInt32}

-- p0 = "7"
-- p1 = "LLM"
-- p2 = "temperature"
-- p3 = "temperature"
-- p4 = 0.5
-- p5 = 101
