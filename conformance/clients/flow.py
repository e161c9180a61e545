"""One program per release of MLflow's client: traces, reads them back, judges, tags, overrides and deletes them.

Prints one JSON object: what a check over REST needs to know, and what the client itself saw.
"""

import json
import logging
import sys

import mlflow

warnings = []


class Collect(logging.Handler):
    def emit(self, record):
        warnings.append(f"{record.name}: {record.getMessage()}"[:500])


handler = Collect(level=logging.WARNING)
logging.getLogger().addHandler(handler)
logging.getLogger("mlflow").addHandler(handler)

url, experiment_name, mode = sys.argv[1:4]
seen = {"version": mlflow.__version__, "mode": mode}

mlflow.set_tracking_uri(url)
experiment = mlflow.set_experiment(experiment_name)
experiment_id = experiment.experiment_id


@mlflow.trace(span_type="RETRIEVER")
def retrieve(question):
    return [{"page_content": "doc", "metadata": {"n": 1}}]


@mlflow.trace(span_type="CHAIN")
def answer(question):
    metadata = {"mlflow.trace.session": "s-9", "mlflow.trace.user": "ada"}
    try:
        mlflow.update_current_trace(tags={"env": "prod"}, metadata=metadata)
    except TypeError:  # The oldest release has no metadata.
        mlflow.update_current_trace(tags={"env": "prod"})
    documents = retrieve(question)
    with mlflow.start_span("llm", span_type="CHAT_MODEL") as span:
        span.set_inputs({"messages": [{"role": "user", "content": question}]})
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10})
        span.set_outputs({"choices": [{"message": {"role": "assistant", "content": "hällo"}}]})
    return {"answer": "hello", "documents": len(documents), "nothing": {}, "none": []}


@mlflow.trace
def failing():
    raise ValueError("nope")


def flush():
    for name in ("flush_trace_async_logging",):
        try:
            getattr(mlflow, name)()
        except Exception as error:  # Older clients have nothing to flush when they are synchronous.
            seen["flush"] = str(error)[:200]


answer("hi ü")
trace_id = mlflow.get_last_active_trace_id()
try:
    failing()
except ValueError:
    pass
for _ in range(12):
    answer("again")
flush()

trace = mlflow.get_trace(trace_id)
seen["trace_id"] = trace_id
seen["state"] = str(trace.info.state)
seen["spans"] = [
    {"name": span.name, "type": span.span_type, "inputs": span.inputs, "outputs": span.outputs} for span in trace.data.spans
]
seen["tags"] = dict(trace.info.tags)

found = mlflow.search_traces(experiment_ids=[experiment_id], filter_string="tags.env = 'prod'", return_type="list")
seen["found"] = len(found)
seen["found_with_spans"] = sum(1 for one in found if len(one.data.spans) == 3)
failed = mlflow.search_traces(experiment_ids=[experiment_id], filter_string="status = 'ERROR'", return_type="list")
seen["failed"] = [[event.name for event in one.data.spans[0].events] for one in failed]


def judge():
    from mlflow.entities import Expectation

    feedback = mlflow.log_feedback(trace_id=trace_id, name="helpful", value=True, rationale="ok")
    expectation = mlflow.log_expectation(trace_id=trace_id, name="expected", value={"answer": 42})
    seen["expectation"] = mlflow.get_assessment(trace_id, expectation.assessment_id).value
    overriding = mlflow.override_feedback(trace_id=trace_id, assessment_id=feedback.assessment_id, value=False, rationale="no")
    seen["overridden_valid"] = mlflow.get_assessment(trace_id, feedback.assessment_id).valid

    updated = mlflow.update_assessment(trace_id, expectation.assessment_id, Expectation(name="expected", value={"answer": 43}))
    seen["updated"] = mlflow.get_assessment(trace_id, updated.assessment_id).value
    mlflow.delete_assessment(trace_id, overriding.assessment_id)
    seen["valid_again"] = mlflow.get_assessment(trace_id, feedback.assessment_id).valid
    seen["assessments"] = sorted(one.name for one in mlflow.get_trace(trace_id).info.assessments)


try:
    judge()
except mlflow.exceptions.MlflowException as error:
    if "Databricks" not in str(error):
        raise
    seen["judging"] = "this release judges on Databricks only"

mlflow.set_trace_tag(trace_id, "k", "v")
seen["tag"] = mlflow.get_trace(trace_id).info.tags.get("k")
mlflow.delete_trace_tag(trace_id, "k")
seen["tag_gone"] = "k" not in mlflow.get_trace(trace_id).info.tags

with mlflow.start_run() as run:
    answer("inside of a run")
    flush()
inside = mlflow.get_last_active_trace_id()
seen["run"] = run.info.run_id
seen["run_traces"] = [
    one.info.trace_id for one in mlflow.search_traces(experiment_ids=[experiment_id], run_id=run.info.run_id, return_type="list")
] == [inside]

seen["warnings"] = list(warnings)
client = mlflow.MlflowClient()
seen["deleted"] = client.delete_traces(experiment_id, trace_ids=[inside])
seen["gone"] = mlflow.get_trace(inside) is None
seen["experiment_id"] = experiment_id
print(json.dumps(seen, ensure_ascii=False, default=str))
