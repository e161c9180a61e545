/** Retrieved documents in one shape: `{id?, page_content?, score?, metadata?}`. */
import {
  createAttributes,
  firstValue,
  isAttributeList,
  isAttributeMap,
  type Attributes,
  type AttributeValue,
  type TracedSpan,
} from '@clew/core';
import { decodeMap, decodePayload } from './payload.ts';
import { unflattenList } from './unflatten.ts';

/** The documents of a retriever or reranker; `undefined` for other spans and when there are none. */
export function readDocuments(span: TracedSpan): readonly Attributes[] | undefined {
  const { type, outputs } = span.meaning;
  if (type !== 'RETRIEVER' && type !== 'RERANKER') return undefined;
  return documentFamily(span.attributes) ?? toDocuments(outputs);
}

/** OpenInference's indexed documents. */
export function documentFamily(attributes: Attributes): readonly Attributes[] | undefined {
  const family =
    unflattenList(attributes, 'retrieval.documents') ?? unflattenList(attributes, 'reranker.output_documents');
  return toDocuments(family);
}

/** A list of documents in any emitter's shape, or a map that holds one under `documents`. */
export function toDocuments(value: AttributeValue | undefined): readonly Attributes[] | undefined {
  const list = isAttributeMap(value) ? value['documents'] : value;
  if (!isAttributeList(list)) return undefined;
  const documents = list.map(toDocument).filter((document) => document !== undefined);
  return documents.length === 0 ? undefined : documents;
}

function toDocument(item: AttributeValue): Attributes | undefined {
  if (typeof item === 'string') return { page_content: item };
  if (!isAttributeMap(item)) return undefined;
  const document = createAttributes();
  const id = item['id'];
  if (id !== undefined && id !== null) document['id'] = typeof id === 'bigint' ? id.toString() : id;
  const content = firstValue(item, ['page_content', 'pageContent', 'content', 'text', 'document']);
  if (content !== undefined) document['page_content'] = content;
  if (item['score'] !== undefined && item['score'] !== null) document['score'] = item['score'];
  const metadata = metadataOf(item);
  if (metadata !== undefined) document['metadata'] = metadata;
  return Object.keys(document).length === 0 ? undefined : document;
}

/** A distance is no score: less is better. */
function metadataOf(item: Attributes): AttributeValue | undefined {
  const metadata = decodePayload(item['metadata']);
  const distance = item['distance'];
  if (distance === undefined || distance === null) return metadata;
  return { ...decodeMap(metadata), distance };
}
