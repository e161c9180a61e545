import './instrument.mjs';
import OpenAI from 'openai';
import scenario from './scenario.cjs';

await scenario.runScenario(new OpenAI(scenario.clientOptions));
