import type { CensusSeed, SeedSync } from '../../../src/emulator/census-v1/seed.ts';
import { bigAccount } from '../../support/big-account.ts';

const kept = [90_001, 90_002, 90_003, 90_004, 90_005, 90_006, 90_007, 90_010, 90_101, 90_102, 95_001];
const isKept = ({ id }: SeedSync) => kept.includes(Number(id));

/** Of the big account one of each kind: every source, a sequence, twins, and a label that both workspaces have. */
export const smallAccount: CensusSeed = {
  workspaces: (bigAccount.workspaces ?? []).map(({ datasets = [], syncs = [], ...rest }) => ({
    ...rest,
    datasets: datasets.filter(({ id, source_id }) => id <= 802 || source_id === 502),
    syncs: syncs.filter(isKept),
  })),
};
