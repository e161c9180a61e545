/** Marked-up text as a tree of what may be shown. There is no way to say HTML in it. */

/** Elements without attributes. */
export const MARKDOWN_TAGS = [
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'blockquote',
  'strong',
  'em',
  's',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'hr',
  'br',
] as const;
export type MarkdownTag = (typeof MARKDOWN_TAGS)[number];

export type MarkdownNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'element'; readonly tag: MarkdownTag; readonly children: readonly MarkdownNode[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'code block'; readonly text: string; readonly language: string }
  /** Only `http`, `https` and `mailto`. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly MarkdownNode[] }
  /** Never loaded: shown as a word. */
  | { readonly kind: 'image'; readonly href: string; readonly alt: string };

/** Signs that begin markup; text without any is shown as it is, without a parser. */
const MARKUP = /[*_`#[\]|>~]|^\s*(?:[-+]|\d+[.)])\s/m;

export function mayHoldMarkup(text: string): boolean {
  return MARKUP.test(text);
}
