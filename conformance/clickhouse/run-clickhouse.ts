/** Starts the stand-in for a ClickHouse server, and has it misbehave. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Fault, FromServer, ToServer } from './faults.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

export interface ClickHouseOptions {
  readonly user?: string;
  readonly password?: string;
  /** A cluster of one shard and one replica, whatever its name is. */
  readonly isCluster?: boolean;
  /** Paths of a private key and its certificate: HTTPS instead of HTTP. */
  readonly tls?: { readonly key: string; readonly certificate: string };
}

export interface RunningClickHouse {
  readonly url: string;
  setFault(fault: Fault): Promise<void>;
  /** Requests that met the fault since it was set. */
  countFaulty(): Promise<number>;
  /** Resolves once the process has ended, by itself or by {@link RunningClickHouse.kill}. */
  readonly ended: () => Promise<void>;
  /** Ends it without warning. */
  kill(): Promise<void>;
  /** On the same folder and port, without a fault; with another password if one is given. */
  restart(password?: string): Promise<void>;
  /** Runs a statement as somebody else would. */
  run(statement: string): Promise<string>;
}

export async function runClickHouse(dataFolder: string, options: ClickHouseOptions = {}): Promise<RunningClickHouse> {
  let { child, port } = await start(dataFolder, 0, options);
  const { user = 'default', tls } = options;
  let { password = '' } = options;
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const client = createClient({
    url,
    username: user,
    password,
    log: { level: ClickHouseLogLevel.OFF },
    ...(tls === undefined ? {} : { tls: { ca_cert: readFileSync(tls.certificate) } }),
  });
  const ended = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return {
    url,
    async setFault(fault) {
      await ask(child, { kind: 'set-fault', fault }, 'fault-set');
    },
    async countFaulty() {
      return (await ask(child, { kind: 'count-faulty' }, 'faulty')).count;
    },
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended();
    },
    async restart(newPassword = password) {
      await ended();
      password = newPassword;
      ({ child, port } = await start(dataFolder, port, { ...options, password }));
    },
    async run(statement) {
      const { stream } = await client.exec({ query: statement });
      return text(stream);
    },
  };
}

async function start(
  dataFolder: string,
  port: number,
  { user, password, tls, isCluster = false }: ClickHouseOptions,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const args = [
    ['--data', dataFolder],
    ['--port', String(port)],
    user === undefined ? [] : ['--user', user],
    password === undefined ? [] : ['--password', password],
    isCluster ? ['--cluster'] : [],
    tls === undefined ? [] : ['--key', tls.key, '--certificate', tls.certificate],
  ].flat();
  const child = fork(MAIN, args, {
    execArgv: ['--conditions=clew-src', '--import', 'tsx'],
    // Each statement occupies a thread of libuv's pool.
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
  });
  return { child, port: (await hear(child, 'listening')).port };
}

async function ask<K extends FromServer['kind']>(
  child: ChildProcess,
  message: ToServer,
  kind: K,
): Promise<Extract<FromServer, { readonly kind: K }>> {
  const heard = hear(child, kind);
  child.send(message);
  return heard;
}

function hear<K extends FromServer['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<FromServer, { readonly kind: K }>> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void => {
      reject(new Error('The stand-in for ClickHouse ended'));
    };
    child.once('exit', onEnd);
    const onMessage = (message: FromServer): void => {
      if (!isOfKind(message, kind)) return;
      child.off('message', onMessage);
      child.off('exit', onEnd);
      resolve(message);
    };
    child.on('message', onMessage);
  });
}

function isOfKind<K extends FromServer['kind']>(
  message: FromServer,
  kind: K,
): message is Extract<FromServer, { readonly kind: K }> {
  return message.kind === kind;
}
