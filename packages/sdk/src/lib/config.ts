/** Options and environment to settings, once, as a value. */
import { DEFAULT_EXPERIMENT_ID, fail, ok, parseExperimentId, type ExperimentId, type Result } from '@clew/core';
import type { SpanExporter } from './exporter.ts';

export type Experiment =
  | { readonly kind: 'id'; readonly id: ExperimentId }
  /** Looked up on the server, and created there when it does not exist. */
  | { readonly kind: 'name'; readonly name: string };

/** Why spans were lost. */
export type DropReason = 'queue full' | 'refused' | 'unreachable' | 'shut down' | 'internal error';

export interface Drop {
  readonly spans: number;
  readonly reason: DropReason;
  /** What the server or the network said. */
  readonly detail: string;
}

export interface InitOptions {
  /** `http(s)://…` of a Clew or MLflow server. Default: `CLEW_TRACKING_URI`, `MLFLOW_TRACKING_URI`, http://127.0.0.1:5000. */
  readonly trackingUri?: string;
  /** Default: `CLEW_EXPERIMENT_ID`, `MLFLOW_EXPERIMENT_ID`, `0`. */
  readonly experimentId?: string;
  /** In place of an id; created when missing. Default: `CLEW_EXPERIMENT_NAME`, `MLFLOW_EXPERIMENT_NAME`. */
  readonly experiment?: string;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `false` makes every span a no-op. Default: `CLEW_TRACING_ENABLED`, else `true`. */
  readonly enabled?: boolean;
  /** Share of traces recorded, 0 to 1. Default: `MLFLOW_TRACE_SAMPLING_RATIO`, else 1. */
  readonly samplingRatio?: number;
  /** Attributes of this process. Default: `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Where spans go in place of a server, such as {@link createMemoryExporter}. */
  readonly exporter?: SpanExporter;
  /** Spans kept while waiting to be sent; further ones are dropped and counted. Default 8192. */
  readonly maxQueuedSpans?: number;
  /** Memory of waiting spans, roughly, in bytes. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** Longest wait of an ended span before it is sent, in milliseconds. Default 1000. */
  readonly delayMillis?: number;
  /** Time for one request, in milliseconds. Default: `MLFLOW_HTTP_REQUEST_TIMEOUT` (seconds), else 10,000. */
  readonly timeoutMillis?: number;
  /** Called when spans are lost. Must not throw; if it does, nobody hears. */
  readonly onDrop?: (drop: Drop) => void;
}

export interface Settings {
  readonly trackingUri: string;
  readonly experiment: Experiment;
  readonly headers: Readonly<Record<string, string>>;
  readonly isEnabled: boolean;
  readonly samplingRatio: number;
  readonly resource: Readonly<Record<string, string>>;
  readonly exporter: SpanExporter | undefined;
  readonly maxQueuedSpans: number;
  readonly maxQueuedBytes: number;
  readonly delayMillis: number;
  readonly timeoutMillis: number;
  readonly onDrop: ((drop: Drop) => void) | undefined;
}

export interface ReadSettings {
  readonly settings: Settings;
  /** Values that could not be used; the default was taken. */
  readonly problems: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_URI = 'http://127.0.0.1:5000';

/** Options beat environment beat defaults. Never fails: what cannot be used is named in `problems`. */
export function readSettings(options: InitOptions, environment: Environment): ReadSettings {
  const problems: string[] = [];
  const use = <T>(result: Result<T, string>, fallback: T): T => {
    if (result.ok) return result.value;
    problems.push(result.error);
    return fallback;
  };
  const uri = options.trackingUri ?? first(environment, 'CLEW_TRACKING_URI', 'MLFLOW_TRACKING_URI') ?? DEFAULT_URI;
  const ratio = options.samplingRatio ?? first(environment, 'CLEW_TRACE_SAMPLING_RATIO', 'MLFLOW_TRACE_SAMPLING_RATIO');
  const timeoutSeconds = first(environment, 'MLFLOW_HTTP_REQUEST_TIMEOUT');
  const timeout = options.timeoutMillis ?? (timeoutSeconds === undefined ? 10_000 : Number(timeoutSeconds) * 1000);
  return {
    settings: {
      trackingUri: use(parseTrackingUri(uri), DEFAULT_URI),
      experiment: use(chooseExperiment(options, environment), { kind: 'id', id: DEFAULT_EXPERIMENT_ID }),
      headers: { ...authorization(environment), ...options.headers },
      isEnabled: options.enabled ?? !isFalse(first(environment, 'CLEW_TRACING_ENABLED')),
      samplingRatio: use(parseNumber('sampling ratio', ratio ?? 1, 0, 1), 1),
      resource: { ...resourceFrom(environment), ...options.resource },
      exporter: options.exporter,
      maxQueuedSpans: options.maxQueuedSpans ?? 8192,
      maxQueuedBytes: options.maxQueuedBytes ?? 64 * 1024 * 1024,
      delayMillis: options.delayMillis ?? 1000,
      timeoutMillis: use(parseNumber('request timeout', timeout, 1, 3_600_000), 10_000),
      onDrop: options.onDrop,
    },
    problems,
  };
}

function first(environment: Environment, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function parseTrackingUri(text: string): Result<string, string> {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return ok(text.replace(/\/+$/, ''));
  return fail(`Cannot use tracking URI "${text}": expected http:// or https://`);
}

function chooseExperiment(options: InitOptions, environment: Environment): Result<Experiment, string> {
  if (options.experimentId !== undefined) return byId(options.experimentId);
  if (options.experiment !== undefined) return ok({ kind: 'name', name: options.experiment });
  const id = first(environment, 'CLEW_EXPERIMENT_ID', 'MLFLOW_EXPERIMENT_ID');
  if (id !== undefined) return byId(id);
  const name = first(environment, 'CLEW_EXPERIMENT_NAME', 'MLFLOW_EXPERIMENT_NAME');
  return ok(name === undefined ? { kind: 'id', id: DEFAULT_EXPERIMENT_ID } : { kind: 'name', name });
}

function byId(text: string): Result<Experiment, string> {
  const id = parseExperimentId(text);
  if (id !== undefined) return ok({ kind: 'id', id });
  return fail(`Cannot use experiment id "${text}": expected a letter or digit, then letters, digits, _ or -`);
}

function parseNumber(what: string, value: string | number, least: number, most: number): Result<number, string> {
  const number = Number(value);
  if (number >= least && number <= most) return ok(number);
  return fail(`Cannot use ${what} "${value}": expected a number from ${least} to ${most}`);
}

/** Basic beats bearer, as in MLflow. */
function authorization(environment: Environment): Readonly<Record<string, string>> {
  const username = first(environment, 'MLFLOW_TRACKING_USERNAME');
  const password = first(environment, 'MLFLOW_TRACKING_PASSWORD');
  if (username !== undefined && password !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  const token = first(environment, 'CLEW_TRACKING_TOKEN', 'MLFLOW_TRACKING_TOKEN');
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** `key=value,key=value` with percent-encoded values, as OpenTelemetry says. */
function resourceFrom(environment: Environment): Readonly<Record<string, string>> {
  const resource: Record<string, string> = {};
  for (const pair of (first(environment, 'OTEL_RESOURCE_ATTRIBUTES') ?? '').split(',')) {
    const [key = '', value] = pair.split('=', 2);
    if (key.trim() !== '' && value !== undefined) resource[key.trim()] = decode(value.trim());
  }
  const service = first(environment, 'OTEL_SERVICE_NAME');
  return service === undefined ? resource : { ...resource, 'service.name': service };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isFalse(text: string | undefined): boolean {
  return text !== undefined && ['false', '0', 'no', 'off'].includes(text.toLowerCase());
}
