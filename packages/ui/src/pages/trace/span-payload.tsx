import type { ChatSide } from '@clew/core';
import type { SpanAnswer } from '@clew/core/api';
import { useState, type ReactNode, type RefObject } from 'react';
import { readConversation, readParameters } from '../../trace/conversation.ts';
import { documentOf } from '../../trace/json-document.ts';
import { readException } from '../../trace/exceptions.ts';
import { spanFamily } from '../../trace/span-family.ts';
import { IconButton } from '../../widgets/button.tsx';
import { Conversation } from '../../widgets/conversation.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { ExceptionCard } from '../../widgets/exception-card.tsx';
import { JsonView, printJson } from '../../widgets/json-view.tsx';
import { MessageText } from '../../widgets/message-text.tsx';

export interface SpanPayloadProps {
  readonly span: SpanAnswer;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Why it failed, then what went in and what came out. A model's answer comes first: that is what one looks for. */
export function SpanPayload({ span, scroller }: SpanPayloadProps): ReactNode {
  const isProgram = spanFamily(span.type) === 'tool';
  const input = (
    <Payload key="in" title="Input" side="request" value={span.inputs} isProgram={isProgram} scroller={scroller} />
  );
  const output = (
    <Payload key="out" title="Output" side="response" value={span.outputs} isProgram={isProgram} scroller={scroller} />
  );
  const isAnswerFirst = readConversation(span.outputs, 'response') !== undefined;
  const hasNothing = span.inputs === undefined && span.outputs === undefined;
  return (
    <div className="flex flex-col gap-5">
      <Failure span={span} scroller={scroller} />
      {hasNothing ? (
        <p className="text-base text-ink-3">
          This span recorded neither inputs nor outputs. Its attributes may still say something.
        </p>
      ) : isAnswerFirst ? (
        [output, input]
      ) : (
        [input, output]
      )}
    </div>
  );
}

function Failure({ span, scroller }: SpanPayloadProps): ReactNode {
  const exceptions = span.events.flatMap((event) => readException(event) ?? []);
  const { message } = span.status;
  const isTold = message === undefined || exceptions.some((exception) => exception.message === message);
  return (
    <>
      {span.status.code === 'error' && !isTold && message !== '' && (
        <p className="rounded-control bg-error-tint px-3 py-2 text-base break-words whitespace-pre-wrap text-error">
          {message}
        </p>
      )}
      {exceptions.map((exception, index) => (
        <ExceptionCard key={index} exception={exception} scroller={scroller} />
      ))}
    </>
  );
}

interface PayloadProps {
  readonly title: string;
  readonly side: ChatSide;
  readonly value: unknown;
  /** Text is output of a program, not prose. */
  readonly isProgram: boolean;
  readonly scroller: RefObject<HTMLElement | null>;
}

function Payload({ title, side, value, isProgram, scroller }: PayloadProps): ReactNode {
  const [isRaw, setIsRaw] = useState(false);
  if (value === undefined) return null;
  const hasReading = readConversation(value, side) !== undefined || typeof value === 'string';
  return (
    <section className="group/payload">
      <div className="flex h-7 items-center gap-1">
        <h3 className="text-base font-semibold text-ink-1">{title}</h3>
        <span className="ml-auto flex items-center opacity-0 group-hover/payload:opacity-100 focus-within:opacity-100">
          {hasReading && (
            <IconButton
              icon="braces"
              label={isRaw ? 'Show as text' : 'Show as JSON'}
              size={14}
              aria-pressed={isRaw}
              onClick={() => setIsRaw(!isRaw)}
            />
          )}
          <CopyButton what={title.toLowerCase()} text={() => (typeof value === 'string' ? value : printJson(value))} />
        </span>
      </div>
      <div className="mt-1">
        <PayloadBody side={side} value={value} isProgram={isProgram} isRaw={isRaw} title={title} scroller={scroller} />
      </div>
    </section>
  );
}

/** An object with keys needs no braces around it. */
function isKeyed(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function PayloadBody(props: PayloadProps & { readonly isRaw: boolean }): ReactNode {
  const { title, side, isProgram, isRaw, scroller } = props;
  const value = isProgram && !isRaw ? documentOf(props.value) : props.value;
  const messages = isRaw ? undefined : readConversation(value, side);
  if (messages !== undefined) {
    const parameters = readParameters(value);
    return (
      <div className="flex flex-col gap-3">
        <Conversation messages={messages} scroller={scroller} />
        {Object.keys(parameters).length > 0 && (
          <JsonView value={parameters} scroller={scroller} label="parameters" levels={1} isTable />
        )}
      </div>
    );
  }
  if (typeof value === 'string' && !isRaw) return <MessageText text={value} isMono={isProgram} />;
  return (
    <JsonView
      value={value}
      scroller={scroller}
      label={title.toLowerCase()}
      levels={3}
      isReading
      isTable={isKeyed(value)}
    />
  );
}
