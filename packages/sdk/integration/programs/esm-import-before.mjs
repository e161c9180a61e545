import OpenAI from 'openai';
import { autolog } from '@clew/sdk';
import scenario from './scenario.cjs';

const client = new OpenAI(scenario.clientOptions);
autolog();
await scenario.runScenario(client);
