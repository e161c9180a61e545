/**
 * Text without half characters: JSON can spell them (`"\ud800"`), UTF-8 and the column store cannot. They become
 * U+FFFD, as they would on the way through any UTF-8 encoder.
 */
export function toWellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
