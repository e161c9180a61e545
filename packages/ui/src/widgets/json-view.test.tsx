// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useRef, type ReactNode } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { JsonView, printJson } from './json-view.tsx';

function Pane({ value }: { readonly value: unknown }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <div ref={scroller}>
      <JsonView value={value} scroller={scroller} label="inputs" levels={1} />
    </div>
  );
}

afterEach(cleanup);

describe('JsonView', () => {
  test('opens and closes a branch', () => {
    render(<Pane value={{ a: { b: 'deep' } }} />);
    expect(screen.queryByText('deep')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: /^a/ }));
    expect(screen.getByText('deep')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: /^a/ }));
    expect(screen.queryByText('deep')).toBeNull();
  });

  test('shows another document from its own start', () => {
    const { rerender } = render(<Pane value={{ first: 1 }} />);
    rerender(<Pane value={{ second: 2 }} />);
    expect(screen.getByText('second')).toBeDefined();
    expect(screen.queryByText('first')).toBeNull();
  });

  test('makes characters visible that would turn text around', () => {
    render(<Pane value={{ file: 'gpj.\u202eexe' }} />);
    expect(screen.getByText('gpj.\\u202eexe')).toBeDefined();
  });
});

test.each([
  { why: 'a number past 2^53', value: { id: 12345678901234567890n }, text: '{\n  "id": 12345678901234567890\n}' },
  { why: 'a text that only looks like one', value: ['12345678901234567890'], text: '[\n  "12345678901234567890"\n]' },
  { why: 'nothing', value: undefined, text: 'null' },
])('printJson() writes $why', ({ value, text }) => {
  expect(printJson(value)).toBe(text);
});
