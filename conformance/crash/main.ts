/** `npm run test:crash [-- KILLS]`: a hundred kills under load by default; exit 1 if anything was lost or doubled. */
import { argv, exit, stdout } from 'node:process';
import { temporaryFolder } from '../support/run-server.ts';
import { killUnderLoad } from './killed-server.ts';

const kills = Number(argv[2] ?? 100);
const folder = await temporaryFolder();
const report = await killUnderLoad({
  dataFolder: folder.path,
  kills,
  senders: 8,
  lifeMillis: [50, 2500],
  random: Math.random,
  onKill(kill, spans) {
    if (kill % 10 === 0) stdout.write(`${kill} kills, ${spans} spans acknowledged\n`);
  },
});
await folder.remove();

const { acknowledgedRequests, acknowledgedSpans, lost, doubled, wrongHeaders, backMillis, examples } = report;
for (const example of examples) stdout.write(`${example}\n`);
stdout.write(
  `${kills} kills; ${acknowledgedRequests} requests with ${acknowledgedSpans} spans acknowledged; ` +
    `${lost} lost, ${doubled} doubled, ${wrongHeaders} wrong headers; ` +
    `back after ${at(0.5)} ms (median), ${at(1)} ms (longest)\n`,
);
exit(lost + doubled + wrongHeaders === 0 ? 0 : 1);

function at(quantile: number): number {
  const index = Math.min(backMillis.length - 1, Math.floor(backMillis.length * quantile));
  return Math.round(backMillis[index] ?? 0);
}
