import type { ReactNode } from 'react';
import { spanFamily, spanTypeWord, type SpanFamily } from '../trace/span-family.ts';
import { Icon } from './icon.tsx';
import { typeIcon } from './type-icon.ts';

const COLOUR: { readonly [family in SpanFamily]: string } = {
  agent: 'text-agent',
  flow: 'text-flow',
  model: 'text-model',
  tool: 'text-tool',
  retrieve: 'text-retrieve',
  data: 'text-data',
  judge: 'text-judge',
  parse: 'text-parse',
  none: 'text-ink-3',
};

/** A span type as coloured picture and word. */
export function TypeBadge({ type }: { readonly type: string }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5 text-sm text-ink-2">
      <Icon name={typeIcon(type)} size={14} className={COLOUR[spanFamily(type)]} />
      {spanTypeWord(type)}
    </span>
  );
}
