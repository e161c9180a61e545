import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { CopyButton } from '../../widgets/copy-button.tsx';

export interface FirstStepsProps {
  readonly experimentId: string;
}

/** How to send the first trace to this very server and experiment. The page turns into the table by itself. */
export function FirstSteps({ experimentId }: FirstStepsProps): ReactNode {
  const ways = waysOf(location.origin, experimentId);
  return (
    <div className="flex min-h-0 flex-1 justify-center overflow-y-auto p-8">
      <div className="w-full max-w-sheet">
        <h2 className="text-lg font-semibold text-ink-1">Send the first trace</h2>
        <p className="mt-1 text-base text-ink-2">
          Nothing has arrived in this experiment yet. Choose what your program is written with; traces appear here as
          soon as they are sent.
        </p>
        <Tabs.Root defaultValue={ways[0]?.name ?? ''} className="mt-4 rounded-dialog border border-border">
          <Tabs.List aria-label="Ways to send traces" className="flex gap-5 border-b border-border px-4">
            {ways.map(({ name }) => (
              <Tabs.Trigger
                key={name}
                value={name}
                className="h-9 border-b-2 border-transparent text-base text-ink-2 hover:text-ink-1 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink-1"
              >
                {name}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {ways.map(({ name, note, code }) => (
            <Tabs.Content key={name} value={name} className="p-4 outline-none">
              <div className="flex items-center justify-between">
                <p className="text-base text-ink-2">{note}</p>
                <CopyButton what="snippet" text={() => code} />
              </div>
              <pre className="mt-2 rounded-control bg-surface-1 px-3 py-2.5 font-mono text-mono break-words whitespace-pre-wrap text-ink-1">
                {code}
              </pre>
            </Tabs.Content>
          ))}
        </Tabs.Root>
        <output className="mt-4 block text-base text-ink-3">Waiting for the first trace…</output>
      </div>
    </div>
  );
}

interface Way {
  readonly name: string;
  readonly note: string;
  readonly code: string;
}

function waysOf(origin: string, experimentId: string): readonly Way[] {
  return [
    {
      name: 'TypeScript',
      note: 'Every call of a supported library is traced, and whatever you wrap.',
      code: `import { autolog, init } from '@clew/sdk';

init({ trackingUri: '${origin}', experimentId: '${experimentId}' });
autolog();`,
    },
    {
      name: 'Python',
      note: 'Any MLflow 3 client works unchanged.',
      code: `import mlflow

mlflow.set_tracking_uri("${origin}")
mlflow.set_experiment(experiment_id="${experimentId}")
mlflow.openai.autolog()`,
    },
    {
      name: 'OpenTelemetry',
      note: 'Any exporter that speaks OTLP over HTTP.',
      code: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${origin}/v1/traces
OTEL_EXPORTER_OTLP_TRACES_HEADERS=x-mlflow-experiment-id=${experimentId}
OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf`,
    },
  ];
}
