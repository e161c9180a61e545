SELECT trace_id, toString(version) AS version, experiment_id, start_ns,
  tuple(toFloat64(intDiv(duration_ns, 1000000)), toString(if(mapContains(tags, {p0:String}), tags[{p1:String}], NULL)), 0) AS keys
FROM traces FINAL
WHERE experiment_id = {p2:String} AND true AND (ifNull(intDiv(duration_ns, 1000000) < {p3:Float64}, true) OR (ifNull(intDiv(duration_ns, 1000000) = {p4:Float64}, false) AND (false OR (isNull(if(mapContains(tags, {p5:String}), tags[{p6:String}], NULL)) AND (start_ns <= {p7:Int64} AND (start_ns < {p8:Int64} OR trace_id > {p9:String}))))))
ORDER BY intDiv(duration_ns, 1000000) DESC NULLS LAST, if(mapContains(tags, {p10:String}), tags[{p11:String}], NULL) ASC NULLS LAST, start_ns DESC, trace_id ASC
LIMIT {p12:UInt32}

-- p0 = "env"
-- p1 = "env"
-- p2 = "7"
-- p3 = 12
-- p4 = 12
-- p5 = "env"
-- p6 = "env"
-- p7 = 1
-- p8 = 1
-- p9 = "abababababababababababababababab"
-- p10 = "env"
-- p11 = "env"
-- p12 = 101
