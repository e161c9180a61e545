/** SQL as data: text that we wrote and values that somebody else did never mix before the engine binds them. */

/** A value with the type the engine reads it as. */
export interface SqlParameter {
  readonly type: 'String' | 'Array(String)' | 'Float64' | 'Int64' | 'UInt32';
  readonly value: string | readonly string[] | number | bigint;
}

export interface SqlFragment {
  readonly parts: readonly (string | SqlParameter)[];
}

/** A statement with `{p0:String}` in place of its values. */
export interface SqlStatement {
  readonly query: string;
  readonly parameters: { readonly [name: string]: SqlParameter['value'] };
}

/** Text between the placeholders is SQL; placeholders take fragments only, so a value cannot become text. */
export function sql(strings: TemplateStringsArray, ...fragments: readonly SqlFragment[]): SqlFragment {
  return { parts: strings.flatMap((text, index) => [text, ...(fragments[index]?.parts ?? [])]) };
}

export function joinSql(fragments: readonly SqlFragment[], separator: ' AND ' | ' OR ' | ', '): SqlFragment {
  return { parts: fragments.flatMap(({ parts }, index) => (index === 0 ? parts : [separator, ...parts])) };
}

export function text(value: string): SqlFragment {
  return { parts: [{ type: 'String', value }] };
}

export function texts(value: readonly string[]): SqlFragment {
  return { parts: [{ type: 'Array(String)', value }] };
}

export function double(value: number): SqlFragment {
  return { parts: [{ type: 'Float64', value }] };
}

export function integer(value: bigint): SqlFragment {
  return { parts: [{ type: 'Int64', value }] };
}

export function count(value: number): SqlFragment {
  return { parts: [{ type: 'UInt32', value }] };
}

export function renderSql(fragment: SqlFragment): SqlStatement {
  const parameters: { [name: string]: SqlParameter['value'] } = {};
  let made = 0;
  const query = fragment.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const name = `p${made}`;
      made += 1;
      parameters[name] = part.value;
      return `{${name}:${part.type}}`;
    })
    .join('');
  return { query, parameters };
}
