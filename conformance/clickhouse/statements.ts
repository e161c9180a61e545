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

/** @param sessions - How many statements run at once, besides those that cancel others. */
export function openStatements(path: string, sessions: number): Statements {
  const lanes = createLanes(Array.from({ length: sessions }, () => createChdbConnection({ path })));
  const beside = createLanes([createChdbConnection({ path })]);

  async function runIn(session: ChdbConnection, request: StatementRequest): Promise<Buffer> {
    const { query, body, database = 'default', settings, parameters, queryId } = request;
    await execute(session, `USE ${quoteName(database)}`);
    const values = [
      ...[...settings].map(([name, value]) => `${quoteName(name)} = ${quote(value)}`),
      ...[...parameters].map(([name, value]) => `param_${name} = ${quote(value)}`),
    ];
    if (values.length > 0) await execute(session, `SET ${values.join(', ')}`);
    try {
      const table = INSERT_ROWS.exec(query)?.[1];
      if (table === undefined) return await execute(session, `${mark(queryId)}${query}${body.toString()}`);
      await session.chdb.rawInsert({ table, format: 'JSONEachRow', values: body });
      return Buffer.alloc(0);
    } finally {
      // The next statement in this session is somebody else's.
      const names = [...settings.keys()].map((name) => `${quoteName(name)} = DEFAULT`);
      if (names.length > 0) await execute(session, `SET ${names.join(', ')}`);
    }
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
