/**
 * A cluster of one shard and one replica, which needs no Keeper: what a statement of a cluster is on its only node. Its
 * distributed tables are the engine's own, in front of the local ones; replication and the way between nodes are not
 * there to be tried.
 */
export function toOneNode(query: string): string {
  return query
    .replace(/ ON CLUSTER `\w+`/, '')
    .replace(/ReplicatedReplacingMergeTree\('[^']*', '\{replica\}'(?:, (\w+))?\)/, 'ReplacingMergeTree($1)')
    .replace(/AS \w+\.\w+\s+ENGINE = Distributed\('\w+', (\w+), (\w+), .*\)$/s, `AS remote('127.0.0.1', $1, $2)`)
    .replaceAll(/\bcluster\('\w+', /g, "remote('127.0.0.1', ");
}

/** A local shard is asked within the process; a quorum takes replicas. */
export const ONE_NODE_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['prefer_localhost_replica', '1'],
  ['insert_quorum', '0'],
]);
