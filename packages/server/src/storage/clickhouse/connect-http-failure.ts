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
