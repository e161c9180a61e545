/** Attribute, metadata and tag names we write. */

/** MLflow's reserved span attributes (read by its UI, its clients and our server). */
export const MLFLOW_KEYS = {
  spanType: 'mlflow.spanType',
  inputs: 'mlflow.spanInputs',
  outputs: 'mlflow.spanOutputs',
  functionName: 'mlflow.spanFunctionName',
  tokenUsage: 'mlflow.chat.tokenUsage',
  chatTools: 'mlflow.chat.tools',
  model: 'mlflow.llm.model',
  provider: 'mlflow.llm.provider',
  messageFormat: 'mlflow.message.format',
  /** A prefix: on a root span it makes a trace tag. */
  traceTag: 'mlflow.traceTag.',
} as const;

/** MLflow's trace metadata and tags. */
export const TRACE_KEYS = {
  schemaVersion: 'mlflow.trace_schema.version',
  session: 'mlflow.trace.session',
  user: 'mlflow.trace.user',
  name: 'mlflow.traceName',
} as const;

/** OpenTelemetry semantic conventions, general and GenAI. */
export const OTEL_KEYS = {
  session: 'session.id',
  user: 'user.id',
  errorType: 'error.type',
  statusCode: 'http.response.status_code',
  requestId: 'http.response.header.x-request-id',
  serverAddress: 'server.address',
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  embeddingDimensions: 'gen_ai.embeddings.dimension.count',
} as const;

/** Ours: no convention has a word for it. */
export const CLEW_KEYS = {
  /** Events that were left out: a span keeps 1000. */
  droppedEvents: 'clew.dropped_events',
  /** What the vendor said when it refused. */
  errorBody: 'clew.error.body',
  /** Seconds from the call to the first item of its stream. */
  timeToFirstToken: 'clew.time_to_first_token',
  /** How many items a stream or generator gave. */
  streamItems: 'clew.stream.items',
  /** The reader left a stream or generator before its end. */
  streamAbandoned: 'clew.stream.abandoned',
} as const;
