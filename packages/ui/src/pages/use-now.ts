import { useEffect, useState } from 'react';

/** Milliseconds between looks at the clock: times are shown in words, and words change slowly. */
const PERIOD = 30_000;

/** Epoch milliseconds that "today" and "3 min ago" refer to. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), PERIOD);
    return () => clearInterval(timer);
  }, []);
  return now;
}
