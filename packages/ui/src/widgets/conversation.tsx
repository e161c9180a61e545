import { useState, type ReactNode, type RefObject } from 'react';
import type { ChatMedia, ChatMessage, ChatPart, ChatToolCall, MessageRole } from '../trace/conversation.ts';
import { documentOf } from '../trace/json-document.ts';
import { formatAmount, formatPlural } from '../trace/format-number.ts';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';
import { JsonView, printJson } from './json-view.tsx';
import { MessageText } from './message-text.tsx';

export interface ConversationProps {
  readonly messages: readonly ChatMessage[];
  readonly scroller: RefObject<HTMLElement | null>;
  /** Messages open at first, counted from the end; earlier ones fold to a line. Default 8. */
  readonly openAtEnd?: number;
}

const ROLE: { readonly [role in MessageRole]: { readonly icon: IconName; readonly colour: string } } = {
  system: { icon: 'shield', colour: 'text-ink-3' },
  user: { icon: 'user', colour: 'text-info' },
  assistant: { icon: 'message', colour: 'text-model' },
  tool: { icon: 'wrench', colour: 'text-tool' },
  other: { icon: 'activity', colour: 'text-ink-3' },
};

/** Messages as people read them: who said what, which tools were called with what. */
export function Conversation({ messages, scroller, openAtEnd = 8 }: ConversationProps): ReactNode {
  const firstOpen = Math.max(messages.length - openAtEnd, 0);
  const [isEarlierShown, setIsEarlierShown] = useState(false);
  const from = isEarlierShown ? 0 : firstOpen;
  return (
    <ol className="flex flex-col">
      {from > 0 && (
        <li className="pb-2">
          <button
            type="button"
            onClick={() => setIsEarlierShown(true)}
            className="flex w-full items-center gap-2 rounded-control bg-surface-2 px-2.5 py-1.5 text-left text-sm text-ink-2 hover:bg-hover"
          >
            <Icon name="chevronRight" size={12} />
            {formatPlural(from, 'earlier message')}
          </button>
        </li>
      )}
      {messages.slice(from).map((message, index) => (
        <Message key={from + index} message={message} scroller={scroller} />
      ))}
    </ol>
  );
}

interface MessageProps {
  readonly message: ChatMessage;
  readonly scroller: RefObject<HTMLElement | null>;
}

function Message({ message, scroller }: MessageProps): ReactNode {
  const { icon, colour } = ROLE[message.role];
  const isFoldable = message.role === 'system';
  const [isOpen, setIsOpen] = useState(!isFoldable);
  const title = message.name === undefined ? message.roleText : `${message.roleText} · ${message.name}`;
  return (
    <li className="group/message border-t border-border py-2.5 first:border-t-0 first:pt-0.5">
      <div className="flex h-6 items-center gap-2">
        <Icon name={icon} size={14} className={colour} />
        {isFoldable ? (
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
            className="flex items-center gap-1 rounded-chip text-sm font-semibold text-ink-2 hover:text-ink-1"
          >
            {title}
            <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={12} />
          </button>
        ) : (
          <span className="text-sm font-semibold text-ink-2">{title}</span>
        )}
        {message.finishReason !== undefined && message.finishReason !== 'stop' && (
          <span className="rounded-chip bg-surface-2 px-1.5 text-xs font-medium text-ink-3">
            {message.finishReason.replaceAll('_', ' ')}
          </span>
        )}
        {!isOpen && <span className="text-sm text-ink-3">{formatAmount(lengthOf(message))} characters</span>}
        {message.toolCallId !== undefined && (
          <span className="truncate font-mono text-xs text-ink-3">{message.toolCallId}</span>
        )}
        <span className="ml-auto opacity-0 group-hover/message:opacity-100 focus-within:opacity-100">
          <CopyButton what="message" text={() => copyText(message)} />
        </span>
      </div>
      {isOpen && (
        <div className="mt-1 flex flex-col gap-2 pl-5.5">
          {message.reasoning !== undefined && <Reasoning text={message.reasoning} />}
          {message.parts.map((part, index) => (
            <Part key={index} part={part} isMono={message.role === 'tool'} scroller={scroller} />
          ))}
          {message.toolCalls.map((call, index) => (
            <ToolCall key={call.id ?? index} call={call} scroller={scroller} />
          ))}
          {message.parts.length === 0 && message.toolCalls.length === 0 && message.reasoning === undefined && (
            <span className="text-sm text-ink-3">Empty message</span>
          )}
        </div>
      )}
    </li>
  );
}

function Reasoning({ text }: { readonly text: string }): ReactNode {
  return (
    <details className="rounded-control border border-border bg-surface-1 px-2.5 py-1.5">
      <summary className="text-sm font-medium text-ink-2">Reasoning · {formatAmount(text.length)} characters</summary>
      <div className="mt-1.5">
        <MessageText text={text} />
      </div>
    </details>
  );
}

interface PartProps {
  readonly part: ChatPart;
  readonly isMono: boolean;
  readonly scroller: RefObject<HTMLElement | null>;
}

function Part({ part, isMono, scroller }: PartProps): ReactNode {
  switch (part.kind) {
    case 'text':
      return <TextPart text={part.text} isMono={isMono} scroller={scroller} />;
    case 'media':
      return <Media media={part.media} />;
    case 'other':
      return <JsonView value={part.value} scroller={scroller} label="content" />;
  }
}

/** Tool results are mostly JSON; as such they can be folded and read. */
function TextPart({ text, isMono, scroller }: Omit<PartProps, 'part'> & { readonly text: string }): ReactNode {
  const value = isMono ? documentOf(text) : text;
  if (typeof value !== 'string') return <JsonView value={value} scroller={scroller} label="content" isReading />;
  return <MessageText text={value} isMono={isMono} />;
}

function Media({ media }: { readonly media: ChatMedia }): ReactNode {
  const [isShown, setIsShown] = useState(false);
  const size = media.bytes === undefined ? '' : ` · ${formatAmount(media.bytes)}B`;
  return (
    <div className="flex flex-col items-start gap-2">
      <span className="inline-flex items-center gap-2 rounded-control border border-border bg-surface-1 px-2.5 py-1 text-sm text-ink-2">
        <Icon name={media.what === 'image' ? 'image' : 'file'} size={14} />
        {`${media.what} · ${media.label}${size}`}
        {media.dataUrl !== undefined && !isShown && (
          <button
            type="button"
            onClick={() => setIsShown(true)}
            className="rounded-chip font-medium text-accent-ink hover:underline"
          >
            Show
          </button>
        )}
      </span>
      {isShown && media.dataUrl !== undefined && (
        <img src={media.dataUrl} alt="Attached to the message" className="max-h-96 max-w-full rounded-control" />
      )}
    </div>
  );
}

function ToolCall(props: { readonly call: ChatToolCall; readonly scroller: RefObject<HTMLElement | null> }): ReactNode {
  const { call, scroller } = props;
  return (
    <div className="overflow-hidden rounded-control border border-border">
      <div className="flex h-7 items-center gap-2 bg-surface-1 px-2.5">
        <Icon name="wrench" size={13} className="text-tool" />
        <span className="truncate text-sm font-semibold text-ink-1">{call.name}</span>
        {call.id !== undefined && <span className="truncate font-mono text-xs text-ink-3">{call.id}</span>}
      </div>
      <div className="px-2.5 py-1.5">
        {typeof call.arguments === 'string' ? (
          <MessageText text={call.arguments} isMono />
        ) : (
          <JsonView
            value={call.arguments}
            scroller={scroller}
            label="arguments"
            isReading
            isTable={isTable(call.arguments)}
          />
        )}
      </div>
    </div>
  );
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function lengthOf(message: ChatMessage): number {
  return message.parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
}

function copyText(message: ChatMessage): string {
  const texts = message.parts.map((part) => (part.kind === 'text' ? part.text : printJson(part)));
  const calls = message.toolCalls.map((call) => `${call.name} ${printJson(call.arguments)}`);
  return [...texts, ...calls].join('\n');
}
