/**
 * Property tests draw the same cases in every run, so that a red build is red for its change alone. `CLEW_SEED=7 npx
 * vitest run …` draws others; a failure prints the seed it was found with.
 */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env['CLEW_SEED'] ?? 1) });
