import { type Exchange, jsonReply, type Reply } from '../exchange.ts';
import { isObject } from '../json.ts';
import { failure, Stopped, unexpected } from './reply.ts';
import type { Schedule, SchedulerState, World } from './state.ts';

const states: readonly SchedulerState[] = ['up', 'down', 'silent'];

/** Every call that needs the scheduler dials it anew. Throws Stopped where it is away; a silent one takes its time. */
export function dial(world: World): void {
  if (world.scheduler.state === 'down') throw unexpected();
  if (world.scheduler.state === 'silent') throw new Stopped({ ...failure(500), after: world.patience });
}

/** Changes a sync's schedule; undefined removes it. Throws Stopped where there is none: a ghost, or one deleted before. */
export function reschedule(world: World, sync: number, change: (found: Schedule) => Schedule | undefined): void {
  dial(world);
  const found = world.schedules.get(sync);
  if (found === undefined) throw unexpected();
  const changed = change(found);
  if (changed === undefined) world.schedules.delete(sync);
  else world.schedules.set(sync, changed);
}

/** `GET /__emulator/scheduler` says how it is, `POST {"state": "up" | "down" | "silent"}` takes it away or brings it back. */
export function schedulerControl(exchange: Exchange, world: World): Reply | undefined {
  if (exchange.path !== '/__emulator/scheduler') return undefined;
  if (exchange.method === 'POST') {
    const wanted = isObject(exchange.body) ? exchange.body.state : undefined;
    const state = states.find((one) => one === wanted);
    if (state === undefined) {
      return jsonReply(400, {
        message: 'The body needs "state": up, down or silent.',
        hint: 'Send {"state": "down"}.',
      });
    }
    world.scheduler.state = state;
  }
  return jsonReply(200, { state: world.scheduler.state });
}
