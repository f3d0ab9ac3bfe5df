import { visible } from '../escape.ts';
import { signs } from '../plan/words.ts';
import { columns, type Graph, type Node } from './graph.ts';

/** Characters of one name; a graph is no place for more. */
const nameLimit = 60;

/** What encloses the name of each sort. */
const shapes = {
  source: ['[(', ')]'],
  dataset: ['[[', ']]'],
  sync: ['[', ']'],
  destination: ['([', '])'],
} as const;

/** Each text is readable on its own ground, in a light page as in a dark one. */
const looks = {
  create: 'fill:#e2f5e7,stroke:#11602a,color:#0b3d1a',
  update: 'fill:#fbf0d9,stroke:#744700,color:#4a2d00',
  delete: 'fill:#fdeaec,stroke:#a30f27,color:#6d0a1a,stroke-dasharray:5 3',
  adopt: 'fill:#e5f0fc,stroke:#0b4f9c,color:#07305f',
  replace: 'fill:#fdeaec,stroke:#a30f27,color:#6d0a1a,stroke-width:3px',
  blocked: 'fill:#efe9fb,stroke:#5b35a8,color:#3a2170,stroke-dasharray:2 3',
} as const;
const lookNames = ['create', 'update', 'delete', 'adopt', 'replace', 'blocked'] as const;

/** The graph in the language of Mermaid, line by line. Whatever a name holds, it stays a name. */
export function mermaid({ nodes, edges }: Graph): readonly string[] {
  const ordered = columns.flatMap((column) => nodes.filter((node) => node.column === column));
  const ids = new Map(ordered.map((node, index) => [node, `n${index + 1}`]));
  const looked = lookNames.flatMap((look) => {
    const alike = ordered.filter((node) => lookOf(node) === look).map((node) => ids.get(node));
    return alike.length === 0 ? [] : [`  classDef ${look} ${looks[look]}`, `  class ${alike.join(',')} ${look}`];
  });
  return [
    'flowchart LR',
    ...ordered.map((node) => `  ${ids.get(node)}${shapes[node.column].join(`"${escaped(labelOf(node))}"`)}`),
    ...edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`),
    ...looked,
  ];
}

function lookOf({ entry }: Node): (typeof lookNames)[number] | undefined {
  if (entry === null) return undefined;
  return 'wanted' in entry ? 'blocked' : entry.action;
}

/** `+ create users-to-crm`, so that a colour is never all there is. */
function labelOf({ entry, name }: Node): string {
  const letters = [...name];
  const short = letters.length > nameLimit ? `${letters.slice(0, nameLimit).join('')}…` : name;
  if (entry === null) return short;
  return 'wanted' in entry ? `! ${entry.wanted} blocked ${short}` : `${signs[entry.action]} ${entry.action} ${short}`;
}

/** An invisible break, for marks that mean something together with the next one even where they are written as numbers. */
const breakHere = '#8203;';

/**
 * Punctuation ends texts, and begins lists and markup: each mark is written as a number, but for what joins two letters. A colon
 * begins an icon even so, and Mermaid's own spelling of numbers (`ﬂ°°35¶ß`) is read again at the end.
 */
function escaped(text: string): string {
  return visible(text)
    .replace(/(?!(?<=[A-Za-z0-9])[-_](?=[A-Za-z0-9]))[!-/:-@[-`{-~ﬂ¶]/gu, (mark) => `#${mark.codePointAt(0)};`)
    .replace(/#(?:58|64258|182);/g, (number) => `${number}${breakHere}`);
}
