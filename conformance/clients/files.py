"""What stands beside traces: files and figures of runs, the model a trace belongs to, attachments. Prints JSON."""

import json
import sys

import mlflow
from mlflow.tracing.attachments import Attachment

url, experiment_name = sys.argv[1:3]
mlflow.set_tracking_uri(url)
experiment = mlflow.set_experiment(experiment_name)
client = mlflow.MlflowClient()
seen = {}

with mlflow.start_run() as run:
    mlflow.log_text("hällo", "folder/a.txt")
    mlflow.log_metric("score", 1.5)
    mlflow.log_param("size", "large")
seen["listed"] = [[one.path, one.is_dir] for one in client.list_artifacts(run.info.run_id)]
seen["text"] = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/folder/a.txt")
read = client.get_run(run.info.run_id)
seen["run"] = [read.data.metrics, read.data.params, read.info.status]
seen["history"] = [one.value for one in client.get_metric_history(run.info.run_id, "score")]

model = mlflow.set_active_model(name="shop-bot-v1")


@mlflow.trace
def draw():
    return {"image": Attachment(content_type="image/png", content_bytes=b"\x89PNG\x00\xff")}


draw()
mlflow.flush_trace_async_logging()
trace = mlflow.get_trace(mlflow.get_last_active_trace_id())
seen["trace_id"] = trace.info.trace_id
seen["has_model"] = trace.info.trace_metadata.get("mlflow.modelId") == model.model_id
found = mlflow.search_traces(locations=[experiment.experiment_id], model_id=model.model_id, return_type="list")
seen["found_by_model"] = len(found)
seen["reference"] = trace.data.spans[0].outputs["image"]
print(json.dumps(seen, ensure_ascii=False))
