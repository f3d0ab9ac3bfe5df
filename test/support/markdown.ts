/** A fenced block of a Markdown file. */
export interface Fence {
  /** What stands behind the opening backticks: `sh`, `yaml`, … */
  readonly language: string;
  /** The word in an HTML comment of the form `<!-- test: WORD -->` on the line above; undefined where there is none. */
  readonly mark: string | undefined;
  readonly text: string;
}

export function fencesOf(markdown: string): readonly Fence[] {
  const blocks = markdown.matchAll(/^(?:<!-- test: (\S+) -->\n\n?)?```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, mark, language = '', text = '']) => ({ language, mark, text }));
}

/** Targets of links that stay inside the repository. */
export function relativeLinksOf(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = '']) => (/^[a-z]+:/.test(to) ? [] : [to]));
}

/** The names that links use for headings, as repository hosts make them. */
export function anchorsOf(markdown: string): readonly string[] {
  const headings = markdown.matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
