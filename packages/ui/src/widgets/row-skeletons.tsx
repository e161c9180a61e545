import type { ReactNode } from 'react';

const WIDTHS = ['62%', '48%', '71%', '55%', '66%', '43%'];

/** Rows of the geometry that is about to appear. */
export function RowSkeletons(props: { readonly count: number; readonly rowHeight: number }): ReactNode {
  return (
    <div aria-hidden="true" className="flex flex-col overflow-hidden px-4 pt-8">
      {Array.from({ length: props.count }, (_, index) => (
        <div key={index} className="flex shrink-0 items-center" style={{ height: props.rowHeight }}>
          <div className="skeleton h-3" style={{ width: WIDTHS[index % WIDTHS.length] }} />
        </div>
      ))}
    </div>
  );
}
