import type { Court } from './court.ts';
import type { Ended } from './run.ts';

export function diaryOf(court: Court, { number, deed, report, plan, exit, error, died, moments }: Ended): string {
  const outcomes = (report?.outcomes ?? []).map(
    ({ address, action, status, id, error: why }) =>
      `${action} ${address} ${id} ${status}${why === null ? '' : ` (${why})`}`,
  );
  const writes = court.sky.writes
    .filter((one) => one.run === number)
    .map((one) => `${one.meaning.kind} ${one.key} ${one.effect}${one.lied ? ' lied' : ''}`);
  const planned = plan?.changes.map((one) => `${one.action} ${one.address}`);
  const blocked = plan?.blocked.map((one) => `${one.reason} ${one.address}`);
  const end = died ? 'DIED' : error === undefined ? `exit ${exit}` : `THREW ${String(error)}`;
  return `  run ${number} ${deed.do} (${moments} moments): ${end}; planned [${planned}] blocked [${blocked}]; ${outcomes.join('; ')}; writes: ${writes.join(', ')}`;
}
