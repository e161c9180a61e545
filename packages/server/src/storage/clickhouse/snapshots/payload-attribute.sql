SELECT count() AS count FROM traces FINAL WHERE experiment_id IN {p0:Array(String)} AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE (mapContains(attributes, {p1:String}) AND ifNull(match(if(startsWith(attributes[{p2:String}], '\''), substring(attributes[{p3:String}], 2), attributes[{p4:String}]), {p5:String}), false)))

-- p0 = ["7"]
-- p1 = "mlflow.spanInputs"
-- p2 = "mlflow.spanInputs"
-- p3 = "mlflow.spanInputs"
-- p4 = "mlflow.spanInputs"
-- p5 = "refund"
