import type { ReactNode } from 'react';
import type { MarkdownNode, MarkdownTag } from '../../trace/markdown-node.ts';
import { CopyButton } from '../copy-button.tsx';
import { Icon } from '../icon.tsx';

/** Draws a tree of allowed elements. Nothing in it can load, run or look like part of the page. */
export function Markdown({ nodes }: { readonly nodes: readonly MarkdownNode[] }): ReactNode {
  return nodes.map((node, index) => <NodeView key={index} node={node} />);
}

function NodeView({ node }: { readonly node: MarkdownNode }): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code className="rounded-chip bg-surface-2 px-1 py-0.5 font-mono text-mono">{node.text}</code>;
    case 'code block':
      return <CodeBlock text={node.text} language={node.language} />;
    case 'link':
      return (
        <a
          href={node.href}
          title={node.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="text-accent-ink underline underline-offset-2"
        >
          <Markdown nodes={node.children} />
        </a>
      );
    case 'image':
      return (
        <span
          className="inline-flex items-center gap-1 rounded-chip bg-surface-2 px-1.5 text-sm text-ink-2"
          title={node.href}
        >
          <Icon name="image" size={12} />
          {node.alt === '' ? 'image' : node.alt} · not loaded
        </span>
      );
    case 'element':
      return <ElementView tag={node.tag} nodes={node.children} />;
  }
}

const LOOK: { readonly [tag in MarkdownTag]: string } = {
  p: '',
  h1: 'text-lg font-semibold',
  h2: 'text-lg font-semibold',
  h3: 'font-semibold',
  h4: 'font-semibold',
  h5: 'font-semibold',
  h6: 'font-semibold',
  ul: 'list-disc pl-5',
  ol: 'list-decimal pl-5',
  li: 'pl-0.5',
  blockquote: 'border-l-2 border-border pl-3 text-ink-2',
  strong: 'font-semibold',
  em: 'italic',
  s: 'line-through',
  table: 'my-1 text-base',
  thead: 'text-left',
  tbody: '',
  tr: 'border-b border-border',
  th: 'px-2 py-1 font-semibold',
  td: 'px-2 py-1 align-top',
  hr: 'my-1 border-border',
  br: '',
};

/** Headings of a message are not headings of the page. */
const SHOWN_AS: { readonly [tag in MarkdownTag]?: 'p' } = { h1: 'p', h2: 'p', h3: 'p', h4: 'p', h5: 'p', h6: 'p' };

function ElementView(props: { readonly tag: MarkdownTag; readonly nodes: readonly MarkdownNode[] }): ReactNode {
  const { tag, nodes } = props;
  if (tag === 'br' || tag === 'hr') {
    const Void = tag;
    return <Void className={LOOK[tag]} />;
  }
  const Tag = SHOWN_AS[tag] ?? tag;
  return (
    <Tag className={LOOK[tag]}>
      <Markdown nodes={nodes} />
    </Tag>
  );
}

function CodeBlock({ text, language }: { readonly text: string; readonly language: string }): ReactNode {
  return (
    <div className="group/code relative my-1 rounded-control border border-border bg-surface-1">
      <div className="absolute top-1 right-1 flex items-center gap-1 opacity-0 group-hover/code:opacity-100 focus-within:opacity-100">
        <span className="text-xs text-ink-3">{language}</span>
        <CopyButton what="code" text={() => text} />
      </div>
      <pre className="px-3 py-2 font-mono text-mono break-words whitespace-pre-wrap">{text}</pre>
    </div>
  );
}
