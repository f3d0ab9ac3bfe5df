import type { Describe } from '../../../../model/about.ts';

/** What a dataset is: where its query runs. */
export const aboutDataset: Describe = (_spec, at) => {
  const { id, name, address } = at('/source_id');
  const isKnown = id !== null || name !== null;
  return {
    source: isKnown ? { id, name, object: null, address } : null,
    destination: null,
    operation: null,
    schedule: null,
  };
};
