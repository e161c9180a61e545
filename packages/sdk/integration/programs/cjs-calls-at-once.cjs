/** Knows nothing of tracing: for `--require @clew/sdk/register`. */
const { OpenAI } = require('openai');
const { clientOptions, runScenario } = require('./scenario.cjs');

void runScenario(new OpenAI(clientOptions));
