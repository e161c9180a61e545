/**
 * The shapes of MLflow 3's REST API as JSON. Field names, optionality and number forms are MLflow's
 * (proto3 JSON with 64-bit integers as numbers); an unset optional field is left out, never null.
 */

export interface TraceLocationJson {
  readonly type: 'MLFLOW_EXPERIMENT';
  readonly mlflow_experiment: { readonly experiment_id: string };
}

export interface TraceInfoJson {
  /** `tr-` and 32 hex digits. */
  readonly trace_id: string;
  readonly client_request_id?: string;
  readonly trace_location: TraceLocationJson;
  readonly request_preview?: string;
  readonly response_preview?: string;
  /** RFC 3339, UTC. */
  readonly request_time: string;
  /** Seconds with an `s`. */
  readonly execution_duration?: string;
  readonly state: 'STATE_UNSPECIFIED' | 'OK' | 'ERROR' | 'IN_PROGRESS';
  readonly trace_metadata: { readonly [key: string]: string };
  readonly tags: { readonly [key: string]: string };
  readonly assessments: readonly AssessmentJson[];
}

export interface AssessmentErrorJson {
  readonly error_code: string;
  readonly error_message?: string;
  readonly stack_trace?: string;
}

export interface AssessmentJson {
  readonly assessment_id: string;
  readonly assessment_name: string;
  readonly trace_id: string;
  /** 16 hex digits. */
  readonly span_id?: string;
  readonly source: { readonly source_type: string; readonly source_id: string };
  readonly create_time: string;
  readonly last_update_time: string;
  readonly feedback?: { readonly value?: unknown; readonly error?: AssessmentErrorJson };
  readonly expectation?:
    | { readonly value: unknown }
    | { readonly serialized_value: { readonly serialization_format: 'JSON_FORMAT'; readonly value: string } };
  readonly rationale?: string;
  readonly metadata?: { readonly [key: string]: string };
  readonly overrides?: string;
  readonly valid: boolean;
}

export interface ExperimentJson {
  readonly experiment_id: string;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle_stage: 'active' | 'deleted';
  /** Epoch milliseconds. */
  readonly creation_time: number;
  /** Epoch milliseconds. */
  readonly last_update_time: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}
