const DAY_MILLIS = 86_400_000;

/**
 * An instant as short as it can be told apart: `14:02:11` today, `3 May 14:02` this year, `3 May 2024 14:02` before.
 *
 * @param millis - Epoch milliseconds.
 * @param now - Epoch milliseconds that "today" and "this year" refer to.
 * @param timeZone - IANA name; the reader's own zone by default.
 */
export function formatTime(millis: number, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day: Intl.DateTimeFormatOptions = { ...zone, day: 'numeric', month: 'short' };
  const time = dateFormat({ ...zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const today = dateFormat({ ...zone, dateStyle: 'short' });
  if (today.format(millis) === today.format(now)) return time.format(millis);
  const year = dateFormat({ ...zone, year: 'numeric' });
  const withYear: Intl.DateTimeFormatOptions = year.format(millis) === year.format(now) ? {} : { year: 'numeric' };
  const format = dateFormat({ ...day, ...withYear, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return format.format(millis).replace(',', '');
}

/** How long ago, in words: `just now`, `12 s ago`, `3 min ago`, `5 h ago`, `8 d ago`. */
export function formatAgo(millis: number, now: number): string {
  const past = now - millis;
  if (past < 5_000) return 'just now';
  if (past < 60_000) return `${Math.floor(past / 1000)} s ago`;
  if (past < 3_600_000) return `${Math.floor(past / 60_000)} min ago`;
  if (past < 2 * DAY_MILLIS) return `${Math.floor(past / 3_600_000)} h ago`;
  return `${Math.floor(past / DAY_MILLIS).toLocaleString('en-US')} d ago`;
}

/** Date, time and zone in full, as a tooltip shows them. */
export function formatInstant(millis: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = dateFormat({
    ...zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  return format.format(millis);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs 50 µs; a table asks for the same few thousands of times. */
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', options);
  formats.set(key, format);
  return format;
}
