/** SQL's `LIKE` as a regular expression: `%` any run, `_` one character, no escape. */
export function toLikePattern(pattern: string, foldsCase: boolean): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, foldsCase ? 'isu' : 'su');
}
