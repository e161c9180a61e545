/** Bundled with the library inside: nothing can be found, so it is handed over. */
import * as openai from 'openai';
import { instrument } from '@clew/sdk';
import scenario from './scenario.cjs';

const undo = instrument('openai', openai);
await scenario.runScenario(new openai.OpenAI(scenario.clientOptions));
undo();
await scenario.runScenario(new openai.OpenAI(scenario.clientOptions));
