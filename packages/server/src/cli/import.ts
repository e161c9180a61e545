/** `clew import`: files of traces to a running server. */
import { Command } from 'commander';
import { readServerUrl } from '../config.ts';
import { ensureExperiment, importFile, type FileReport } from './import-files.ts';

interface ImportFlags {
  readonly experiment: string;
  readonly url?: string;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return new Command('import')
    .description('send files of traces to a running server')
    .argument(
      '<file...>',
      'OTLP/JSON, one request a line (.jsonl, .json), or OTLP protobuf (.pb, .binpb); each may be gzipped (.gz)',
    )
    .requiredOption('--experiment <name>', 'experiment to import into; created when it does not exist')
    .option('--url <url>', 'the server (default $CLEW_TRACKING_URI, or http://127.0.0.1:5000)')
    .option('--json', 'print one JSON object instead of lines for people')
    .action(async (files: readonly string[], flags: ImportFlags) => {
      const url = readServerUrl(flags.url, process.env);
      const experimentId = await ensureExperiment(url, flags.experiment);
      const reports: FileReport[] = [];
      for (const file of files) {
        const report = await importFile(file, { url, experimentId });
        reports.push(report);
        if (flags.json !== true) process.stdout.write(`${describeReport(report)}\n`);
      }
      const rejectedSpans = reports.reduce((sum, report) => sum + report.rejectedSpans, 0);
      if (flags.json === true) process.stdout.write(`${JSON.stringify({ experimentId, files: reports })}\n`);
      // Refused spans are told and the rest is stored; a script must still notice.
      if (rejectedSpans > 0) process.exitCode = 2;
    });
}

function describeReport(report: FileReport): string {
  const rejected =
    report.rejectedSpans === 0 ? '' : `, ${report.rejectedSpans} spans refused: ${report.reasons.join('; ')}`;
  return `${report.file}: ${report.requests} requests stored${rejected}`;
}
