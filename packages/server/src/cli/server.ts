import { Command } from 'commander';
import { DEFAULT_PORT, readServerConfig, type ServerFlags } from '../config.ts';
import { runDemoOnEmptyStore } from './demo.ts';
import { startServer, type RunningServer } from './serve.ts';

export function serverCommand(): Command {
  return new Command('server')
    .description('run the server: REST API, OTLP ingest and UI in one process')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <number>', `port to listen on; 0 lets the system choose (default ${DEFAULT_PORT})`)
    .option('--data <folder>', 'folder of the embedded engine (default ./.clew)')
    .option(
      '--allowed-hosts <names>',
      'host names to answer to beside localhost and private addresses, comma-separated',
    )
    .option('--allowed-origins <origins>', 'other origins that may change things, comma-separated')
    .option('--insecure', 'allow listening beyond loopback although nobody has to log in')
    .option('--clickhouse <url>', 'a ClickHouse server to store in, instead of the embedded engine')
    .option('--clickhouse-database <name>', 'its database, created if missing (default clew)')
    .option('--clickhouse-cluster <name>', 'the cluster its tables are laid out for, see "clew ddl" (default none)')
    .option('--clickhouse-user <name>', 'its user (default default)')
    .option('--clickhouse-password-file <path>', "a file with the user's password, or CLEW_CLICKHOUSE_PASSWORD")
    .option('--clickhouse-ca <path>', 'a PEM file of certificates to trust instead of the system’s')
    .option('--no-demo', 'leave an empty store empty: do not run the demo agent')
    .action(async (flags: ServerFlags) => {
      const config = readServerConfig(flags, process.env);
      const server = await startServer(config);
      // Before the line that tells others they may: a signal that comes at once must find somebody.
      stopOnSignals(() => server.stop());
      process.stdout.write(`Clew listens on ${server.url}\n`);
      if (server.waitsFor !== undefined && !(await waitForStore(server))) return;
      if (config.withDemo) await runDemoOnEmptyStore(server.url, (line) => process.stdout.write(`${line}\n`));
    });
}

async function waitForStore(server: RunningServer): Promise<boolean> {
  process.stdout.write(`Clew waits for its database: ${server.waitsFor ?? ''}\n`);
  try {
    const isOpen = await server.opened;
    if (isOpen) process.stdout.write('Clew has opened its store\n');
    return isOpen;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The first signal drains; a second one does what it always does. */
function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`clew: could not stop cleanly: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}
