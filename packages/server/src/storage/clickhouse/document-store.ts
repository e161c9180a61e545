/** Files and records in the engine. Files are base64 text: rows travel as JSON, which has no bytes. */
import {
  decodeJsonText,
  encodeJsonText,
  fromBase64,
  isAttributeMap,
  must,
  parseExperimentId,
  toBase64,
} from '@clew/core';
import { RECORD_KINDS, type DocumentStore, type TrackingRecord } from '../document-store.ts';
import { readInteger, readText, type Row } from './cells.ts';
import type { Engine } from './engine.ts';
import { sql, text, texts } from './sql.ts';

/** @param nextSequence - Larger with every call: later rows replace earlier ones of the same key. */
export function createDocumentStore(engine: Engine, nextSequence: () => bigint): DocumentStore {
  return {
    async writeArtifact({ path, traceId, bytes }) {
      const row = {
        path,
        version: nextSequence().toString(),
        trace_id: traceId ?? '',
        size: bytes.length,
        content: toBase64(bytes),
      };
      await engine.insert('artifacts', [row]);
    },

    async readArtifact(path) {
      const [row] = await engine.readRows(sql`SELECT content FROM artifacts FINAL WHERE path = ${text(path)}`);
      return row === undefined ? undefined : must(fromBase64(readText(row, 'content')), 'base64');
    },

    async listArtifacts(folder) {
      const rows = await engine.readRows(
        sql`SELECT path, size FROM artifacts FINAL WHERE startsWith(path, ${text(`${folder}/`)}) ORDER BY path`,
      );
      return rows.map((row) => ({ path: readText(row, 'path'), size: Number(readInteger(row, 'size')) }));
    },

    async deleteArtifact(path) {
      await engine.run(sql`DELETE FROM artifacts WHERE path = ${text(path)}`);
    },

    async writeRecord({ kind, id, experimentId, body }) {
      const row = {
        kind,
        id,
        version: nextSequence().toString(),
        experiment_id: experimentId,
        body: encodeJsonText(body),
      };
      await engine.insert('records', [row]);
    },

    async readRecord(kind, id) {
      const [row] = await engine.readRows(
        sql`SELECT kind, id, experiment_id, body FROM records FINAL WHERE kind = ${text(kind)} AND id = ${text(id)}`,
      );
      return row === undefined ? undefined : toRecord(row);
    },

    async listRecords(kind, experimentIds) {
      const rows = await engine.readRows(
        sql`SELECT kind, id, experiment_id, body FROM records FINAL
WHERE kind = ${text(kind)} AND experiment_id IN ${texts(experimentIds)} ORDER BY id`,
      );
      return rows.map(toRecord);
    },
  };
}

function toRecord(row: Row): TrackingRecord {
  const body = decodeJsonText(readText(row, 'body'));
  if (!isAttributeMap(body)) throw new Error('Expected a map as JSON text');
  return {
    kind: must(
      RECORD_KINDS.find((kind) => kind === row['kind']),
      'a kind of record',
    ),
    id: readText(row, 'id'),
    experimentId: must(parseExperimentId(readText(row, 'experiment_id')), 'an experiment id'),
    body,
  };
}
