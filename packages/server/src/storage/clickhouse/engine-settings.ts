import { ClickHouseLogLevel, type ClickHouseClientConfigOptions, type ClickHouseSettings } from '@clickhouse/client';

/**
 * What every connection sets, so that a statement means the same in process and over HTTP.
 *
 * @param maxQueryMemoryBytes - A query that needs more fails instead of taking the process with it.
 */
export function engineSettings(maxQueryMemoryBytes: number): ClickHouseSettings {
  return {
    max_memory_usage: String(maxQueryMemoryBytes),
    // Nobody waits longer for an answer, and a caller who left may have left no way to stop it.
    max_execution_time: 60,
    // Doubles cannot hold them.
    output_format_json_quote_64bit_integers: 1,
    output_format_json_escape_forward_slashes: 0,
    // An acknowledged row is a stored row, and the batch was gathered before it came here.
    async_insert: 0,
    // A commit's rows are fewer than one thread's share: handing them over costs more than it wins.
    input_format_parallel_parsing: 0,
    // A deletion is done when its statement is.
    lightweight_deletes_sync: '2',
    // Indexes that statements with FINAL use are on ids alone, which all versions of a row share.
    use_skip_indexes_if_final_exact_mode: 0,
    // Lists of ids are part of the statement where the engine runs in process.
    max_query_size: String(64 * 1024 * 1024),
  };
}

/** What a server over HTTP needs besides. */
export function remoteSettings(): ClickHouseSettings {
  return {
    // The status of an answer is sent once it is whole, so that a failure in the middle is not a short answer.
    wait_end_of_query: 1,
  };
}

/** Default of `maxQueryMemoryBytes`. */
export const DEFAULT_QUERY_MEMORY_BYTES: number = 2 * 1024 * 1024 * 1024;

/** The client's own log would print statements, which hold what users wrote; failures reach the caller anyway. */
export const CLIENT_LOG: NonNullable<ClickHouseClientConfigOptions['log']> = { level: ClickHouseLogLevel.OFF };
