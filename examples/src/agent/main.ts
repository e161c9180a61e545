/** `npm run demo -w examples -- [--tracking-uri URL] [--experiment-id ID]`: the demo as a program of its own. */
import { parseArgs } from 'node:util';
import { runDemo } from '../run-demo.ts';

const { values } = parseArgs({
  options: {
    'tracking-uri': { type: 'string', default: process.env['CLEW_TRACKING_URI'] ?? 'http://127.0.0.1:5000' },
    'experiment-id': { type: 'string', default: '0' },
  },
});
const trackingUri = values['tracking-uri'];
const { traceIds, sentSpans } = await runDemo({ trackingUri, experimentId: values['experiment-id'] });
console.log(`The demo agents sent ${sentSpans} spans. Look at their traces:`);
for (const traceId of traceIds) console.log(`  ${new URL(`/t/${traceId}`, trackingUri).href}`);
