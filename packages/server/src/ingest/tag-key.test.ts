import { describe, expect, test } from 'vitest';
import { checkTagKey } from './tag-key.ts';

describe('checkTagKey()', () => {
  test.each(['env', 'a.b/c', 'my key', 'mlflow.traceName', 'größe', 'a:b-c_d'])('takes "%s"', (key) => {
    expect(() => {
      checkTagKey(key);
    }).not.toThrow();
  });

  test.each(['', '../x', 'a/../b', '/a', 'a/', 'a'.repeat(251), 'a=b', 'a\nb'])('refuses "%s"', (key) => {
    expect(() => {
      checkTagKey(key);
    }).toThrow('Invalid tag key');
  });
});
