const v8 = require('v8');
const vm = require('vm');
console.log(v8.cachedDataVersionTag(), v8.getHeapSpaceStatistics().map((space) => space.space_name));
console.log(v8.deserialize(v8.serialize({ a: [1n, new Date(0)] })), vm.runInNewContext('typeof process'));
console.log(v8.startupSnapshot?.isBuildingSnapshot?.(), require('inspector').url(), process.execArgv);
console.log(require('trace_events').getEnabledCategories(), require('perf_hooks').performance.getEntries().length);
