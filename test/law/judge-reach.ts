import { openPlaces } from '../../src/core/references/fill.ts';
import { type Address, kindOf } from '../../src/model/address.ts';
import type { Json } from '../../src/model/json.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import { type Key, keyAt, partsOf } from '../../src/model/live.ts';
import type { Change, Create, Plan, Replace } from '../../src/model/plan.ts';
import { type Court, entryOf, fail, holderOf } from './court.ts';
import { globOf, sourceOf, type Watch } from './run.ts';
import { addressOf, datasetKey, hidesDeaths, type Making, type Meaning, type WriteMeaning } from './service.ts';

/** Judges what a write reaches beside its own thing, and whether it was to be written at all. */
export function judgeReach(court: Court, meaning: WriteMeaning, watch: Watch): void {
  const address = writtenFor(court, meaning, watch);
  judgeSelection(court, meaning, watch, address);
  if (meaning.kind !== 'check' && !hidesDeaths(court.sky.service)) judgePlanned(court, meaning, watch, address);
  if (meaning.kind === 'delete') judgeUsers(court, meaning.key, watch);
  else if (meaning.source !== undefined) judgeSource(court, { source: meaning.source, meaning, watch, address });
}

/** The address that a write is for; undefined where nobody can say. */
function writtenFor({ sky }: Court, meaning: WriteMeaning, { plan, ledger }: Watch): Address | undefined {
  if (!('key' in meaning)) return meaning.address;
  const planned = plan?.changes.find((one) => one.id !== null && keyAt(one.address, one.id) === meaning.key);
  const holder = ledger === undefined ? undefined : holderOf(ledger, meaning.key);
  return planned?.address ?? holder?.[0] ?? sky.made.get(meaning.key);
}

function judgeSelection({ sky }: Court, meaning: WriteMeaning, { deed }: Watch, address: Address | undefined): void {
  if (!('flags' in deed) || address === undefined) return;
  const glob = globOf(
    sky.service.kinds.map(({ kind }) => kind),
    deed.flags.only,
  );
  if (glob !== undefined && !isSelected(address, glob))
    fail('--only leaves out what is written', { meaning, address, glob });
}

/** In these worlds a star stands for a whole kind or name. */
function isSelected(address: Address, glob: string): boolean {
  const parts = glob.split('/');
  return address.split('/').every((part, index) => parts[index] === '*' || parts[index] === part);
}

function judgePlanned(court: Court, meaning: WriteMeaning, watch: Watch, address: Address | undefined): void {
  const { plan } = watch;
  const change = plan?.changes.find((one) => one.address === address);
  if (!('key' in meaning)) {
    if (change?.action !== 'create' && change?.action !== 'replace')
      fail('promise 2: a create that is not planned', { meaning, change });
    judgeLabel(court, meaning, watch, change);
    return;
  }
  const own = court.sky.writes.some((one) => one.run === court.count && one.key === meaning.key);
  if (meaning.kind === 'update' && !own && (change === undefined || change.fields.length === 0))
    fail('promise 2: an update that is not planned', { meaning, address, change });
}

/** Nothing is made while another one bears its label, but the one that it replaces. */
function judgeLabel({ sky }: Court, { of }: Making, { trouble }: Watch, change: Create | Replace): void {
  const unknown = trouble.mood.gone || sky.writes.some((one) => one.late);
  // What the service has denied once has its tombstone, and does not count.
  const bearers = sky.service.truth().filter(({ key, label }) => {
    const { kind, id } = partsOf(key);
    return kind === of && label === change.label && id !== change.id && !sky.denied.has(key);
  });
  if (bearers.length > 0 && !unknown) fail('a create beside one that bears its label', { change, bearers });
}

/** A dataset goes after the syncs that read it, and stays while there is one. */
function judgeUsers({ sky }: Court, key: Key, { trouble }: Watch): void {
  const users = sky.service.truth().filter(({ source }) => source === key);
  // What is hidden, or comes to pass after its answer, nobody can have known.
  const unknown = trouble.mood.gone || sky.writes.some((one) => one.late && users.some((user) => user.key === one.key));
  if (users.length > 0 && !unknown) fail('what is still used is deleted', { key, users });
}

interface Reading {
  readonly source: Json;
  readonly meaning: WriteMeaning;
  readonly watch: Watch;
  readonly address: Address | undefined;
}

/** What a sync reads is the very dataset that it names, and is there. */
function judgeSource(court: Court, reading: Reading): void {
  const { source, meaning, watch, address } = reading;
  const { service } = court.sky;
  if (typeof source !== 'number') fail('a sync leaves before its dataset has an id', meaning);
  const { plan, ledger, deed } = watch;
  const change = plan?.changes.find((one) => one.address === address);
  const key = datasetKey(service, source);
  if (change !== undefined) judgeAsPlanned(court, reading, change, key);
  // A whole body that is only checked may say what somebody else has deleted, and an older plan what is gone by now.
  if (deed.do !== 'apply') return;
  const gone = court.sky.writes.some((one) => one.late && one.key === key && one.meaning.kind === 'delete');
  const found = service.truth().find((one) => one.key === key);
  if (found === undefined && !gone) fail('a sync leaves before the dataset that it reads is there', { meaning, key });
  if (plan !== undefined) judgeNamed(court, reading, { plan, ledger, key, label: found?.label });
}

/** What the plan says: an id, or the address of what has one by now. */
function judgeAsPlanned({ sky }: Court, { meaning, watch }: Reading, change: Change, key: Key): void {
  const kind = sky.service.kinds.find((one) => one.kind === kindOf(change.address));
  const desired = change.desired ?? {};
  const open =
    kind === undefined ? [] : openPlaces(kind.traits, desired).filter((one) => one.reference.optional !== true);
  const [awaited] = open.map((one) => one.address);
  const own = change.id === null ? undefined : keyAt(change.address, change.id);
  // What a plan is silent about stays as it is, and a whole body says it again.
  const found = sky.service.truth().find((one) => one.key === own)?.source;
  const { source: planned = found } = sky.service.wanted(kindOf(change.address), desired);
  if (awaited === undefined && planned !== key) fail('a sync reads another dataset than planned', { meaning, planned });
  if (awaited === undefined || watch.ledger === undefined) return;
  const id = entryOf(watch.ledger, awaited)?.id;
  if (id == null || keyAt(awaited, id) !== key)
    fail('a sync reads another dataset than the one that was made for it', { meaning, awaited, id });
}

interface Named {
  readonly plan: Plan;
  readonly ledger: Ledger | undefined;
  readonly key: Key;
  /** What the dataset is really called. */
  readonly label: string | undefined;
}

/** What the manifest says: the dataset of that name, and while that one is blocked the only one that bears it. */
function judgeNamed(court: Court, { meaning, address, watch }: Reading, { plan, ledger, key, label }: Named): void {
  const { service, made } = court.sky;
  const declared = address === undefined ? undefined : court.manifests.get(address);
  const other = declared === undefined ? undefined : sourceOf(service, court.manifests, declared);
  if (other === undefined) fail('a sync reads a dataset that it does not name', { meaning, declared });
  const owner = addressOf(service, other);
  const id = ledger === undefined ? undefined : entryOf(ledger, owner)?.id;
  const isBound = id != null && keyAt(owner, id) === key;
  const isFree = ledger === undefined || plan.blocked.some((one) => one.address === owner);
  const bears = label === other.label || made.get(key) === owner;
  if (!isBound && !(isFree && bears)) fail('a sync reads another dataset than it names', { meaning, owner, id, label });
  judgeOrder(
    { meaning, watch, key },
    plan.changes.find((one) => one.address === owner),
  );
}

/** What a sync reads is as planned before the sync is written, and the service was asked for its columns. */
function judgeOrder(
  { meaning, watch, key }: { readonly meaning: WriteMeaning; readonly watch: Watch; readonly key: Key },
  owner: Change | undefined,
): void {
  if (owner === undefined || (owner.action !== 'create' && owner.fields.length === 0)) return;
  const outcome = watch.outcomes.find((one) => one.address === owner.address);
  if (outcome?.status !== 'applied') fail('a sync is written before what it reads', { meaning, owner, outcome });
  const isNew = owner.action === 'create' || owner.fields.some(({ path }) => path === '/query');
  const unheard = watch.trouble.faults.some((one) => one.kind === 'unreachable');
  if (isNew && !unheard && !watch.prepared.has(key))
    fail('a sync is written and nobody asked for the columns of what it reads', { meaning, owner });
}

/** Only an apply lets the service work out what others need of a thing, and only of what it has written, or an earlier run that died. */
export function judgePrepare({ sky }: Court, meaning: Meaning & { readonly kind: 'prepare' }, watch: Watch): void {
  const { deed } = watch;
  watch.prepared.add(meaning.key);
  if (deed.do === 'plan' || deed.do === 'dry-run') fail('promise 1: what only looks lets the service work', meaning);
  if (!sky.writes.some((one) => one.key === meaning.key))
    fail('columns are asked of what no run has written', { meaning, id: partsOf(meaning.key).id });
}
