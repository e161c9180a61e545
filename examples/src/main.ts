/** `npm run demo -w examples -- [TRACKING_URI]`: the demo by itself. */
import { runDemo } from './run-demo.ts';

const trackingUri = process.argv[2] ?? process.env['CLEW_TRACKING_URI'] ?? 'http://127.0.0.1:5000';
const { traceIds, sentSpans } = await runDemo({ trackingUri });
console.log(`Sent ${sentSpans} spans to ${trackingUri}; look at ${traceIds.join(' and ')}`);
