// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FilterBox, type FilterBoxProps } from './filter-box.tsx';

const apply = vi.fn<FilterBoxProps['onApply']>();

function show(more: Partial<FilterBoxProps> = {}): HTMLElement {
  render(<FilterBox applied="" chips={[]} refusal={undefined} now={0} onApply={apply} {...more} />);
  return screen.getByRole('textbox', { name: 'Filter' });
}

function type(box: HTMLElement, value: string): void {
  fireEvent.change(box, { target: { value } });
}

function pass(millis: number): void {
  act(() => {
    vi.advanceTimersByTime(millis);
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  apply.mockClear();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('FilterBox', () => {
  test('applies what was typed once typing rests', () => {
    const box = show();
    type(box, 'status:err');
    pass(200);
    type(box, 'status:error');
    pass(299);
    expect(apply).not.toHaveBeenCalled();
    pass(1);
    expect(apply.mock.calls).toEqual([['status:error', 'adjust']]);
  });

  test('applies at once on Enter', () => {
    const box = show();
    type(box, 'status:error');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(apply.mock.calls).toEqual([['status:error', 'choose']]);
  });

  test('never applies what cannot be read, and says why', () => {
    const box = show();
    type(box, 'colour:red');
    fireEvent.keyDown(box, { key: 'Enter' });
    pass(1000);
    expect(apply).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain('there is no field "colour"');
    expect(box.getAttribute('aria-invalid')).toBe('true');
  });

  test('underlines the part that is wrong', () => {
    const box = show();
    type(box, 'status:error colour:red');
    expect(document.querySelector('.decoration-wavy')?.textContent).toBe('colour');
  });

  test("shows the server's refusal of the filter in force", () => {
    const refusal = { offset: 0, length: 6, found: 'secret', expected: ['status'], message: 'Not for you' };
    show({ applied: 'secret:1', refusal });
    expect(screen.getByRole('alert').textContent).toContain('Not for you');
  });

  test('takes a condition away with its chip', () => {
    show({ applied: 'status:error name:x', chips: [{ text: 'status:error', without: 'name:x' }] });
    fireEvent.click(screen.getByRole('button', { name: 'status:error' }));
    expect(apply.mock.calls).toEqual([['name:x', 'choose']]);
  });
});
