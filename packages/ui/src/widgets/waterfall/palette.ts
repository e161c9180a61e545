import { SPAN_FAMILIES } from '../../trace/span-family.ts';

/** The page's colours as the canvas needs them, read once per theme. */
export interface Palette {
  readonly page: string;
  readonly surface: string;
  readonly hover: string;
  readonly selected: string;
  readonly border: string;
  readonly ink1: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  readonly error: string;
  readonly running: string;
  readonly warn: string;
  readonly mark: string;
  /** By index of the span family. */
  readonly families: readonly string[];
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    page: read('page'),
    surface: read('surface-1'),
    hover: read('hover'),
    selected: read('selected'),
    border: read('border'),
    ink1: read('ink-1'),
    ink2: read('ink-2'),
    ink3: read('ink-3'),
    accent: read('accent-ink'),
    error: read('error'),
    running: read('running'),
    warn: read('warn'),
    mark: read('mark'),
    families: SPAN_FAMILIES.map((family) => read(`family-${family}`)),
  };
}

/** Calls back with new colours whenever the theme changes. */
export function watchPalette(onChange: (palette: Palette) => void): () => void {
  const observer = new MutationObserver(() => onChange(readPalette()));
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
