SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces_by_start
WHERE experiment_id = {p0:String} AND true AND (trace_id IN (SELECT trace_id FROM spans WHERE ifNull(type = {p1:String}, false) AND hasAny(attribute_entries, {p2:Array(String)}) AND (attributes[{p3:String}] = '' OR attributes[{p4:String}] IN {p5:Array(String)})) OR trace_id IN (SELECT trace_id FROM assessments WHERE kind = {p6:String} AND name = {p7:String} AND ifNull(toFloat64OrNull(value) >= {p8:Float64}, false)))
ORDER BY start_ns DESC, trace_id DESC
LIMIT {p9:UInt32}

-- p0 = "7"
-- p1 = "LLM"
-- p2 = ["=tier='pro","=tier=pro"]
-- p3 = "tier"
-- p4 = "tier"
-- p5 = ["'pro","pro"]
-- p6 = "feedback"
-- p7 = "score"
-- p8 = 0.8
-- p9 = 120
