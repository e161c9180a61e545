/** Parses markdown off the main thread, so that a text made to be slow stalls nothing. */
import type { MarkdownNode } from '../trace/markdown-node.ts';
import { parseMarkdown } from './markdown-tree.ts';

export interface MarkdownRequest {
  readonly id: number;
  readonly text: string;
}

export interface MarkdownAnswer {
  readonly id: number;
  readonly nodes: readonly MarkdownNode[];
}

addEventListener('message', ({ data }: MessageEvent<MarkdownRequest>) => {
  const answer: MarkdownAnswer = { id: data.id, nodes: parseMarkdown(data.text) };
  postMessage(answer);
});
