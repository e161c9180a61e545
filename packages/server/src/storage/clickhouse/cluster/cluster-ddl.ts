/**
 * A cluster's tables, from the same files as a single store's: the statements of the product find a distributed table
 * under each name, and the rows lie in a replicated one beside it, `<name>_local`.
 *
 * Rows of one key live in one shard, so that a read with FINAL stays exact, and so do all rows of one trace.
 */
import { must, TracingError } from '@clew/core';
import { quoteName, quoteText } from './cluster-statement.ts';

export interface ClusterTable {
  readonly name: string;
  /** From the opening bracket of the columns to the closing one. */
  readonly columns: string;
  /** Column of versions; absent where any of several rows will do. */
  readonly version: string | undefined;
  readonly sortKey: readonly string[];
  readonly settings: string | undefined;
}

const CREATE =
  /^CREATE TABLE IF NOT EXISTS (\w+)\s*(\(.*\))\s*ENGINE = ReplacingMergeTree(?:\((\w+)\))?\s*ORDER BY (\w+|\([\w, ]+\))(?:\s*SETTINGS ([^;]+))?$/s;

/**
 * The tables that all files together leave: the last CREATE TABLE of each name. What moves rows of older stores is
 * left out, for a cluster begins empty.
 *
 * @throws {TracingError} `unsupported` for a table that is written otherwise than ours are.
 */
export function readClusterTables(statements: readonly string[]): readonly ClusterTable[] {
  const tables = new Map<string, ClusterTable>();
  for (const statement of statements) {
    const text = statement.replace(/^(?:--[^\n]*\n|\s+)+/, '').trim();
    if (!text.startsWith('CREATE TABLE')) continue;
    const match = CREATE.exec(text);
    if (match === null) {
      throw new TracingError('unsupported', `Cannot lay out for a cluster: ${text.slice(0, 80)}`);
    }
    const [, name, columns, version, sortKey, settings] = match;
    const table = must(name, 'a table name');
    tables.set(table, {
      name: table,
      columns: must(columns, 'columns'),
      version,
      sortKey: must(sortKey, 'a sort key')
        .replace(/[()\s]/g, '')
        .split(','),
      settings: settings?.trim(),
    });
  }
  return [...tables.values()];
}

/** The two statements of a table, the local one first. */
export function clusterStatements(table: ClusterTable, cluster: string, database: string): readonly string[] {
  const { name, columns, version, sortKey, settings } = table;
  const on = `ON CLUSTER ${quoteName(cluster)}`;
  const place = `'/clickhouse/tables/{shard}/${database}/${name}', '{replica}'`;
  return [
    [
      `CREATE TABLE IF NOT EXISTS ${database}.${name}_local ${on}`,
      columns,
      `ENGINE = ReplicatedReplacingMergeTree(${place}${version === undefined ? '' : `, ${version}`})`,
      `ORDER BY (${sortKey.join(', ')})`,
      ...(settings === undefined ? [] : [`SETTINGS ${settings}`]),
    ].join('\n'),
    [
      `CREATE TABLE IF NOT EXISTS ${database}.${name} ${on} AS ${database}.${name}_local`,
      `ENGINE = Distributed(${quoteText(cluster)}, ${database}, ${name}_local, ${shardingKey(sortKey)})`,
    ].join('\n'),
  ];
}

/** By trace where a key has one: a trace is read from one shard. */
function shardingKey(sortKey: readonly string[]): string {
  return `cityHash64(${sortKey.includes('trace_id') ? 'trace_id' : sortKey.join(', ')})`;
}
