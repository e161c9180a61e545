SELECT count() AS count FROM traces FINAL WHERE experiment_id IN {p0:Array(String)} AND trace_id IN (SELECT trace_id FROM spans FINAL WHERE (mapContains(attributes, {p1:String}) AND ifNull(match(if(startsWith(multiIf(attributes[{p2:String}] = '=', inputs, attributes[{p3:String}] = '"', concat('"', replaceAll(replaceAll(inputs, '\\', '\\\\'), '"', '\\"'), '"'), attributes[{p4:String}]), '"'), JSONExtractString(multiIf(attributes[{p5:String}] = '=', inputs, attributes[{p6:String}] = '"', concat('"', replaceAll(replaceAll(inputs, '\\', '\\\\'), '"', '\\"'), '"'), attributes[{p7:String}])), multiIf(attributes[{p8:String}] = '=', inputs, attributes[{p9:String}] = '"', concat('"', replaceAll(replaceAll(inputs, '\\', '\\\\'), '"', '\\"'), '"'), attributes[{p10:String}])), {p11:String}), false)))

-- p0 = ["7"]
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
