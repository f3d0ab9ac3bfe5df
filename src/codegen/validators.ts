import path from 'node:path';
import { _, Ajv, type CodeKeywordDefinition } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import next from 'ajv/dist/vocabularies/next.js';
import { build } from 'esbuild';
import { hoist, origin } from './hoist.ts';
import { addHouseKeywords, setRuleNames } from './keywords.ts';
import { mapChildren, type Node, without } from './node.ts';

/** A precompiled validator as an ES module that needs nothing at run time. `name`: what it exports. */
export async function validatorModule(root: string, name: string, schema: Node): Promise<string> {
  // Not the 2020-12 class: what it adds (dynamic references, unevaluated keys) no source uses, and its bookkeeping costs time.
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    inlineRefs: false,
    messages: false,
    logger: false,
    unicode: false,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(unwrapped(next));
  ajv.addKeyword(mark);
  addHouseKeywords(ajv);
  ajv.addSchema(hoist(bare(schema)), name);
  return await bundle(root, relocate(unwrapped(standaloneCode)(ajv, { [name]: name })), name);
}

/** CommonJS modules with a `default` arrive wrapped once more or not, depending on who loads them. */
function unwrapped<T extends object>(module: T | { readonly default: T }): T {
  return 'default' in module ? module.default : module;
}

/** An `if` error only repeats that a branch was not met; what the branch said is an error of its own. */
const wrapper = `
function plain(validate) {
  const check = (value) => {
    const valid = validate(value);
    check.errors = valid ? null : validate.errors.filter((error) => error.keyword !== 'if');
    return valid;
  };
  check.errors = null;
  return check;
}`;

async function bundle(root: string, code: string, name: string): Promise<string> {
  const imports = `import { ${name} as raw } from 'standalone';`;
  const exports = `export const ${name} = /* @__PURE__ */ plain(raw);`;
  const result = await build({
    stdin: { contents: `${imports}${wrapper}\n${exports}\n`, resolveDir: root, loader: 'js' },
    plugins: [
      {
        name: 'standalone',
        setup: (setup) => {
          setup.onResolve({ filter: /^standalone$/ }, () => ({ path: 'standalone', namespace: 'standalone' }));
          setup.onLoad({ filter: /.*/, namespace: 'standalone' }, () => ({
            contents: code,
            resolveDir: path.resolve(root),
          }));
        },
      },
    ],
    absWorkingDir: path.resolve(root),
    bundle: true,
    format: 'esm',
    target: 'node20',
    platform: 'neutral',
    mainFields: ['main'],
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Leaves a mark in the function of each definition, so that `relocate` knows whose function it is. */
const mark: CodeKeywordDefinition = {
  keyword: origin,
  schemaType: 'string',
  code: (cxt) => cxt.gen.code(_`${`${origin} ${cxt.schema}`}`),
};

/** Inside a definition ajv starts paths anew. Errors shall say where the definition stood, as if it had never been taken out. */
function relocate(code: string): string {
  return code
    .split(/(?=\bfunction validate\d+\()/)
    .map((part) => {
      const found = new RegExp(`"${origin} #(.*?)";?`).exec(part);
      if (found === null) return part;
      return part.replace(found[0], '').replaceAll('schemaPath:"#/', () => `schemaPath:"#${found[1]}/`);
    })
    .join('')
    .replaceAll(new RegExp(`"${origin}":"[^"]*",`, 'g'), '');
}

const words = [
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'defaultSnippets',
  'enumDescriptions',
];

/** A settled schema without everything that refuses nothing. */
function bare(node: Node): Node {
  const spoken = Object.keys(node).filter(
    (key) => words.includes(key) || (key.startsWith('x-') && !setRuleNames.includes(key)),
  );
  // An enum says it all: with a type beside it, one wrong value would be two errors.
  return mapChildren(without(node, ...spoken, ...(node.enum === undefined ? [] : ['type'])), bare);
}
