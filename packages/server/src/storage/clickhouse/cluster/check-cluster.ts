/** Whether a cluster has the tables this program needs: it does not make them itself. */
import type { ClickHouseClient } from '@clickhouse/client';
import { TracingError } from '@clew/core';
import type { ClusterTable } from './cluster-ddl.ts';
import { quoteText, type Cluster } from './cluster-statement.ts';

/**
 * Looks at the node that answers; the others have the same tables by `ON CLUSTER`.
 *
 * @throws {TracingError} `unsupported` that names the first table or column that is missing, and what to do.
 */
export async function checkCluster(
  client: ClickHouseClient,
  tables: readonly ClusterTable[],
  cluster: Cluster,
): Promise<void> {
  const query = `SELECT table, name FROM system.columns WHERE database = ${quoteText(cluster.database)}`;
  const answer = await client.query({ query, format: 'JSONEachRow' });
  const found = new Map<string, Set<string>>();
  for (const { table, name } of await answer.json<{ readonly table: string; readonly name: string }>()) {
    found.set(table, (found.get(table) ?? new Set()).add(name));
  }
  const missing = findMissing(tables, found);
  if (missing === undefined) return;
  const ddl = `clew ddl --cluster ${cluster.name} --database ${cluster.database}`;
  throw new TracingError(
    'unsupported',
    `Cannot use cluster "${cluster.name}": database "${cluster.database}" has no ${missing}; run what "${ddl}" prints`,
  );
}

/** @param found - Columns by table. */
export function findMissing(
  tables: readonly ClusterTable[],
  found: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  for (const { name, columns } of tables) {
    for (const table of [`${name}_local`, name]) {
      const has = found.get(table);
      if (has === undefined) return `table "${table}"`;
      const column = columnNames(columns).find((one) => !has.has(one));
      if (column !== undefined) return `column "${column}" in table "${table}"`;
    }
  }
  return undefined;
}

/** Each column begins a line, four spaces in, in lower case; what follows on other lines is further in. */
export function columnNames(columns: string): readonly string[] {
  return [...columns.matchAll(/^ {4}([a-z]\w*) /gm)].map((match) => match[1] ?? '');
}
