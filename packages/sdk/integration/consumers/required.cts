/** The CommonJS types. */
import { createMemoryExporter, flush, init, withSpan, type MemoryExporter } from '@clew/sdk';

const memory: MemoryExporter = createMemoryExporter();
init({ exporter: memory });
const result: number = withSpan({ name: 'work' }, () => 42);
void flush().then(({ sent }) =>
  console.log(JSON.stringify({ result, sent, names: memory.spans.map(({ name }) => name) })),
);
