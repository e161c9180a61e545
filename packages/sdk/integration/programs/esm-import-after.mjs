import { autolog } from '@clew/sdk';
import scenario from './scenario.cjs';

autolog();
const { OpenAI } = await import('openai');
await scenario.runScenario(new OpenAI(scenario.clientOptions));
