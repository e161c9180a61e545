import { formatProtoDuration, formatTimestamp, toMlflowTraceId, type ExperimentId } from '@clew/core';
import type { FinishedTrace } from './exporter.ts';

/** The body of MLflow's StartTraceV3 (contract, sections 1.5.1 and 2.1). */
export function startTraceJson(trace: FinishedTrace, experimentId: ExperimentId): string {
  const { clientRequestId, requestPreview, responsePreview } = trace;
  return JSON.stringify({
    trace: {
      trace_info: {
        trace_id: toMlflowTraceId(trace.traceId),
        client_request_id: clientRequestId,
        trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
        request_preview: requestPreview,
        response_preview: responsePreview,
        request_time: formatTimestamp(trace.start),
        execution_duration: formatProtoDuration(trace.duration),
        state: trace.state,
        trace_metadata: trace.metadata,
        tags: trace.tags,
        assessments: [],
      },
    },
  });
}
