// `node scripts/picture.mjs`: the picture of a plan in the README, drawn from what the built program prints. `npm run build` first.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'syncline-picture-'));
const emulator = spawn(process.execPath, [program, 'emulate', '--api', 'census-v1', '--format', 'json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const { url, token } = JSON.parse(await firstLine(emulator.stdout));
  const text = await planOf(url, token);
  writeFileSync(process.argv[2] ?? join(root, 'docs/plan.svg'), svg(text));
} finally {
  emulator.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** The plan of a project in which Git and somebody in the app have each changed something. */
async function planOf(url, token) {
  write('syncline.yaml', project(url));
  write('syncs/users-to-crm.yaml', sync('users-to-crm', 'Users to CRM', 'operation: update'));
  write('syncs/trial-scores.yaml', sync('trial-scores', 'Trial scores', 'operation: upsert'));
  write('syncs/churn-risk.yaml', sync('churn-risk', 'Churn risk to sales', 'operation: upsert\n  paused: false'));
  const env = { PATH: process.env.PATH, CENSUS_TOKEN: token, FORCE_COLOR: '1' };
  syncline(['apply', '--auto-approve'], env);
  await pauseInTheApp(url, token);
  write('syncs/users-to-crm.yaml', sync('users-to-crm', 'Users to CRM', 'operation: upsert'));
  write('syncs/orders-to-crm.yaml', sync('orders-to-crm', 'Orders to CRM', 'operation: upsert'));
  rmSync(join(folder, 'syncs/trial-scores.yaml'));
  // The days that an API has left are other ones tomorrow.
  const text = syncline(['plan'], env).replace(/^(?:Note|Warning): API .*\n/m, '');
  return `$ syncline plan\n${text}`;
}

async function pauseInTheApp(url, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { data } = await (await fetch(`${url}/api/v1/syncs?per_page=100`, { headers })).json();
  const { id } = data.find(({ label }) => label === 'Churn risk to sales');
  await fetch(`${url}/api/v1/syncs/${id}`, { method: 'PATCH', headers, body: JSON.stringify({ paused: true }) });
}

function project(url) {
  return `version: 1
manifests: [syncs/*.yaml]
ledger: file
targets:
  production: { provider: census, api: v1, base_url: "${url}", token: "\${env.CENSUS_TOKEN}" }
`;
}

function sync(name, label, rest) {
  return `kind: CensusSync
name: ${name}
spec:
  label: ${label}
  ${rest}
  source_attributes:
    connection: Snowflake Prod
    object: { type: table, table_catalog: analytics, table_schema: public, table_name: users }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings: [{ from: email, to: Email, primary: true }]
`;
}

function syncline(args, env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function write(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function firstLine(stream) {
  return new Promise((resolve) => stream.setEncoding('utf8').once('data', (text) => resolve(text.split('\n')[0])));
}

/** Text with the colours of a terminal, as a picture. The address is that of a reader, whatever port the emulator had. */
function svg(text) {
  const [height, width] = [20, 8.43];
  const paint = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`);
  const lines = text
    .trimEnd()
    .replace(/127\.0\.0\.1:\d+/g, 'app.getcensus.com')
    .split('\n');
  const colours = { 31: '#ff7b72', 32: '#7ee787', 33: '#f2cc60', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };
  const rows = lines.map((line, row) => {
    let style = '';
    const spans = line.split(paint).map((part, index) => {
      if (index % 2 === 0) return part === '' ? '' : `<tspan${style}>${escaped(part)}</tspan>`;
      for (const code of part.split(';')) {
        if (['0', '', '39', '22'].includes(code)) style = '';
        else if (code === '1') style += ' font-weight="bold"';
        else if (code === '2') style += ' fill-opacity=".65"';
        else if (code in colours) style += ` fill="${colours[code]}"`;
      }
      return '';
    });
    return `<text x="16" y="${(row + 1) * height + 12}">${spans.join('')}</text>`;
  });
  const longest = Math.max(
    ...lines.map(
      (line) =>
        line
          .split(paint)
          .filter((_, index) => index % 2 === 0)
          .join('').length,
    ),
  );
  const size = [Math.ceil(longest * width) + 32, lines.length * height + 32];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" width="${size[0]}" height="${size[1]}" role="img" aria-label="A plan in a terminal">
<rect width="100%" height="100%" rx="8" fill="#161b22"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">
${rows.join('\n')}
</g>
</svg>
`;
}

/** Blanks that no viewer drops. */
function escaped(text) {
  return text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`).replaceAll(' ', '\u00a0');
}
