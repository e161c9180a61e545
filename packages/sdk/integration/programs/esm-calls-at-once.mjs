/** Knows nothing of tracing: for `--import @clew/sdk/register`. */
import OpenAI from 'openai';
import scenario from './scenario.cjs';

await scenario.runScenario(new OpenAI(scenario.clientOptions));
