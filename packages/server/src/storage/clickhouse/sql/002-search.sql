-- The shape found by measurement (decisions/005): small granules, so that a page of traces reads little; long values
-- of spans apart from short ones; headers by start, too; indexes of words and of entries of maps.
-- Each old table has another name until its rows are copied. Every statement may run again after a crash.
-- What cannot be derived again is flushed to the disk before it is acknowledged (docs/durability.md).
-- A line "-- WHEN query" lets its statement run only while the query counts something.

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'spans' AND create_table_query NOT LIKE '%index_granularity = 256%'
RENAME TABLE spans TO spans_001;

CREATE TABLE IF NOT EXISTS spans
(
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    experiment_id LowCardinality(String),
    parent_span_id Nullable(String) CODEC(ZSTD(1)),
    name LowCardinality(String),
    kind LowCardinality(String),
    type LowCardinality(String),
    status LowCardinality(String),
    status_message String CODEC(ZSTD(1)),
    start_ns Int64 CODEC(Delta, ZSTD(1)),
    end_ns Nullable(Int64) CODEC(ZSTD(1)),
    trace_state String CODEC(ZSTD(1)),
    dialect LowCardinality(String),
    model LowCardinality(Nullable(String)),
    provider LowCardinality(Nullable(String)),
    input_tokens Nullable(Float64) CODEC(ZSTD(1)),
    output_tokens Nullable(Float64) CODEC(ZSTD(1)),
    total_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_read_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_creation_tokens Nullable(Float64) CODEC(ZSTD(1)),
    input_cost Nullable(Float64) CODEC(ZSTD(1)),
    output_cost Nullable(Float64) CODEC(ZSTD(1)),
    total_cost Nullable(Float64) CODEC(ZSTD(1)),
    session_id Nullable(String) CODEC(ZSTD(1)),
    user_id Nullable(String) CODEC(ZSTD(1)),
    has_exception Bool,
    request_preview Nullable(String) CODEC(ZSTD(1)),
    response_preview Nullable(String) CODEC(ZSTD(1)),
    trace_tags Map(String, String) CODEC(ZSTD(1)),
    -- Characters of payload, so that readers can cut a trace into chunks without reading it.
    payload_size UInt32 CODEC(ZSTD(1)),
    -- By key: text after an apostrophe, any other value as JSON text; empty where the value is long (span-row.ts).
    attributes Map(String, String) CODEC(ZSTD(1)),
    -- The long values.
    payloads Map(String, String) CODEC(ZSTD(3)),
    event_names Array(String) CODEC(ZSTD(1)),
    event_times Array(Int64) CODEC(ZSTD(1)),
    event_attributes Array(String) CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1)),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    scope_attributes String CODEC(ZSTD(1)),
    resource String CODEC(ZSTD(1)),
    -- Every word of a span's content in lower case. The two characters are those whose lower case is or begins with
    -- an ASCII letter; content-words.ts looks for nothing else but ASCII.
    words String ALIAS replaceAll(replaceAll(lower(arrayStringConcat(arrayConcat([CAST(name, 'String'), status_message],
        mapKeys(attributes), mapValues(attributes), mapValues(payloads), event_names, event_attributes), '\n')),
        'K', 'k'), 'İ', 'i'),
    INDEX words_index words TYPE text(tokenizer = 'splitByNonAlpha', posting_list_codec = 'bitpacking'),
    -- Keys after a question mark, and entries as =key=value; a long value is empty here.
    attribute_entries Array(String) ALIAS arrayConcat(arrayMap(k -> concat('?', k), mapKeys(attributes)),
        arrayMap((k, v) -> concat('=', k, '=', v), mapKeys(attributes), mapValues(attributes))),
    -- Ids are spread over all parts; this tells which granules need not be read. Whole keys only, so exact with FINAL.
    INDEX trace_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX attributes_index attribute_entries TYPE text(tokenizer = 'array', posting_list_codec = 'bitpacking')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, span_id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'spans_001'
INSERT INTO spans (trace_id, span_id, version, experiment_id, parent_span_id, name, kind, type, status, status_message, start_ns,
    end_ns, trace_state, dialect, model, provider, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, session_id, user_id, has_exception,
    request_preview, response_preview, trace_tags, payload_size, attributes, event_names, event_times,
    event_attributes, links, scope_name, scope_version, scope_attributes, resource, payloads)
SELECT trace_id, span_id, version, experiment_id, parent_span_id, name, kind, type, status, status_message, start_ns,
    end_ns, trace_state, dialect, model, provider, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, session_id, user_id, has_exception,
    request_preview, response_preview, trace_tags, payload_size, mapApply((k, v) -> (k, if(lengthUTF8(v) > 256,
    '', v)), attributes), event_names, event_times, event_attributes, links, scope_name, scope_version,
    scope_attributes, resource,
    mapFilter((k, v) -> lengthUTF8(v) > 256, attributes)
FROM spans_001
SETTINGS max_execution_time = 0;

DROP TABLE IF EXISTS spans_001;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'traces' AND create_table_query NOT LIKE '%index_granularity = 256%'
RENAME TABLE traces TO traces_001;

-- version: the sum of the versions of everything the header was derived from (storage/version.ts).
CREATE TABLE IF NOT EXISTS traces
(
    trace_id String CODEC(ZSTD(1)),
    version UInt128 CODEC(ZSTD(1)),
    experiment_id LowCardinality(String),
    client_request_id Nullable(String) CODEC(ZSTD(1)),
    start_ns Int64 CODEC(Delta, ZSTD(1)),
    duration_ns Nullable(Int64) CODEC(ZSTD(1)),
    state LowCardinality(String),
    name Nullable(String) CODEC(ZSTD(1)),
    request_preview Nullable(String) CODEC(ZSTD(1)),
    response_preview Nullable(String) CODEC(ZSTD(1)),
    session_id Nullable(String) CODEC(ZSTD(1)),
    user_id Nullable(String) CODEC(ZSTD(1)),
    input_tokens Nullable(Float64) CODEC(ZSTD(1)),
    output_tokens Nullable(Float64) CODEC(ZSTD(1)),
    total_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_read_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_creation_tokens Nullable(Float64) CODEC(ZSTD(1)),
    input_cost Nullable(Float64) CODEC(ZSTD(1)),
    output_cost Nullable(Float64) CODEC(ZSTD(1)),
    total_cost Nullable(Float64) CODEC(ZSTD(1)),
    tags Map(String, String) CODEC(ZSTD(1)),
    metadata Map(String, String) CODEC(ZSTD(1)),
    span_count UInt32 CODEC(ZSTD(1)),
    error_count UInt32 CODEC(ZSTD(1)),
    is_finalized Bool,
    INDEX trace_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY trace_id
SETTINGS index_granularity = 256;

-- The same rows by start, current ones and others: where searches begin. A row counts only while `traces` has the same
-- version of it. Written before `traces`, so that no current row is missing here.
CREATE TABLE IF NOT EXISTS traces_by_start
(
    trace_id String CODEC(ZSTD(1)),
    version UInt128 CODEC(ZSTD(1)),
    experiment_id LowCardinality(String),
    client_request_id Nullable(String) CODEC(ZSTD(1)),
    start_ns Int64 CODEC(Delta, ZSTD(1)),
    duration_ns Nullable(Int64) CODEC(ZSTD(1)),
    state LowCardinality(String),
    name Nullable(String) CODEC(ZSTD(1)),
    request_preview Nullable(String) CODEC(ZSTD(1)),
    response_preview Nullable(String) CODEC(ZSTD(1)),
    session_id Nullable(String) CODEC(ZSTD(1)),
    user_id Nullable(String) CODEC(ZSTD(1)),
    input_tokens Nullable(Float64) CODEC(ZSTD(1)),
    output_tokens Nullable(Float64) CODEC(ZSTD(1)),
    total_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_read_tokens Nullable(Float64) CODEC(ZSTD(1)),
    cache_creation_tokens Nullable(Float64) CODEC(ZSTD(1)),
    input_cost Nullable(Float64) CODEC(ZSTD(1)),
    output_cost Nullable(Float64) CODEC(ZSTD(1)),
    total_cost Nullable(Float64) CODEC(ZSTD(1)),
    tags Map(String, String) CODEC(ZSTD(1)),
    metadata Map(String, String) CODEC(ZSTD(1)),
    span_count UInt32 CODEC(ZSTD(1)),
    error_count UInt32 CODEC(ZSTD(1)),
    is_finalized Bool,
    tags_entries Array(String) ALIAS arrayConcat(arrayMap(k -> concat('?', k), mapKeys(tags)),
        arrayMap((k, v) -> concat('=', k, '=', if(lengthUTF8(v) > 256, '', v)), mapKeys(tags), mapValues(tags))),
    INDEX tags_index tags_entries TYPE text(tokenizer = 'array', posting_list_codec = 'bitpacking'),
    metadata_entries Array(String) ALIAS arrayConcat(arrayMap(k -> concat('?', k), mapKeys(metadata)),
        arrayMap((k, v) -> concat('=', k, '=', if(lengthUTF8(v) > 256, '', v)), mapKeys(metadata), mapValues(metadata))),
    INDEX metadata_index metadata_entries TYPE text(tokenizer = 'array', posting_list_codec = 'bitpacking')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (experiment_id, start_ns, trace_id)
SETTINGS index_granularity = 256;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'traces_001'
INSERT INTO traces_by_start (trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, name, request_preview,
    response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count,
    is_finalized)
SELECT trace_id, 0, experiment_id, client_request_id, start_ns, duration_ns, state, name, request_preview,
    response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count,
    is_finalized
FROM traces_001 FINAL
SETTINGS max_execution_time = 0;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'traces_001'
-- Version 0: whatever is derived from now on is newer.
INSERT INTO traces (trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, name, request_preview,
    response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count,
    is_finalized)
SELECT trace_id, 0, experiment_id, client_request_id, start_ns, duration_ns, state, name, request_preview,
    response_preview, session_id, user_id, input_tokens, output_tokens, total_tokens, cache_read_tokens,
    cache_creation_tokens, input_cost, output_cost, total_cost, tags, metadata, span_count, error_count,
    is_finalized
FROM traces_001 FINAL
SETTINGS max_execution_time = 0;

DROP TABLE IF EXISTS traces_001;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'trace_starts' AND create_table_query NOT LIKE '%index_granularity = 256%'
RENAME TABLE trace_starts TO trace_starts_001;

-- start_id: a hash of all but the version, so that a start sent again is one row; empty in rows older than it.
CREATE TABLE IF NOT EXISTS trace_starts
(
    trace_id String CODEC(ZSTD(1)),
    start_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    experiment_id LowCardinality(String),
    client_request_id Nullable(String) CODEC(ZSTD(1)),
    start_ns Int64 CODEC(Delta, ZSTD(1)),
    duration_ns Nullable(Int64) CODEC(ZSTD(1)),
    state LowCardinality(String),
    request_preview Nullable(String) CODEC(ZSTD(1)),
    response_preview Nullable(String) CODEC(ZSTD(1)),
    metadata Map(String, String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, start_id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'trace_starts_001'
INSERT INTO trace_starts (trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, request_preview,
    response_preview, metadata)
SELECT trace_id, version, experiment_id, client_request_id, start_ns, duration_ns, state, request_preview,
    response_preview, metadata
FROM trace_starts_001 FINAL
SETTINGS max_execution_time = 0;

DROP TABLE IF EXISTS trace_starts_001;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'trace_tags' AND create_table_query NOT LIKE '%index_granularity = 256%'
RENAME TABLE trace_tags TO trace_tags_001;

-- value: null once the tag was taken away.
CREATE TABLE IF NOT EXISTS trace_tags
(
    trace_id String CODEC(ZSTD(1)),
    key String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    value Nullable(String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, key)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'trace_tags_001'
INSERT INTO trace_tags SELECT * FROM trace_tags_001 SETTINGS max_execution_time = 0;

DROP TABLE IF EXISTS trace_tags_001;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'assessments' AND create_table_query NOT LIKE '%index_granularity = 256%'
RENAME TABLE assessments TO assessments_001;

-- value: JSON text.
CREATE TABLE IF NOT EXISTS assessments
(
    trace_id String CODEC(ZSTD(1)),
    assessment_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    span_id Nullable(String) CODEC(ZSTD(1)),
    name LowCardinality(String),
    source_type LowCardinality(String),
    source_id LowCardinality(String),
    kind LowCardinality(String),
    value String CODEC(ZSTD(1)),
    is_serialized Bool,
    error_code Nullable(String) CODEC(ZSTD(1)),
    error_message Nullable(String) CODEC(ZSTD(1)),
    error_stack_trace Nullable(String) CODEC(ZSTD(1)),
    rationale Nullable(String) CODEC(ZSTD(1)),
    metadata Map(String, String) CODEC(ZSTD(1)),
    create_ns Int64 CODEC(Delta, ZSTD(1)),
    update_ns Int64 CODEC(Delta, ZSTD(1)),
    overrides Nullable(String) CODEC(ZSTD(1)),
    is_valid Bool
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, assessment_id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- WHEN SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'assessments_001'
INSERT INTO assessments SELECT * FROM assessments_001 SETTINGS max_execution_time = 0;

DROP TABLE IF EXISTS assessments_001;

ALTER TABLE experiments MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
