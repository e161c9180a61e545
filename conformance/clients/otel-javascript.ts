import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Sends one span as OpenTelemetry's JavaScript SDK does, and answers its trace id: 32 hex digits. */
export async function sendByOpenTelemetry(url: string, experiment: string, wire: 'json' | 'protobuf'): Promise<string> {
  const Exporter: new (options: object) => SpanExporter = wire === 'json' ? JsonExporter : ProtobufExporter;
  const exporter = new Exporter({
    url: `${url}/v1/traces`,
    headers: { 'x-mlflow-experiment-id': experiment },
    compression: 'gzip',
  });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const span = provider
    .getTracer('otel-javascript')
    .startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } });
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  return span.spanContext().traceId;
}
