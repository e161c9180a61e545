import type { ClickHouseSettings } from '@clickhouse/client';

/** What makes a read on a cluster see what was written before it (decisions/006). Never met a cluster. */
export function clusterSettings(): ClickHouseSettings {
  return {
    // An insert is over when the shards have its rows.
    distributed_foreground_insert: 1,
    // All of a shard's reads and writes go to the same replica, whichever node was asked.
    load_balancing: 'in_order',
    prefer_localhost_replica: 0,
    // Acknowledged is what a majority of replicas has; several programs write at the same time.
    insert_quorum: 'auto',
    insert_quorum_parallel: 1,
    // Ids found in one table are used on every shard of another.
    distributed_product_mode: 'global',
  };
}
