const { OpenAI } = require('openai');
const { autolog } = require('@clew/sdk');
const { clientOptions, runScenario } = require('./scenario.cjs');

const client = new OpenAI(clientOptions);
autolog();
void runScenario(client);
