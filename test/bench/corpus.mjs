// Made-up Census syncs: realistic manifests for the disk, and the matching bodies for the emulator. The same every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const nouns = ['accounts', 'orders', 'users', 'invoices', 'leads', 'sessions', 'devices', 'tickets', 'plans', 'events'];
const words = [
  'email',
  'city',
  'country',
  'revenue',
  'score',
  'stage',
  'owner',
  'phone',
  'domain',
  'seats',
  'churn',
  'tier',
];

/** Where every sync reads and writes. Neither lists tables or objects, so that the emulator takes any. */
const source = { id: 11, name: 'Bench Warehouse', type: 'snowflake' };
const destination = { id: 12, name: 'Bench CRM', type: 'salesforce' };
const table = { table_catalog: 'analytics', table_schema: 'public', table_name: 'people' };

/**
 * One sync.
 * @returns {{ name: string, spec: object }} `spec` is a create body with ids; the manifest says it with names.
 */
export function syncOf(index) {
  const random = randomFrom(index);
  const noun = nouns[index % nouns.length];
  const count = 10 + Math.floor(random() * 21);
  return {
    name: `bench-${String(index).padStart(5, '0')}`,
    spec: {
      label: `Bench ${index}: ${noun} to CRM`,
      operation: 'upsert',
      paused: random() < 0.2,
      source_attributes: {
        connection_id: source.id,
        object: { type: 'table', ...table },
      },
      destination_attributes: { connection_id: destination.id, object: 'Contact' },
      mappings: [
        identifier(),
        ...Array.from({ length: count - 1 }, (_, position) => mapping(position, random, index % 10 === 9)),
      ],
      mode: { type: 'triggered', triggers: { schedule: schedule(random) } },
      alert_attributes: [
        { type: 'FailureAlertConfiguration', send_for: 'first_time', should_send_recovery: true },
        {
          type: 'InvalidRecordPercentAlertConfiguration',
          send_for: 'first_time',
          should_send_recovery: true,
          options: { threshold: 5 + Math.floor(random() * 90) },
        },
      ],
    },
  };
}

/** The manifest of one sync as a person would write it: comments, block and flow style mixed, names instead of ids. */
function manifestOf(sync) {
  const { spec } = sync;
  const { schedule: when } = spec.mode.triggers;
  return `# ${spec.label}. Owned by revenue operations; ask them before changing the identifier.
kind: CensusSync
name: ${sync.name}
lifecycle: { adopt: true }
spec:
  label: ${JSON.stringify(spec.label)}
  operation: ${spec.operation}
  paused: ${spec.paused}
  source_attributes:
    connection: ${JSON.stringify(source.name)}
    object:
      type: table
${Object.entries(table)
  .map(([key, value]) => `      ${key}: ${value}`)
  .join('\n')}
  destination_attributes: { connection: ${JSON.stringify(destination.name)}, object: ${spec.destination_attributes.object} }
  mode:
    type: triggered
    triggers:
      # Times are UTC.
      schedule: { ${Object.entries(when)
        .map(([key, value]) => `${key}: ${typeof value === 'string' ? JSON.stringify(value) : value}`)
        .join(', ')} }
  mappings:
${spec.mappings.map(mappingLines).join('\n')}
  alert_attributes:
${spec.alert_attributes.map((alert) => `    - ${JSON.stringify(alert)}`).join('\n')}
`;
}

/** Writes `count` manifests, a hundred to a folder, and a project file. Every `badEvery`-th manifest has a fault. */
export function writeProject(folder, count, badEvery = 0) {
  writeFileIn(folder, 'syncline.yaml', projectFile());
  for (let index = 0; index < count; index += 1) {
    const sync = syncOf(index);
    const text = manifestOf(sync);
    const bad = badEvery > 0 && index % badEvery === badEvery - 1;
    const place = join(folder, 'syncs', String(Math.floor(index / 100)));
    writeFileIn(place, `${sync.name}.yaml`, bad ? text.replace('operation: upsert', 'operation: upserted') : text);
  }
}

const problems = {
  'unknown field': (index) => `{ from: A${index}, to: B${index}, x: 1 }`,
  'word of YAML 1.1': (index) => `{ from: { constant: no }, to: B${index} }`,
  'unknown alias': (index) => `*a${index}`,
};

/** Writes one manifest with `count` problems of a kind in it, and a project file. */
export function writeProblems(folder, kind, count) {
  const mappings = Array.from({ length: count }, (_, index) => `    - ${problems[kind](index)}\n`).join('');
  const [head] = manifestOf(syncOf(0)).split('  alert_attributes:');
  writeFileIn(folder, 'syncline.yaml', projectFile());
  writeFileIn(join(folder, 'syncs'), 'one.yaml', `${head.trimEnd()}\n${mappings}`);
}

/** Writes a hundred manifests with long names, and a project file whose glob of so many stars leaves none of them out. */
export function writeStars(folder, stars) {
  const text = projectFile().replace('[syncs/**/*.yaml]', `["syncs/**/*.yaml", "!syncs/${'*a'.repeat(stars)}*b"]`);
  writeFileIn(folder, 'syncline.yaml', text);
  for (let index = 0; index < 100; index += 1) {
    writeFileIn(join(folder, 'syncs'), `${'a'.repeat(200)}${index}.yaml`, manifestOf(syncOf(index)));
  }
}

/** Writes what the emulator holds: the same syncs, made by hand as it were, for the manifests to adopt. */
export function writeSeed(file, count) {
  const syncs = Array.from({ length: count }, (_, index) => ({ id: 100_000 + index, ...syncOf(index).spec }));
  writeFileSync(file, JSON.stringify({ sources: [source], datasets: [], destinations: [destination], syncs }));
}

/** The workspaces of a fleet, by number: each with its own ids, so that one account can hold them all. */
function workspaceOf(number) {
  return {
    id: 5000 + number,
    source: { ...source, id: 20_000 + number },
    destination: { ...destination, id: 30_000 + number },
  };
}

/**
 * Writes a project whose `targets` stand in a fleet file, each with `count` manifests of its own.
 * @returns {string[]} their names
 */
export function writeFleet(folder, targets, count) {
  const names = Array.from({ length: targets }, (_, number) => `t${String(number).padStart(3, '0')}`);
  const rows = names.map(
    (name, number) => `${name},${workspaceOf(number).id},\${env.TOKEN_${number}},${name}/**/*.yaml`,
  );
  writeFileIn(folder, 'fleet.csv', `name,workspace,token,manifests\n${rows.join('\n')}\n`);
  const defaults = `provider: census, api: v1, base_url: "\${env.CENSUS_URL}"`;
  const head = `version: 1\ntargets_from: { file: fleet.csv, defaults: { ${defaults} } }\nledger: file\n`;
  writeFileIn(folder, 'syncline.yaml', head);
  for (const name of names)
    for (let index = 0; index < count; index += 1)
      writeFileIn(
        join(folder, name, String(Math.floor(index / 100))),
        `${syncOf(index).name}.yaml`,
        manifestOf(syncOf(index)),
      );
  return names;
}

/** Writes what an account holds with as many workspaces, each with the syncs that `writeFleet` declares for its target. */
export function writeFleetSeed(file, targets, count) {
  const workspaces = Array.from({ length: targets }, (_, number) => {
    const { id, source: from, destination: to } = workspaceOf(number);
    const syncs = Array.from({ length: count }, (__, index) => {
      const { spec } = syncOf(index);
      const { source_attributes: reads, destination_attributes: writes } = spec;
      return {
        ...spec,
        id: 1_000_000 * (number + 1) + index,
        source_attributes: { ...reads, connection_id: from.id },
        destination_attributes: { ...writes, connection_id: to.id },
      };
    });
    return { id, name: `Workspace ${number}`, sources: [from], datasets: [], destinations: [to], syncs };
  });
  writeFileSync(file, JSON.stringify({ workspaces }));
}

function projectFile() {
  return `version: 1
manifests: [syncs/**/*.yaml]
targets:
  production:
    provider: census
    api: v1
    base_url: \${env.CENSUS_URL}
    token: \${env.CENSUS_TOKEN}
ledger: file
`;
}

function identifier() {
  return { from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true };
}

/** Every tenth sync has templates: few people write them, and they need a parser of their own. */
function mapping(position, random, templates) {
  const word = words[position % words.length];
  const to = `${word}_${position}__c`;
  const kind = random();
  if (kind < 0.8) return { from: { type: 'column', data: `${word}_${position}`.toUpperCase() }, to };
  if (kind < 0.9)
    return { from: { type: 'constant_value', data: { value: `${word} ${position}`, basic_type: 'text' } }, to };
  if (kind < 0.95 && templates)
    return { from: { type: 'liquid_template', data: `{{ record['${word}'] | upcase }}` }, to };
  return { from: { type: 'column', data: word.toUpperCase() }, to, sync_null_values: false };
}

function schedule(random) {
  const pick = Math.floor(random() * 4);
  const minute = Math.floor(random() * 60);
  if (pick === 0) return { frequency: 'hourly', minute };
  if (pick === 1) return { frequency: 'daily', hour: Math.floor(random() * 24), minute };
  if (pick === 2) return { frequency: 'weekly', day: 'Monday', hour: 6, minute };
  return { frequency: 'expression', cron_expression: `${minute} */4 * * *` };
}

/** Sugar in flow style for some, the API's own form in block style for others. */
function mappingLines(mapping, position) {
  const { from, to } = mapping;
  const extra = mapping.sync_null_values === false ? ', sync_null_values: false' : '';
  if (mapping.is_primary_identifier)
    return `    - { from: ${from.data}, to: ${to}, primary: true } # how records are matched`;
  if (from.type === 'constant_value')
    return `    - { from: { constant: ${JSON.stringify(from.data.value)} }, to: ${to} }`;
  if (from.type === 'liquid_template') {
    return `    - from:\n        liquid_template: ${JSON.stringify(from.data)}\n      to: ${to}`;
  }
  if (position % 3 === 0 && extra === '') {
    return `    - from: { type: column, data: ${from.data} }\n      to: ${to}\n      is_primary_identifier: false`;
  }
  return `    - { from: ${from.data}, to: ${to}${extra} }`;
}

function writeFileIn(folder, name, text) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** A small generator of numbers in [0, 1) that gives the same row for the same seed. */
function randomFrom(seed) {
  let state = (seed + 1) * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}
