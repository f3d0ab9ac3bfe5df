/** How a text says what is code, what is text in quotes, and what is an aside that nothing runs. */
export interface Language {
  readonly name: string;
  /** What begins a comment that ends with its line. */
  readonly line: readonly string[];
  /** Such a comment stands at the start of a line or behind a space. */
  readonly spaced: boolean;
  readonly block: readonly (readonly [open: string, close: string])[];
  readonly quotes: string;
  /** Quotes that go on over the end of a line. */
  readonly long: readonly string[];
}

type Shape = Omit<Language, 'name'>;

const plain: Shape = { line: [], spaced: false, block: [], quotes: '"\'', long: [] };
const hash: Shape = { ...plain, line: ['#'], spaced: true };
const slash: Shape = { ...plain, line: ['//'], block: [['/*', '*/']], quotes: '"\'`', long: ['`'] };

const shapes = {
  aside: { ...plain, quotes: '' },
  plain,
  json: { ...plain, line: ['//'], block: [['/*', '*/']], quotes: '"' },
  hash,
  yaml: hash,
  ini: { ...hash, line: ['#', ';'] },
  python: { ...plain, line: ['#'], long: ['"""', "'''"] },
  ruby: { ...hash, block: [['=begin', '=end']] },
  slash,
  php: { ...slash, line: ['//', '#'], quotes: '"\'' },
  hcl: { ...slash, line: ['#', '//'], quotes: '"', long: [] },
  sql: { ...plain, line: ['--'], block: [['/*', '*/']] },
  power: { ...hash, block: [['<#', '#>']] },
  batch: { ...plain, line: ['::', 'REM ', 'rem '], spaced: true },
  markup: {
    ...slash,
    block: [
      ['<!--', '-->'],
      ['/*', '*/'],
    ],
  },
  markdown: plain,
  page: plain,
  notebook: { ...plain, quotes: '"' },
  patch: plain,
} as const satisfies Readonly<Record<string, Shape>>;

type Name = keyof typeof shapes;

const endings: Readonly<Partial<Record<Name, string>>> = {
  aside: 'txt text log csv tsv svg tex po pot org eml',
  plain: 'lock',
  json: 'json jsonc json5 ndjson jsonl tfstate webmanifest har',
  python: 'py pyi pyw pyx bzl star',
  ruby: 'rb rake gemspec',
  hash: 'sh bash zsh fish ksh bats pl pm r rmd ex exs nim cr coffee toml conf properties env tcl awk jl http rest',
  yaml: 'yaml yml',
  ini: 'ini cfg editorconfig',
  slash:
    'js mjs cjs jsx ts mts cts tsx go java kt kts scala sc groovy gradle c h cc cpp hpp cs fs swift rs dart proto bru css scss less zig sol',
  php: 'php',
  hcl: 'tf tofu hcl tfvars nomad',
  sql: 'sql ddl lua hs elm ada',
  power: 'ps1 psm1 psd1',
  batch: 'bat cmd',
  markup: 'vue svelte astro',
  markdown: 'md markdown mdx mdc rst adoc asciidoc',
  page: 'html htm xhtml xml',
  notebook: 'ipynb',
  patch: 'patch diff',
};

const byEnding = new Map(
  Object.entries(endings).flatMap(([name, all]) => all.split(' ').map((one) => [one, name as Name] as const)),
);

/** Files without an ending that are written for people, and text files that are not. */
const prose =
  /^(?:readme|changelog|changes|license|licence|notice|authors|contributing|todo|news|history|codeowners|copying)$/;
const lists = /(?:requirements|constraints|reqs|packages|pip)[\w.-]*\.(?:txt|in)$|(?:^|\/)requirements\/[^/]+\.txt$/;

/** How a file is written, by its name, and where that says nothing by its first line. */
export function languageOf(file: string, text: string): Language {
  return languageNamed(nameFor(file.toLowerCase(), text));
}

function nameFor(path: string, text: string): Name {
  const base = path.slice(path.lastIndexOf('/') + 1);
  if (lists.test(path)) return 'hash';
  if (prose.test(base)) return 'aside';
  if (base === 'jenkinsfile') return 'slash';
  if (base.endsWith('.tf.json')) return 'json';
  const ending = base.replace(/\.(?:dist|example|sample|template|tmpl|tpl|j2|jinja|jinja2|erb|in|bak|orig)$/, '');
  const known = ending.includes('.') ? byEnding.get(ending.slice(ending.lastIndexOf('.') + 1)) : undefined;
  return known ?? interpreter(text.slice(0, 100)) ?? 'hash';
}

function interpreter(start: string): Name | undefined {
  const [, name] = /^#!.*?(python|node|deno|bun|ruby|php)/.exec(start) ?? [];
  if (name === undefined) return undefined;
  return name === 'python' || name === 'ruby' || name === 'php' ? name : 'slash';
}

const tags: Readonly<Record<string, Name>> = {
  py: 'python',
  python: 'python',
  python3: 'python',
  javascript: 'slash',
  typescript: 'slash',
  golang: 'slash',
  csharp: 'slash',
  kotlin: 'slash',
  ruby: 'ruby',
  terraform: 'hcl',
  powershell: 'power',
};

/** How a block in a page is written, by the word behind its fence. */
export function languageTagged(tag: string): Language {
  const word = tag.toLowerCase();
  return languageNamed(tags[word] ?? (word === 'diff' ? 'patch' : (byEnding.get(word) ?? 'hash')));
}

function languageNamed(name: Name): Language {
  const shape: Shape = shapes[name];
  return { name, ...shape };
}
