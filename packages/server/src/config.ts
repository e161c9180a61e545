/** Flags and environment to one value, read once. Flags win over environment. */
import { readFileSync } from 'node:fs';
import { TracingError } from '@clew/core';

/** A ClickHouse server instead of the embedded engine. */
export interface ClickHouseConfig {
  readonly url: string;
  readonly database: string;
  /** Name of a cluster; absent: the server stands alone. */
  readonly cluster?: string;
  readonly user?: string;
  readonly password?: string;
  /** Certificates in PEM form. */
  readonly caCertificate?: Buffer;
}

export interface ServerConfig {
  /** Absent: the embedded engine. */
  readonly clickHouse?: ClickHouseConfig;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Folder of the embedded engine. */
  readonly dataFolder: string;
  /** Names this server answers to beside localhost and private addresses. */
  readonly allowedHosts: readonly string[];
  /** Origins beside its own that may change things. */
  readonly allowedOrigins: readonly string[];
  /** Accepts to listen beyond loopback although nobody has to log in. */
  readonly isInsecureAllowed: boolean;
  /** Run the demo agent when the store is empty; only a checkout of the project has one. */
  readonly withDemo: boolean;
  /** The MLflow release `GET /version` names. */
  readonly mlflowVersion: string;
  readonly logLevel: string;
  /** Size of libuv's thread pool, which the entry has fixed already. */
  readonly threads: number;
}

/** What the command line says; absent means not given. */
export interface ServerFlags {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly allowedHosts?: string;
  readonly allowedOrigins?: string;
  readonly insecure?: boolean;
  readonly demo?: boolean;
  readonly clickhouse?: string;
  readonly clickhouseDatabase?: string;
  readonly clickhouseCluster?: string;
  readonly clickhouseUser?: string;
  readonly clickhousePasswordFile?: string;
  readonly clickhouseCa?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_PORT = 5000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * @throws {TracingError} `invalid_argument` for a value it cannot use, and for an address beyond loopback without
 * `--insecure`: there is no authentication yet.
 */
export function readServerConfig(flags: ServerFlags, environment: Environment): ServerConfig {
  const host = flags.host ?? environment['CLEW_HOST'] ?? '127.0.0.1';
  const isInsecureAllowed = flags.insecure ?? environment['CLEW_INSECURE'] === 'true';
  if (!LOOPBACK.has(host) && !isInsecureAllowed) {
    throw new TracingError(
      'invalid_argument',
      `Refusing to listen on "${host}": anybody who reaches it could read and change every trace; pass --insecure to allow it`,
    );
  }
  const clickHouse = readClickHouse(flags, environment);
  return {
    ...(clickHouse === undefined ? {} : { clickHouse }),
    host,
    port: readPort(flags.port ?? environment['CLEW_PORT'] ?? String(DEFAULT_PORT)),
    dataFolder: flags.data ?? environment['CLEW_DATA'] ?? '.clew',
    allowedHosts: readNames(flags.allowedHosts ?? environment['CLEW_ALLOWED_HOSTS']),
    allowedOrigins: readNames(flags.allowedOrigins ?? environment['CLEW_ALLOWED_ORIGINS']),
    isInsecureAllowed,
    withDemo: flags.demo ?? environment['CLEW_DEMO'] !== 'false',
    mlflowVersion: environment['CLEW_MLFLOW_VERSION'] ?? '3.6.0',
    logLevel: environment['CLEW_LOG_LEVEL'] ?? 'info',
    threads: Math.max(4, Number(environment['UV_THREADPOOL_SIZE'] ?? 4) || 4),
  };
}

/** There is no flag for the password itself: everybody on the machine reads command lines. */
function readClickHouse(flags: ServerFlags, environment: Environment): ClickHouseConfig | undefined {
  const url = flags.clickhouse ?? environment['CLEW_CLICKHOUSE_URL'];
  if (url === undefined || url === '') return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new TracingError('invalid_argument', 'Invalid --clickhouse: expected an address with http:// or https://');
  }
  if (parsed.password !== '') {
    throw new TracingError(
      'invalid_argument',
      'Invalid --clickhouse: it holds a password; give it by --clickhouse-password-file or CLEW_CLICKHOUSE_PASSWORD',
    );
  }
  const user = flags.clickhouseUser ?? environment['CLEW_CLICKHOUSE_USER'] ?? decodeURIComponent(parsed.username);
  parsed.username = '';
  const passwordFile = flags.clickhousePasswordFile ?? environment['CLEW_CLICKHOUSE_PASSWORD_FILE'];
  const password =
    passwordFile === undefined
      ? environment['CLEW_CLICKHOUSE_PASSWORD']
      : readNamedFile('--clickhouse-password-file', passwordFile)
          .toString()
          .replace(/\r?\n$/, '');
  const cluster = flags.clickhouseCluster ?? environment['CLEW_CLICKHOUSE_CLUSTER'] ?? '';
  const ca = flags.clickhouseCa ?? environment['CLEW_CLICKHOUSE_CA'];
  return {
    url: parsed.href,
    database: flags.clickhouseDatabase ?? environment['CLEW_CLICKHOUSE_DATABASE'] ?? 'clew',
    ...(cluster === '' ? {} : { cluster }),
    ...(user === '' ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { caCertificate: readNamedFile('--clickhouse-ca', ca) }),
  };
}

function readNamedFile(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TracingError('invalid_argument', `Invalid ${flag}: ${reason}`, { cause: error });
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new TracingError('invalid_argument', `Invalid port "${text}": expected 0 to 65535`);
}

function readNames(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** Where a client command finds its server. */
export function readServerUrl(flag: string | undefined, environment: Environment): URL {
  const text =
    flag ??
    environment['CLEW_TRACKING_URI'] ??
    environment['MLFLOW_TRACKING_URI'] ??
    `http://127.0.0.1:${DEFAULT_PORT}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TracingError('invalid_argument', `Invalid server URL "${text}": expected http:// or https://`);
  }
  return new URL(text);
}
