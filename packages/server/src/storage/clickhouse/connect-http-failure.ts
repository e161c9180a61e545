import { TracingError } from '@clew/core';

/** Why a ClickHouse server cannot be used, and what to do about it; never with a password. */
export function describeHttpFailure(error: unknown, database: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case '192':
    case '193':
    case '194':
    case '516':
      return 'Cannot use ClickHouse: it refuses the user or the password; check --clickhouse-user and the password file';
    case '81':
      return `Cannot use database "${database}": it does not exist, and the user may not create it; create it, or grant CREATE DATABASE`;
    case '497':
      return `Cannot use database "${database}": the user lacks a right: ${reason}`;
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `Cannot reach ClickHouse: its certificate is not trusted; name its authority with --clickhouse-ca (${reason})`;
    default:
      return `Cannot reach ClickHouse: ${reason === '' ? String(error) : reason}; check --clickhouse and that the server is up`;
  }
}

/** Whether a store that could not be opened may open later without anybody changing anything. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof TracingError) || error.code !== 'unavailable') return false;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (/^\d+$/.test(code)) return PASSING.has(code);
  // No code: a balancer with nothing behind it, a connection that ended, silence.
  return !/CERT|SIGNATURE|^ERR_(?:TLS|SSL)|^EPROTO$/.test(code);
}

/** What the engine says while it starts, stops, is too busy, or has lost its Keeper. */
const PASSING: ReadonlySet<string> = new Set([
  '159', // TIMEOUT_EXCEEDED
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '236', // ABORTED
  '241', // MEMORY_LIMIT_EXCEEDED
  '242', // TABLE_IS_READ_ONLY
  '279', // ALL_CONNECTION_TRIES_FAILED
  '319', // UNKNOWN_STATUS_OF_INSERT
  '394', // QUERY_WAS_CANCELLED
  '425', // SYSTEM_ERROR
  '999', // KEEPER_EXCEPTION
]);
