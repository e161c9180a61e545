SELECT trace_id FROM traces FINAL WHERE experiment_id = {p0:String} AND intDiv(start_ns, 1000000) <= {p1:Float64}
ORDER BY start_ns, trace_id LIMIT {p2:UInt32}

-- p0 = "7"
-- p1 = 1000
-- p2 = 5
