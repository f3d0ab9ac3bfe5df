import { createHash } from 'node:crypto';
import type { Json } from '../model/json.ts';
import { stableJson } from './stable.ts';

/** `sha256:` and the hex digest of the stable JSON of `value`. */
export function digestOf(value: Json | undefined): string {
  return `sha256:${createHash('sha256').update(stableJson(value)).digest('hex')}`;
}
