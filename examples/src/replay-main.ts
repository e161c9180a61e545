/** `npm run replay -w examples -- [PORT]`: the replay server by itself. */
import { startReplayServer } from './replay-server.ts';

const { url } = await startReplayServer({ port: Number(process.argv[2] ?? 5010) });
console.log(`Replaying recorded exchanges on ${url} (OpenAI: ${url}/v1)`);
