SELECT count() AS count FROM traces FINAL WHERE experiment_id = {p0:String} AND trace_id IN (SELECT trace_id FROM assessments FINAL WHERE is_valid AND kind = {p1:String} AND name = {p2:String} AND value != 'null' AND ifNull(toFloat64OrNull(value) >= {p3:Float64}, false))

-- p0 = "7"
-- p1 = "feedback"
-- p2 = "score"
-- p3 = 0.8
