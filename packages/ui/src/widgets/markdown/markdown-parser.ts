import { createContext, useContext, useEffect, useState, type Context } from 'react';
import { mayHoldMarkup, type MarkdownNode } from '../../trace/markdown-node.ts';

/** Where widgets get their markdown from; `main.tsx` provides one that works in a worker. */
export interface MarkdownParser {
  known(text: string): readonly MarkdownNode[] | undefined;
  parse(text: string): Promise<readonly MarkdownNode[] | undefined>;
}

export const MarkdownParserContext: Context<MarkdownParser | undefined> = createContext<MarkdownParser | undefined>(
  undefined,
);

/** Longer texts are shown as they are: nobody reads them as prose. */
const LONGEST = 200_000;

/** The tree of a text; `undefined` while it is not there, or when the text is better shown as it is. */
export function useMarkdown(text: string): readonly MarkdownNode[] | undefined {
  const parser = useContext(MarkdownParserContext);
  const [parsed, setParsed] = useState<{
    readonly text: string;
    readonly nodes: readonly MarkdownNode[] | undefined;
  }>();
  const isWorthIt = text.length <= LONGEST && mayHoldMarkup(text);
  const known = isWorthIt ? parser?.known(text) : undefined;
  useEffect(() => {
    if (!isWorthIt || parser === undefined || parser.known(text) !== undefined) return undefined;
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const nodes = await parser.parse(text);
      if (isCurrent) setParsed({ text, nodes });
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [parser, text, isWorthIt]);
  return known ?? (parsed?.text === text ? parsed.nodes : undefined);
}
