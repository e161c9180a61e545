const MICROS_PER_MILLI = 1_000;
const MICROS_PER_SECOND = 1_000_000;
const THIN_SPACE = '\u2009';

/**
 * A length of time for people: three significant digits below a minute (`412 µs`, `31.4 ms`, `4.21 s`), then two
 * units (`2 min 08 s`, `3 h 05 min`, `2 d 04 h`).
 *
 * @param micros - Microseconds, may be negative (clocks differ).
 */
export function formatDuration(micros: number): string {
  if (micros < 0) return `−${formatDuration(-micros)}`;
  if (micros === 0) return `0${THIN_SPACE}s`;
  if (micros < 0.9995) return `${threeDigits(micros * 1000)}${THIN_SPACE}ns`;
  if (micros < 999.5) return `${threeDigits(micros)}${THIN_SPACE}µs`;
  if (micros < 999.5 * MICROS_PER_MILLI) return `${threeDigits(micros / MICROS_PER_MILLI)}${THIN_SPACE}ms`;
  if (micros < 59.95 * MICROS_PER_SECOND) return `${threeDigits(micros / MICROS_PER_SECOND)}${THIN_SPACE}s`;
  return formatLong(Math.round(micros / MICROS_PER_SECOND));
}

function formatLong(seconds: number): string {
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(seconds / 3600);
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  if (small === 0) return `${large}${THIN_SPACE}${largeUnit}`;
  return `${large}${THIN_SPACE}${largeUnit} ${String(small).padStart(2, '0')}${THIN_SPACE}${smallUnit}`;
}

function threeDigits(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
