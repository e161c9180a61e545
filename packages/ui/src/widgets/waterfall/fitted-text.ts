/** Cuts text to a width, remembering what it measured: a screen of rows asks for the same few hundred texts. */
export interface FittedText {
  /** Draws at most `width` pixels, ending in `…` when cut; gives the pixels used. */
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

function cut(context: CanvasRenderingContext2D, text: string, width: number): { text: string; width: number } {
  const full = context.measureText(text).width;
  if (full <= width) return { text, width: full };
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  const result = `${text.slice(0, low).trimEnd()}…`;
  return { text: result, width: context.measureText(result).width };
}
