const { performance, monitorEventLoopDelay } = require('perf_hooks');
console.log(new Event('x').timeStamp < 5000, performance.mark('m').startTime < 5000);
console.log(Date.now() - performance.timeOrigin < 5000, typeof monitorEventLoopDelay);
const start = performance.now();
setTimeout(() => console.log(performance.now() - start >= 19), 20);
