import { describe, expect, test } from 'vitest';
import { printMatrix, toMarkdown, toMatrix, type BatteryResult } from './matrix.ts';

const RESULTS: readonly BatteryResult[] = [
  { suite: 'openai 10.0.0 esm', title: 'streaming: left early', status: 'passed' },
  { suite: 'openai 10.0.0 cjs', title: 'plain: tokens', status: 'failed' },
  { suite: 'openai 9.1.0 esm', title: 'undo: nothing', status: 'passed' },
  { suite: 'openai 9.1.0 esm', title: 'tools: calls', status: 'skipped' },
  { suite: '@scope/llm 1.0.0 cjs', title: 'plain: tokens', status: 'passed' },
  { suite: '@scope/dead 1.0.0 esm', title: 'undo: nothing', status: 'skipped' },
  { suite: 'something else', title: 'plain: tokens', status: 'failed' },
];

describe('toMatrix()', () => {
  test('a cell is what its tests say, and empty when none ran', () => {
    expect(toMatrix(RESULTS)).toEqual([
      {
        name: 'openai',
        range: '9.1.0 – 10.0.0',
        esm: true,
        cjs: false,
        streaming: true,
        tools: null,
        tokens: false,
        undo: true,
      },
      {
        name: '@scope/llm',
        range: '1.0.0',
        esm: null,
        cjs: true,
        streaming: null,
        tools: null,
        tokens: true,
        undo: null,
      },
      {
        name: '@scope/dead',
        range: '1.0.0',
        esm: false,
        cjs: null,
        streaming: null,
        tools: null,
        tokens: null,
        undo: false,
      },
    ]);
  });

  test('prints as text and as Markdown', () => {
    const lines = toMatrix(RESULTS);
    expect(printMatrix(lines).split('\n')[1]).toMatch(/^openai +9\.1\.0 – 10\.0\.0 +yes +no +yes +– +no +yes$/);
    expect(toMarkdown(lines)).toContain('| openai | 9.1.0 – 10.0.0 | yes | no | yes | – | no | yes |');
  });
});
