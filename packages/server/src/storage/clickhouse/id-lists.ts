/** Ids that go into one statement: a list of this length stays below a remote server's limit on addresses. */
const MAX_IDS = 5000;

/** Cuts ids into lists, each short enough for one statement; no ids make no list. */
export function inLists<Id extends string>(ids: readonly Id[]): readonly (readonly Id[])[] {
  const lists: (readonly Id[])[] = [];
  for (let at = 0; at < ids.length; at += MAX_IDS) lists.push(ids.slice(at, at + MAX_IDS));
  return lists;
}
