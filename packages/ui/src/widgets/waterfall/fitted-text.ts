/** Cuts text to a width, remembering what it measured: a screen of rows asks for the same few hundred texts. */
export interface FittedText {
  /**
   * Draws at most `width` pixels and gives the pixels used. What does not fit ends in `…`; a qualified name
   * (`langchain_core.runnables.RunnableSequence`) keeps its end, which tells it from its neighbours.
   */
  draw(context: CanvasRenderingContext2D, text: string, x: number, y: number, width: number): number;
}

const KEPT = 4_000;
const LONGEST = 400;

export function createFittedText(): FittedText {
  const fitted = new Map<string, { readonly text: string; readonly width: number }>();
  const fit = (context: CanvasRenderingContext2D, text: string, width: number): { text: string; width: number } => {
    const key = `${context.font}\n${Math.round(width)}\n${text}`;
    const known = fitted.get(key);
    if (known !== undefined) return known;
    if (fitted.size > KEPT) fitted.clear();
    const result = cut(context, text.slice(0, LONGEST), width);
    fitted.set(key, result);
    return result;
  };
  return {
    draw(context, text, x, y, width) {
      if (width < 8) return 0;
      const result = fit(context, text, width);
      context.fillText(result.text, x, y);
      return result.width;
    },
  };
}

const QUALIFIED_NAME = /^[\w$]+(?:\.[\w$]+){2,}$/;

function cut(context: CanvasRenderingContext2D, text: string, width: number): { text: string; width: number } {
  const full = context.measureText(text).width;
  if (full <= width) return { text, width: full };
  const shortened = QUALIFIED_NAME.test(text)
    ? (kept: number): string => `…${text.slice(text.length - kept).replace(/^[\w$]{0,3}\./, '')}`
    : (kept: number): string => `${text.slice(0, kept).trimEnd()}…`;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(shortened(middle)).width <= width) low = middle;
    else high = middle - 1;
  }
  const result = shortened(low);
  return { text: result, width: context.measureText(result).width };
}
