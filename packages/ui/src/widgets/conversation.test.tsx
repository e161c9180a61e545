// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { readConversation } from '../trace/conversation.ts';
import { Conversation } from './conversation.tsx';

function show(messages: readonly object[]): void {
  const read = readConversation({ messages }, 'request');
  if (read === undefined) throw new Error('Not a conversation');
  render(<Conversation messages={read} scroller={createRef<HTMLElement>()} />);
}

afterEach(cleanup);

describe('Conversation', () => {
  test('shows the newest messages and folds the earlier ones to a line', () => {
    show(Array.from({ length: 11 }, (_, index) => ({ role: 'user', content: `message ${index}` })));
    expect(screen.queryByText('message 2')).toBeNull();
    expect(screen.getByText('message 3')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: '3 earlier messages' }));
    expect(screen.getByText('message 0')).toBeDefined();
  });

  test('folds a system prompt and says how long it is', () => {
    show([{ role: 'system', content: 'x'.repeat(2500) }]);
    expect(screen.getByText(/2\.5 k characters/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'system' }));
    expect(screen.getByText('x'.repeat(2500))).toBeDefined();
  });

  test('markup is text', () => {
    show([{ role: 'user', content: '<script>alert(1)</script>' }]);
    expect(screen.getByText('<script>alert(1)</script>')).toBeDefined();
    expect(document.querySelector('script')).toBeNull();
  });

  test('a remote picture is named by its host and not loaded', () => {
    const image = { type: 'image_url', image_url: { url: 'https://evil.example/p.png' } };
    show([{ role: 'user', content: [image] }]);
    expect(screen.getByText(/image · evil\.example/)).toBeDefined();
    expect(document.querySelector('img')).toBeNull();
  });

  test('an inline picture waits for a click', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    show([{ role: 'user', content: [image] }]);
    expect(document.querySelector('img')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(document.querySelector('img')?.getAttribute('src')).toBe('data:image/png;base64,iVBORw0KGgo=');
  });

  test('a tool call shows its name, its id and arguments that are not JSON', () => {
    const call = { id: 'call_7', type: 'function', function: { name: 'search', arguments: '{"q": ' } };
    show([{ role: 'assistant', content: null, tool_calls: [call] }]);
    expect(screen.getByText('search')).toBeDefined();
    expect(screen.getByText('call_7')).toBeDefined();
    expect(screen.getByText('{"q":', { exact: false })).toBeDefined();
  });
});
