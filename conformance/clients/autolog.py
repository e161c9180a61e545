"""One framework under MLflow's autologging, against replayed provider answers. Prints the id of the trace."""

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
import mlflow

url, replay, experiment_name, framework = sys.argv[1:5]
base_url = f"{replay}/v1"
MODEL = "gpt-4o-mini"
QUESTION = "Count from 1 to 3"
os.environ.update(OPENAI_API_KEY="test", OPENAI_BASE_URL=base_url, OPENAI_API_BASE=base_url)

mlflow.set_tracking_uri(url)
mlflow.set_experiment(experiment_name)


def with_openai():
    import openai

    mlflow.openai.autolog()
    openai.OpenAI(base_url=base_url).chat.completions.create(model=MODEL, messages=[{"role": "user", "content": QUESTION}])


def with_litellm():
    import litellm

    mlflow.litellm.autolog()
    litellm.completion(model=f"openai/{MODEL}", api_base=base_url, messages=[{"role": "user", "content": QUESTION}])


def with_langchain():
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_openai import ChatOpenAI

    mlflow.langchain.autolog()
    prompt = ChatPromptTemplate.from_messages([("user", "{question}")])
    (prompt | ChatOpenAI(model=MODEL, base_url=base_url)).invoke({"question": QUESTION})


def with_pydantic_ai():
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    mlflow.pydantic_ai.autolog()
    Agent(OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=base_url))).run_sync(QUESTION)


def with_llama_index():
    from llama_index.llms.openai import OpenAI

    mlflow.llama_index.autolog()
    OpenAI(model=MODEL, api_base=base_url).complete(QUESTION)


def with_dspy():
    import dspy

    mlflow.dspy.autolog()
    dspy.configure(lm=dspy.LM(f"openai/{MODEL}", api_base=base_url, cache=False))
    try:
        dspy.Predict("question -> answer")(question=QUESTION)
    except Exception as error:  # A replayed answer has not the fields that were asked for; the trace is what counts.
        print(f"dspy: {type(error).__name__}", file=sys.stderr)


globals()[f"with_{framework}"]()
mlflow.flush_trace_async_logging()
print(json.dumps({"version": mlflow.__version__, "trace_id": mlflow.get_last_active_trace_id()}))
