/** Whether a version's major lies in a range of the form `>=4 <8`. Unreadable versions and ranges do. */
export function isInRange(version: string, range: string): boolean {
  const major = /^(\d+)\./.exec(version)?.[1];
  const bounds = /^>=(\d+) <(\d+)$/.exec(range);
  if (major === undefined || bounds === null) return true;
  return Number(major) >= Number(bounds[1]) && Number(major) < Number(bounds[2]);
}
