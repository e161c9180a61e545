/** A machine that loses power under load, again and again: all that was acknowledged has to be there when it is back. */
import { compareTraces, type Comparison } from '../crash/compare-traces.ts';
import { createWorkload } from '../crash/workload.ts';
import { runServer } from '../support/run-server.ts';
import { createGate } from './gate.ts';
import type { PulledDisk } from './pulled-disk.ts';
import { sendSpans, startSending } from './requests.ts';

export interface PowerReport extends Comparison {
  readonly cuts: number;
}

/** @param requests - Acknowledged requests from one cut to the next, sent by four senders. */
export async function cutPowerUnderLoad(disk: PulledDisk, cuts: number, requests: number): Promise<PowerReport> {
  const workload = createWorkload();
  let server = await runServer(disk.path, '--no-demo');
  try {
    for (let cut = 0; cut < cuts; cut += 1) {
      let acknowledged = 0;
      const enough = createGate();
      const sending = startSending(server.url, 4, {
        next: () => workload.next(),
        onReply(request, reply) {
          if (reply?.status !== 200) {
            workload.giveBack(request);
            return;
          }
          workload.acknowledge(request);
          acknowledged += 1;
          if (acknowledged >= requests) enough.open();
        },
      });
      await enough.opened;
      server.process.kill('SIGSTOP');
      disk.cutPower();
      const stopped = sending.stop();
      await server.kill();
      await stopped;
      disk.restorePower();
      server = await runServer(disk.path, '--no-demo');
    }
    for (const request of workload.unacknowledged()) {
      if ((await sendSpans(server.url, request.body))?.status !== 200) throw new Error('The last request was refused');
      workload.acknowledge(request);
    }
    return { cuts, ...(await compareTraces(server.url, workload.acknowledgedTraces())) };
  } finally {
    await server.kill();
  }
}
