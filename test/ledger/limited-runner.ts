import { fileLedger } from '../../src/ledger/file/store.ts';
import { nothingDeclared } from '../../src/ledger/store.ts';

// A process whose files may not grow beyond a limit: says for each of its lines whether it was promised to be on disk. Argument:
// the project's folder.
const [root = ''] = process.argv.slice(2);
const store = fileLedger(root, 'production');
await store.read(nothingDeclared);
const meta = { format: 1, provider: 'census', host: 'localhost', workspace: 4321, project: 'crm' } as const;
const at = new Date().toISOString();
const run = { run: 'r1', at, actor: 'runner', commit: null, digest: null, status: 'running', changes: [] } as const;
const journal = await store.begin({ meta, syncs: {}, dead: {}, runs: [run] }, { run: 'r1', actor: 'runner' });
const promised: string[] = [];
for (let first = 0; first < 60; first += 6) {
  const lines = Array.from({ length: 6 }, (_, index) => `CensusSync/s${first + index}`);
  const appended = lines.map((address) => journal.append({ at, event: 'sending', step: 'create', address, id: null }));
  for (const [index, one] of (await Promise.allSettled(appended)).entries()) {
    if (one.status === 'fulfilled') promised.push(lines[index] ?? '');
  }
}
process.stdout.write(`${JSON.stringify(promised)}\n`);
process.kill(process.pid, 'SIGKILL');
