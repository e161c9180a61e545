/** Standard decorators as tsc emits them, and the ESM types. */
import { createMemoryExporter, flush, init, traced } from '@clew/sdk';

class Shop {
  readonly name = 'corner shop';

  @traced
  open(): string {
    return `${this.name} is open`;
  }

  @traced({ name: 'sell', spanType: 'TOOL', argNames: ['item', 'count'] })
  async sell(item: string, count: number): Promise<number> {
    return count * item.length;
  }

  @traced()
  static find(name: string): Shop | undefined {
    return name === 'corner shop' ? new Shop() : undefined;
  }
}

const memory = createMemoryExporter();
init({ exporter: memory });
const shop: Shop | undefined = Shop.find('corner shop');
const opened: string | undefined = shop?.open();
const sold: Promise<number> | undefined = shop?.sell('tea', 2);
await sold;
await flush();
const spans = memory.spans.map(({ name, attributes }) => ({
  name,
  type: attributes['mlflow.spanType'],
  inputs: attributes['mlflow.spanInputs'],
  outputs: attributes['mlflow.spanOutputs'],
  functionName: attributes['mlflow.spanFunctionName'],
}));
console.log(JSON.stringify({ opened, spans }));
