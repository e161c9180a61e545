import { expect } from 'vitest';
import type { TrackingRecord } from '../document-store.ts';
import type { ContractCase } from './contract-case.ts';
import { attributes, newExperimentId, newTraceId, sampleSpan, writeSpans } from './samples.ts';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

export const documentCases: readonly ContractCase[] = [
  {
    title: 'a file comes back byte for byte, empty ones too, and can be replaced and deleted',
    async run(store) {
      const folder = `${newExperimentId()}/files`;
      await store.writeArtifact({ path: `${folder}/all`, bytes: ALL_BYTES });
      await store.writeArtifact({ path: `${folder}/none`, bytes: new Uint8Array() });
      expect(Buffer.from((await store.readArtifact(`${folder}/all`)) ?? [])).toEqual(Buffer.from(ALL_BYTES));
      expect(await store.readArtifact(`${folder}/none`)).toHaveLength(0);
      await store.writeArtifact({ path: `${folder}/all`, bytes: Uint8Array.of(1) });
      expect(Buffer.from((await store.readArtifact(`${folder}/all`)) ?? [])).toEqual(Buffer.of(1));
      await store.deleteArtifact(`${folder}/all`);
      await store.deleteArtifact(`${folder}/unknown`);
      expect(await store.readArtifact(`${folder}/all`)).toBeUndefined();
    },
  },
  {
    title: 'files are listed by path with their sizes, those of a folder alone',
    async run(store) {
      const folder = `${newExperimentId()}/files`;
      await store.writeArtifact({ path: `${folder}/b/c`, bytes: ALL_BYTES });
      await store.writeArtifact({ path: `${folder}/a`, bytes: Uint8Array.of(1) });
      await store.writeArtifact({ path: `${folder}-not/a`, bytes: Uint8Array.of(1) });
      expect(await store.listArtifacts(folder)).toEqual([
        { path: `${folder}/a`, size: 1 },
        { path: `${folder}/b/c`, size: 256 },
      ]);
    },
  },
  {
    title: 'the files of a trace go with it, others stay',
    async run(store) {
      const traceId = newTraceId();
      await writeSpans(store, [sampleSpan({ traceId })]);
      await store.writeArtifact({ path: `x/${traceId}/a`, traceId, bytes: ALL_BYTES });
      await store.writeArtifact({ path: `x/${traceId}/b`, bytes: ALL_BYTES });
      await store.deleteTraces([traceId]);
      expect(await store.readArtifact(`x/${traceId}/a`)).toBeUndefined();
      expect(await store.readArtifact(`x/${traceId}/b`)).toHaveLength(256);
    },
  },
  {
    title: 'a record comes back as written, is replaced as a whole, and is listed under its kind and experiment',
    async run(store) {
      const experimentId = newExperimentId();
      const record: TrackingRecord = {
        kind: 'run',
        id: newTraceId(),
        experimentId,
        body: attributes([['__proto__', [1n, 1, 'ü', null]]]),
      };
      await store.writeRecord(record);
      expect(await store.readRecord('run', record.id)).toEqual(record);
      expect(await store.readRecord('logged_model', record.id)).toBeUndefined();
      const changed = { ...record, body: attributes([['a', 2n]]) };
      await store.writeRecord(changed);
      await store.writeRecord({ ...record, kind: 'logged_model' });
      await store.writeRecord({ ...record, id: newTraceId(), experimentId: newExperimentId() });
      expect(await store.listRecords('run', [experimentId])).toEqual([changed]);
      expect(await store.listRecords('run', [])).toEqual([]);
    },
  },
];
