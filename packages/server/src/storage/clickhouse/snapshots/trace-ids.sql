SELECT count() AS count FROM traces FINAL WHERE experiment_id = {p0:String} AND trace_id IN {p1:Array(String)}

-- p0 = "7"
-- p1 = ["abababababababababababababababab"]
