import * as sdk from '@clew/sdk';
import battery from './run.cjs';

const { load } = await import(process.env.LOADER);
await battery.run({ sdk, load });
