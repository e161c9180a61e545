const GROUPED = new Intl.NumberFormat('en-US');
const THIN_SPACE = '\u2009';

/** A whole number with thousands separated: `12,345`. */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** Up to three significant digits with a `k`, `M` or `G` from a thousand on: `812`, `48.2 k`, `1.05 M`. */
export function formatAmount(amount: number): string {
  if (amount < 1000) return String(amount);
  const scaled = [
    { unit: 'k', value: amount / 1e3 },
    { unit: 'M', value: amount / 1e6 },
    { unit: 'G', value: amount / 1e9 },
  ].find(({ value }) => value < 999.5);
  const { unit, value } = scaled ?? { unit: 'G', value: amount / 1e9 };
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))}${THIN_SPACE}${unit}`;
}

/** US dollars with at least two significant digits: `$0.0061`, `$1.20`, `$1,204.50`. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.1) return `$${Number(dollars.toPrecision(2))}`;
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `1 span`, `2 spans`. */
export function formatPlural(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
