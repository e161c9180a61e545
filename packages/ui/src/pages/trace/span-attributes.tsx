import type { SpanAnswer } from '@clew/core/api';
import { useState, type ReactNode, type RefObject } from 'react';
import { JsonView, printJson } from '../../widgets/json-view.tsx';
import { SearchField } from '../../widgets/search-field.tsx';

export interface SpanAttributesProps {
  readonly span: SpanAnswer;
  readonly scroller: RefObject<HTMLElement | null>;
}

type Attributes = { readonly [key: string]: unknown };

/** What the emitter sent, verbatim, with what it said of itself. */
export function SpanAttributes({ span, scroller }: SpanAttributesProps): ReactNode {
  const [text, setText] = useState('');
  const scope: Attributes = {
    ...(span.scope.name === '' ? {} : { name: span.scope.name }),
    ...(span.scope.version === '' ? {} : { version: span.scope.version }),
    ...span.scope.attributes,
  };
  const groups = [
    { title: 'Attributes', attributes: span.attributes },
    { title: 'Resource', attributes: span.resource },
    { title: 'Instrumentation scope', attributes: scope },
  ].map(({ title, attributes }) => ({ title, attributes: narrow(attributes, text) }));
  const shown = groups.filter(({ attributes }) => Object.keys(attributes).length > 0);
  return (
    <div className="flex flex-col gap-4">
      <SearchField label="Filter by key or value" value={text} onValue={setText} />
      {shown.map(({ title, attributes }) => (
        <section key={title}>
          <h3 className="mb-1 text-sm font-semibold text-ink-3">{title}</h3>
          <JsonView value={attributes} scroller={scroller} label={title.toLowerCase()} levels={1} isTable />
        </section>
      ))}
      {shown.length === 0 && (
        <p className="text-base text-ink-3">{text === '' ? 'This span has no attributes.' : 'No attribute matches.'}</p>
      )}
      {text === '' && span.dialect !== '' && (
        <p className="text-sm text-ink-3">Inputs, outputs and usage were read by the {span.dialect} convention.</p>
      )}
    </div>
  );
}

function narrow(attributes: Attributes, text: string): Attributes {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return attributes;
  const matches = ([key, value]: [string, unknown]): boolean =>
    key.toLowerCase().includes(wanted) || printJson(value).toLowerCase().includes(wanted);
  return Object.fromEntries(Object.entries(attributes).filter(matches));
}
