const registry = new FinalizationRegistry(() => {});
registry.register({}, 1);
console.log(typeof new WeakRef({}).deref(), typeof globalThis.gc, typeof process.finalization);
