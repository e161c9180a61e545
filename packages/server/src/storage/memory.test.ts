import { describeSpanStore } from './contract.ts';
import { openMemoryStore } from './memory.ts';

describeSpanStore('the memory store', async () => openMemoryStore());
