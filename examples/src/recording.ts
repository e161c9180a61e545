/** Recorded HTTP exchanges with LLM providers, one JSON file each (`recordings/LICENCES.md` says where from). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Recording {
  /** Folder and name, such as `openai/embeddings-98f5878b.json`. */
  readonly file: string;
  readonly provider: string;
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  /** The parsed JSON body. */
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Its place in the source's file: a run's calls come in this order. */
  readonly interaction: number;
}

interface RecordingJson {
  readonly provider: string;
  readonly method: string;
  readonly path: string;
  readonly request_body: unknown;
  readonly response_status: number;
  readonly response_headers: Readonly<Record<string, string>>;
  readonly response_body?: string;
  readonly response_body_base64?: string;
  readonly source: { readonly interaction: number };
}

/** Reads every recording below `folder`, which holds a folder per provider. */
export function readRecordings(folder: string): readonly Recording[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const names = files.filter((name) => /[\\/]/.test(name) && name.endsWith('.json')).sort();
  return names.map((name) => readRecording(folder, name)).sort((a, b) => a.interaction - b.interaction);
}

/** Our own data: its shape is checked by the test that replays it. */
function readRecording(folder: string, name: string): Recording {
  const json = JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordingJson;
  const { response_body: text = '', response_body_base64: base64 } = json;
  return {
    file: name.replaceAll('\\', '/'),
    provider: json.provider,
    method: json.method,
    path: json.path,
    requestBody: json.request_body,
    status: json.response_status,
    headers: json.response_headers,
    body: base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64'),
    interaction: json.source.interaction,
  };
}
