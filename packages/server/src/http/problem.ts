/** The only place an error becomes a status. Anything unforeseen is a 500 that says nothing of the inside. */
import { TracingError, type ErrorCode, type FilterError } from '@clew/core';
import type { ErrorJson } from '@clew/core/api';

interface Problem {
  readonly status: number;
  /** MLflow's word, which its clients switch on. */
  readonly errorCode: string;
}

const PROBLEMS: Record<ErrorCode, Problem> = {
  invalid_argument: { status: 400, errorCode: 'INVALID_PARAMETER_VALUE' },
  malformed: { status: 400, errorCode: 'BAD_REQUEST' },
  not_found: { status: 404, errorCode: 'RESOURCE_DOES_NOT_EXIST' },
  // 400, not 409: MLflow's clients resolve the race of two creators by this answer.
  already_exists: { status: 400, errorCode: 'RESOURCE_ALREADY_EXISTS' },
  forbidden: { status: 403, errorCode: 'PERMISSION_DENIED' },
  too_large: { status: 413, errorCode: 'MAX_READ_SIZE_EXCEEDED' },
  // 422: the same question will not do better in a moment.
  too_expensive: { status: 422, errorCode: 'RESOURCE_EXHAUSTED' },
  unsupported: { status: 501, errorCode: 'NOT_IMPLEMENTED' },
  overloaded: { status: 429, errorCode: 'REQUEST_LIMIT_EXCEEDED' },
  unavailable: { status: 503, errorCode: 'TEMPORARILY_UNAVAILABLE' },
};

const UNFORESEEN: Problem = { status: 500, errorCode: 'INTERNAL_ERROR' };
/** Clients that honour it come back after so many seconds. */
const RETRY_AFTER_SECONDS = '1';

/** Reports an error to the operator: the answer to the client leaves the details out. */
export type ReportError = (error: unknown) => void;

/** MLflow's form: `{"error_code", "message"}`. */
export function toProblem(error: unknown, report: ReportError): Response {
  const { problem, message } = describe(error, report);
  return json({ error_code: problem.errorCode, message } satisfies ErrorJson, problem.status);
}

/** The form of `/v1/traces`: `{"detail"}`. */
export function toOtlpProblem(error: unknown, report: ReportError): Response {
  const { problem, message } = describe(error, report);
  return json({ detail: message }, problem.status);
}

/** An answer in MLflow's form with a word of its own for one route. */
export function toCodedProblem(status: number, errorCode: string, message: string): Response {
  return json({ error_code: errorCode, message } satisfies ErrorJson, status);
}

/** A filter somebody typed and we cannot read: the answer says where and what could follow. */
export function toFilterProblem(error: FilterError): Response {
  const problem = PROBLEMS.invalid_argument;
  return json(
    { error_code: problem.errorCode, message: error.message, filter_error: error } satisfies ErrorJson,
    problem.status,
  );
}

function describe(error: unknown, report: ReportError): { readonly problem: Problem; readonly message: string } {
  if (error instanceof TracingError) {
    if (error.cause !== undefined) report(error);
    return { problem: PROBLEMS[error.code], message: error.message };
  }
  report(error);
  return { problem: UNFORESEEN, message: 'The server failed to answer; its log says why' };
}

function json(body: object, status: number): Response {
  const retry = status === 429 || status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS } : {};
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...retry } });
}
