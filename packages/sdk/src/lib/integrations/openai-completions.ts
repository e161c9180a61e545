/** OpenAI's text completions, which vLLM, Together and others still serve. */
import { MLFLOW_KEYS, OTEL_KEYS } from '../keys.ts';
import { defined, type Exchange, type StreamAssembler } from '../exchange.ts';
import { isMap, listAt, numberAt, textAt } from './json-shape.ts';
import { requestParameters } from './openai-chat.ts';
import { usageAttributes } from './openai-usage.ts';

export const textCompletions: Exchange = {
  spanType: 'LLM',
  operation: 'text_completion',
  describeRequest: (request) => ({ inputs: request, attributes: defined(requestParameters(request)) }),
  describeResponse: (response) => {
    const reasons = listAt(response, 'choices').map((choice) => textAt(choice, 'finish_reason'));
    const finishReasons = reasons.filter((reason) => reason !== undefined);
    const model = textAt(response, 'model');
    return {
      outputs: response,
      attributes: defined({
        [MLFLOW_KEYS.model]: model,
        [OTEL_KEYS.responseModel]: model,
        [OTEL_KEYS.responseId]: textAt(response, 'id'),
        [OTEL_KEYS.finishReasons]: finishReasons.length === 0 ? undefined : finishReasons,
        ...usageAttributes(isMap(response) ? response['usage'] : undefined),
      }),
    };
  },
  createAssembler: createTextAssembler,
};

function createTextAssembler(): StreamAssembler {
  const head: { [key: string]: unknown } = {};
  const choices = new Map<number, { [key: string]: unknown }>();
  return {
    add(chunk) {
      if (!isMap(chunk)) return false;
      let isReadable = false;
      for (const [key, value] of Object.entries(chunk)) if (key !== 'choices' && value !== null) head[key] = value;
      for (const choice of listAt(chunk, 'choices')) {
        const index = numberAt(choice, 'index') ?? 0;
        const draft = choices.get(index) ?? { index, text: '' };
        const text = textAt(choice, 'text') ?? '';
        if (text !== '') isReadable = true;
        const reason = textAt(choice, 'finish_reason');
        choices.set(index, {
          ...draft,
          text: `${textAt(draft, 'text') ?? ''}${text}`,
          ...(reason === undefined ? {} : { finish_reason: reason }),
        });
      }
      return isReadable;
    },
    build: () => ({ ...head, choices: [...choices].sort(([a], [b]) => a - b).map(([, choice]) => choice) }),
  };
}
