// Loaded before the program (`node --import`): its clock runs faster than the world's by the factor FAST_CLOCK, from the
// moment FAST_CLOCK_START on, so that a lease of ten minutes runs out in seconds. Every process with the same two agrees.
const factor = Number(process.env.FAST_CLOCK);
const start = Number(process.env.FAST_CLOCK_START);
const RealDate = Date;
const realNow = Date.now;
const fast = () => start + (realNow() - start) * factor;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(fast());
    else super(...args);
  }

  static now() {
    return fast();
  }
};

const steady = performance.now.bind(performance);
performance.now = () => steady() * factor;

// Only the long waits are the product's own timers; short ones belong to sockets and streams.
const { setTimeout: realTimeout } = globalThis;
globalThis.setTimeout = (work, delay = 0, ...rest) =>
  realTimeout(work, delay >= 1000 ? delay / factor : delay, ...rest);
