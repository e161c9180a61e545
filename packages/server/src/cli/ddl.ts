import { Command } from 'commander';
import { TracingError } from '@clew/core';
import { clusterStatements, readClusterTables } from '../storage/clickhouse/cluster/cluster-ddl.ts';
import { readMigrations } from '../storage/clickhouse/migrate.ts';

interface DdlFlags {
  readonly cluster: string;
  readonly database: string;
}

/** `clew ddl`: the statements that lay a cluster out, for whoever runs it. */
export function ddlCommand(): Command {
  return new Command('ddl')
    .description('print the tables of a ClickHouse cluster')
    .requiredOption('--cluster <name>', 'name of the cluster, as in system.clusters')
    .option('--database <name>', 'database, which has to exist on every node', 'clew')
    .action(async ({ cluster, database }: DdlFlags) => {
      if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
        throw new TracingError('invalid_argument', `Invalid --database "${database}": expected letters, digits and _`);
      }
      const statements = (await readMigrations()).flatMap((migration) => migration.statements);
      const lines = readClusterTables(statements).flatMap((table) => clusterStatements(table, cluster, database));
      process.stdout.write(lines.map((statement) => `${statement};\n\n`).join(''));
    });
}
