SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(0) AS keys
FROM traces_by_start
WHERE experiment_id = {p0:String} AND true AND ((hasAny(tags_entries, {p1:Array(String)}) AND (mapContains(tags, {p2:String}) AND ifNull(tags[{p3:String}] = {p4:String}, false))) AND NOT (NOT (hasAny(tags_entries, {p5:Array(String)}))) AND true)
ORDER BY start_ns DESC, trace_id DESC
LIMIT {p6:UInt32}

-- p0 = "7"
-- p1 = ["=env=prod"]
-- p2 = "env"
-- p3 = "env"
-- p4 = "prod"
-- p5 = ["?team"]
-- p6 = 120
