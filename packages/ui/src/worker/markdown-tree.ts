import MarkdownIt from 'markdown-it';
import { MARKDOWN_TAGS, type MarkdownNode, type MarkdownTag } from '../trace/markdown-node.ts';

// Raw HTML stays text. Deeper nesting than people write is an attack on the renderer.
const parser = new MarkdownIt('default', { html: false, linkify: false, breaks: true });
parser.set({ maxNesting: 40 });

type Token = ReturnType<typeof parser.parse>[number];

const TAGS: ReadonlyMap<string, MarkdownTag> = new Map(MARKDOWN_TAGS.map((tag) => [tag, tag]));
const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i;

interface Open {
  readonly children: MarkdownNode[];
  readonly close: (children: readonly MarkdownNode[]) => readonly MarkdownNode[];
}

/** Markdown as a tree of allowed elements; what is not on the list gives way to its content. */
export function parseMarkdown(text: string): readonly MarkdownNode[] {
  return toNodes(parser.parse(text, {}));
}

function toNodes(tokens: readonly Token[]): readonly MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const open: Open[] = [];
  const write = (nodes: readonly MarkdownNode[]): void => {
    (open.at(-1)?.children ?? root).push(...nodes);
  };
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ children: [], close: closerOf(token) });
    else if (token.nesting === -1) {
      const ended = open.pop();
      if (ended !== undefined) write(ended.close(ended.children));
    } else write(leafOf(token));
  }
  return root;
}

function closerOf(token: Token): Open['close'] {
  if (token.type === 'link_open') {
    const href = String(token.attrGet('href') ?? '');
    return (children) => (SAFE_LINK.test(href) ? [{ kind: 'link', href, children }] : children);
  }
  const tag = TAGS.get(token.tag);
  if (tag === undefined || token.hidden) return (children) => children;
  return (children) => [{ kind: 'element', tag, children }];
}

function leafOf(token: Token): readonly MarkdownNode[] {
  switch (token.type) {
    case 'inline':
      return toNodes(token.children ?? []);
    case 'code_inline':
      return [{ kind: 'code', text: token.content }];
    case 'fence':
    case 'code_block':
      return [{ kind: 'code block', text: token.content.replace(/\n$/, ''), language: token.info.trim() }];
    case 'image':
      return [{ kind: 'image', href: String(token.attrGet('src') ?? ''), alt: token.content }];
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'element', tag: 'br', children: [] }];
    case 'hr':
      return [{ kind: 'element', tag: 'hr', children: [] }];
    default:
      return token.content === '' ? [] : [{ kind: 'text', text: token.content }];
  }
}
