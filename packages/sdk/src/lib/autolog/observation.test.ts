import { describe, expect, test } from 'vitest';
import type { Integration } from '../integration.ts';
import type { Recorder } from '../recorder.ts';
import { getRuntime } from '../runtime.ts';
import { createObservation } from './observation.ts';

interface Installed {
  readonly recorders: readonly Recorder[];
  readonly undone: () => number;
  readonly integration: Integration;
}

function createIntegration(knows: (exports: unknown) => boolean = () => true): Installed {
  const recorders: Recorder[] = [];
  let undone = 0;
  return {
    recorders,
    undone: () => undone,
    integration: {
      module: 'llm',
      versions: '>=1 <2',
      files: ['index.js'],
      install(exports, recorder) {
        if (!knows(exports)) return undefined;
        recorders.push(recorder);
        return () => (undone += 1);
      },
    },
  };
}

function observe(options: Parameters<typeof createObservation>[1] = {}): {
  readonly observation: ReturnType<typeof createObservation>;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const { tracer } = getRuntime();
  return { observation: createObservation({ tracer, warn: (message) => warnings.push(message) }, options), warnings };
}

describe('createObservation()', () => {
  test('the same exports are observed once, and undone once', () => {
    const { observation } = observe();
    const { integration, recorders, undone } = createIntegration();
    const exports = {};
    observation.install(integration, exports, 'loaded');
    observation.install(integration, exports, 'loaded');
    observation.install(integration, {}, 'loaded');
    expect(observation.report()).toEqual([{ library: 'llm', modules: 2, problems: [] }]);
    observation.undo();
    observation.undo();
    observation.install(integration, {}, 'loaded');
    expect([recorders.length, undone()]).toEqual([2, 2]);
  });

  test('exports that lead to nothing are told once, with what to do', () => {
    const { observation, warnings } = observe();
    const { integration } = createIntegration(() => false);
    observation.install(integration, {}, 'loaded');
    observation.install(integration, {}, 'loaded');
    expect(warnings).toEqual(['Cannot observe llm: nothing known among its exports. Is there a newer @clew/sdk?']);
    expect(observation.report()).toEqual([{ library: 'llm', modules: 0, problems: warnings }]);
  });

  test('a file beside one that led somewhere may lead to nothing', () => {
    const { observation, warnings } = observe();
    const { integration } = createIntegration((exports) => typeof exports === 'function');
    observation.install(integration, () => {}, 'loaded');
    observation.install(integration, {}, 'loaded');
    expect(warnings).toEqual([]);
  });

  test('silent: the report alone has it', () => {
    const { observation, warnings } = observe({ silent: true });
    observation.step('look around', () => {
      throw new Error('no such folder');
    });
    expect(warnings).toEqual([]);
    expect(observation.report()).toEqual([
      { library: 'autolog', modules: 0, problems: ['Cannot look around: no such folder'] },
    ]);
  });

  test.each([
    { why: 'by default', options: {}, keeps: [true, true] },
    { why: 'told not to', options: { llm: { keepInputs: false, keepOutputs: false } }, keeps: [false, false] },
    { why: 'another library is told not to', options: { other: { keepInputs: false } }, keeps: [true, true] },
  ])('what is kept, $why', ({ options, keeps }) => {
    const { observation } = observe({ libraries: options });
    const { integration, recorders } = createIntegration();
    observation.install(integration, {}, 'given');
    expect(recorders.map(({ keepsInputs, keepsOutputs }) => [keepsInputs, keepsOutputs])).toEqual([keeps]);
  });
});
