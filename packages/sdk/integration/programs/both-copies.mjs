/** ESM and CommonJS copies of both packages in one process: each call still leaves one span, of one trace. */
import { createRequire } from 'node:module';
import OpenAI from 'openai';
import { autolog, withSpan } from '@clew/sdk';
import scenario from './scenario.cjs';

const require = createRequire(import.meta.url);
const other = require('@clew/sdk');
autolog();
other.autolog();
await withSpan({ name: 'esm' }, () =>
  other.withSpan({ name: 'cjs' }, async () => {
    await scenario.runScenario(new OpenAI(scenario.clientOptions));
    await scenario.runScenario(new (require('openai').OpenAI)(scenario.clientOptions));
  }),
);
