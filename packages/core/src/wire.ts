/** Third entry: MLflow's wire forms, for whoever speaks its REST API. */
export {
  applyAssessmentUpdate,
  fromAssessmentMessage,
  toAssessmentJson,
  type AssessmentDefaults,
} from './wire/mlflow-assessment.ts';
export { toExperimentJson } from './wire/mlflow-experiment.ts';
export { toMlflowFileSpan } from './wire/mlflow-file.ts';
export { mlflowAttributes, toMlflowApiSpan } from './wire/mlflow-span.ts';
export {
  fromTraceInfoMessage,
  requireTraceId,
  toCostJson,
  toTokenUsageJson,
  toTraceInfoJson,
  type CostJson,
  type TokenUsageJson,
  type TraceInfoParts,
} from './wire/mlflow-trace.ts';
export { writeJson } from './wire/json.ts';
export {
  EMPTY_MESSAGE,
  readBoolean,
  readInteger,
  readList,
  readMessage,
  readStringMap,
  readText,
  readTexts,
  readValue,
  requireFieldMask,
  requireMessage,
  requireText,
  type Message,
} from './wire/message.ts';
