SELECT count() AS count FROM traces FINAL WHERE experiment_id = {p0:String} AND NOT (trace_id IN (SELECT trace_id FROM assessments FINAL WHERE is_valid AND kind = {p1:String} AND name = {p2:String}))

-- p0 = "7"
-- p1 = "feedback"
-- p2 = "score"
