import type { Integration } from '../integration.ts';
import { openai } from './openai.ts';

/** What `autolog()` observes. */
export const INTEGRATIONS: readonly Integration[] = [openai];
