import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { resolveNames } from '../../src/engine/resolve.ts';
import { InvalidInput } from '../../src/model/errors.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { type Workshop, workshop } from '../support/workshop.ts';
import { activated, between } from './activations.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop();
});
afterAll(() => shop.close());

type Ends = Parameters<typeof between>[0];

const snowflake = { connection: 'Snowflake Prod' };
const salesforce = { connection: 'Salesforce' };
const ads = { connection: 'Ads' };

function resolved(...manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
  return shop.act((request) => resolveNames({ ...request, manifests, provider: activated(request.provider) }));
}

async function refusals(...manifests: readonly Manifest[]): Promise<readonly (readonly [string, string, string])[]> {
  const failure = await resolved(...manifests).catch((error: unknown) => error);
  if (!(failure instanceof InvalidInput)) throw failure;
  return failure.diagnostics.map(({ code, message, hint }) => [
    code,
    message.replace(' in target "production".', ''),
    hint,
  ]);
}

/** What a spec goes by: source, destination, and what joins them if it says that. */
function ends({ spec }: Manifest): unknown[] {
  const { source_attributes: source, destination_attributes: destination } = spec;
  const idIn = (part: unknown) => Object(part).connection_id;
  return [idIn(source), idIn(destination), ...('activation_id' in spec ? [spec.activation_id] : [])];
}

describe('what a sync is between, at an API of activations', () => {
  test.each<[string, Ends, unknown[]]>([
    ['names', { source: snowflake, destination: salesforce }, [501, 601]],
    ['the same name at another source', { source: { connection: 'BigQuery EU' }, destination: salesforce }, [502, 601]],
    ['ids', { source: { connection_id: 501 }, destination: { connection_id: 602 } }, [501, 602]],
    ['an activation by its id', { activation: 'fast_moose' }, [501, 607]],
    ['an activation by a name that no other one has', { activation: 'HubSpot' }, [501, 602]],
    ['an activation by its name at a source', { source: snowflake, activation: 'Salesforce' }, [501, 601]],
    ['an activation id as the API shows it', { activation_id: 'dry_finch' }, [502, 601]],
    [
      'an answer that shows both',
      { source: { connection_id: 501 }, destination: { connection_id: 604 }, activation_id: 'east_crane' },
      [501, 604],
    ],
    [
      'names that two activations have, and which of them',
      { source: snowflake, destination: ads, activation: 'fast_moose' },
      [501, 607],
    ],
    ['one of two activations of one pair, by its id', { activation: 'grey_panda' }, [502, 605, 'grey_panda']],
    [
      'one of two activations of one pair, by its name',
      { source: { connection: 'BigQuery EU' }, destination: { connection: 'Sheets' } },
      [502, 605, 'huge_quail'],
    ],
    [
      'an activation beside a destination that only another API calls so',
      { source: snowflake, destination: { connection: 'Salesforce EU' }, activation: 'bold_heron' },
      [501, 601],
    ],
    [
      'an activation beside a destination id that only another API has',
      { source: snowflake, destination: { connection_id: 9601 }, activation: 'bold_heron' },
      [501, 601],
    ],
    ['an activation beside the destination alone', { destination: salesforce, activation: 'dry_finch' }, [502, 601]],
  ])('%s', async (_what, said, wanted) => {
    const [one] = await resolved(between(said));
    if (one === undefined) throw new Error('It is lost.');
    expect(ends(one)).toEqual(wanted);
    expect(JSON.stringify(one.spec)).not.toContain('"connection"');
  });

  const way = expect.stringMatching(/make it in the web app, or with a connect link/);
  test.each<[string, Ends, string, string | RegExp, unknown]>([
    [
      'a pair of names without an activation',
      { source: snowflake, destination: { connection: 'Salesfroce' } },
      'no-activation',
      'There is no activation from the source "Snowflake Prod" (501) to the destination "Salesfroce"',
      expect.stringMatching(
        /^Did you mean "Salesforce" \(bold_heron\)\? If one of these is meant .*`activation: ID`\. Syncline makes no activation/,
      ),
    ],
    [
      'a pair of ids without an activation',
      { source: { connection_id: 501 }, destination: { connection_id: 606 } },
      'no-activation',
      'There is no activation from the source 501 to the destination 606',
      expect.stringMatching(/^There is "Ads" \(east_crane\), "Ads" \(fast_moose\), .*"HubSpot" \(calm_otter\)/),
    ],
    [
      'a source of which there is none',
      { source: { connection: 'Kafka Events' }, destination: salesforce },
      'no-activation',
      'There is no activation from the source "Kafka Events" (503) to the destination "Salesforce"',
      expect.stringMatching(/^That source has none at all\. Syncline makes no/),
    ],
    ['what to do about it', { source: snowflake, destination: { connection: 'X' } }, 'no-activation', /./, way],
    [
      'a name of two',
      { source: snowflake, destination: ads },
      'ambiguous-name',
      'That source has 2 activations named "Ads": east_crane (to 604, google_ads, since 2024-02-01), fast_moose (to 607, facebook, since 2024-02-01)',
      'Write the id of the one that is meant, as in `activation: east_crane`.',
    ],
    [
      'a pair of ids with two activations',
      { source: { connection_id: 502 }, destination: { connection_id: 605 } },
      'ambiguous-name',
      'That source has 2 activations: grey_panda (to 605, google_sheets, since 2024-02-01), huge_quail (to 605, google_sheets, since 2024-02-01)',
      'Write the id of the one that is meant, as in `activation: grey_panda`.',
    ],
    [
      'an activation by a name of two sources',
      { activation: 'Salesforce' },
      'ambiguous-name',
      '"Salesforce" is the name of 2 activations: bold_heron (from "Snowflake Prod", to 601, salesforce, since 2024-02-01), dry_finch (from 502, to 601, salesforce, since 2024-02-01)',
      'Write the id of the one that is meant, as in `activation: bold_heron`.',
    ],
    [
      'an activation that is not there',
      { activation: 'bold_hero' },
      'unknown-name',
      'Nothing among the activations has the id or the name "bold_hero"',
      'Did you mean "Salesforce" (bold_heron, from "Snowflake Prod")?',
    ],
    [
      'an activation by a name of two sources that is misspelt',
      { activation: 'Salesfroce' },
      'unknown-name',
      'Nothing among the activations has the id or the name "Salesfroce"',
      'Did you mean "Salesforce" (bold_heron, from "Snowflake Prod") or "Salesforce" (dry_finch, from 502)?',
    ],
    [
      'an activation id that is not there',
      { activation_id: 'gone' },
      'unknown-name',
      'Nothing among the activations has the id "gone"',
      expect.stringMatching(/^There is .*"HubSpot" \(calm_otter, from "Snowflake Prod"\)/),
    ],
    [
      'an activation of another source',
      { source: snowflake, destination: salesforce, activation: 'dry_finch' },
      'activation-mismatch',
      'The activation "Salesforce" (dry_finch) has source_attributes.connection_id 502, and this manifest has "Snowflake Prod" (501)',
      'Let both say the same, or leave one out: `activation` says the connections by itself.',
    ],
    [
      'an activation of another source, which none joins to anything',
      { source: { connection_id: 503 }, destination: salesforce, activation: 'dry_finch' },
      'activation-mismatch',
      'The activation "Salesforce" (dry_finch) has source_attributes.connection_id 502, and this manifest has 503',
      'Let both say the same, or leave one out: `activation` says the connections by itself.',
    ],
    [
      'an activation of another destination, by id',
      { source: snowflake, destination: { connection_id: 602 }, activation_id: 'bold_heron' },
      'activation-mismatch',
      'The activation "Salesforce" (bold_heron) has destination_attributes.connection_id 601, and this manifest has 602',
      expect.stringMatching(/^Let both say the same/),
    ],
    [
      'an activation of another destination, by name',
      { source: snowflake, destination: { connection: 'HubSpot' }, activation: 'bold_heron' },
      'activation-mismatch',
      'The activation "Salesforce" (bold_heron) of this manifest does not have the name "HubSpot", which stands here',
      expect.stringMatching(/^Let both say the same/),
    ],
    [
      'a source that is not there, which alone is told',
      { source: { connection: 'Snowflake Pord' }, destination: { connection: 'X' }, activation: 'Y' },
      'unknown-name',
      'Nothing among the sources is named "Snowflake Pord"',
      'Did you mean "Snowflake Prod"?',
    ],
  ])('is refused: %s', async (_what, said, code, message, hint) => {
    const told = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(await refusals(between(said))).toEqual([[code, told, hint]]);
  });

  it('one lost name hides no mistake of another manifest', async () => {
    const lost = between({ source: { connection: 'Nowhere' }, destination: salesforce });
    const other = between({ source: snowflake, destination: { connection: 'Salesfroce' } });
    const found = await refusals(lost, { ...other, address: 'CensusSync/other', name: 'other' });
    expect(found.map(([code]) => code)).toEqual(['unknown-name', 'no-activation']);
  });
});
