/** The statements that multiply seeds: one batch of copies each, every value a function of the seed and the copy. */

/** Of spans that have ended, as storage/version.ts has it. */
export const ENDED_VERSION: bigint = 2n ** 63n + 1000n;
export const SEED_VERSION: bigint = 2n ** 70n;

/** The hash that decides everything about a copy of a trace. */
const HASH = 'sipHash64(trace_id, copy)';
const TRACE_ID = "lower(hex(MD5(concat(trace_id, ':', toString(copy)))))";
/** Half a year in nanoseconds. */
const SHIFT = `toInt64(${HASH} % 15552000000000000)`;

function spanId(column: string): string {
  return `leftPad(lower(hex(sipHash64(${column}, copy))), 16, '0')`;
}

function from(table: 'spans' | 'traces', first: number, count: number): string {
  return `FROM (SELECT number + ${first} AS copy FROM numbers(${count})) AS copies CROSS JOIN seed.${table}`;
}

function word(step: number): string {
  return `words[1 + intDiv(${HASH}, ${step}) % length(words)]`;
}

/** Other words in the place of frequent ones; one trace in a thousand has a phrase of its own. */
const PAYLOADS = `mapApply((k, v) -> (k, replaceOne(replaceAll(replaceAll(replaceAll(v,
  ' the ', concat(' ', ${word(1)}, ' ')), ' to ', concat(' ', ${word(7919)}, ' ')), ' is ', concat(' ', ${word(104729)}, ' ')),
  ' of ', if(${HASH} % 1000 = 7, ' of the chargeback dispute ', concat(' of ', lower(hex(${HASH})), ' ')))), payloads)`;

const ATTRIBUTES = `mapConcat(attributes, map(
  'app.temperature', toString((${HASH} % 21) / 10),
  'app.rank', toString(sipHash64(span_id, copy) % 1000003),
  'app.order', concat('\\'order-', lower(hex(${HASH}))),
  'app.tier', concat('\\'', ['free', 'pro', 'enterprise'][1 + ${HASH} % 3])),
  if(${HASH} % 1000 = 11, map('app.incident', concat('\\'INC-', toString(${HASH} % 100))), CAST(map(), 'Map(String, String)')))`;

const SPAN_COLUMNS = `trace_id, span_id, version, experiment_id, parent_span_id, name, kind, type, status, status_message, start_ns,
  end_ns, trace_state, dialect, model, provider, input_tokens, output_tokens, total_tokens, cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost, session_id, user_id, has_exception, request_preview,
  response_preview, trace_tags, payload_size, attributes, payloads, event_names, event_times, event_attributes, links,
  scope_name, scope_version, scope_attributes, resource`;

export function spansOf(first: number, count: number): string {
  return `INSERT INTO spans (${SPAN_COLUMNS})
WITH (SELECT groupArray(word) FROM seed.words) AS words
SELECT ${TRACE_ID}, ${spanId('span_id')}, version, experiment_id,
  if(isNull(parent_span_id), NULL, ${spanId('parent_span_id')}),
  if(sipHash64(span_id, copy) % 50 = 0, concat(name, ' v', toString(${HASH} % 20)), name), kind, type, status,
  status_message, start_ns + ${SHIFT}, end_ns + ${SHIFT}, trace_state, dialect, model, provider, input_tokens, output_tokens,
  total_tokens, cache_read_tokens, cache_creation_tokens, input_cost, output_cost, total_cost,
  concat('session-', toString(${HASH} % 200000)), concat('user-', toString(${HASH} % 50000)), has_exception, request_preview,
  response_preview, trace_tags, payload_size, ${ATTRIBUTES}, ${PAYLOADS}, event_names,
  arrayMap(time -> time + ${SHIFT}, event_times), event_attributes, links, scope_name, scope_version, scope_attributes, resource
${from('spans', first, count)}
SETTINGS max_execution_time = 0`;
}

/** One span in a hundred was sent while it ran, under another type. */
export function staleSpansOf(first: number, count: number): string {
  return `INSERT INTO spans (${SPAN_COLUMNS})
SELECT ${TRACE_ID}, ${spanId('span_id')}, 1, experiment_id,
  if(isNull(parent_span_id), NULL, ${spanId('parent_span_id')}), name, kind, 'UNKNOWN', 'unset', '', start_ns + ${SHIFT}, NULL,
  trace_state, dialect, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL,
  CAST(map(), 'Map(String, String)'), 0, CAST(map(), 'Map(String, String)'), CAST(map(), 'Map(String, String)'), [], [], [],
  links, scope_name, scope_version, scope_attributes, resource
${from('spans', first, count)}
WHERE sipHash64(span_id, copy, 1) % 100 = 0
SETTINGS max_execution_time = 0`;
}

const HEADER_COLUMNS = `trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, name, request_preview,
  response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count, is_finalized`;

function headers(
  table: 'traces' | 'traces_by_start',
  state: string,
  version: string,
  first: number,
  count: number,
  where: string,
): string {
  return `INSERT INTO ${table} (${HEADER_COLUMNS})
SELECT ${TRACE_ID}, ${version}, experiment_id, concat('request-', lower(hex(${HASH}))), start_ns + ${SHIFT},
  duration_ns + toInt64(${HASH} % 1000000007), ${state}, name, request_preview, response_preview,
  concat('session-', toString(${HASH} % 200000)), concat('user-', toString(${HASH} % 50000)),
  floor(input_tokens * (1 + ${HASH} % 101 / 100)), floor(output_tokens * (1 + ${HASH} % 103 / 100)),
  floor(input_tokens * (1 + ${HASH} % 101 / 100)) + floor(output_tokens * (1 + ${HASH} % 103 / 100)), cache_read_tokens,
  cache_creation_tokens, input_cost, output_cost, total_cost * (1 + ${HASH} % 101 / 100),
  mapConcat(tags, map('env', ['prod', 'prod', 'prod', 'staging', 'dev'][1 + ${HASH} % 5],
    'team', concat('team-', toString(intDiv(${HASH}, 5) % 20)), 'release', concat('2026.', toString(${HASH} % 40)),
    'customer', concat('customer-', toString(${HASH} % 40000))),
    if(${HASH} % 2000 = 3, map('incident', concat('INC-', toString(${HASH} % 100))), CAST(map(), 'Map(String, String)'))),
  mapUpdate(metadata, map('mlflow.sourceRun', concat('run-', toString(${HASH} % 500)),
    'mlflow.trace.session', concat('session-', toString(${HASH} % 200000)), 'build', lower(hex(${HASH} % 9973)))),
  span_count, error_count, is_finalized
${from('traces', first, count)}
${where}
SETTINGS max_execution_time = 0`;
}

export function headersOf(first: number, count: number): string {
  return headers('traces', 'state', 'version', first, count, '');
}

export function headersByStartOf(first: number, count: number): string {
  return headers('traces_by_start', 'state', 'version', first, count, '');
}

const SOME = `WHERE ${HASH} % 50 = 0`;

/** One header in fifty was written before the trace had ended. */
export function staleHeadersOf(first: number, count: number): string {
  return headers('traces', "'IN_PROGRESS'", 'version - 1', first, count, SOME);
}

export function staleHeadersByStartOf(first: number, count: number): string {
  return headers('traces_by_start', "'IN_PROGRESS'", 'version - 1', first, count, SOME);
}

/** Three traces in ten were judged; one judgement in fifty was changed later. */
export function assessmentsOf(first: number, count: number): string {
  return `INSERT INTO assessments (trace_id, assessment_id, version, name, source_type, source_id, kind, value, is_serialized,
  create_ns, update_ns, is_valid)
SELECT ${TRACE_ID}, concat('a-', lower(hex(${HASH}))), 1 + arrayJoin(if(${HASH} % 50 = 0, [0, 1], [0])) AS edition,
  ['helpful', 'score', 'correctness', 'answer'][1 + ${HASH} % 4] AS assessed, 'HUMAN', 'someone', if(assessed = 'answer', 'expectation', 'feedback'),
  multiIf(assessed = 'helpful', if(edition = 2 OR ${HASH} % 3 = 0, 'false', 'true'),
    assessed = 'score', toString((${HASH} % 1000) / 1000), assessed = 'correctness', if(${HASH} % 7 = 0, '"bad"', '"good"'),
    concat('"answer ', toString(${HASH} % 1000), '"')),
  false, start_ns + ${SHIFT}, start_ns + ${SHIFT}, true
${from('traces', first, count)}
WHERE sipHash64(trace_id, copy, 2) % 10 < 3
SETTINGS max_execution_time = 0`;
}
