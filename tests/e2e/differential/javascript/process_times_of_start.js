const { performance } = require('perf_hooks');
const { nodeTiming } = performance;
console.log(nodeTiming.name, nodeTiming.entryType, nodeTiming.loopExit, nodeTiming.idleTime);
console.log(nodeTiming.nodeStart >= 0, nodeTiming.v8Start >= nodeTiming.nodeStart,
  nodeTiming.environment >= nodeTiming.v8Start, nodeTiming.bootstrapComplete > nodeTiming.environment);
console.log(performance.eventLoopUtilization(), performance.getEntries());
