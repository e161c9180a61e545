/** Mistral's client has OpenAI's shapes under names of its own spelling: they are spelled back. */
import { MLFLOW_KEYS } from '../keys.ts';
import type { Exchange } from '../exchange.ts';
import { isMap, mapAt } from './json-shape.ts';
import { chatCompletions } from './openai-chat.ts';
import { embeddings } from './openai-embeddings.ts';
import { toSnakeKeys } from './snake-keys.ts';

export const mistralChat: Exchange = {
  spanType: 'CHAT_MODEL',
  operation: 'chat',
  describeRequest(request) {
    const { inputs, attributes } = chatCompletions.describeRequest(toSnakeKeys(request));
    const seed = mapAt({ inputs }, 'inputs')['random_seed'];
    return {
      inputs,
      attributes: {
        ...attributes,
        [MLFLOW_KEYS.messageFormat]: 'mistral',
        ...(seed === undefined ? {} : { 'gen_ai.request.seed': seed }),
      },
    };
  },
  // Also what the assembler built, whose keys have been spelled back already.
  describeResponse: (response) => chatCompletions.describeResponse(toSnakeKeys(response)),
  createAssembler() {
    const assembler = chatCompletions.createAssembler?.();
    return {
      add: (event) =>
        assembler?.add(toSnakeKeys(isMap(event) && isMap(event['data']) ? event['data'] : event)) === true,
      build: () => assembler?.build(),
    };
  },
};

export const mistralEmbeddings: Exchange = {
  ...embeddings,
  describeResponse: (response) => embeddings.describeResponse(toSnakeKeys(response)),
};
