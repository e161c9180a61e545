/** Runs statements in the embedded engine, each with settings, parameters and a database of its own. */
import { createChdbConnection, type ChdbConnection } from 'chdb/connection';
import { createLanes } from '../../packages/server/src/storage/clickhouse/lanes.ts';
import type { StatementRequest } from './read-request.ts';

export interface Statements {
  /** @throws what the engine says, with its code. */
  run(request: StatementRequest): Promise<Buffer>;
  /** The name of an error, as UNKNOWN_TABLE for 60. */
  nameOf(code: number): Promise<string>;
}

const KILL = /^KILL QUERY(?: ON CLUSTER \S+)? WHERE query_id = '([\w-]+)'/;
const INSERT_ROWS = /^INSERT INTO (\w+) FORMAT JSONEachRow\s*$/;

/** What a session was left with; `undefined` for a setting of unknown value. */
interface SessionState {
  readonly database: string;
  readonly settings: ReadonlyMap<string, string | undefined>;
}

/** @param sessions - How many statements run at once, besides those that cancel others. */
export function openStatements(path: string, sessions: number): Statements {
  const lanes = createLanes(Array.from({ length: sessions }, () => createChdbConnection({ path })));
  const beside = createLanes([createChdbConnection({ path })]);

  const states = new WeakMap<ChdbConnection, SessionState>();

  /** Brings a session to what a statement asks for; most ask for what the one before them did. */
  async function prepare(session: ChdbConnection, request: StatementRequest): Promise<void> {
    const { database = 'default', settings, parameters } = request;
    const before = states.get(session) ?? { database: '', settings: new Map<string, string>() };
    // Should this fail halfway, nothing is known of either.
    const unsure = new Map([...before.settings.keys(), ...settings.keys()].map((name) => [name, undefined]));
    states.set(session, { database: '', settings: unsure });
    if (before.database !== database) await execute(session, `USE ${quoteName(database)}`);
    const values = [
      ...[...before.settings.keys()]
        .filter((name) => !settings.has(name))
        .map((name) => `${quoteName(name)} = DEFAULT`),
      ...[...settings]
        .filter(([name, value]) => before.settings.get(name) !== value)
        .map(([name, value]) => `${quoteName(name)} = ${quote(value)}`),
      ...[...parameters].map(([name, value]) => `param_${name} = ${quote(value)}`),
    ];
    if (values.length > 0) await execute(session, `SET ${values.join(', ')}`);
    states.set(session, { database, settings });
  }

  async function runIn(session: ChdbConnection, request: StatementRequest): Promise<Buffer> {
    await prepare(session, request);
    const { query, body, queryId } = request;
    const table = INSERT_ROWS.exec(query)?.[1];
    if (table === undefined) return execute(session, `${mark(queryId)}${query}${body.toString()}`);
    await session.chdb.rawInsert({ table, format: 'JSONEachRow', values: body });
    return Buffer.alloc(0);
  }

  return {
    async run(request) {
      const killed = KILL.exec(request.query)?.[1];
      // The engine in this process gives statements ids of its own, so they are found by the mark they begin with.
      if (killed !== undefined) {
        const query = `KILL QUERY WHERE startsWith(query, ${quote(mark(killed))}) ASYNC`;
        return beside.use((session) => execute(session, query));
      }
      return lanes.use((session) => runIn(session, request));
    },

    async nameOf(code) {
      const name = await beside.use((session) => execute(session, `SELECT errorCodeToName(${code}) FORMAT TSVRaw`));
      return name.toString().trim();
    },
  };
}

async function execute(session: ChdbConnection, query: string): Promise<Buffer> {
  const { stream } = await session.exec({ query });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function mark(queryId: string | undefined): string {
  return queryId === undefined ? '' : `/* ${queryId} */ `;
}

function quote(value: string): string {
  return `'${value.replace(/[\\']/g, String.raw`\$&`)}'`;
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '')}\``;
}
