SELECT count() AS count FROM traces FINAL WHERE experiment_id = {p0:String} AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE (mapContains(attributes, {p1:String}) AND ifNull(match(if(startsWith(if(attributes[{p2:String}] = '', payloads[{p3:String}], attributes[{p4:String}]), '\''), substring(if(attributes[{p5:String}] = '', payloads[{p6:String}], attributes[{p7:String}]), 2), if(attributes[{p8:String}] = '', payloads[{p9:String}], attributes[{p10:String}])), {p11:String}), false)))

-- p0 = "7"
-- p1 = "mlflow.spanInputs"
-- p2 = "mlflow.spanInputs"
-- p3 = "mlflow.spanInputs"
-- p4 = "mlflow.spanInputs"
-- p5 = "mlflow.spanInputs"
-- p6 = "mlflow.spanInputs"
-- p7 = "mlflow.spanInputs"
-- p8 = "mlflow.spanInputs"
-- p9 = "mlflow.spanInputs"
-- p10 = "mlflow.spanInputs"
-- p11 = "refund"
