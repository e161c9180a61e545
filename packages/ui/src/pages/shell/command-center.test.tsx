// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandProvider, useCommands } from './command-center.tsx';

const ran: string[] = [];

function Page({ isInnerShown }: { readonly isInnerShown: boolean }): ReactNode {
  useCommands({ 'app.find': () => ran.push('find'), 'app.traces': () => ran.push('traces') });
  return (
    <>
      <input aria-label="field" />
      <button type="button">press</button>
      {isInnerShown && <Inner />}
    </>
  );
}

function Inner(): ReactNode {
  useCommands({ 'tree.toggle': () => ran.push('toggle') });
  return null;
}

function App({ isInnerShown }: { readonly isInnerShown: boolean }): ReactNode {
  return (
    <CommandProvider>
      <Page isInnerShown={isInnerShown} />
    </CommandProvider>
  );
}

function show(isInnerShown: boolean): RenderResult {
  return render(<App isInnerShown={isInnerShown} />);
}

beforeEach(() => {
  ran.length = 0;
});
afterEach(cleanup);

describe('CommandProvider', () => {
  test('runs a command on its key', () => {
    show(false);
    fireEvent.keyDown(document.body, { key: '/', code: 'Slash' });
    expect(ran).toEqual(['find']);
  });

  test('forgets the commands of a component that has gone', () => {
    const { rerender } = show(true);
    rerender(<App isInnerShown={false} />);
    fireEvent.keyDown(document.body, { key: 'Enter', code: 'Enter' });
    expect(ran).toEqual([]);
  });

  test('leaves every key to a text field', () => {
    show(true);
    fireEvent.keyDown(screen.getByRole('textbox'), { key: '/', code: 'Slash' });
    expect(ran).toEqual([]);
  });

  test('leaves Enter to a button, and takes it elsewhere', () => {
    show(true);
    fireEvent.keyDown(screen.getByRole('button'), { key: 'Enter', code: 'Enter' });
    expect(ran).toEqual([]);
    fireEvent.keyDown(document.body, { key: 'Enter', code: 'Enter' });
    expect(ran).toEqual(['toggle']);
  });

  test('runs a sequence of two keys', () => {
    show(false);
    fireEvent.keyDown(document.body, { key: 'g', code: 'KeyG' });
    fireEvent.keyDown(document.body, { key: 't', code: 'KeyT' });
    expect(ran).toEqual(['traces']);
  });
});
