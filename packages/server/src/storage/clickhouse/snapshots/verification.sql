WITH {p0:Array(String)} AS candidates
SELECT trace_id, toString(version) AS version, experiment_id, start_ns
FROM traces FINAL PREWHERE trace_id IN candidates
WHERE (trace_id IN (SELECT trace_id FROM spans FINAL PREWHERE trace_id IN candidates WHERE ifNull(type = {p1:String}, false)) AND NOT (trace_id IN (SELECT trace_id FROM assessments FINAL PREWHERE trace_id IN candidates WHERE is_valid AND kind = {p2:String} AND name = {p3:String} AND value != 'null' AND ifNull(toFloat64OrNull(value) >= {p4:Float64}, false))))

-- p0 = ["abababababababababababababababab"]
-- p1 = "LLM"
-- p2 = "feedback"
-- p3 = "score"
-- p4 = 0.8
