import { describe, expect, test } from 'vitest';
import { readSettings, type InitOptions } from './config.ts';

describe('readSettings()', () => {
  test('defaults', () => {
    const { settings, problems } = readSettings({}, {});
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({
      trackingUri: 'http://127.0.0.1:5000',
      experiment: { kind: 'id', id: '0' },
      headers: {},
      isEnabled: true,
      samplingRatio: 1,
      timeoutMillis: 10_000,
    });
  });

  test.each<{ why: string; options: InitOptions; environment: Record<string, string>; is: object }>([
    {
      why: 'options beat environment',
      options: { trackingUri: 'http://a:1/' },
      environment: { CLEW_TRACKING_URI: 'http://b' },
      is: { trackingUri: 'http://a:1' },
    },
    {
      why: 'ours beats MLflow’s',
      options: {},
      environment: { MLFLOW_TRACKING_URI: 'http://m', CLEW_TRACKING_URI: 'http://c' },
      is: { trackingUri: 'http://c' },
    },
    {
      why: 'MLflow’s alone',
      options: {},
      environment: { MLFLOW_TRACKING_URI: 'http://m', MLFLOW_EXPERIMENT_ID: '5' },
      is: { trackingUri: 'http://m', experiment: { kind: 'id', id: '5' } },
    },
    {
      why: 'an experiment name',
      options: {},
      environment: { MLFLOW_EXPERIMENT_NAME: 'shop' },
      is: { experiment: { kind: 'name', name: 'shop' } },
    },
    {
      why: 'an id beats a name',
      options: {},
      environment: { MLFLOW_EXPERIMENT_NAME: 'shop', CLEW_EXPERIMENT_ID: '9' },
      is: { experiment: { kind: 'id', id: '9' } },
    },
    {
      why: 'seconds, as in Python',
      options: {},
      environment: { MLFLOW_HTTP_REQUEST_TIMEOUT: '120' },
      is: { timeoutMillis: 120_000 },
    },
    {
      why: 'basic beats bearer',
      options: {},
      environment: { MLFLOW_TRACKING_USERNAME: 'u', MLFLOW_TRACKING_PASSWORD: 'p', MLFLOW_TRACKING_TOKEN: 't' },
      is: { headers: { authorization: 'Basic dTpw' } },
    },
    {
      why: 'bearer',
      options: {},
      environment: { MLFLOW_TRACKING_TOKEN: 't' },
      is: { headers: { authorization: 'Bearer t' } },
    },
    { why: 'switched off', options: {}, environment: { CLEW_TRACING_ENABLED: 'False' }, is: { isEnabled: false } },
    {
      why: 'resource',
      options: { resource: { a: '1' } },
      environment: { OTEL_RESOURCE_ATTRIBUTES: 'a=0,b=x%20y', OTEL_SERVICE_NAME: 's' },
      is: { resource: { a: '1', b: 'x y', 'service.name': 's' } },
    },
  ])('$why', ({ options, environment, is }) => {
    expect(readSettings(options, environment).settings).toMatchObject(is);
  });

  test.each([
    {
      options: { trackingUri: 'databricks' },
      problem: 'Cannot use tracking URI "databricks": expected http:// or https://',
    },
    {
      options: { experimentId: 'a b' },
      problem: 'Cannot use experiment id "a b": expected a letter or digit, then letters, digits, _ or -',
    },
    { options: { samplingRatio: 2 }, problem: 'Cannot use sampling ratio "2": expected a number from 0 to 1' },
  ])('$problem', ({ options, problem }) => {
    const { settings, problems } = readSettings(options, {});
    expect(problems).toEqual([problem]);
    expect(settings).toEqual(readSettings({}, {}).settings);
  });
});
