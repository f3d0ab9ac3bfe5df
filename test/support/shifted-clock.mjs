// Loaded before the program (`node --import`): its clock is ahead of the world's by CLOCK_SHIFT milliseconds.
const shift = Number(process.env.CLOCK_SHIFT);
const RealDate = Date;
const realNow = Date.now;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(realNow() + shift);
    else super(...args);
  }

  static now() {
    return realNow() + shift;
  }
};
