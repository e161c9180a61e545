/** The composition root of the command line. */
import { Command } from 'commander';
import { TracingError } from '@clew/core';
import { ddlCommand } from './cli/ddl.ts';
import { importCommand } from './cli/import.ts';
import { serverCommand } from './cli/server.ts';

const program = new Command('clew')
  .description('LLM tracing: record, store, read and judge every step of an LLM application')
  .addCommand(serverCommand())
  .addCommand(importCommand())
  .addCommand(ddlCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof TracingError)) throw error;
  process.stderr.write(`clew: ${error.message}\n`);
  process.exitCode = 1;
}
