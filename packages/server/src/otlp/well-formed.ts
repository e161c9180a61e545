const ANY_SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Text without half characters: JSON can spell them (`"\ud800"`), UTF-8 and the column store cannot. They become
 * U+FFFD, as they would on the way through any UTF-8 encoder.
 */
export function toWellFormed(text: string): string {
  return ANY_SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '\ufffd') : text;
}
