import { type MoveKind, type Moves, takers, withMoves } from '../core/moves/moves.ts';
import { type WantedMoves, wantedMoves } from '../core/moves/wanted.ts';
import type { Address } from '../model/address.ts';
import { InvalidInput } from '../model/errors.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Manifest } from '../model/manifest.ts';
import { type Provider, traitsIn } from '../model/provider.ts';
import type { Snapshot } from './read.ts';
import type { TargetRequest } from './request.ts';
import { diagnosed } from './resolve.ts';

/**
 * What the `moved_from` lines of a target come to. @throws InvalidInput (exit 3) with every line that cannot be followed, at its place
 */
export function movesFor(request: TargetRequest, manifests: readonly Manifest[], ledger: Ledger | null): WantedMoves {
  const wanted = wantedMoves(ledger, manifests);
  if (wanted.wrong.length > 0) throw new InvalidInput(diagnosed(request, wanted.wrong), request.project.root);
  return wanted;
}

/** What was read, with all that the ledger knows under the addresses that these moves give it. */
export function movedSnapshot(
  provider: Provider,
  snapshot: Snapshot,
  moves: Moves,
  kind: MoveKind = 'by-line',
): Snapshot {
  const { ledger, suspects, forgotten } = snapshot;
  if (moves.size === 0 || ledger === null) return snapshot;
  const renamed = takers(moves);
  const under = <Value>(known: ReadonlyMap<Address, Value>) =>
    new Map([...known].map(([address, value]) => [renamed.get(address) ?? address, value]));
  return {
    ...snapshot,
    ledger: withMoves(traitsIn(provider), ledger, moves, kind),
    suspects: under(suspects),
    forgotten: under(forgotten),
  };
}
