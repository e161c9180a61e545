const sdk = require('@clew/sdk');
const { load } = require(process.env.LOADER);

void require('./run.cjs').run({ sdk, load });
