import { describe, expect, test } from 'vitest';
import type { MarkdownNode } from '../trace/markdown-node.ts';
import { parseMarkdown } from './markdown-tree.ts';

/** The tree as compact text: `p("a " strong("b"))`. */
function draw(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return JSON.stringify(node.text);
        case 'element':
          return node.children.length === 0 ? node.tag : `${node.tag}(${draw(node.children)})`;
        case 'link':
          return `link<${node.href}>(${draw(node.children)})`;
        case 'image':
          return `image<${node.href}>`;
        default:
          return `${node.kind}(${JSON.stringify(node.text)})`;
      }
    })
    .join(' ');
}

describe('parseMarkdown()', () => {
  test.each([
    { why: 'emphasis', text: 'a **b** _c_', tree: 'p("a " strong("b") " " em("c"))' },
    { why: 'a heading and a list', text: '## Plan\n- one\n- two', tree: 'h2("Plan") ul(li("one") li("two"))' },
    { why: 'code', text: 'run `ls`\n\n```sh\nls -l\n```', tree: 'p("run " code("ls")) code block("ls -l")' },
    {
      why: 'a table',
      text: '| a |\n|---|\n| b |',
      tree: 'table(thead(tr(th("a"))) tbody(tr(td("b"))))',
    },
    { why: 'a line break as it was written', text: 'a\nb', tree: 'p("a" br "b")' },
    { why: 'a link', text: '[x](https://a.example)', tree: 'p(link<https://a.example>("x"))' },
  ])('$why', ({ text, tree }) => {
    expect(draw(parseMarkdown(text))).toBe(tree);
  });

  test.each([
    { why: 'HTML is text', text: '<script>alert(1)</script>', tree: 'p("<script>alert(1)</script>")' },
    { why: 'HTML in a line is text', text: 'a <img src=x onerror=y> b', tree: 'p("a <img src=x onerror=y> b")' },
    { why: 'a script link is no link', text: '[x](javascript:alert(1))', tree: 'p("[x](javascript:alert(1))")' },
    { why: 'a local link is no link', text: '[x](/api/delete)', tree: 'p("x")' },
    {
      why: 'a picture is named, not loaded',
      text: '![a](https://e.example/p.png)',
      tree: 'p(image<https://e.example/p.png>)',
    },
  ])('hostile: $why', ({ text, tree }) => {
    expect(draw(parseMarkdown(text))).toBe(tree);
  });

  test('thousands of nested quotes and lists end in reasonable depth', () => {
    const depthOf = (nodes: readonly MarkdownNode[]): number =>
      Math.max(0, ...nodes.map((node) => ('children' in node ? 1 + depthOf(node.children) : 1)));
    expect(depthOf(parseMarkdown('>'.repeat(3000)))).toBeLessThan(100);
    const list = Array.from({ length: 400 }, (_, level) => `${'  '.repeat(level)}- x`).join('\n');
    expect(depthOf(parseMarkdown(list))).toBeLessThan(100);
  });
});
