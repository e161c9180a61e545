-- content: base64.
CREATE TABLE IF NOT EXISTS artifacts
(
    path String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    size UInt64 CODEC(ZSTD(1)),
    content String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY path
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- Runs and logged models. body: JSON text.
CREATE TABLE IF NOT EXISTS records
(
    kind LowCardinality(String),
    id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    experiment_id LowCardinality(String),
    body String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (kind, id)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;
