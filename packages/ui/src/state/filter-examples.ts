/** What one can ask of a list of traces, by example. Every one is a filter as it stands. */
export interface FilterExample {
  readonly filter: string;
  readonly meaning: string;
}

export const FILTER_EXAMPLES: readonly FilterExample[] = [
  { filter: 'status:error', meaning: 'failed' },
  { filter: 'duration>2s', meaning: 'slow; also ms, m, h' },
  { filter: 'time>-24h', meaning: 'of the last day' },
  { filter: 'name:*search*', meaning: 'by name, with wildcards' },
  { filter: '"refund policy"', meaning: 'a text in any input, output or attribute' },
  { filter: 'model:gpt-4*', meaning: 'some span used the model' },
  { filter: 'tokens>10k', meaning: 'many tokens; also cost>$0.10' },
  { filter: 'span(type:TOOL status:error)', meaning: 'a tool call that failed' },
  { filter: 'tag.env:prod', meaning: 'by tag; -tag.env:prod for all others' },
  { filter: 'status:error OR duration>10s', meaning: 'one or the other' },
];
