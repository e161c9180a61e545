/**
 * The product's statements on a cluster. Most mean the same there: the distributed tables have the plain names. Those
 * about rows where they lie name the local tables, and ask one replica of every shard.
 */

export interface Cluster {
  /** As in `system.clusters`. */
  readonly name: string;
  readonly database: string;
}

/** @param query - With placeholders for its values: whatever it says is text of ours. */
export function toClusterStatement(query: string, { name, database }: Cluster): string {
  const cluster = quoteText(name);
  return (
    query
      .replace(
        /^(DELETE FROM|ALTER TABLE) (\w+)/,
        (_, verb: string, table: string) => `${verb} ${table}_local ON CLUSTER ${quoteName(name)}`,
      )
      // Shards may connect to another database.
      .replaceAll('currentDatabase()', () => quoteText(database))
      .replace(
        /mergeTreeTextIndex\(('\w+'), '(\w+)', ('\w+')\)/g,
        (_, own: string, table: string, index: string) =>
          `cluster(${cluster}, mergeTreeTextIndex(${own}, '${table}_local', ${index}))`,
      )
      .replace(
        /FROM system\.parts\b/g,
        () =>
          `FROM (SELECT * REPLACE (replaceRegexpOne(table, '_local$', '') AS table) FROM cluster(${cluster}, system.parts))`,
      )
  );
}

/** Stops a statement on whichever node it runs. */
export function killOnCluster(queryId: string, { name }: Cluster): string {
  return `KILL QUERY ON CLUSTER ${quoteName(name)} WHERE query_id = '${queryId}' ASYNC`;
}

export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, String.raw`\$&`)}\``;
}

export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}
