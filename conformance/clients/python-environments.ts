/** Virtual environments with MLflow's clients, made once and kept outside of the project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = process.env['CLEW_CLIENTS_DIR'] ?? join(tmpdir(), 'clew-clients');
const INSTALL_MILLIS = 900_000;

/** What to install for each; the newest release is whatever the index has. */
export const ENVIRONMENTS = {
  // Of its time: that release reaches into OpenTelemetry's inside.
  oldest: ['mlflow-skinny==3.0.0', 'opentelemetry-sdk==1.33.1', 'opentelemetry-api==1.33.1', 'fastapi==0.115.14'],
  /** The first release that judges traces on servers of one's own. */
  early: ['mlflow-skinny==3.2.0', 'opentelemetry-sdk==1.36.0', 'opentelemetry-api==1.36.0', 'fastapi==0.115.14'],
  middle: ['mlflow-tracing==3.6.0', 'mlflow-skinny==3.6.0'],
  newest: ['mlflow-skinny', 'opentelemetry-exporter-otlp-proto-http'],
  autolog: ['mlflow-skinny', 'openai', 'litellm', 'pydantic-ai-slim[openai]', 'langchain', 'langchain-openai', 'dspy'],
  // By itself: beside the others only a release of 2024 can be installed.
  llama_index: ['mlflow-skinny', 'pandas', 'llama-index-core>=0.13', 'llama-index-llms-openai>=0.5'],
} as const satisfies Record<string, readonly string[]>;

export type Environment = keyof typeof ENVIRONMENTS;

export type Python =
  | { readonly kind: 'ready'; readonly path: string }
  | { readonly kind: 'missing'; readonly why: string };

/** The interpreter of an environment, installed at the first call. */
export function findPython(name: Environment): Python {
  const folder = join(FOLDER, name);
  const path = join(folder, 'bin', 'python');
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return { kind: 'ready', path };
  mkdirSync(FOLDER, { recursive: true });
  const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' });
  if (made.status !== 0)
    return { kind: 'missing', why: `python3 -m venv failed: ${tail(made.stderr || String(made.error))}` };
  process.stdout.write(`Installing ${ENVIRONMENTS[name].join(', ')} into ${folder}\n`);
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...ENVIRONMENTS[name]];
  const installed = spawnSync(path, args, { encoding: 'utf8', timeout: INSTALL_MILLIS });
  if (installed.status !== 0)
    return { kind: 'missing', why: `pip could not install ${name}: ${tail(installed.stderr)}` };
  writeFileSync(mark, `${ENVIRONMENTS[name].join('\n')}\n`);
  return { kind: 'ready', path };
}

function tail(text: string): string {
  return text.trim().split('\n').slice(-2).join(' ').slice(-300);
}
