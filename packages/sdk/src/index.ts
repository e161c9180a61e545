export {
  flush,
  flushTraces,
  getActiveTraceId,
  getCurrentActiveSpan,
  getLastActiveTraceId,
  init,
  shutdown,
  startSpan,
  stats,
  trace,
  traced,
  updateCurrentTrace,
  withSpan,
  type Handle,
} from './lib/api.ts';
export type { Drop, DropReason, InitOptions } from './lib/config.ts';
export type { DeliveryStats, FlushReport } from './lib/delivery.ts';
export type { ExportBatch, ExportLoss, ExportReport, FinishedTrace, SpanExporter } from './lib/exporter.ts';
export { autolog, instrument, type Autolog, type AutologOptions } from './lib/autolog/autolog.ts';
export type { LibraryOptions, LibraryReport } from './lib/autolog/observation.ts';
export { createMemoryExporter, type MemoryExporter } from './lib/export-memory.ts';
export type { TraceOptions } from './lib/instrument.ts';
export type { TraceUpdate } from './lib/live-trace.ts';
export type { DetachedSpanOptions, EndOptions, Span, SpanOptions, StatusCode, TimeValue } from './lib/span.ts';
export { SpanType } from './lib/span-type.ts';
