// Loaded into a reseed before all else (--import): its clock differs from the machine's by RESEED_TEST_AHEAD_MS, and so does that of all that
// it starts.
const aheadMs = Number(process.env.RESEED_TEST_AHEAD_MS);
const machineNow = Date.now.bind(Date);

Date.now = () => machineNow() + aheadMs;
globalThis.Date = new Proxy(Date, {
  construct: (real, words, asked) => Reflect.construct(real, words.length === 0 ? [real.now()] : words, asked),
});
