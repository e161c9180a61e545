/** What the search case asks, by class; the words and numbers are those of search-data-sql.ts. */
export interface Question {
  readonly kind:
    | 'newest'
    | 'header'
    | 'order'
    | 'tag'
    | 'metadata'
    | 'assessment'
    | 'span'
    | 'attribute'
    | 'one span'
    | 'mixed'
    | 'substring'
    | 'corpus';
  readonly filter: string;
  readonly order?: readonly string[];
  readonly page?: 2;
}

function ask(kind: Question['kind'], filters: readonly string[]): readonly Question[] {
  return filters.map((filter) => ({ kind, filter }));
}

export const QUESTIONS: readonly Question[] = [
  { kind: 'newest', filter: '' },
  { kind: 'newest', filter: '', page: 2 },
  ...ask('header', [
    "status = 'ERROR'",
    "status = 'IN_PROGRESS'",
    "name LIKE '%agent%'",
    "name = 'no such name'",
    'session:session-1234',
    'user:user-77',
    "client_request_id = 'request-none'",
    "run_id = 'run-3'",
    'duration>1h',
    'duration<30s',
    'tokens>1000000',
    'tokens.output>500',
    'cost>$0.10',
    'errors>2',
    'spans=7',
    "request_id = 'tr-0af7651916cd43dd8448eb211c80319c'",
    'time>2026-09-01 time<2026-09-02',
    'time<2026-06-10 status:error',
  ]),
  { kind: 'order', filter: '', order: ['execution_time_ms DESC'] },
  { kind: 'order', filter: '', order: ['execution_time_ms DESC'], page: 2 },
  { kind: 'order', filter: '', order: ['timestamp_ms ASC'] },
  { kind: 'order', filter: "status = 'ERROR'", order: ['total_tokens DESC'] },
  { kind: 'order', filter: "tag.env = 'dev'", order: ['tag.customer ASC'], page: 2 },
  { kind: 'order', filter: 'type:TOOL', order: ['execution_time_ms DESC'] },
  ...ask('tag', [
    "tag.env = 'prod'",
    "tag.env != 'prod'",
    "tag.incident = 'INC-7'",
    'tag.incident IS NOT NULL',
    'tag.incident IS NULL',
    "tag.customer = 'customer-31'",
    "tag.customer LIKE '%-3141%'",
    "tag.customer RLIKE '-31.1$'",
    "tag.absent = 'x'",
  ]),
  { kind: 'tag', filter: "tag.env = 'prod'", page: 2 },
  ...ask('metadata', [
    "metadata.build = '1dea'",
    "metadata.build LIKE '1d%'",
    "metadata.`mlflow.sourceRun` = 'run-3'",
    'metadata.absent IS NOT NULL',
  ]),
  ...ask('assessment', [
    "feedback.helpful = 'false'",
    'feedback.score > 0.9985',
    "feedback.correctness = 'bad'",
    'feedback.correctness IS NULL',
    "expectation.answer = 'answer 77'",
    "feedback.absent = 'x'",
  ]),
  ...ask('span', [
    'type:TOOL',
    'type:EMBEDDING',
    "span.type = 'NONE'",
    "span.status = 'ERROR'",
    "span.name LIKE '%search%'",
    "span.name = 'chat gpt-4o v7'",
    "span.name = 'no such name'",
    'model:gpt-4o*',
    "span.model = 'no such model'",
  ]),
  { kind: 'span', filter: 'type:TOOL', page: 2 },
  ...ask('attribute', [
    "span.attributes.`app.tier` = 'pro'",
    "span.attributes.`app.order` = 'order-0000000000000000'",
    "span.attributes.`app.incident` = 'INC-5'",
    'span.attributes.`app.incident` IS NOT NULL',
    "span.attributes.`app.incident` LIKE 'INC-9%'",
    'span.attributes.`app.rank` > 999000',
    'span.attributes.`app.rank` > 999999',
    'span.attributes.`app.rank` < 2',
    'span.attributes.`app.temperature` > 1.5',
    'span.attributes.`app.temperature` IS NULL',
    'span.attributes.absent IS NOT NULL',
    "span.attributes.`gen_ai.request.model` LIKE 'gpt%'",
    "span.attributes.`gen_ai.tool.name` = 'no such tool'",
  ]),
  ...ask('one span', [
    'span(type:TOOL status:error)',
    'span(type:LLM status:error)',
    'span(type:TOOL attributes.app.rank>999900)',
    'span(name:*search* status:error attributes.app.tier:pro)',
    'span(type:CHAT_MODEL attributes.app.incident:INC-5)',
  ]),
  ...ask('mixed', [
    'NOT type:TOOL',
    '-type:AGENT -type:CHAIN',
    'status:error OR tag.incident:INC-7',
    'NOT (tag.env:prod OR tag.env:staging) type:TOOL',
    '-span(status:error) tag.env:dev duration<20s',
    'type:EMBEDDING OR feedback.correctness:bad',
    "NOT span.attributes.`app.tier` = 'pro'",
    "tag.incident:INC-7 OR span.attributes.`app.incident` = 'INC-5'",
  ]),
  ...ask('substring', [
    'chargeback',
    '"chargeback dispute"',
    'hargebac',
    '"argeback disp"',
    'qqxzzvw',
    '"no such phrase anywhere"',
    'customer',
    'the',
    '"e a"',
    '"role"',
    "trace.text LIKE '%Thought:%'",
    'chargeback status:error',
    'chargeback type:TOOL',
    '-customer',
    'hargebac OR qqxzzvw',
  ]),
  { kind: 'substring', filter: 'chargeback', page: 2 },
  { kind: 'substring', filter: 'chargeback', order: ['execution_time_ms DESC'] },
];
