const { performance, monitorEventLoopDelay } = require('perf_hooks');
console.log(new Event('x').timeStamp < 2500, performance.mark('m').startTime < 2500);
console.log(Date.now() - performance.timeOrigin < 2500, typeof monitorEventLoopDelay);
const start = performance.now();
setTimeout(() => console.log(performance.now() - start >= 19), 20);
