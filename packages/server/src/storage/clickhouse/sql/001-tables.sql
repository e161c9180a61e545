-- Every table keeps the row of the highest version per key; readers say FINAL. Times are Unix nanoseconds.
-- Values that must survive exactly are JSON text as @clew/core's encodeJsonText writes it.
-- Keys of maps are plain strings: with LowCardinality ones the engine (26.7) does not find the empty key.

-- version: 2^63 for spans that have ended, plus a sequence number, so that ended beats running and later beats earlier.
CREATE TABLE IF NOT EXISTS spans
(
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    experiment_id LowCardinality(String),
    parent_span_id Nullable(String) CODEC(ZSTD(1)),
    name String CODEC(ZSTD(1)),
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
    -- By key: text after an apostrophe, any other value as JSON text (span-row.ts).
    attributes Map(String, String) CODEC(ZSTD(1)),
    event_names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    event_times Array(Int64) CODEC(ZSTD(1)),
    event_attributes Array(String) CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1)),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    scope_attributes String CODEC(ZSTD(1)),
    resource String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, span_id);

CREATE TABLE IF NOT EXISTS traces
(
    trace_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
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
    is_finalized Bool
)
ENGINE = ReplacingMergeTree(version)
ORDER BY trace_id;

CREATE TABLE IF NOT EXISTS trace_starts
(
    trace_id String CODEC(ZSTD(1)),
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
ORDER BY trace_id;

-- value: null once the tag was taken away.
CREATE TABLE IF NOT EXISTS trace_tags
(
    trace_id String CODEC(ZSTD(1)),
    key String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    value Nullable(String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trace_id, key);

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
ORDER BY (trace_id, assessment_id);

CREATE TABLE IF NOT EXISTS experiments
(
    experiment_id String,
    version UInt64,
    name String,
    artifact_location String,
    lifecycle_stage LowCardinality(String),
    create_ns Int64,
    update_ns Int64,
    tags Map(String, String)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY experiment_id;
