export { runDemo, type DemoOptions, type DemoResult } from './run-demo.ts';
export { startReplayServer, recordingFolders, type ReplayOptions, type ReplayServer } from './replay-server.ts';
export { readRecordings, type Recording } from './recording.ts';
export {
  startCollector,
  type CollectedRequest,
  type CollectedSpan,
  type Collector,
  type CollectorAnswer,
} from './collector.ts';
