/**
 * A JSON document as flat rows of one height, so that only what is on screen is in the page. Rows are made for what
 * is open; a closed branch of any size costs one row.
 */

import { parseJsonText, type AttributeValue } from '@clew/core';
import { looksLikeDocument } from './json-document.ts';

type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export interface JsonRow {
  /** Names the node among all; stable while the document is. */
  readonly path: string;
  readonly depth: number;
  /** Key in an object, index in a list; absent on the root and on lines of text. */
  readonly label?: string;
  readonly content: JsonRowContent;
}

export type JsonRowContent =
  | { readonly kind: 'branch'; readonly of: 'object' | 'array'; readonly size: number; readonly isOpen: boolean }
  /** A text too long or too wide for its row; opens to lines, or to the JSON it holds. */
  | { readonly kind: 'long text'; readonly text: string; readonly isOpen: boolean; readonly holdsJson: boolean }
  | { readonly kind: 'value'; readonly of: Exclude<JsonKind, 'object' | 'array'>; readonly text: string }
  /** Some of many children, opened together. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly isOpen: boolean }
  | { readonly kind: 'line'; readonly text: string };

/** Children a branch shows one by one; more are put into ranges of this many. */
const RANGE_SIZE = 100;
/** Characters a level of indentation takes. */
const INDENT = 2;
/** Lines of an opened text are never cut shorter than this, in characters. */
const NARROWEST_LINE = 24;
/** The parser of a browser stops far beyond; people stop before. */
const DEEPEST = 1000;

/** Which paths are open. */
export type OpenPaths = ReadonlySet<string>;

interface Visit {
  readonly path: string;
  readonly depth: number;
  readonly label?: string;
  readonly node: JsonNode;
}

type JsonNode =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'range'; readonly entries: readonly Entry[]; readonly from: number }
  | { readonly kind: 'line'; readonly text: string };

type Entry = readonly [label: string, value: unknown];

/**
 * Rows of everything open, top to bottom.
 *
 * @param columns - Characters that fit in a row. A text that does not fit opens to lines that do.
 */
export function jsonRows(value: unknown, open: OpenPaths, columns: number): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  // A stack, not recursion: documents nest deeper than the call stack allows.
  const stack: Visit[] = [{ path: '$', depth: 0, node: { kind: 'value', value } }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const isOpen = open.has(visit.path);
    const { path, depth, label } = visit;
    const room = columns - depth * INDENT - (label === undefined ? 0 : label.length + 2);
    const content = describe(visit.node, isOpen, room);
    rows.push({ path, depth, content, ...(label === undefined ? {} : { label }) });
    if (isOpen && depth < DEEPEST)
      stack.push(...childrenOf(visit, Math.max(columns - (depth + 1) * INDENT, NARROWEST_LINE)).reverse());
  }
  return rows;
}

export interface OpeningLimits {
  /** Rows that may show; a branch that would go beyond stays closed, but the outermost is open always. */
  readonly rows: number;
  /** Lines of a text that may show; 0 keeps texts closed. */
  readonly textLines: number;
}

/** Paths to open so that `levels` levels show. */
export function openLevels(value: unknown, levels: number, limits: OpeningLimits): OpenPaths {
  const open = new Set<string>();
  let wave: Visit[] = [{ path: '$', depth: 0, node: { kind: 'value', value } }];
  let rows = 1;
  for (let level = 0; level <= levels && wave.length > 0; level += 1) {
    const next: Visit[] = [];
    for (const visit of wave) {
      const children = childrenAtFirst(visit, level < levels, limits.textLines);
      if (children.length === 0 || (rows + children.length > limits.rows && level > 0)) continue;
      rows += children.length;
      open.add(visit.path);
      next.push(...children);
    }
    wave = next;
  }
  return open;
}

/** A text counts by lines of a usual pane. */
const USUAL_LINE = 64;

function childrenAtFirst(visit: Visit, mayOpenBranch: boolean, textLines: number): Visit[] {
  if (visit.node.kind !== 'value') return [];
  const { value } = visit.node;
  if (typeof value !== 'string') return mayOpenBranch && isBranch(value) ? childrenOf(visit, USUAL_LINE) : [];
  if (textLines === 0 || (value.length <= USUAL_LINE - 20 && !value.includes('\n'))) return [];
  // A line takes at least a character: what is longer than all lines together need not be split to be counted.
  if (value.length > textLines * USUAL_LINE * 2) return [];
  const children = childrenOf(visit, USUAL_LINE);
  return children.length <= textLines ? children : [];
}

function describe(node: JsonNode, isOpen: boolean, room: number): JsonRowContent {
  switch (node.kind) {
    case 'line':
      return node;
    case 'range':
      return { kind: 'range', from: node.from, to: node.from + node.entries.length - 1, isOpen };
    case 'value':
      return describeValue(node.value, isOpen, room);
  }
}

function describeValue(value: unknown, isOpen: boolean, room: number): JsonRowContent {
  if (Array.isArray(value)) return { kind: 'branch', of: 'array', size: value.length, isOpen };
  if (isBranch(value)) return { kind: 'branch', of: 'object', size: Object.keys(value).length, isOpen };
  switch (typeof value) {
    case 'string':
      if (value.length <= room && !value.includes('\n') && !looksLikeDocument(value))
        return { kind: 'value', of: 'string', text: value };
      return { kind: 'long text', text: value, isOpen, holdsJson: parsedText(value) !== undefined };
    case 'number':
    case 'bigint':
      return { kind: 'value', of: 'number', text: String(value) };
    case 'boolean':
      return { kind: 'value', of: 'boolean', text: String(value) };
    default:
      return { kind: 'value', of: 'null', text: 'null' };
  }
}

/** @param width - Characters of a line of text. */
function childrenOf(visit: Visit, width: number): Visit[] {
  const { node, path, depth } = visit;
  if (node.kind === 'line') return [];
  if (node.kind === 'range') return node.entries.map((entry) => childOf(path.replace(/~[^~]*$/, ''), depth + 1, entry));
  const { value } = node;
  if (typeof value === 'string') {
    const parsed = parsedText(value);
    if (parsed !== undefined) return childrenOf({ ...visit, node: { kind: 'value', value: parsed } }, width);
    return linesOf(value, width).map((text, index) => ({
      path: `${path}¶${index}`,
      depth: depth + 1,
      node: { kind: 'line', text },
    }));
  }
  if (!isBranch(value)) return [];
  const entries: Entry[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [String(index), item] as const)
    : Object.entries(value);
  if (entries.length <= RANGE_SIZE) return entries.map((entry) => childOf(path, depth + 1, entry));
  const ranges: Visit[] = [];
  for (let from = 0; from < entries.length; from += RANGE_SIZE) {
    const node: JsonNode = { kind: 'range', entries: entries.slice(from, from + RANGE_SIZE), from };
    ranges.push({ path: `${path}~${from}`, depth: depth + 1, node });
  }
  return ranges;
}

function childOf(path: string, depth: number, [label, value]: Entry): Visit {
  return {
    path: `${path}/${label.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    depth,
    label,
    node: { kind: 'value', value },
  };
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const parsedTexts = new Map<string, AttributeValue | undefined>();
/** Parsed texts are asked for on every redraw; a handful is on screen at a time. */
const KEPT_TEXTS = 50;

/** The object or list a text holds as JSON, if any. */
function parsedText(text: string): object | undefined {
  if (!looksLikeDocument(text)) return undefined;
  if (!parsedTexts.has(text)) {
    if (parsedTexts.size >= KEPT_TEXTS) parsedTexts.clear();
    parsedTexts.set(text, parseJsonText(text));
  }
  const parsed = parsedTexts.get(text);
  return isBranch(parsed) ? parsed : undefined;
}

function linesOf(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    if (line.length <= width) return [line];
    const pieces: string[] = [];
    for (let from = 0; from < line.length;) {
      const cut = cutPoint(line, from, width);
      pieces.push(line.slice(from, cut));
      from = cut;
    }
    return pieces;
  });
}

/** At a blank near the width where there is one. */
function cutPoint(line: string, from: number, width: number): number {
  const end = from + width;
  if (end >= line.length) return line.length;
  const blank = line.lastIndexOf(' ', end);
  return blank > from + width / 2 ? blank + 1 : end;
}
