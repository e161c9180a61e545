// Loaded before everything else in a server under test, in its threads too: the wall clock is wrong by as many
// milliseconds as the file says at that moment. `performance.now()` never jumps, so it is left alone.
'use strict';
const { readFileSync } = require('node:fs');

const file = process.env.CLEW_TEST_CLOCK_FILE;
const RealDate = Date;
const now = () => RealDate.now() + (Number(readFileSync(file, 'utf8')) || 0);

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
