import { once } from 'node:events';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';

// A process that begins a run once it is told to, says how that went, and then hangs. Arguments: the project's folder, the run.
const [root = '', run = ''] = process.argv.slice(2);
const store = fileLedger(root, 'production');
const stored = await store.read(nothingDeclared);
const meta = { format: 1, provider: 'census', host: 'localhost', workspace: 4321, project: 'crm' } as const;
const at = new Date().toISOString();
const intent = { run, at, actor: 'runner', commit: null, digest: null, status: 'running', changes: [] } as const;
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  const runs = [...(stored?.ledger.runs ?? []).map((one) => ({ ...one, status: 'failed' as const })), intent];
  const journal = await store.begin({ meta, syncs: {}, dead: {}, runs }, { run, actor: 'runner' });
  await journal.append({ at, event: 'sending', step: 'create', address: 'CensusSync/a', id: null });
  process.stdout.write('begun\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`);
}
