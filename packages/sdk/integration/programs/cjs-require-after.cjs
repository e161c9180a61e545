const { autolog } = require('@clew/sdk');
const { clientOptions, runScenario } = require('./scenario.cjs');

autolog();
const { OpenAI } = require('openai');
void runScenario(new OpenAI(clientOptions));
